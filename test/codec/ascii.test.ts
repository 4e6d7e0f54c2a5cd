import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { must } from '../../src/base/problem.js';
import { ascii, decimal, letter, rawBytes, restText, zeroOne } from '../../src/codec/ascii.js';

const text = (s: string): Uint8Array => Uint8Array.from(s, (c) => c.charCodeAt(0));
const shown = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const strict = ascii({
  _letter: letter('K'),
  occupied: zeroOne,
  batteryV: decimal({ before: 1, after: 2, unit: 'V' }),
  temperatureC: decimal({ before: 2, after: 1, signed: true, unit: '°C' }),
});
const loose = ascii({
  kind: letter('R', 'Q'),
  temperatureC: decimal({ before: 2, after: 1, signed: true, loose: true, unit: '°C' }),
  firmware: restText(/^V\d$/, 'V and a digit', () => 'V1'),
});
const raw = ascii({ _letter: letter('E'), status: rawBytes(3) });

test.each([
  ['K13.55+22.0', { occupied: true, batteryV: 3.55, temperatureC: 22 }],
  ['K03.55-05.5', { occupied: false, batteryV: 3.55, temperatureC: -5.5 }],
  ['K00.00+00.0', { occupied: false, batteryV: 0, temperatureC: 0 }],
])('%s, both ways', (line, value) => {
  expect(strict.decode(text(line))).toEqual({ ok: true, value });
  expect(shown(must(strict.encode(value)))).toBe(line);
});

test('minus zero is zero', () =>
  expect(Object.is(must(strict.decode(text('K00.00-00.0'))).temperatureC, 0)).toBe(true));

describe('what is not of the format is said with its field and place', () => {
  test.each([
    ['', 'bad-text', 'letter', 0],
    ['X13.55+22.0', 'bad-text', 'letter', 0],
    ['K23.55+22.0', 'bad-text', 'occupied', 1],
    ['K13,55+22.0', 'bad-text', 'batteryV', 2],
    ['K13.55 22.0', 'bad-text', 'temperatureC', 6],
    ['K13.5522.00', 'bad-text', 'temperatureC', 6],
    ['K13.55+22.', 'bad-text', 'temperatureC', 6],
    ['K13.55+22.00', 'too-long', undefined, 11],
  ])('"%s"', (line, code, field, at) =>
    expect(strict.decode(text(line))).toMatchObject({ problem: { code, facts: { ...(field && { field }), at } } }),
  );
});

test.each([
  ['R+5.0V1', 5],
  ['R-12.5V1', -12.5],
  ['Q+105.0V1', 105],
])('a loose number has one to three digits: %s', (line, temperatureC) => {
  expect(must(loose.decode(text(line))).temperatureC).toBe(temperatureC);
});
test('a loose number is written in the published shape', () =>
  expect(shown(must(loose.encode({ kind: 'R', temperatureC: -5, firmware: 'V1' })))).toBe('R-05.0V1'));

test('raw bytes are exactly as many as declared', () => {
  expect(raw.decode(Uint8Array.of(0x45, 0x11, 0xff, 0x00))).toEqual({ ok: true, value: { status: '11ff00' } });
  for (const n of [1, 2, 3, 5]) expect(raw.decode(Uint8Array.of(0x45, 1, 2, 3, 4).subarray(0, n)).ok).toBe(false);
  expect([...must(raw.encode({ status: '11ff00' }))]).toEqual([0x45, 0x11, 0xff, 0x00]);
});

test.each([
  { occupied: true, batteryV: 10, temperatureC: 0 },
  { occupied: true, batteryV: -1, temperatureC: 0 },
  { occupied: true, batteryV: 3, temperatureC: 100 },
  { occupied: true, batteryV: 3, temperatureC: Number.NaN },
  { occupied: 1, batteryV: 3, temperatureC: 0 },
  {},
])('%o is not encoded', (message) =>
  expect(strict.encode(message as Parameters<typeof strict.encode>[0])).toMatchObject({
    problem: { code: 'bad-message' },
  }),
);

describe.each([
  ['strict', strict],
  ['loose', loose],
  ['raw', raw],
] as const)('%s', (name, codec) => {
  test('what it samples it encodes, and decodes again; annotations cover it', () => {
    const d = dice('ascii', name);
    for (let i = 0; i < 1_000; i++) {
      const sample = codec.sample(d);
      const bytes = must(codec.encode(sample as never));
      expect(codec.decode(bytes)).toEqual({ ok: true, value: sample });
      expect(codec.annotate(bytes).reduce((sum, { bits }) => sum + bits, 0)).toBe(8 * bytes.length);
    }
  });
  test('noise never throws', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.stringMatching(/^[KREQ][01+.V\d]*$/).map(text)),
        (noise) => {
          codec.annotate(noise);
          const decoded = codec.decode(noise);
          if (!decoded.ok) expect(['bad-text', 'too-long']).toContain(decoded.problem.code);
        },
      ),
      { numRuns: 5_000 },
    ));
});
