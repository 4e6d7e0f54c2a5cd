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
    fc.property(fc.array(fc.oneof(fc.nat(255), fc.constantFrom(...types)), { maxLength: 40 }), (noise) => {
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
