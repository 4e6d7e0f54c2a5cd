import { defineSensor } from '../../src/codec/define.js';
import type { Example } from '../../src/codec/sensor.js';
import {
  commands,
  detection,
  deviceStatus,
  oneHeadDatalog,
  oneHeadHundredths,
  temperatureOptions,
} from './dragino/family.js';
import { readingsOf, ultrasonicMarks } from './dragino/readings.js';
import known from './dragino-dds75-lb.examples.json' with { type: 'json' };

/**
 * Dragino DDS75-LB: one ultrasonic head. The vendor's present decoder divides the DS18B20 by 100, an earlier one of the same
 * model by 10 (00EB is 2.35 or 23.5 °C): hundredths are the default, and a device with older firmware says `temperatureScale:
 * tenths`, which corrects its readings (not its messages). Newer firmware sets bit 12 of the battery word in a longer frame on
 * port 2 with recorded distances; two versions of the vendor's decoder cut it differently, so it is left out.
 */
export default defineSensor({
  id: 'dragino-dds75-lb',
  vendor: 'Dragino',
  model: 'DDS75-LB',
  source: 'dragino/dragino-end-node-decoder DDS75-LB/DDS75-LB TTN Decoder.txt',
  defaultFPort: 2,
  options: temperatureOptions,
  defaults: { temperatureScale: 'hundredths' },
  ports: {
    2: { measurement: oneHeadHundredths },
    3: { datalog: oneHeadDatalog },
    5: { deviceStatus },
    6: { detection },
  },
  downlinks: { any: commands },
  toReadings: readingsOf(ultrasonicMarks, 'hundredths'),
  examples: known.examples as readonly Example[],
});
