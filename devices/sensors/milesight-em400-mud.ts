import type { Example } from '../../src/codec/sensor.js';
import known from './milesight-em400-mud.examples.json' with { type: 'json' };
import { milesight } from './milesight/family.js';

/** Milesight EM400-MUD: ultrasonic distance with the working modes standard, bin and parking; thermometer and tilt. */
export default milesight('em400-mud', known.examples as readonly Example[]);
