import model from '../../devices/sensors/dragino-lmds200.js';
import { draginoRadar } from './dragino/radar.js';

/** Dragino LMDS200: a radar that looks down on the bay. */
export default draginoRadar(model, 'lmds200');
