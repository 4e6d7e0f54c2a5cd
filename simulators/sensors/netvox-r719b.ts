import model from '../../devices/sensors/netvox-r719b.js';
import { r719 } from './netvox/r719.js';

/** Netvox R719B: the habits of the family. */
export default r719('netvox-r719b', model);
