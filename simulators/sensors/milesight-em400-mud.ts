import { milesightBehaviour } from './milesight/family.js';

/** Milesight EM400-MUD in its parking mode: the alarm edge says that a car came or left. */
export default milesightBehaviour('em400-mud');
