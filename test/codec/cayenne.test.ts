import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { cayenne, lppTypes, type LppItem, type LppMessage } from '../../src/codec/cayenne.js';
import vectors from '../vectors/cayenne.json' with { type: 'json' };

const types = Object.keys(lppTypes).map(Number);
const lpp = cayenne(types.map((type, channel) => ({ channel, type })));

// What the sources call a type, where it is not what we call it.
const called: Readonly<Record<string, string>> = {
  accelerometer: 'acceleration',
  digital_in: 'digitalIn',
  analog_in: 'analogIn',
  time: 'unixTime',
};

describe('published and computed payloads', () => {
  test.each(vectors.vectors)('$bytesHex ($source)', ({ bytesHex, decodedRaw }) => {
    const items = decodedRaw.map((item): LppItem => {
      const name = 'name' in item && item.name ? item.name : String(item.type);
      return { channel: item.channel, type: called[name] ?? name, value: item.value };
    });
    expect(must(lpp.decode(hex(bytesHex)))).toEqual({ items });
    expect(toHex(must(lpp.encode({ items })))).toBe(bytesHex.toLowerCase());
  });
});

test('every type of the table has the bytes that the documents give it', () => {
  const bytes: Record<number, number> = {
    ...{ 0: 1, 1: 1, 2: 2, 3: 2, 100: 4, 101: 2, 102: 1, 103: 2, 104: 1, 113: 6, 115: 2, 116: 2, 117: 2, 118: 4 },
    ...{ 120: 1, 121: 2, 125: 2, 128: 2, 130: 4, 131: 4, 132: 2, 133: 4, 134: 6, 135: 3, 136: 9, 142: 1 },
  };
  expect(types).toEqual(Object.keys(bytes).map(Number));
  for (const type of types)
    expect(
      lppTypes[type]!.numbers.reduce((sum, one) => sum + one.bytes, 0),
      `type ${type}`,
    ).toBe(bytes[type]);
});

test.each([
  ['0267ff9c', -10],
  ['02678000', -3276.8],
  ['0302ffff', -0.01],
  ['0265ffff', 65535],
])('signed where the type is: %s is %d', (text, value) =>
  expect(must(lpp.decode(hex(text))).items).toMatchObject([{ value }]),
);

describe('polyline', () => {
  const line = (text: string): unknown => {
    const { items, rest } = must(lpp.decode(hex(text.replaceAll(' ', ''))));
    return [items.map(({ value }) => value), rest];
  };

  // Places and sizes of ElectronicCats' own tests.
  test.each<[string, number, readonly number[]]>([
    ['02f0 09e9 0004b0 fffaec f1', 233, [12, -13, 12.01, -13.01]],
    ['02f0 0ae9 000578 001e78 4444', 233, [14, 78, 14.04, 78.04, 14.08, 78.08]],
    ['02f0 08eb 000618 ffff10', 235, [78, -12]],
    ['02f0 09e3 01fbd1 01d4c1 11', 227, [13.0001, 12.0001, 13.0002, 12.0002]],
    ['02f0 0901 000000 000000 87', 1, [0, 0, 0.0007, -0.0008]],
    ['02f0 08c7 7fffff 800000', 199, [166_933.2793, -166_933.2992]],
  ])('%s', (text, factor, value) => {
    const items = [{ channel: 2, type: 'polyline', factor, value }];
    expect(must(lpp.decode(hex(text.replaceAll(' ', ''))))).toEqual({ items });
    expect(toHex(must(lpp.encode({ items })))).toBe(text.replaceAll(' ', ''));
  });

  test('what stands behind it is read', () =>
    expect(line('02f0 08e3 000000 000000 016601')).toEqual([[[0, 0], 1], undefined]));

  test.each(['09e3000000000000', '07e3000000000000', '0800000000000000', '08c8000000000000', '08f0000000000000'])(
    'cut short, shorter than its first place or with a reserved factor, %s, it ends what is understood',
    (text) => expect(line(`016601 02f0 ${text}`)).toEqual([[1], `02f0${text}`]),
  );

  test.each<unknown>([
    { factor: 1, value: [] },
    { factor: 1, value: [1] },
    { factor: 1, value: [1, 2, 3] },
    { factor: 1, value: ['1', 2] },
    { factor: 1, value: 1 },
    { factor: 0, value: [1, 2] },
    { factor: 1.5, value: [1, 2] },
    { value: [1, 2] },
    { factor: 1, value: [1, 2, 1.0008, 2] },
    { factor: 1, value: [839, 0] },
    { factor: 1, value: [Number.NaN, 0] },
    { factor: 1, value: Array.from({ length: 498 }, () => 0) },
    { type: 'presence', factor: 1, value: 1 },
  ])('%j is not encoded', (item) => {
    const items = [{ channel: 1, type: 'polyline', ...(item as object) } as LppItem];
    expect(lpp.encode({ items })).toMatchObject({ problem: { code: 'bad-message' } });
  });
});

describe('what is not understood', () => {
  test('an unknown channel is no obstacle, and the order is kept', () =>
    expect(must(lpp.decode(hex('050002 060000 376601 156600'))).items.map(({ channel }) => channel)).toEqual([
      5, 6, 55, 21,
    ]));
  test.each([
    ['156601cafebabe', 'cafebabe'],
    ['15660137', '37'],
    ['156601026700', '026700'],
    ['15660101f001', '01f001'],
  ])('%s: what stands before is kept, the rest is said', (text, rest) =>
    expect(lpp.decode(hex(text))).toEqual({
      ok: true,
      value: { items: [{ channel: 21, type: 'presence', value: 1 }], rest },
    }),
  );
  test.each([
    ['', 'too-short', 3],
    ['15', 'too-short', 3],
    ['1566', 'too-short', 3],
    ['026700', 'too-short', 4],
  ])('"%s" is %s', (text, code, need) =>
    expect(lpp.decode(hex(text))).toMatchObject({ problem: { code, facts: { need } } }),
  );
  test('nothing understood at all is a problem', () =>
    expect(lpp.decode(hex('cafebabe'))).toMatchObject({ problem: { code: 'unknown-item', facts: { item: 'cafe' } } }));
});

test.each<unknown>([
  {},
  { items: [] },
  { items: 'none' },
  { items: [null] },
  { items: ['presence'] },
  { items: [{ channel: 256, type: 'presence', value: 1 }] },
  { items: [{ channel: 1.5, type: 'presence', value: 1 }] },
  { items: [{ channel: 1, type: 'polyline', value: 1 }] },
  { items: [{ channel: 1, type: { toString: 1 }, value: 1 }] },
  { items: [{ channel: 1, type: 'presence', value: 256 }] },
  { items: [{ channel: 1, type: 'presence', value: -1 }] },
  { items: [{ channel: 1, type: 'presence', value: '' }] },
  { items: [{ channel: 1, type: 'presence', value: [''] }] },
  { items: [{ channel: 1, type: 'presence', value: null }] },
  { items: [{ channel: 1, type: 'temperature', value: 3276.8 }] },
  { items: [{ channel: 1, type: 'temperature', value: Number.NaN }] },
  { items: [{ channel: 1, type: 'temperature', value: [20] }] },
  { items: [{ channel: 1, type: 'presence', value: 0.5 }] },
  { items: [{ channel: 1, type: 'gps', value: [1, 2] }] },
  { items: [{ channel: 1, type: 'presence', value: 1 }], rest: 'ca' },
])('%j is not encoded', (message) =>
  expect(lpp.encode(message as LppMessage)).toMatchObject({ ok: false, problem: { code: 'bad-message' } }),
);

test('what it samples it encodes, and decodes again', () => {
  const d = dice('lpp', 'all');
  for (let i = 0; i < 3_000; i++) {
    const sample = lpp.sample(d);
    expect(must(lpp.decode(must(lpp.encode(sample))))).toEqual(sample);
  }
});

test('noise never throws; the understood part is encoded to the same bytes, annotations cover all', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(255), fc.constantFrom(...types, 240, 8, 9)), { maxLength: 40 }), (noise) => {
      const bytes = Uint8Array.from(noise);
      const decoded = lpp.decode(bytes);
      const covered = lpp.annotate(bytes).reduce((sum, { bits }) => sum + bits, 0);
      if (!decoded.ok) return;
      const { items, rest = '' } = decoded.value;
      expect(toHex(must(lpp.encode({ items }))) + rest).toBe(toHex(bytes));
      expect(covered).toBe(8 * bytes.length);
    }),
    { numRuns: 10_000 },
  ));
