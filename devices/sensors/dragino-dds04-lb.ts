import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, deviceStatus, fourHeads, fourHeadsDatalog } from './dragino/family.js';
import { fourHeadOptions, headMarks, readingsOf } from './dragino/readings.js';
import known from './dragino-dds04-lb.examples.json' with { type: 'json' };

/**
 * Dragino DDS04-LB: four ultrasonic heads, which may be four bays. Unlike in the LDDS04 the uppermost bit of the battery word
 * is the level of the interrupt pin and the one below it the interrupt.
 */
export default defineSensor({
  id: 'dragino-dds04-lb',
  vendor: 'Dragino',
  model: 'DDS04-LB',
  source: 'dragino/dragino-end-node-decoder DDS04-LB/DDS04-LB TTN Decoder.txt',
  defaultFPort: 2,
  options: fourHeadOptions,
  ports: {
    2: { measurement: fourHeads },
    3: { datalog: fourHeadsDatalog },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(headMarks),
  examples: known.examples as readonly Example[],
});
