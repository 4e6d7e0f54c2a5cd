import { describe, expect, test } from 'vitest';
import dds04lb from '../../simulators/sensors/dragino-dds04-lb.js';
import dds75lb from '../../simulators/sensors/dragino-dds75-lb.js';
import ds20l from '../../simulators/sensors/dragino-ds20l.js';
import ldds75 from '../../simulators/sensors/dragino-ldds75.js';
import lds12lb from '../../simulators/sensors/dragino-lds12-lb.js';
import mds200lb from '../../simulators/sensors/dragino-mds200-lb.js';
import { hourMs, minuteMs } from '../../src/base/time.js';
import type { Reading } from '../../src/codec/sensor.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { life, type Sent } from './life.js';

const reading = ({ model }: SensorBehaviour, { message }: Sent): Reading => model.toReadings(message)[0]!;
const gaps = (sent: readonly Sent[]): readonly number[] => sent.slice(1).map(({ atMs }, i) => atMs - sent[i]!.atMs);

describe.each([ldds75, dds75lb, dds04lb, lds12lb, ds20l, mds200lb])('$id', (behaviour) => {
  const { heightMm } = behaviour.mounting!;

  test('sees the ground within the noise, and cars of many heights', () => {
    const roofs = new Set<number>();
    for (let i = 0; i < 30; i++) {
      const one = life(behaviour, `roof ${i}`);
      one.start(true);
      const roof = heightMm - reading(behaviour, one.sent.at(-1)!).distanceMm!;
      expect(roof).toBeGreaterThanOrEqual(1_400 - 25);
      expect(roof).toBeLessThanOrEqual(1_900 + 25);
      roofs.add(roof);
      one.drive(false);
      one.runTo(hourMs);
      const ground = reading(behaviour, one.sent.at(-1)!).distanceMm!;
      expect(Math.abs(ground - heightMm)).toBeLessThanOrEqual(25);
    }
    expect(roofs.size).toBeGreaterThan(15);
  });

  test('a car that stays keeps its height', () => {
    const one = life(behaviour);
    one.start(true);
    one.runTo(10 * hourMs);
    const seen = one.sent.flatMap(({ message }) => behaviour.model.toReadings(message)[0]?.distanceMm ?? []);
    expect(seen.length).toBeGreaterThan(20);
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(50);
  });

  test('measures every 20 minutes, and as often as it is told', () => {
    const one = life(behaviour);
    one.start(false);
    one.runTo(hourMs);
    one.sent.length = 0;
    one.runTo(5 * hourMs);
    for (const gap of gaps(one.sent)) {
      expect(gap).toBeGreaterThanOrEqual(20 * minuteMs);
      expect(gap).toBeLessThanOrEqual(20 * minuteMs + 5_000);
    }
    one.command(behaviour.model, { type: 'setInterval', intervalS: 60 });
    one.sent.length = 0;
    one.runTo(6 * hourMs);
    expect(one.sent.length).toBeGreaterThanOrEqual(55);
    expect(one.sent.length).toBeLessThanOrEqual(60);
  });

  test('confirms when told, and reboots when told', () => {
    const one = life(behaviour);
    one.start(false);
    expect(one.sent.every(({ confirmed }) => !confirmed)).toBe(true);
    one.command(behaviour.model, { type: 'setConfirmation', mode: 'confirmed' });
    one.sent.length = 0;
    one.runTo(hourMs);
    expect(one.sent.length).toBeGreaterThan(0);
    expect(one.sent.every(({ confirmed }) => confirmed)).toBe(true);
    one.command(behaviour.model, { type: 'setConfirmation', mode: 'unconfirmed' });
    one.sent.length = 0;
    one.runTo(2 * hourMs);
    expect(one.sent.some(({ confirmed }) => confirmed)).toBe(false);
    one.command(behaviour.model, { type: 'setInterrupt', mode: 'off' });
    expect(one.reboots).toEqual([]);
    one.command(behaviour.model, { type: 'reboot' });
    one.command(behaviour.model, { type: 'restoreFactory' });
    expect(one.reboots).toEqual(['request', 'request']);
  });

  test('a weak battery shows in its volts', () => {
    const volts = [0.9, 0.03].map((charge) => {
      const one = life(behaviour, 'a', charge);
      one.start(false);
      return reading(behaviour, one.sent[0]!).batteryV!;
    });
    expect(volts[0]! - volts[1]!).toBeGreaterThan(0.3);
  });
});

test('LDDS75 begins with a measurement, the others with their status', () => {
  const first = (behaviour: SensorBehaviour): readonly string[] => {
    const one = life(behaviour);
    one.start(false);
    return one.types();
  };
  expect(first(ldds75)).toEqual(['measurement']);
  expect(first(dds75lb)).toEqual(['deviceStatus', 'measurement']);
  expect(first(mds200lb)).toEqual(['deviceStatus', 'configuration', 'measurement']);
  expect(first(ds20l)).toEqual(['deviceStatus', 'limits']);
});

test('status and configuration have ports of their own; after a new join the configuration has the present interval', () => {
  const one = life(mds200lb);
  one.start(false);
  one.command(mds200lb.model, { type: 'setInterval', intervalS: 300 });
  one.sent.length = 0;
  one.tell({ kind: 'joined' });
  expect(one.sent.map(({ fPort }) => fPort)).toEqual([5, 4, 2]);
  expect(one.sent[1]!.message['intervalS']).toBe(300);
});

test('of four heads the first has a bay, the others are not connected', () => {
  const one = life(dds04lb);
  one.start(true);
  const readings = dds04lb.model.toReadings(one.sent.at(-1)!.message);
  expect(readings.map(({ head, fault }) => [head, fault])).toEqual([
    [1, undefined],
    [2, 'no-sensor'],
    [3, 'no-sensor'],
    [4, 'no-sensor'],
  ]);
});

test('those that only measure tell of a car at the next interval, not before', () => {
  const one = life(ldds75);
  one.start(false);
  one.runTo(hourMs);
  const due = one.sent.at(-1)!.atMs + 20 * minuteMs;
  one.sent.length = 0;
  one.drive(true);
  one.runTo(due - 1);
  expect(one.sent).toEqual([]);
  one.runTo(due + 5_000);
  expect(reading(ldds75, one.sent[0]!).distanceMm).toBeLessThan(1_200);
});

test.each([
  [ds20l, 'alarm'],
  [mds200lb, 'distanceAlarm'],
])(
  '$id watches its limits: a car is told within a minute or so, with the alarm set while it stands',
  (behaviour, flag) => {
    for (let i = 0; i < 20; i++) {
      const one = life(behaviour, `limit ${i}`);
      one.start(false);
      one.runTo(hourMs);
      const before = one.sent.length;
      expect(one.sent.at(-1)!.message[flag]).toBe(false);
      one.drive(true);
      one.runTo(hourMs + minuteMs + 1_000);
      expect(one.sent.length).toBeGreaterThan(before);
      expect(one.sent.at(-1)!.message[flag]).toBe(true);
      one.drive(false);
      one.runTo(hourMs + 3 * minuteMs);
      expect(one.sent.at(-1)!.message[flag]).toBe(false);
    }
  },
);

test('the radar counts its alarms', () => {
  const one = life(mds200lb);
  one.start(false);
  for (let i = 1; i <= 65; i++) {
    one.drive(i % 2 === 1);
    one.runTo(i * 5 * minuteMs);
    expect(one.sent.at(-1)!.message['alarmCount']).toBe(i & 63);
  }
});
