import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import {
  inUnit,
  int,
  littleEndian,
  oneOfOrUnknown,
  optional,
  restBytes,
  scaled,
  uint,
  type Part,
} from '../../src/codec/parts.js';
import type { Example, Reading } from '../../src/codec/sensor.js';
import { tagged } from '../../src/codec/tagged.js';
import known from './adnexo-ax-dist.examples.json' with { type: 'json' };

/** A number of which one value says that there is none; `marker` as it stands in the bytes. */
const orNone = (part: Part<number>, marker: number): Part<number | 'none'> => ({
  ...part,
  read: (raw) => (raw === marker ? 'none' : part.read(raw)),
  write(value) {
    if (value === 'none') return marker;
    const raw = part.write(value);
    return raw === marker ? undefined : raw;
  },
  show: (value) => (value === 'none' ? value : part.show(value)),
  sample: (dice) => (dice.next() < 0.1 ? 'none' : Math.max(-3_000, Math.min(part.sample(dice), 3_000))),
  takes: `${part.takes}, or none`,
});

/** Tenths of a centimetre are millimetres. */
const millimetres = inUnit(littleEndian(uint(16)), 'mm');
const seconds = inUnit(littleEndian(uint(32)), 's');
const sensed = {
  // The lowest number, 8000 with the low byte first, stands for no thermometer in akenza's later decoders.
  temperatureC: orNone(scaled(littleEndian(int(16)), { factor: 0.1, unit: '°C' }), 0x0080),
  batteryV: scaled(littleEndian(uint(16)), { factor: 0.001, unit: 'V' }),
} as const;
const measurement = { distanceMm: orNone(millimetres, 0xffff), ...sensed } as const;

interface Sensed {
  readonly distanceMm?: number | 'none';
  readonly temperatureC: number | 'none';
  readonly batteryV: number;
}

const readingOf = (told: Sensed, faults: readonly string[]): Reading => {
  const all = [
    ...faults,
    ...(told.distanceMm === 'none' ? ['no-echo'] : []),
    ...(told.temperatureC === 'none' ? ['no-temperature'] : []),
  ];
  return {
    ...(typeof told.distanceMm === 'number' && { distanceMm: told.distanceMm }),
    ...(typeof told.temperatureC === 'number' && { temperatureC: told.temperatureC }),
    batteryV: told.batteryV,
    ...(all.length > 0 && { fault: all.join(',') }),
  };
};

/**
 * Adnexo ax-dist (Switzerland): time-of-flight distance. Lowest byte first throughout.
 *
 * There is no public byte table: this is akenza's decoder, read critically. An error (port 5) names the port of the command
 * and then the code; akenza takes both from byte 0, which cannot be. On port 104 it reads the variance alone; its own test
 * payload has distance, variance, temperature and battery, the outer three as in the measurement beside it. The send
 * interval (6, with 600 s between measurements) is taken as a number of measurements, the threshold as millimetres:
 * both assumed. What ports 2 and 3 carry is not explained and kept as their content. Commands to the sensor are not public.
 */
export default defineSensor({
  id: 'adnexo-ax-dist',
  vendor: 'Adnexo',
  model: 'ax-dist',
  source: 'akenza-io/device-type-library@0c405d3 types/adnexo/ax-dist, and its later version for config tags 07 and 52',
  defaultFPort: 100,
  options: z.strictObject({}),
  ports: {
    1: { echo: layout({ echo: restBytes }) },
    2: { restart: layout({ content: restBytes }) },
    3: { configAccepted: layout({ content: restBytes }) },
    4: {
      config: tagged({
        measurementIntervalS: ['04', seconds],
        sendEveryMeasurements: ['05', uint(8)],
        joinIntervalS: ['06', seconds],
        reedContact: ['07', oneOfOrUnknown(8, { off: 0, active: 1 })],
        thresholdMm: ['52', inUnit(littleEndian(int(16)), 'mm')],
      }),
    },
    5: {
      error: layout({
        command: oneOfOrUnknown(8, { restart: 2, 'parameter-change': 3, 'parameter-read': 4 }),
        code: optional(
          oneOfOrUnknown(8, {
            'parameter-unknown': 1,
            'parameter-read-only': 2,
            'parameter-not-readable': 4,
            'command-malformed': 8,
          }),
        ),
        content: restBytes,
      }),
    },
    100: { regular: layout(measurement) },
    101: { event: layout(measurement) },
    102: { manual: layout(measurement) },
    104: {
      invalid: layout({
        distanceMm: orNone(millimetres, 0xffff),
        varianceMm: orNone(millimetres, 0xffff),
        ...sensed,
      }),
    },
  },
  toReadings(message) {
    switch (message.type) {
      case 'regular':
      case 'event':
      case 'manual':
        return [readingOf(message, [])];
      case 'invalid': {
        // The sensor itself says that this distance is no distance.
        const { temperatureC, batteryV } = message;
        return [readingOf({ temperatureC, batteryV }, ['invalid-measurement'])];
      }
      case 'restart':
        return [{ restart: 'other' }];
      case 'error':
        return [{ fault: (message.code ?? 'unknown').replace(/^unknown/, 'error') }];
      default:
        return [];
    }
  },
  // Every payload known to us; the same file lists those whose published decode we do not follow, and why.
  examples: known.examples as readonly Example[],
});
