import model from '../../devices/sensors/dingtek-do201.js';
import { climate, parking } from './dingtek/parking.js';

/** Dingtek DO201: the habits of the family, with temperature and humidity. */
export default parking({
  id: 'dingtek-do201',
  model,
  telemetry: (common, port) => ({ ...common, ...climate(port) }),
  parameters: ({ lookMin, levelCm, magnetThreshold, batteryPercent }) => ({
    detectionIntervalMin: lookMin,
    levelThresholdCm: levelCm,
    magnetThresholdMilligauss: magnetThreshold,
    batteryThresholdPercent: batteryPercent,
    bytes13to14: '0000',
  }),
});
