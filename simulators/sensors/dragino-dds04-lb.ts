import model from '../../devices/sensors/dragino-dds04-lb.js';
import { dragino, status } from './dragino/family.js';

/** Dragino DDS04-LB: head 1 looks at the bay, heads 2 to 4 are not connected and read 0. Measures every 20 minutes. */
export default dragino({
  model,
  options: { heads: 1 },
  measurement: ({ batteryV, distanceMm }) => ({
    type: 'measurement',
    interruptLevel: false,
    interrupt: false,
    batteryV,
    distance1Mm: distanceMm,
    distance2Mm: 0,
    distance3Mm: 0,
    distance4Mm: 0,
    messageType: 'normal',
  }),
  atJoin: (batteryV) => [status('dds04-lb', batteryV)],
  source: 'Dragino decoder of the DDS04-LB; interval and status after the join assumed',
});
