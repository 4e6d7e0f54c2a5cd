import model from '../../devices/sensors/dingtek-do202.js';
import { climate, parking } from './dingtek/parking.js';

/** Dingtek DO202: the habits of the family, with temperature and humidity; what its radar writes as level is not public. */
export default parking({
  id: 'dingtek-do202',
  model,
  telemetry: ({ levelMm: _level, ...common }, port) => ({ ...common, levelRaw: 0, ...climate(port) }),
  parameters: ({ lookMin, levelCm, magnetThreshold, batteryPercent }) => ({
    detectionIntervalMin: lookMin,
    levelThresholdRaw: levelCm,
    magnetThresholdMilligauss: magnetThreshold,
    batteryThresholdPercent: batteryPercent,
    bytes13to14: '0000',
  }),
});
