import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, deviceStatus, radar, radarConfiguration, radarOptions } from './dragino/family.js';
import { readingsOf, radarMarks } from './dragino/readings.js';
import known from './dragino-lmds200.examples.json' with { type: 'json' };

/**
 * Dragino LMDS200: a 24 GHz radar that tells the closest object and the one behind it. The decoder names no unit; centimetres
 * are assumed, and `distanceUnit: mm` corrects the readings (not the messages). TTN's example of the LMDS200
 * would have its second object at 94.7 m then, which no such probe sees.
 * Its battery word has no flags: the decoder does not mask it.
 */
export default defineSensor({
  id: 'dragino-lmds200',
  vendor: 'Dragino',
  model: 'LMDS200',
  source: 'dragino/dragino-end-node-decoder LMDS200/LMDS200_Decoder_V1.0.0.js',
  defaultFPort: 2,
  options: radarOptions,
  defaults: { distanceUnit: 'cm' },
  ports: {
    2: { measurement: radar },
    4: { configuration: radarConfiguration },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(radarMarks),
  examples: known.examples as readonly Example[],
});
