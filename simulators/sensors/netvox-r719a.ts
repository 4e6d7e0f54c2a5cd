import model from '../../devices/sensors/netvox-r719a.js';
import { r719 } from './netvox/r719.js';

/** Netvox R719A: the habits of the family. */
export default r719('netvox-r719a', model);
