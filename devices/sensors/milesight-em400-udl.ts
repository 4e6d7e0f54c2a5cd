import type { Example } from '../../src/codec/sensor.js';
import known from './milesight-em400-udl.examples.json' with { type: 'json' };
import { milesight } from './milesight/family.js';

/** Milesight EM400-UDL: ultrasonic distance, thermometer and tilt; works in the standard mode and keeps no installation height. */
export default milesight('em400-udl', known.examples as readonly Example[]);
