import model from '../../devices/sensors/dragino-ldds04.js';
import { dragino } from './dragino/family.js';

/** Dragino LDDS04: head 1 looks at the bay, heads 2 to 4 are not connected and read 0. Measures every 20 minutes. */
export default dragino({
  model,
  options: { heads: 1 },
  measurement: ({ batteryV, distanceMm }) => ({
    type: 'measurement',
    interrupt: false,
    batteryV,
    distance1Mm: distanceMm,
    distance2Mm: 0,
    distance3Mm: 0,
    distance4Mm: 0,
    messageType: 'normal',
  }),
  source: 'LDDS04 user manual 2.4 (payload); interval assumed',
});
