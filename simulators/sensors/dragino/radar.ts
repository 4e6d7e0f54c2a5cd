import { minuteMs } from '../../../src/base/time.js';
import type { SensorModel } from '../../../src/codec/sensor.js';
import type { SensorBehaviour } from '../../../src/sim/behaviour.js';
import { dragino, status } from './family.js';

const alarmMinMm = 2_000;

/**
 * A Dragino radar: status and configuration after the join, a measurement every 20 minutes, and at once when the distance
 * crosses its limit, for which it looks every minute. `name` is how its status calls it.
 */
export const draginoRadar = (model: SensorModel, name: string): SensorBehaviour =>
  dragino({
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
      status(name, batteryV),
      { type: 'configuration', intervalS, alarmIntervalMin: 1, alarmMinMm, alarmMaxMm: 20_000, interrupt: 0 },
    ],
    alarmEveryMs: minuteMs,
    source: 'MDS200-LB user manual 1.1 (alarm feature); intervals, status and configuration after the join assumed',
  });
