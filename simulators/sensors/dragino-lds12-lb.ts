import model from '../../devices/sensors/dragino-lds12-lb.js';
import { dragino, status } from './dragino/family.js';

/** Dragino LDS12-LB: a lidar without a temperature probe. Status after the join, measures every 20 minutes. */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm, temperatureC }) => ({
    type: 'measurement',
    batteryV,
    // No DS18B20 is connected.
    temperatureC: 0,
    distanceMm,
    signalStrength: 400,
    interruptLevel: false,
    interrupt: false,
    lidarTemperatureC: Math.round(temperatureC),
    messageType: 'normal',
  }),
  atJoin: (batteryV) => [status('lds12-lb', batteryV)],
  source: 'Dragino decoder of the LDS12-LB; interval and status after the join assumed',
});
