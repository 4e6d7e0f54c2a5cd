import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, deviceStatus, earlyOneHead, oneHeadTenths, temperatureOptions } from './dragino/family.js';
import { readingsOf, ultrasonicMarks } from './dragino/readings.js';
import known from './dragino-ldds75.examples.json' with { type: 'json' };

/**
 * Dragino LDDS75: one ultrasonic head. Its DS18B20 counts in tenths of a degree (decoder 1.1.4); a device that is known to count
 * in hundredths says so with `temperatureScale`, and then its readings (not its messages) are corrected.
 * TTN's decoder takes frames of five bytes only and says "No Sensor" to all others, its own example 0E1C0B05 included: that is
 * the old layout without the interrupt, and 0B05 the 2821 mm with which Dragino explains the field (so quoted in a public test
 * of the LDDS45, which has the same fields). Where it does read
 * a distance, it shows the millivolts of the battery for it; the distance is its `value`.
 */
export default defineSensor({
  id: 'dragino-ldds75',
  vendor: 'Dragino',
  model: 'LDDS75',
  source:
    'dragino/dragino-end-node-decoder LDDS75/LDDS75_Decoder_V1.1.4.js, TheThingsNetwork/lorawan-devices vendor/dragino/ldds75',
  defaultFPort: 2,
  options: temperatureOptions,
  defaults: { temperatureScale: 'tenths' },
  ports: {
    2: { measurement: oneHeadTenths, earlyMeasurement: earlyOneHead },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(ultrasonicMarks),
  examples: known.examples as readonly Example[],
});
