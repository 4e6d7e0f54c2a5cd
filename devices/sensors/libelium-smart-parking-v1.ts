import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import { hexBytes, int, spare, uint } from '../../src/codec/parts.js';
import type { Example } from '../../src/codec/sensor.js';
import { setClock, setConfiguration } from './libelium/commands.js';
import { axes, batteryByte, batteryWord, dailyCounts, errorFlags, framesOf, settings } from './libelium/frames.js';
import { readingOf } from './libelium/readings.js';
import known from './libelium-smart-parking-v1.examples.json' with { type: 'json' };

const frame = framesOf({ flags: { _spare: spare(2) }, last: 5 });
/** Two's complement in the sensor's own units: the formula that makes degrees of it is a picture nobody published as text. */
const temperatureRaw = int(16);

/**
 * Libelium Plug & Sense! Smart Parking, firmware 1.x (2016): a magnetometer, frames of 12 bytes. The layouts are those of
 * the technical guide 7.0 (pages 12 to 16) and of the user manual (pages 15 to 18, 58 to 61), which prints one example.
 * The temperature stays raw and enters no reading. The battery byte of the error frame is taken by the formula that public
 * decoders use for firmware 2.x: the manual introduces both with the same words.
 * Frame types 6 to 15 are reserved. No source names a port: 3 is what the radio module (RN2483) sends on by default.
 */
export default defineSensor({
  id: 'libelium-smart-parking-v1',
  vendor: 'Libelium',
  model: 'Plug & Sense! Smart Parking, firmware 1.x',
  source: 'Libelium Smart Parking technical guide 7.0 (frames), user manual (frames of firmware 1.x, services)',
  defaultFPort: 3,
  options: z.strictObject({}),
  ports: {
    any: {
      info: frame(0, { temperatureRaw, ...axes, reserved: hexBytes(2) }),
      keepAlive: frame(1, { hour: uint(8), minute: uint(8), temperatureRaw, ...axes }),
      dailyUpdate: frame(2, { ...dailyCounts, reserved: hexBytes(2) }),
      error: frame(3, { _errors: spare(2), ...errorFlags, temperatureRaw, ...axes, batteryV: batteryByte }),
      start1: frame(4, { temperatureRaw, ...axes, batteryV: batteryWord }),
      start2: frame(5, { ...settings, reserved: hexBytes(1) }),
    },
  },
  downlinks: { any: { setClock, setConfiguration } },
  toReadings: (message) => [readingOf(message)],
  examples: known.examples as readonly Example[],
});
