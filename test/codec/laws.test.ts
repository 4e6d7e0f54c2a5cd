import { expect, test } from 'vitest';
import { ok } from '../../src/base/result.js';
import { defineSensor } from '../../src/codec/define.js';
import { rangeFaults, sensorFaults } from '../../src/codec/laws.js';
import { layout } from '../../src/codec/layout.js';
import { flag, hexBytes, personal, spare, uint } from '../../src/codec/parts.js';
import type { SensorModel } from '../../src/codec/sensor.js';

const source = 'made up for this test of the laws';
const status = layout({ _spare: spare(7), occupied: flag });
const good = (): SensorModel =>
  defineSensor({
    ...{ id: 'test-good', vendor: 'Test', model: 'Good', source, defaultFPort: 1 },
    ports: { 1: { status }, 2: { tag: layout({ who: personal(hexBytes(4)), n: uint(8) }) } },
    toReadings: (message) => (message.type === 'status' ? [{ occupied: message.occupied }] : [{}]),
    identifiers: (message) => (message.type === 'tag' ? [message.who] : []),
    examples: [{ what: 'taken', fPort: 1, hex: '01', message: { type: 'status', occupied: true }, source }],
  });

test('a sensor that keeps the laws has no faults', () => expect(sensorFaults(good(), 50)).toEqual([]));

const taken = { what: 'taken', fPort: 1, hex: '01', message: { type: 'status', occupied: true }, source };
test.each<[what: string, broken: (model: SensorModel) => Partial<SensorModel>, fault: RegExp]>([
  ['an example that decodes to something else', () => ({ examples: [{ ...taken, hex: '00' }] }), /expected is .*true/],
  ['bytes that are not made again', () => ({ examples: [{ ...taken, hex: '03' }] }), /encodes to 01, expected is 03/],
  ['a one-way example without a reason', () => ({ examples: [{ ...taken, hex: '03', oneWay: 'x' }] }), /not said/],
  ['readings that differ', () => ({ examples: [{ ...taken, readings: [{ occupied: false }] }] }), /its readings are/],
  ['no source', () => ({ examples: [{ ...taken, source: '' }] }), /no source/],
  [
    'an encoder that loses something',
    () => ({ encode: () => ok({ fPort: 1, bytes: Uint8Array.of(0) }) }),
    /round trip/,
  ],
  [
    'a decoder that throws',
    () => ({
      decode: () => {
        throw new RangeError('boom');
      },
    }),
    /throws RangeError: boom/,
  ],
  ['a tag in a reading', () => ({ toReadings: (message) => [{ fault: JSON.stringify(message) }] }), /holds/],
  ['a personal field that nobody names', () => ({ identifiers: () => [] }), /names nobody/],
  ['a dump with a gap', () => ({ annotate: () => [{ bit: 1, bits: 7, name: 'x', value: '' }] }), /begins at bit 1/],
])('%s is found', (_what, broken, fault) => {
  const model = good();
  let faults: readonly string[];
  try {
    faults = sensorFaults({ ...model, ...broken(model) }, 50);
  } catch (error) {
    faults = [`throws ${String(error)}`];
  }
  expect(faults.join('\n')).toMatch(fault);
});

test('an encoder that cuts a number to fit is found', () => {
  const careful = defineSensor({
    ...{ id: 'test-cut', vendor: 'Test', model: 'Cut', source, defaultFPort: 1 },
    ports: { 1: { count: layout({ count: uint(8) }) } },
    toReadings: ({ count }) => [{ count }],
    examples: [],
  });
  const careless: SensorModel = {
    ...careful,
    encode: ({ count }) => ok({ fPort: 1, bytes: Uint8Array.of(Number(count) & 255) }),
  };
  expect(rangeFaults(careful, 'count', 50)).toEqual([]);
  expect(rangeFaults(careless, 'count', 50).join()).toMatch(
    /^count -?[\d.e+NaInfity]+ becomes [0-9a-f]{2}, and that \d+$/,
  );
});
