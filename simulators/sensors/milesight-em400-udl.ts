import { milesightBehaviour } from './milesight/family.js';

/** Milesight EM400-UDL in the standard mode with an alarm below two metres. */
export default milesightBehaviour('em400-udl');
