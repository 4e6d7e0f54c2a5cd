import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { must } from '../../../src/base/problem.js';
import { parseTr005, tr005Text, type DeviceCode } from '../../../src/dialects/registry/tr005.js';

interface Vectors {
  readonly codes: readonly { source: string; text: string; code: DeviceCode; again?: string }[];
  readonly refused: readonly { source: string; text: string }[];
}
const vectors = JSON.parse(readFileSync(new URL('../../vectors/tr005.json', import.meta.url), 'utf8')) as Vectors;

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const word = fc.string({ unit: fc.constantFrom(...'0123456789ABCXYZ$%*+-./'), minLength: 1, maxLength: 20 });
const anyCode: fc.Arbitrary<DeviceCode> = fc.record(
  { joinEui: digits(16), devEui: digits(16), profileId: digits(8), ownerToken: word, serial: word, proprietary: word },
  { requiredKeys: ['joinEui', 'devEui', 'profileId'] },
);
const codeOf = (text: string): string => {
  const read = parseTr005(text);
  return read.ok ? 'fine' : read.problem.code;
};

describe('QR codes of TR005', () => {
  test.each(vectors.codes)('$source', ({ text, code, again }) => {
    expect(must(parseTr005(text))).toEqual(code);
    if (again !== undefined) expect(must(tr005Text(code))).toBe(again);
  });

  test.each(vectors.refused)('refused: $source', ({ text }) => expect(codeOf(text)).toMatch(/^tr005-(shape|part)$/));

  test('what is written is read, in capitals or not, with blanks around it or not', () =>
    fc.assert(
      fc.property(anyCode, fc.boolean(), (code, checksum) => {
        const text = must(tr005Text(code, { checksum }));
        expect(must(parseTr005(text))).toEqual(code);
        const { joinEui, devEui, profileId } = code;
        expect(must(parseTr005(` ${text.toLowerCase()}\n`))).toMatchObject({ joinEui, devEui, profileId });
      }),
    ));

  test('a checksum finds every single wrong character', () =>
    fc.assert(
      fc.property(anyCode, fc.nat(), digits(1), (code, where, digit) => {
        const text = must(tr005Text(code));
        const at = 6 + (where % 16);
        const wrong = text.slice(0, at) + digit.toUpperCase() + text.slice(at + 1);
        expect(codeOf(wrong)).toBe(wrong === text ? 'fine' : 'tr005-checksum');
      }),
    ));

  test('never throws, whatever was scanned', () => {
    const pieces = fc.constantFrom(
      'LW:',
      'D0:',
      'URN:DEV:LW:',
      ':',
      '_',
      '1122334455667788',
      'AABB1122',
      'C',
      'O',
      'é',
      ' ',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = parseTr005(text);
        if (read.ok) expect(read.value.devEui).toMatch(/^[0-9a-f]{16}$/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('says which part is wrong, and where it begins', () => {
    const read = parseTr005('LW:D0:1122334455667788:AABBCCDDEEFF001:AABB1122');
    expect(read).toMatchObject({ problem: { code: 'tr005-part', facts: { part: 'DevEUI', at: 24 } } });
  });

  test('a label of draft 3 is read as well', () =>
    expect(must(parseTr005('URN:DEV:LW:42FFFFFFFFFFFFFF_4242FFFFFFFFFFFF_42FFFF42_V0102_SSERIAL'))).toEqual({
      joinEui: '42ffffffffffffff',
      devEui: '4242ffffffffffff',
      profileId: '42ffff42',
      ownerToken: '0102',
      serial: 'SERIAL',
    }));

  test('what a code cannot carry is refused, and does not become two parts', () => {
    const code = { joinEui: '0'.repeat(16), devEui: '1'.repeat(16), profileId: '0'.repeat(8) };
    expect(tr005Text({ ...code, serial: 'A:OWNER' })).toMatchObject({ problem: { code: 'tr005-part' } });
    expect(tr005Text({ ...code, serial: 'Ä' })).toMatchObject({ ok: false });
    expect(tr005Text({ ...code, serial: '' })).toMatchObject({ ok: false });
  });
});
