import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, deviceStatus, radar, radarConfiguration, radarDatalog, radarOptions } from './dragino/family.js';
import { readingsOf, radarMarks } from './dragino/readings.js';
import known from './dragino-mds200-lb.examples.json' with { type: 'json' };

/**
 * Dragino MDS200-LB: a 24 GHz radar that tells the closest object and the one behind it. The decoder names no unit; centimetres
 * are assumed, and `distanceUnit: mm` corrects the readings (not the messages).
 * Its battery word has no flags: the decoder does not mask it.
 */
export default defineSensor({
  id: 'dragino-mds200-lb',
  vendor: 'Dragino',
  model: 'MDS200-LB',
  source: 'dragino/dragino-end-node-decoder MDS200-LB/MDS200-LB TTN_Decoder.txt',
  defaultFPort: 2,
  options: radarOptions,
  defaults: { distanceUnit: 'cm' },
  ports: {
    2: { measurement: radar },
    3: { datalog: radarDatalog },
    4: { configuration: radarConfiguration },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(radarMarks),
  examples: known.examples as readonly Example[],
});
