import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import ig from '../../simulators/sensors/moko-lw009-ig.js';
import pro from '../../simulators/sensors/moko-lw009-sm-pro.js';
import sm from '../../simulators/sensors/moko-lw009-sm.js';
import { life, type Sent } from './life.js';

const ofType = (sent: readonly Sent[], type: string): readonly Sent[] =>
  sent.filter(({ message }) => message.type === type);
const ofState = (sent: readonly Sent[], state: string): readonly Sent[] =>
  sent.filter(({ message }) => message['state'] === state);

describe.each([
  ['lw009-sm', sm],
  ['lw009-ig', ig],
])('%s', (name, behaviour) => {
  test('after the join its parameters and its state, frames counted from 0', () => {
    const one = life(behaviour);
    one.start(true);
    expect(one.sent.map(({ message }) => message)).toMatchObject([
      { type: 'parameters', frameCounter: 0, deviceType: name, heartbeatS: 43_200 },
      { type: 'state', frameCounter: 1, state: 'heartbeat', occupied: true },
    ]);
  });

  test('a heartbeat at the interval that its parameters tell, unconfirmed', () => {
    const one = life(behaviour);
    one.start(false);
    const everyMs = 1_000 * Number(one.sent[0]!.message['heartbeatS']);
    one.sent.length = 0;
    one.runTo(4 * dayMs);
    expect(one.sent.length).toBeGreaterThanOrEqual(7);
    for (const [i, { atMs, confirmed, message }] of one.sent.entries()) {
      expect(message).toMatchObject({ state: 'heartbeat' });
      expect(confirmed).toBe(false);
      if (i > 0) expect(atMs - one.sent[i - 1]!.atMs).toBeCloseTo(everyMs, 3);
    }
  });

  test('a change is told by its state, confirmed', () => {
    const one = life(behaviour);
    one.start(false);
    one.sent.length = 0;
    one.drive(true);
    one.runTo(5 * minuteMs);
    one.drive(false);
    one.runTo(10 * minuteMs);
    const changes = one.sent.filter(({ message }) => message['state'] !== 'heartbeat');
    expect(changes[0]).toMatchObject({ confirmed: true, message: { state: 'occupied', occupied: true } });
    expect(changes.at(-1)).toMatchObject({ confirmed: true, message: { state: 'empty', occupied: false } });
  });

  test('a low battery is said once', () => {
    const low = life(behaviour, 'a', 0.05);
    low.start(false);
    low.runTo(4 * dayMs);
    expect(ofState(low.sent, 'low-battery').map(({ confirmed }) => confirmed)).toEqual([true]);
    const good = life(behaviour, 'a', 0.5);
    good.start(false);
    good.runTo(4 * dayMs);
    expect(ofState(good.sent, 'low-battery')).toEqual([]);
  });
});

test('the SM has a radar, a thermometer and volts; the IG a magnetometer alone, and percent', () => {
  const state = (behaviour: typeof sm) => {
    const one = life(behaviour);
    one.start(true);
    return one.sent[1]!.message;
  };
  expect(state(sm)).toMatchObject({ protocolVersion: '11', radar: 'dc012f', temperatureC: -4 });
  expect(state(sm)).toHaveProperty('batteryV');
  expect(state(ig)).toMatchObject({ protocolVersion: '10', radar: '000000', batteryPercent: 80 });
  expect(state(ig)).not.toHaveProperty('temperatureC');
});

describe('lw009-sm-pro', () => {
  test('calibrates after the join, then tells the state; each message on its port', () => {
    const one = life(pro);
    one.start(true);
    expect(one.sent).toMatchObject([
      { fPort: 6, message: { type: 'event', event: 'calibration-ok' } },
      { fPort: 1, message: { type: 'heartbeat', occupied: true } },
    ]);
  });

  test('changes on port 2, confirmed, and its counter counts the cars', () => {
    const one = life(pro);
    one.start(false);
    let atMs = hourMs;
    for (let i = 0; i < 6; i++, atMs += hourMs) {
      one.runTo(atMs);
      one.drive(i % 2 === 0);
    }
    one.runTo(3 * dayMs);
    const changes = ofType(one.sent, 'parking');
    for (const { fPort, confirmed, message } of changes) {
      expect([fPort, confirmed]).toEqual([2, true]);
      expect(message['info']).toBe(message['occupied'] === true ? 'occupied' : 'empty');
      expect(message['parkingTimeS']).toBe(message['timeS']);
    }
    const arrivals = changes.filter(({ message }) => message['occupied'] === true).length;
    expect(arrivals).toBeGreaterThanOrEqual(3);
    const counters = ofType(one.sent, 'counter');
    expect(counters.length).toBeGreaterThanOrEqual(2);
    expect(counters.at(-1)).toMatchObject({ fPort: 7, message: { detections: arrivals } });
  });

  test('low power is said once on port 4, and in every head from then on', () => {
    const one = life(pro, 'a', 0.05);
    one.start(false);
    one.runTo(4 * dayMs);
    expect(ofType(one.sent, 'lowPower')).toMatchObject([{ fPort: 4, confirmed: true }]);
    expect(one.sent.every(({ message }) => message['lowPower'] === true)).toBe(true);
  });

  test('it tells of no beacons', () => {
    const one = life(pro);
    one.start(false);
    one.drive(true);
    one.runTo(dayMs);
    expect(ofType(one.sent, 'parkingBeacons')).toEqual([]);
  });
});
