import { encode as foreign } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { cborMap, type MapMessage } from '../../src/codec/cbor-map.js';
import type { Codec } from '../../src/codec/codec.js';
import { readCbor } from '../../src/codec/cbor.js';
import { writeCbor, type Plain } from '../../src/codec/cbor-write.js';
import { senml } from '../../src/codec/senml.js';
import appendixA from '../vectors/cbor.json' with { type: 'json' };

const map = cborMap([{ key: 'o', says: 'true or false', sample: (d) => d.next() < 0.5 }]);
const wrote = (value: unknown): string => toHex(Uint8Array.from(must(writeCbor(value, 'value'))));
const problemOf = (text: string): unknown => {
  const read = readCbor(hex(text));
  return read.ok ? read.value.value : read.problem;
};

describe('RFC 8949 appendix A', () => {
  test.each(appendixA.vectors)('$hex', (vector) => {
    const { value, item, rest } = must(readCbor(hex(vector.hex)));
    expect(value).toEqual(vector.value);
    expect([item.at, item.end, rest]).toEqual([0, vector.hex.length / 2, undefined]);
    expect(wrote(value) === vector.hex).toBe(!('oneWay' in vector));
    expect(must(readCbor(hex(wrote(value)))).value).toEqual(vector.value);
  });

  test.each(appendixA.refused)('$hex is refused: $why', ({ hex: text, at }) =>
    expect(problemOf(text)).toMatchObject({ code: 'bad-cbor', facts: { at } }),
  );
});

describe('numbers', () => {
  test.each([
    ['1800', 0],
    ['190000', 0],
    ['1a00000000', 0],
    ['1b0000000000000000', 0],
    ['1b001fffffffffffff', 2 ** 53 - 1],
    ['3b001ffffffffffffe', -(2 ** 53 - 1)],
    ['1b8000000000000000', 2 ** 63],
    ['1affffffff', 4_294_967_295],
    ['3affffffff', -4_294_967_296],
    ['3b7fffffffffffffff', -(2 ** 63)],
    ['c240', 0],
    ['c24100', 0],
    ['c340', -1],
    ['c25f4101ff', 1],
    ['c48221196ab3', 273.15],
    ['c4820103', 30],
    ['d9d9f7182a', 42],
  ])('%s is %d', (text, value) => expect(must(readCbor(hex(text))).value).toBe(value));

  test.each([
    ['1b0020000000000001', '9007199254740993'],
    ['3b0020000000000000', '-9007199254740993'],
    ['c2490100000000000000ff', '18446744073709551871'],
  ])('%s, which a double would change, is the text of its digits', (text, digits) =>
    expect(must(readCbor(hex(text))).value).toBe(digits),
  );

  test('-0, which JSON does not know, is 0', () => expect(must(readCbor(hex('fb8000000000000000'))).value).toBe(0));

  test.each([
    [1.5, 'f93e00'],
    [2 ** -24, 'f90001'],
    [2 ** -25, 'fa33000000'],
    [-(2 ** -15), 'f98200'],
    [65504.5, 'fa477fe080'],
    [0.1, 'fb3fb999999999999a'],
    [3.25, 'f94280'],
    [100_000.5, 'fa47c35040'],
    [2 ** 53, 'fa5a000000'],
    [-0, '00'],
    [2 ** 32, '1b0000000100000000'],
  ])('%d is written as %s: as short as exact', (value, text) => expect(wrote(value)).toBe(text));
});

describe('refused, with the byte and what was expected', () => {
  test.each([
    ['18', 0, 'cut short', '2 bytes'],
    ['1c', 0, 'the reserved head 1c', 'a data item'],
    ['ff', 0, 'an end that ends nothing', 'a data item'],
    ['1f', 0, 'an end that ends nothing', 'a data item'],
    ['df00', 0, 'an end that ends nothing', 'a data item'],
    ['8201', 0, 'a list of 2', 'at most what the 1 bytes that are left can hold'],
    ['9f01', 2, 'the end of the payload', 'a data item'],
    ['58030a', 0, 'a byte string of 3 bytes', 'at most the 1 that are left'],
    ['a1616f7bffffffffffffffff', 3, 'a text of 18446744073709552000 bytes', 'at most the 0 that are left'],
    ['61ff', 0, 'a text that is not UTF-8', 'a text in UTF-8'],
    ['62c080', 0, 'a text that is not UTF-8', 'a text in UTF-8'],
    ['63eda080', 0, 'a text that is not UTF-8', 'a text in UTF-8'],
    ['7f61c361bcff', 1, 'a text that is not UTF-8', 'a text in UTF-8'],
    ['63efbbbf', 0, 'a text with a byte order mark', 'a text without one'],
    ['7f4100ff', 1, 'no piece of the string around it', 'a piece of the same kind, or its end'],
    ['7f7fffff', 1, 'no piece of the string around it', 'a piece of the same kind, or its end'],
    ['a2616f01616f02', 4, 'a key that was there before', 'each key once'],
    ['a200010000', 3, 'a key that was there before', 'each key once'],
    ['a20001180002', 3, 'a key that was there before', 'each key once'],
    ['a20001613002', 3, 'a key that was there before', 'each key once'],
    ['bf616f01616f02ff', 4, 'a key that was there before', 'each key once'],
    ['a1f501', 1, 'a key of another kind', 'a text or a whole number as key'],
    ['a1f9420001', 1, 'a key of another kind', 'a text or a whole number as key'],
    ['a18001', 1, 'a key of another kind', 'a text or a whole number as key'],
    ['a11b800000000000000001', 1, 'a key of another kind', 'a text or a whole number as key'],
    ['a1695f5f70726f746f5f5f01', 1, 'the key __proto__', 'a key that names a value'],
    ['c201', 1, 'no big number', 'a byte string'],
    ['c48101', 1, 'no decimal fraction', 'a list of two whole numbers'],
    ['c4821903e801', 1, 'no decimal fraction', 'a list of two whole numbers'],
    ['c482f9420001', 1, 'no decimal fraction', 'a list of two whole numbers'],
    ['c001', 1, 'no time', 'a time as text'],
    ['c16130', 1, 'no time', 'a time as number'],
    ['e1', 0, 'the simple value 1', 'true, false or null'],
    ['f818', 0, 'the simple value 24', 'true, false or null'],
  ])('%s', (text, at, what, expected) =>
    expect(problemOf(text)).toEqual({ code: 'bad-cbor', facts: { at, what, expected } }),
  );

  test('nothing at all is too short', () => expect(problemOf('')).toMatchObject({ code: 'too-short' }));

  test.each(['9f', '81', 'c1', 'a100', 'bf00', 'd9d9f7'])('%s 200 times inside each other', (head) => {
    const size = head.length / 2;
    expect(problemOf(`${head.repeat(200)}00`)).toMatchObject({
      code: 'bad-cbor',
      facts: { at: 16 * size, expected: 'a depth of at most 16' },
    });
  });

  test('16 lists inside each other are read, and written', () => {
    const text = `${'81'.repeat(16)}00`;
    expect(wrote(must(readCbor(hex(text))).value)).toBe(text);
    expect(writeCbor(must(readCbor(hex(text))).value, 'v', 2)).toMatchObject({ problem: { code: 'bad-message' } });
  });

  test.each(['9affffffff', 'baffffffff', '9bffffffffffffffff', '5affffffff', '7bffffffffffffffff'])(
    'a head that promises too much, %s, asks for no memory',
    (head) => {
      for (let i = 0; i < 20_000; i++) expect(readCbor(hex(`${head}0000`)).ok).toBe(false);
    },
  );
});

describe('what comes out is plain', () => {
  test.each([
    ['d81c8000', [], '00'],
    ['d9010380', [], undefined],
    ['a1616fd825f5', { o: true }, undefined],
    ['dbffffffffffffffff01', 1, undefined],
  ])('a tag that we do not know leaves its content: %s', (text, value, rest) => {
    const read = must(readCbor(hex(text)));
    expect([read.value, read.rest]).toEqual([value, rest]);
  });

  test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])('the key %s is a key like others', (key) => {
    const { value } = must(readCbor(Uint8Array.from(must(writeCbor({ [key]: { polluted: true } }, 'v')))));
    expect(Object.entries(value as object)).toEqual([[key, { polluted: true }]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  test('long texts, with and without umlauts', () => {
    for (const text of ['x'.repeat(300), 'ü'.repeat(200), '水'.repeat(5000)])
      expect(must(readCbor(hex(wrote(text)))).value).toBe(text);
  });

  test('bytes behind the item are the rest', () =>
    expect(must(readCbor(hex('a1616ff5cafe')))).toMatchObject({ value: { o: true }, rest: 'cafe' }));

  test('the bytes that came are left as they were', () => {
    const bytes = hex('a1616ff5');
    must(readCbor(bytes));
    expect(Object.keys(bytes)).toEqual(['0', '1', '2', '3']);
  });
});

const leaf = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.startsWith('\ufeff')),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ hex: toHex(bytes) })),
);
const key = fc.oneof(fc.string({ maxLength: 6 }), fc.integer().map(String)).filter((name) => name !== '__proto__');
const { value: anyValue } = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

describe('any value, any bytes', () => {
  test('what is written is read, and written again to the same bytes', () =>
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = wrote(value);
        const back = must(readCbor(hex(text)));
        expect(back.value).toEqual(value);
        expect(wrote(back.value)).toBe(text);
        expect(back.rest).toBeUndefined();
      }),
      { numRuns: 3_000 },
    ));

  test('the order of keys in a message makes no difference to the bytes', () => {
    expect(wrote({ b: 1, a: 2, aa: 3, 10: 4, '-1': 5, 100: 6 })).toBe('a60a04186406200561610261620162616103');
    expect(wrote({ aa: 3, '-1': 5, a: 2, 100: 6, b: 1, 10: 4 })).toBe(
      wrote({ b: 1, a: 2, aa: 3, 10: 4, '-1': 5, 100: 6 }),
    );
  });

  test('what cbor-x writes is read as what it was', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        // Left out: what JSON.stringify makes of -0, and keys and texts that we refuse.
        fc.pre(!/__proto__|\ufeff|\\ud[89a-f]/i.test(text));
        const read = readCbor(foreign(value));
        expect(JSON.parse(JSON.stringify(must(read).value))).toEqual(JSON.parse(text));
      }),
      { numRuns: 3_000 },
    ));

  const heads = fc.constantFrom(
    0x81,
    0x82,
    0x9f,
    0xa1,
    0xa2,
    0xbf,
    0xff,
    0x5f,
    0x7f,
    0x61,
    0x41,
    0xc1,
    0xc2,
    0xc4,
    0xd8,
    0xf9,
    0x1b,
  );
  test('noise never throws; what is understood is covered and can be written', () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(255), heads), { maxLength: 60 }), (noise) => {
        const bytes = Uint8Array.from(noise);
        for (const codec of [senml, map] as readonly Codec<{ readonly rest?: string }>[]) {
          const decoded = codec.decode(bytes);
          const fields = codec.annotate(bytes);
          if (!decoded.ok) {
            expect(['bad-cbor', 'too-short']).toContain(decoded.problem.code);
            expect(Number(decoded.problem.facts['at'])).toBeLessThanOrEqual(bytes.length);
            expect(fields).toEqual([]);
            continue;
          }
          expect(fields.reduce((sum, { bits }) => sum + bits, 0)).toBe(8 * bytes.length);
          const { rest: _rest, ...message } = decoded.value;
          expect(must(codec.decode(must(codec.encode(message))))).toEqual(message);
        }
      }),
      { numRuns: 20_000 },
    ));
});

test.each<[string, unknown]>([
  ['null', { fields: null }],
  ['a list', { fields: [] }],
  ['a text', { fields: 'o' }],
  ['NaN', { fields: { o: Number.NaN } }],
  ['infinity', { fields: { o: Number.POSITIVE_INFINITY } }],
  ['a bigint', { fields: { o: 1n } }],
  ['a function', { fields: { o: () => true } }],
  ['a list of nothing', { fields: { o: [undefined] } }],
  ['half a surrogate pair', { fields: { o: '\ud800' } }],
  ['a byte order mark', { fields: { o: '\ufeffx' } }],
  ['half a pair as key', { fields: { '\udc00': 1 } }],
  ['__proto__', { fields: JSON.parse('{ "__proto__": 1 }') as unknown }],
  ['a rest', { fields: { o: true }, rest: 'ca' }],
])('%s is not encoded', (_what, message) =>
  expect(map.encode(message as MapMessage)).toMatchObject({ problem: { code: 'bad-message' } }),
);
