import { z } from 'zod';
import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import { commands, detector, deviceStatus, longDeviceStatus } from './dragino/family.js';
import { readingsOf, lidarMarks } from './dragino/readings.js';
import known from './dragino-ds20l.examples.json' with { type: 'json' };

/**
 * Dragino DS20L: a lidar for 3 to 200 cm that watches limits or counts. The mode bits and the DO flag choose the layout. Its battery
 * word has no flags: the decoder does not mask it.
 */
export default defineSensor({
  id: 'dragino-ds20l',
  vendor: 'Dragino',
  model: 'DS20L',
  source: 'dragino/dragino-end-node-decoder DS20L/DS20L v1.0_decoder_TTN.txt, DS20L user manual 1',
  defaultFPort: 2,
  options: z.strictObject({}),
  ports: {
    2: detector,
    5: { deviceStatus, longDeviceStatus },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(lidarMarks),
  examples: known.examples as readonly Example[],
});
