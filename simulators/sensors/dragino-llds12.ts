import model from '../../devices/sensors/dragino-llds12.js';
import { dragino } from './dragino/family.js';

/** Dragino LLDS12: a lidar without a temperature probe. Measures every 20 minutes. */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm, temperatureC }) => ({
    type: 'measurement',
    batteryV,
    // No DS18B20 is connected.
    temperatureC: 0,
    distanceMm,
    signalStrength: 400,
    interrupt: 0,
    lidarTemperatureC: Math.round(temperatureC),
    messageType: 'normal',
  }),
  source: 'LLDS12 user manual 2.3 (payload); interval assumed',
});
