import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/base/base64.js';
import { must } from '../../src/base/problem.js';

test('writes what Node writes, and reads it with and without padding, in both alphabets', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(must(fromBase64(text))).toEqual(bytes);
      expect(must(fromBase64(text.replace(/=+$/, '')))).toEqual(bytes);
      expect(must(fromBase64(Buffer.from(bytes).toString('base64url')))).toEqual(bytes);
    }),
  );
});

test.each(['A', 'AAAAA', 'AA=', 'A===', '=', '====', 'AA==AA==', 'AA A', 'AAA\n', 'AA*A', 'ÄAAA', 'AAA😀'])(
  'refuses %j',
  (text) => expect(fromBase64(text)).toMatchObject({ ok: false, problem: { code: 'bad-base64' } }),
);

test('any text is read or refused, never an exception', () => {
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => typeof fromBase64(text).ok === 'boolean'));
});
