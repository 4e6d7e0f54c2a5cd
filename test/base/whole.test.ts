import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wholeLines } from '../../src/base/whole.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What is left of a file when it is read in pieces of that size. */
const mended = (file: Uint8Array, piece = 3): string => {
  const reader = wholeLines();
  for (let at = 0; at < file.length; at += piece) if (!reader.take(file.subarray(at, at + piece))) break;
  const { keep, add = new Uint8Array(0) } = reader.end();
  return new TextDecoder().decode(file.subarray(0, keep)) + new TextDecoder().decode(add);
};

test.each([
  ['nothing', '', ''],
  ['whole lines', '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n'],
  ['a line that was cut', '{"a":1}\n{"a":2', '{"a":1}\n'],
  ['a line without its end', '{"a":1}\n{"a":2}', '{"a":1}\n{"a":2}\n'],
  ['a number is no line of ours: it may have been longer', '{"a":1}\n12', '{"a":1}\n'],
  ['zeros at the end', '{"a":1}\n\0\0\0\0', '{"a":1}\n'],
  ['zeros, and sectors behind them that came through', '{"a":1}\n{"b\0\0\0\0":3}\n{"a":4}\n', '{"a":1}\n'],
  ['a line cut by zeros that looks whole', '{"a":1}\n{"a":2}\0\0\n', '{"a":1}\n'],
  ['letters cut in the middle', '{"a":"\u00fc"}\n{"a":"\u00fc', '{"a":"\u00fc"}\n'],
])('%s', (_, file, left) => {
  for (const piece of [1, 2, 5, 1000]) expect(mended(bytesOf(file), piece)).toBe(left);
});

test('a last line longer than any of ours is cut off, however it is read', () => {
  const long = bytesOf(`{"a":1}\n{"a":"${'x'.repeat(1 << 20)}"}`);
  expect(mended(long, 1 << 18)).toBe('{"a":1}\n');
});

test('cut anywhere, what is left are the lines before, and the last one only if all of it is there', () =>
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 }),
      fc.nat(200),
      fc.integer({ min: 1, max: 50 }),
      (objects, back, piece) => {
        const lines = objects.map((one) => bytesOf(`${JSON.stringify(one)}\n`));
        const file = Buffer.concat(lines);
        const cut = Math.max(0, file.length - back);
        let whole = '';
        let at = 0;
        for (const line of lines) {
          at += line.length;
          if (at - 1 <= cut) whole += new TextDecoder().decode(line);
        }
        expect(mended(file.subarray(0, cut), piece)).toBe(whole);
      },
    ),
  ));

test('noise never throws, and what is kept is no more than there was', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (file, piece) => {
      const reader = wholeLines();
      for (let at = 0; at < file.length; at += piece) reader.take(file.subarray(at, at + piece));
      expect(reader.end().keep).toBeLessThanOrEqual(file.length);
    }),
  ));
