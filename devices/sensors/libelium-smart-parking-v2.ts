import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { hexBytes, inUnit, int, spare, uint } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import { setClock, setConfiguration } from './libelium/commands.js';
import { axes, batteryByte, batteryWord, dailyCounts, errorFlags, framesOf, settings } from './libelium/frames.js';
import { readingOf } from './libelium/readings.js';
import known from './libelium-smart-parking-v2.examples.json' with { type: 'json' };

const frame = framesOf({ flags: { _spare: spare(2) }, last: 8 });
const temperatureC = inUnit(int(8), '°C');
const timed = { hour: uint(8), minute: uint(8), temperatureC, ...axes } as const;

/**
 * Libelium Plug & Sense! Smart Parking, firmware 2.x (2017): a magnetometer, frames of 11 bytes. The axes are signed, as
 * the technical guide says, and are told without a sign as well, as ZENNER prints them. The six bytes that ZENNER skips in the daily
 * frame are the three counters of the user manual (page 12). Frame types 6 to 8 are newer than the manual and known from
 * ZENNER alone, with the layout of the keep-alive; higher ones nobody knows.
 * No source names a port: 3 is what the radio module (RN2483) sends on by default.
 */
export default defineSensor({
  id: 'libelium-smart-parking-v2',
  vendor: 'Libelium',
  model: 'Plug & Sense! Smart Parking, firmware 2.x',
  source:
    'Libelium Smart Parking user manual (frames of firmware 2.x, services), ZennerIoT/element-parsers libelium_smart-parking_v3 of 2019-09',
  defaultFPort: 3,
  options: z.strictObject({}),
  ports: {
    any: {
      info: frame(0, { temperatureC, ...axes, reserved: hexBytes(1), batteryV: batteryByte }),
      keepAlive: frame(1, timed),
      dailyUpdate: frame(2, { ...dailyCounts, reserved: hexBytes(1) }),
      error: frame(3, { _errors: spare(2), ...errorFlags, temperatureC, ...axes, batteryV: batteryByte }),
      start1: frame(4, { temperatureC, ...axes, batteryV: batteryWord }),
      start2: frame(5, settings),
      service: frame(6, timed),
      downlink: frame(7, timed),
      rssi: frame(8, timed),
    },
  },
  downlinks: { any: { setClock, setConfiguration } },
  toReadings: (message) => [readingOf(message)],
  examples: known.examples as readonly Example[],
});
