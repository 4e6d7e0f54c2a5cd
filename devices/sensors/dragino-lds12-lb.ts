import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, deviceStatus, lidar, lidarDatalog } from './dragino/family.js';
import { readingsOf, lidarMarks } from './dragino/readings.js';
import known from './dragino-lds12-lb.examples.json' with { type: 'json' };

/**
 * Dragino LDS12-LB: a lidar and an optional DS18B20 in tenths of a degree; the interrupt byte of the LLDS12 has become two flags.
 */
export default defineSensor({
  id: 'dragino-lds12-lb',
  vendor: 'Dragino',
  model: 'LDS12-LB',
  source: 'dragino/dragino-end-node-decoder LDS12-LB/LDS12-LB_v1.0_Decoder_TTN.txt',
  defaultFPort: 2,
  options: z.strictObject({}),
  ports: {
    2: { measurement: lidar },
    3: { datalog: lidarDatalog },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(lidarMarks),
  examples: known.examples as readonly Example[],
});
