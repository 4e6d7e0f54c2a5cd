import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import do200 from '../../simulators/sensors/dingtek-do200.js';
import do201 from '../../simulators/sensors/dingtek-do201.js';
import do202 from '../../simulators/sensors/dingtek-do202.js';
import { life, type Sent } from './life.js';

const all = [
  { name: 'DO200', behaviour: do200 },
  { name: 'DO201', behaviour: do201 },
  { name: 'DO202', behaviour: do202 },
];

describe.each(all)('Dingtek $name', ({ behaviour }) => {
  const { model } = behaviour;
  const one = (charge = 0.8) => {
    const it = life(behaviour, 'a', charge);
    it.start(false);
    return it;
  };

  test('after the join: parameters, then telemetry, both on port 3', () => {
    expect(one().sent).toMatchObject([
      { fPort: 3, confirmed: false, message: { type: 'parameters', uploadIntervalH: 24 } },
      { fPort: 3, confirmed: false, message: { type: 'telemetry', cmd: 1, parkAlarm: false } },
    ]);
  });

  test('telemetry once a day, with a counter that goes on', () => {
    const it = one();
    it.runTo(5 * dayMs);
    const beats = it.sent.filter(({ message }) => message.type === 'telemetry');
    expect(beats.map(({ message }) => message['frameCounter'])).toEqual(beats.map((_, i) => i));
    const times = beats.slice(1).map(({ atMs }) => atMs);
    expect(times.length).toBeGreaterThanOrEqual(4);
    for (const [i, atMs] of times.entries()) if (i > 0) expect(atMs - times[i - 1]!).toBeCloseTo(dayMs, 3);
  });

  test('a car is told with command 2, by all three alarms', () => {
    const it = one();
    it.sent.length = 0;
    it.drive(true);
    it.runTo(15 * minuteMs);
    expect(it.sent.at(-1)!.message).toMatchObject({ cmd: 2, parkAlarm: true, levelAlarm: true, magnetAlarm: true });
  });

  test('another upload interval counts from now and is answered with the parameters', () => {
    const it = one();
    it.sent.length = 0;
    it.command(model, { type: 'setUploadInterval', uploadIntervalH: 2 });
    expect(it.sent).toMatchObject([{ message: { type: 'parameters', uploadIntervalH: 2 } }]);
    it.runTo(9 * hourMs);
    expect(it.types()).toEqual(['parameters', ...Array.from({ length: 4 }, () => 'telemetry')]);
  });

  test('every setting is kept: the parameters tell it where they have it', () => {
    const it = one();
    const told = new Set<string>();
    for (const type of model.commandTypes) {
      const command = model.sample(type, { next: () => 0.5 });
      const [field, value] = Object.entries(command).find(([name]) => name !== 'type')!;
      it.command(model, command);
      const { message } = it.sent.at(-1)!;
      expect(message.type).toBe('parameters');
      if (!(field in message)) continue;
      expect(message[field], field).toBe(value);
      told.add(field);
    }
    expect(told.size).toBeGreaterThanOrEqual(4);
  });

  test('the battery alarm is at the threshold', () => {
    const alarm = (charge: number): unknown => one(charge).sent[1]!.message['batteryAlarm'];
    expect([alarm(0.19), alarm(0.21)]).toEqual([true, false]);
    const it = one(0.5);
    it.command(model, { type: 'setBatteryThreshold', batteryThresholdPercent: 60 });
    it.runTo(25 * hourMs);
    expect(it.sent.at(-1)!.message).toMatchObject({ type: 'telemetry', batteryAlarm: true });
  });

  test('the magnet threshold decides about the magnet alarm', () => {
    const it = one();
    it.command(model, { type: 'setMagnetThreshold', magnetThresholdMilligauss: 1 });
    it.runTo(25 * hourMs);
    expect(it.sent.at(-1)!.message).toMatchObject({ type: 'telemetry', parkAlarm: false, magnetAlarm: true });
  });
});

/** How late each of 300 cars was told, the longest. */
const latest = (behaviour: typeof do200, command: { readonly type: string; readonly [field: string]: unknown }) =>
  Math.max(
    ...Array.from({ length: 300 }, (_, i) => {
      const it = life(behaviour, `car ${i}`);
      it.start(false);
      it.command(behaviour.model, command);
      it.runTo(hourMs);
      it.sent.length = 0;
      it.drive(true);
      it.runTo(3 * hourMs);
      const first = it.sent.find(({ message }: Sent) => message['parkAlarm'] === true)!;
      return first.atMs - hourMs;
    }),
  );

test.each([
  [do200, { type: 'setUltrasonicInterval', ultrasonicIntervalMin: 60 }],
  [do201, { type: 'setDetectionInterval', detectionIntervalMin: 60 }],
  [do202, { type: 'setDetectionInterval', detectionIntervalMin: 60 }],
])('$id: what the magnetometer missed waits for the next look', (behaviour, command) => {
  const seldom = latest(behaviour, command);
  expect(seldom).toBeGreaterThan(20 * minuteMs);
  expect(seldom).toBeLessThanOrEqual(hourMs + 500);
  const field = Object.keys(command)[1]!;
  expect(latest(behaviour, { ...command, [field]: 1 })).toBeLessThanOrEqual(minuteMs + 500);
});

test('DO200: a magnetometer that looks once a minute is slower than one that looks every second', () => {
  const half = (magnetIntervalS: number): number => {
    const delays = Array.from({ length: 100 }, (_, i) => {
      const it = life(do200, `car ${i}`);
      it.start(false);
      it.command(do200.model, { type: 'setMagnetInterval', magnetIntervalS });
      it.runTo(hourMs);
      it.sent.length = 0;
      it.drive(true);
      it.runTo(2 * hourMs);
      return it.sent[0]!.atMs - hourMs;
    });
    return delays.sort((a, b) => a - b)[50]!;
  };
  expect(half(1)).toBeLessThanOrEqual(1_500);
  expect(half(60)).toBeGreaterThan(10_000);
});

test('DO201: the level threshold decides about the level alarm', () => {
  const it = life(do201);
  it.start(false);
  it.command(do201.model, { type: 'setLevelThreshold', levelThresholdCm: 255 });
  it.runTo(25 * hourMs);
  expect(it.sent.at(-1)!.message).toMatchObject({ parkAlarm: false, levelAlarm: true, temperatureC: -4 });
});
