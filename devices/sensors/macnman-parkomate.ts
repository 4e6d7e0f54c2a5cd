import { whole } from '../../src/base/dice.js';
import { ageOf } from '../../src/codec/age.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { constant, inUnit, int, uint, yesIsOne, type Part } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import known from './macnman-parkomate.examples.json' with { type: 'json' };

const eventCode = 1;

/** Whatever is no event is a heartbeat: the number is kept. */
const otherCode: Part<number> = {
  ...uint(8),
  marks: true,
  read: (raw) => (raw === eventCode ? undefined : raw),
  write: (value) => (value === eventCode ? undefined : uint(8).write(value)),
  sample: (dice) => (dice.next() < 0.5 ? 0 : whole(dice, 2, 255)),
  takes: 'a whole number from 0 to 255 that is not 1',
};

const behindCode = {
  occupied: yesIsOne,
  xOffset: int(16),
  yOffset: int(16),
  zOffset: int(16),
  x: int(16),
  y: int(16),
  z: int(16),
  /** By the sensor's clock. */
  timeS: inUnit(uint(32), 's since 1970'),
} as const;

/**
 * Macnman ParkOMate LWAN V1.0, a magnetometer: 19 bytes on any port. The payload that the vendor's codec quotes above
 * itself has only 18 bytes: its time stands at the end, but one byte before it is missing. That is another version, and
 * the codec itself reads it one byte off; we refuse it.
 */
export default defineSensor({
  id: 'macnman-parkomate',
  vendor: 'Macnman',
  model: 'ParkOMate LWAN V1.0',
  source: 'MacnMan/LoRADecoders ParkOMate.js (vendor codec)',
  // The codec names no port.
  defaultFPort: 1,
  ports: {
    any: {
      event: layout({ deviceId: uint(8), _code: constant(8, eventCode), ...behindCode }),
      heartbeat: layout({ deviceId: uint(8), code: otherCode, ...behindCode }),
    },
  },
  toReadings: ({ type, occupied, timeS }, { heardUs }) => [
    // The time of a heartbeat is no moment of the bay.
    { occupied, ...(type === 'event' && ageOf(timeS, heardUs)) },
  ],
  examples: known.examples as readonly Example[],
});
