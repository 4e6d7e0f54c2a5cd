import model from '../../devices/sensors/dingtek-do200.js';
import { parking } from './dingtek/parking.js';

/** Dingtek DO200: the magnetometer looks every ten seconds (assumed), both detection intervals can be set. */
export default parking({
  id: 'dingtek-do200',
  model,
  settings: { magnetS: 10 },
  telemetry: (common) => common,
  parameters: ({ lookMin, magnetS, magnetThreshold }) => ({
    ultrasonicIntervalMin: lookMin,
    magnetIntervalS: magnetS,
    bytes10to11: '0000',
    magnetThresholdMilligauss: magnetThreshold,
    bytes14to15: '0000',
  }),
});
