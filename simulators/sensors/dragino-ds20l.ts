import model from '../../devices/sensors/dragino-ds20l.js';
import { minuteMs } from '../../src/base/time.js';
import { dragino, status } from './dragino/family.js';

/**
 * Dragino DS20L: it sees no further than two metres, so it hangs lower than its kin, and the lowest bay that a van fits into
 * still shows its ground. Watches its limits every minute and tells at once when the distance crosses one.
 */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm, alarm }) => ({
    type: 'limits',
    batteryV,
    mode: 0,
    alarm,
    digitalOutput: false,
    threshold: alarm,
    distanceMm,
    upperLimitMm: 1_450,
    lowerLimitMm: 0,
  }),
  atJoin: (batteryV) => [status('ds20l', batteryV)],
  alarmEveryMs: minuteMs,
  mounting: { heightMm: 1_950, thresholdMm: 500, hysteresisMm: 200 },
  source: 'DS20L user manual 1 (range, alarm mode); interval, limits and status after the join assumed',
});
