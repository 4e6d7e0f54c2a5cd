import model from '../../devices/sensors/dragino-mds200-lb.js';
import { minuteMs } from '../../src/base/time.js';
import { dragino, status } from './dragino/family.js';

const alarmMinMm = 2_000;

/**
 * Dragino MDS200-LB: status and configuration after the join, a measurement every 20 minutes, and at once when the distance crosses
 * its limit, for which it looks every minute.
 */
export default dragino({
  model,
  measurement: ({ batteryV, distanceMm, alarms }) => ({
    type: 'measurement',
    batteryV,
    closestMm: Math.round(distanceMm / 10) * 10,
    // Nothing that it could see behind the closest object.
    nextMm: 0,
    alarmCount: alarms,
    distanceAlarm: distanceMm < alarmMinMm,
    interrupt: false,
  }),
  atJoin: (batteryV, intervalS) => [
    status('mds200-lb', batteryV),
    { type: 'configuration', intervalS, alarmIntervalMin: 1, alarmMinMm, alarmMaxMm: 20_000, interrupt: 0 },
  ],
  alarmEveryMs: minuteMs,
  source: 'MDS200-LB user manual 1.1 (alarm feature); intervals, status and configuration after the join assumed',
});
