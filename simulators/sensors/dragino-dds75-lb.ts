import model from '../../devices/sensors/dragino-dds75-lb.js';
import { dragino, status } from './dragino/family.js';

/** Dragino DDS75-LB: status and a measurement after the join, then a measurement every 20 minutes. */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm, temperatureC }) => ({
    type: 'measurement',
    batteryV,
    distanceMm,
    interrupt: 0,
    temperatureC,
    sensorFlag: 1,
  }),
  atJoin: (batteryV) => [status('dds75-lb', batteryV)],
  source: 'DDS75-LB user manual (range); interval and status after the join assumed',
});
