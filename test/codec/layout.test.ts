import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import type { Codec } from '../../src/codec/codec.js';
import { layout } from '../../src/codec/layout.js';
import {
  constant,
  flag,
  hexBytes,
  inUnit,
  int,
  littleEndian,
  oneOf,
  oneOfOrUnknown,
  optional,
  restBytes,
  scaled,
  spare,
  uint,
  version,
} from '../../src/codec/parts.js';

const everything = layout({
  _id: constant(8, 0x7e),
  occupied: flag,
  _spare: spare(3),
  mode: oneOf(4, ['idle', 'radar', 'calibrating']),
  temperatureC: int(8),
  batteryV: scaled(uint(8), { factor: 0.004, offset: 2.5, unit: 'V' }),
  uptimeS: littleEndian(inUnit(uint(32), 's')),
  axis: littleEndian(int(16)),
  cause: oneOfOrUnknown(8, { watchdog: 1, 'power-on': 2 }),
  firmware: version,
  serial: hexBytes(8),
  humidity: optional(scaled(uint(8), { factor: 0.5, unit: '%' })),
  note: restBytes,
});
const bytes = hex('7e 81 f6 7d 04030201 feff 09 001d02 0011223344556677 c9 cafe');
const message = {
  occupied: true,
  mode: 'radar',
  temperatureC: -10,
  batteryV: 3,
  uptimeS: 0x01020304,
  axis: -2,
  cause: 'unknown-9',
  firmware: '0.29.2',
  serial: '0011223344556677',
  humidity: 100.5,
  note: 'cafe',
} as const;

describe('one table, all facets', () => {
  test('decodes and encodes', () => {
    expect(must(everything.decode(bytes))).toEqual(message);
    expect(toHex(must(everything.encode(message)))).toBe(toHex(bytes));
  });

  test('annotates every bit once, in order, reserved ones too', () => {
    let end = 0;
    for (const field of everything.annotate(bytes)) {
      expect(field.bit).toBe(end);
      end += field.bits;
    }
    expect(end).toBe(8 * bytes.length);
    expect(everything.annotate(bytes)).toContainEqual({ bit: 24, bits: 8, name: 'batteryV', value: '3 V' });
    expect(everything.annotate(bytes)).toContainEqual({ bit: 9, bits: 3, name: 'spare', value: 'reserved' });
  });

  test('what it samples it encodes, and decodes again', () => {
    const d = dice('layout', 'everything');
    for (let i = 0; i < 2_000; i++) {
      const sample = everything.sample(d);
      expect(must(everything.decode(must(everything.encode(sample))))).toEqual(sample);
    }
  });

  test('noise never throws, and what decodes is encoded to the same bytes', () => {
    const solid = layout({ a: uint(3), b: int(13), c: oneOf(8, { x: 1, y: 200 }), d: optional(uint(16)) });
    const law = <M>(codec: Codec<M>) =>
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const decoded = codec.decode(noise);
        codec.annotate(noise);
        if (decoded.ok) expect(toHex(must(codec.encode(decoded.value)))).toBe(toHex(noise));
      });
    fc.assert(law(solid), { numRuns: 5_000 });
    fc.assert(law(layout({ head: uint(8), rest: restBytes })), { numRuns: 2_000 });
  });

  test('the message type is inferred', () => {
    const small = layout({ occupied: flag, _spare: spare(7), temperatureC: optional(int(8)) });
    const typed: { readonly occupied: boolean; readonly temperatureC?: number | undefined } = must(
      small.decode(hex('80')),
    );
    expect(typed).toEqual({ occupied: true });
    // @ts-expect-error -- a reserved field is no field of the message
    expect(small.encode({ occupied: true, _spare: 1 }).ok).toBe(false);
    // @ts-expect-error -- a field is missing
    expect(small.encode({}).ok).toBe(false);
  });
});

describe('lengths', () => {
  const pair = layout({ a: uint(8), b: uint(8) });
  test.each(['', '00', '000000'])('exact: "%s"', (text) =>
    expect(pair.decode(hex(text))).toMatchObject({
      problem: { code: 'wrong-length', facts: { have: text.length / 2, need: 2 } },
    }),
  );
  const tails = layout({ a: uint(8), b: optional(uint(16)), c: optional(uint(8)) });
  test.each([
    ['', 'too-short'],
    ['0000', 'wrong-length'],
    ['0000000000', 'too-long'],
  ])('optional tails: "%s" is %s', (text, code) =>
    expect(tails.decode(hex(text))).toMatchObject({ problem: { code } }),
  );
  test.each([
    ['01', { a: 1 }],
    ['010002', { a: 1, b: 2 }],
    ['01000203', { a: 1, b: 2, c: 3 }],
  ])('optional tails: %s', (text, value) => {
    expect(tails.decode(hex(text))).toEqual({ ok: true, value });
    expect(toHex(must(tails.encode(value)))).toBe(text);
  });
  test('the rest behind optional fields that are missing is empty', () => {
    const codec = layout({ a: uint(8), b: optional(uint(16)), rest: restBytes });
    expect(must(codec.decode(hex('01')))).toEqual({ a: 1, rest: '' });
    expect(must(codec.decode(hex('01000203')))).toEqual({ a: 1, b: 2, rest: '03' });
    expect(codec.decode(hex('0102')).ok).toBe(false);
    expect(toHex(must(codec.encode({ a: 1, rest: '' })))).toBe('01');
    expect(codec.encode({ a: 1, rest: '03' })).toMatchObject({ problem: { facts: { field: 'b' } } });
  });
  test('a gap in the tail is refused, not closed', () =>
    expect(tails.encode({ a: 1, c: 3 })).toMatchObject({ problem: { code: 'bad-message', facts: { field: 'b' } } }));
});

describe('encode refuses what does not fit, and names the field', () => {
  const codec = layout({
    u: uint(8),
    s: int(8),
    mode: oneOf(8, ['a', 'b']),
    f: flag,
    _spare: spare(7),
    h: hexBytes(2),
    v: version,
    x: scaled(uint(8), { factor: 0.1, unit: 'V' }),
    cause: oneOfOrUnknown(8, { dog: 1 }),
  });
  const good = { u: 255, s: -128, mode: 'a', f: true, h: 'ab00', v: '1.2.3', x: 25.5, cause: 'dog' } as const;
  test('the good one', () => expect(toHex(must(codec.encode(good)))).toBe('ff800080ab00010203ff01'));
  const toString = { toString: 1 };
  test.each([
    ...[256, -1, 1.5, Number.NaN, '1', null, undefined, true].map((value) => ['u', value] as const),
    ...[128, -129, 0.5].map((value) => ['s', value] as const),
    ...['c', 0, '', '__proto__'].map((value) => ['mode', value] as const),
    ...[1, 'true', null].map((value) => ['f', value] as const),
    ...['ab', 'ab000', 'AB00', 'zz00', 1234, toString].map((value) => ['h', value] as const),
    ...['1.2', '1.2.256', '', 7, toString].map((value) => ['v', value] as const),
    ...[25.6, -0.1, Number.POSITIVE_INFINITY, '3'].map((value) => ['x', value] as const),
    ...['unknown-256', 'unknown-1', 'unknown-', 'cat', toString].map((value) => ['cause', value] as const),
    ['nonsense', 1] as const,
  ])('%s: %o', (field, value) =>
    expect(codec.encode({ ...good, [field]: value } as typeof good)).toMatchObject({
      ok: false,
      problem: { code: 'bad-message', facts: { field } },
    }),
  );
});

describe('numbers', () => {
  test.each([
    [{ factor: 0.25, unit: '' }, 1, 0.25],
    [{ factor: 0.1, unit: '' }, 3, 0.3],
    [{ factor: 0.004, offset: 2.5, unit: '' }, 211, 3.344],
    [{ factor: 4, offset: 2500, unit: '' }, 211, 3344],
    [{ factor: 1, offset: 0.5, unit: '' }, 7, 7.5],
    [{ factor: 1e-7, unit: '' }, 3, 3e-7],
  ])('%o: %d is %d, without the dust of binary fractions', (how, raw, value) => {
    const part = scaled(uint(8), how);
    expect(part.read(raw)).toBe(value);
    expect(part.write(value)).toBe(raw);
  });
  test('48 bits are whole, in both byte orders', () => {
    const wide = layout({ big: uint(48), little: littleEndian(uint(48)) });
    const value = { big: 0xfedcba987654, little: 0x010203040506 };
    expect(toHex(must(wide.encode(value)))).toBe('fedcba987654060504030201');
    expect(must(wide.decode(must(wide.encode(value))))).toEqual(value);
  });
  test('an unknown number is refused by oneOf and kept by oneOfOrUnknown', () => {
    expect(layout({ m: oneOf(8, ['a']) }).decode(hex('05'))).toMatchObject({
      problem: { code: 'bad-value', facts: { field: 'm', value: 5, at: 0 } },
    });
    expect(must(layout({ m: oneOfOrUnknown(8, { a: 0 }) }).decode(hex('05')))).toEqual({ m: 'unknown-5' });
  });
});

test.each([
  [() => layout({ a: uint(12) }), 'whole bytes'],
  [() => layout({ a: uint(4), b: hexBytes(1), c: uint(4) }), 'begin on a whole byte'],
  [() => layout({ a: optional(uint(8)), b: uint(8) }), 'behind an optional'],
  [() => layout({ a: restBytes, b: uint(8) }), 'not the last'],
  [() => layout({ a: uint(56) }), '1 to 48'],
])('a table that no payload can follow is our own slip and throws at once: %#', (declare, why) =>
  expect(declare).toThrow(why),
);
