import { milesightBehaviour } from './milesight/family.js';

/** Milesight EM310-UDL: a crossed threshold is an ordinary report ahead of its time. */
export default milesightBehaviour('em310-udl');
