import model from '../../devices/sensors/dragino-ds20l.js';
import { minuteMs } from '../../src/base/time.js';
import { dragino, status } from './dragino/family.js';

const lowerLimitMm = 1_450;

/**
 * Dragino DS20L: it sees no further than two metres, so it hangs lower than its kin, and the lowest bay that a van fits into
 * still shows its ground. Watches its limits every minute and tells at once when the distance crosses one.
 */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm }) => ({
    type: 'limits',
    batteryV,
    mode: 0,
    alarm: distanceMm < lowerLimitMm,
    digitalOutput: false,
    threshold: true,
    distanceMm,
    upperLimitMm: 2_000,
    lowerLimitMm,
  }),
  atJoin: (batteryV) => [status('ds20l', batteryV)],
  alarmEveryMs: minuteMs,
  mounting: { heightMm: 1_950, thresholdMm: 500, hysteresisMm: 200 },
  source: 'DS20L user manual 1 (range, alarm mode); interval, limits and status after the join assumed',
});
