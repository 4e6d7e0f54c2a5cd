import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, configurationReply, deviceStatus, fourHeadsOld } from './dragino/family.js';
import { fourHeadOptions, headMarks, readingsOf } from './dragino/readings.js';
import known from './dragino-ldds04.examples.json' with { type: 'json' };

/**
 * Dragino LDDS04: four ultrasonic heads, which may be four bays. The uppermost bit of the battery word is the interrupt.
 */
export default defineSensor({
  id: 'dragino-ldds04',
  vendor: 'Dragino',
  model: 'LDDS04',
  source: 'dragino/dragino-end-node-decoder LDDS04/ldds04 ttn decoder.txt, LDDS04 user manual 2.4',
  defaultFPort: 2,
  options: fourHeadOptions,
  ports: {
    2: { measurement: fourHeadsOld, configurationReply },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(headMarks),
  examples: known.examples as readonly Example[],
});
