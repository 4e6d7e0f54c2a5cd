import type { Example } from '../../src/codec/sensor.js';
import known from './milesight-em310-udl.examples.json' with { type: 'json' };
import { milesight } from './milesight/family.js';

/** Milesight EM310-UDL: ultrasonic distance and tilt; no thermometer, and an alarm is an ordinary report. */
export default milesight('em310-udl', known.examples as readonly Example[]);
