import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/base/time.js';
import behaviour from '../../simulators/sensors/adnexo-ax-dist.js';
import { life, said } from './life.js';

test('restart and a measurement after each join, then one every hour', () => {
  const it = life(behaviour);
  it.start(true);
  expect(it.types()).toEqual(['restart', 'regular']);
  expect(said(behaviour, it.sent[1]!)).toBe(true);
  it.runTo(10 * hourMs);
  it.sent.splice(0, 2);
  for (const [i, { atMs }] of it.sent.entries()) if (i > 0) expect(atMs - it.sent[i - 1]!.atMs).toBeCloseTo(hourMs, 3);
  expect(it.sent.length).toBeGreaterThanOrEqual(9);
});

test('a car is an event, at the latest with the next measurement but for a change of mind', () => {
  for (let i = 0; i < 50; i++) {
    const it = life(behaviour, `event ${i}`);
    it.start(false);
    it.runTo(hourMs);
    it.sent.length = 0;
    it.drive(true);
    it.runTo(hourMs + 12 * minuteMs);
    const events = it.sent.filter(({ fPort }) => fPort === 101);
    expect(events.length).toBeGreaterThan(0);
    expect(said(behaviour, events.at(-1)!)).toBe(true);
  }
});

test('one measurement in two hundred is invalid, and a low battery shows in the volts', () => {
  const it = life(behaviour, 'long');
  it.start(false);
  it.runTo(4_000 * hourMs);
  const invalid = it.sent.filter(({ fPort }) => fPort === 104).length;
  expect(invalid).toBeGreaterThan(5);
  expect(invalid).toBeLessThan(50);
  const volts = (charge: number) => {
    const one = life(behaviour, 'a', charge);
    one.start(false);
    return Number(one.sent[1]!.message['batteryV']);
  };
  expect(volts(0.9)).toBeGreaterThan(3.1);
  expect(volts(0.02)).toBeLessThan(2.8);
});
