import model from '../../devices/sensors/dragino-ldds75.js';
import { dragino } from './dragino/family.js';

/** Dragino LDDS75: a measurement after the join and every 20 minutes. */
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
  source: 'LDDS75 user manual (range); interval assumed',
});
