import { Encoder } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { missingFacts } from '../../src/base/problem.js';
import { readCbor } from '../../src/codec/cbor.js';
import { writeCbor } from '../../src/codec/cbor-write.js';

/** Diagnostic examples of RFC 8949, appendix A, in the words of JSON; what JSON has no word for is null here. */
const appendixA: readonly (readonly [bytes: string, value: unknown])[] = [
  ...([
    ['00', 0],
    ['01', 1],
    ['0a', 10],
    ['17', 23],
    ['1818', 24],
    ['1819', 25],
    ['1864', 100],
    ['1903e8', 1_000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['29', -10],
    ['3863', -100],
    ['3903e7', -1_000],
    ['f90000', 0],
    ['f98000', 0],
    ['f93c00', 1],
    ['fb3ff199999999999a', 1.1],
    ['f93e00', 1.5],
    ['f97bff', 65_504],
    ['fa47c35000', 100_000],
    ['fa7f7fffff', 3.4028234663852886e38],
    ['fb7e37e43c8800759c', 1e300],
    ['f90001', 5.960464477539063e-8],
    ['f90400', 0.00006103515625],
    ['f9c400', -4],
    ['fbc010666666666666', -4.1],
    ['f97c00', null],
    ['f97e00', null],
    ['f9fc00', null],
    ['fa7f800000', null],
    ['fb7ff8000000000000', null],
  ] as const),
  ...([
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['f7', null],
    ['40', { hex: '' }],
    ['4401020304', { hex: '01020304' }],
    ['60', ''],
    ['6161', 'a'],
    ['6449455446', 'IETF'],
    ['62225c', '"\\'],
    ['62c3bc', 'ü'],
    ['63e6b0b4', '水'],
    ['80', []],
    ['83010203', [1, 2, 3]],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['a0', {}],
    ['a201020304', { 1: 2, 3: 4 }],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['826161a161626163', ['a', { b: 'c' }]],
    ['5f42010243030405ff', { hex: '0102030405' }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9fff', []],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['bf6346756ef563416d7421ff', { Fun: true, Amt: -2 }],
  ] as const),
];

describe('RFC 8949, appendix A', () => {
  test.each(appendixA)('%s', (bytes, value) =>
    expect(readCbor(hex(bytes))).toMatchObject({ ok: true, value: { value } }),
  );

  test('a number that a double would change is refused, not rounded', () =>
    expect(readCbor(hex('1bffffffffffffffff'))).toMatchObject({ problem: { code: 'bad-cbor' } }));
});

describe('bytes of which somebody wants to make trouble', () => {
  test.each([
    ['nothing', ''],
    ['a list of 2^64 - 1 items', '9bffffffffffffffff'],
    ['a map of 2^32 pairs', 'ba ffffffff'],
    ['a text of 4 GiB', '7affffffff61'],
    ['a text that is cut short', '6461'],
    ['an end without a beginning', 'ff'],
    ['a list without an end', '9f01'],
    ['text that is not UTF-8', '61ff'],
    ['a key that comes twice', 'a2 6161 01 6161 02'],
    ['a key that is a list', 'a1 80 01'],
    ['a record of cbor-x', 'd9 dff0 80'],
    ['a shared reference', 'd81d00'],
    ['a typed array', 'd84540'],
  ])('%s', (_what, bytes) => {
    const read = readCbor(hex(bytes));
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(['bad-cbor', 'too-short']).toContain(read.problem.code);
    expect(missingFacts(read.problem)).toEqual([]);
  });

  test('two hundred lists in each other are too deep', () =>
    expect(readCbor(new Uint8Array(200).fill(0x81))).toMatchObject({ problem: { code: 'bad-cbor' } }));

  test('a key __proto__ is a key like any other', () => {
    const read = readCbor(hex('a1 69 5f5f70726f746f5f5f a1 6161 01'));
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    if (read.ok) expect(Object.getPrototypeOf(read.value.value)).toBe(Object.prototype);
  });

  test('what stands behind the item is kept', () =>
    expect(readCbor(hex('01c0ffee'))).toMatchObject({ ok: true, value: { value: 1, rest: 'c0ffee' } }));

  test('200 000 random byte strings: a value or a problem, and never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = readCbor(bytes);
        if (read.ok) JSON.stringify(read.value.value);
        else expect(missingFacts(read.problem)).toEqual([]);
      }),
      { numRuns: 200_000 },
    );
  });
});

describe('against cbor-x', () => {
  const encoder = new Encoder({ useRecords: false, mapsAsObjects: true });
  // A key __proto__ has a test of its own: cbor-x writes another one.
  const values = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

  test('what it writes, we read', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(readCbor(Uint8Array.from(encoder.encode(value)))).toMatchObject({
          ok: true,
          value: { value: JSON.parse(JSON.stringify(value)) as unknown },
        });
      }),
    );
  });

  test('what we write, we read, as short as it goes (RFC 8949, section 4.2.1)', () => {
    for (const [bytes, value] of appendixA) {
      if (value === null || /^(f98000|fb7ff8|fa7f80|f97|f9fc|9f|bf|5f|7f|f7|fa4|f90|f9c|f93)/.test(bytes)) continue;
      const written = writeCbor(value, 'value');
      expect([value, written.ok && toHex(Uint8Array.from(written.value))]).toEqual([value, bytes]);
    }
  });
});
