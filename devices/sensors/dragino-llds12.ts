import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, configurationReply, deviceStatus, lidarOld } from './dragino/family.js';
import { readingsOf, lidarMarks } from './dragino/readings.js';
import known from './dragino-llds12.examples.json' with { type: 'json' };

/**
 * Dragino LLDS12: a lidar and an optional DS18B20 in tenths of a degree.
 */
export default defineSensor({
  id: 'dragino-llds12',
  vendor: 'Dragino',
  model: 'LLDS12',
  source: 'dragino/dragino-end-node-decoder LLDS12/LLDS12_Decode_TTN.txt, LLDS12 user manual 2.3',
  defaultFPort: 2,
  options: z.strictObject({}),
  ports: {
    2: { measurement: lidarOld, configurationReply },
    5: { deviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(lidarMarks),
  examples: known.examples as readonly Example[],
});
