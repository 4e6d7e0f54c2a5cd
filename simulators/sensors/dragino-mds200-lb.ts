import model from '../../devices/sensors/dragino-mds200-lb.js';
import { draginoRadar } from './dragino/radar.js';

/** Dragino MDS200-LB: a radar that looks down on the bay. */
export default draginoRadar(model, 'mds200-lb');
