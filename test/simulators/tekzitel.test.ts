import { describe, expect, test } from 'vitest';
import tekzipark from '../../simulators/sensors/tekzitel-tekzipark.js';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { life } from './life.js';

const { model } = tekzipark;
const defaults = must(model.decodeCommand(3, hex('471618eb000068aa')));
const quiet = { ...defaults, debugMode: false, sendRssi: false };
const started = (name = 'a', charge = 0.8) => {
  const it = life(tekzipark, name, charge);
  it.start(false);
  return it;
};
type Life = ReturnType<typeof started>;
/** Cars come and go, often enough that one of them has a beacon. */
const traffic = (it: Life, cars: number): void => {
  for (let i = 0; i < cars; i++) {
    it.drive(i % 2 === 0);
    it.runTo(2 * hourMs + i * 5 * minuteMs);
  }
};

describe('TEKZITEL TEKZIPARK', () => {
  test('the first frame after a start has the reset flag, no other has', () => {
    const it = started();
    traffic(it, 4);
    const resets = it.sent.map(({ message }) => message['reset']);
    expect(resets.length).toBeGreaterThan(3);
    expect(resets).toEqual([true, ...resets.slice(1).map(() => false)]);
  });

  test('a change has no keep-alive flag; the keep-alive comes once a day', () => {
    const it = started();
    it.runTo(3 * dayMs);
    const beats = it.sent.slice(1);
    expect(beats).toHaveLength(3);
    expect(beats.every(({ message, confirmed }) => message['keepAlive'] === true && !confirmed)).toBe(true);
    it.sent.length = 0;
    it.drive(true);
    it.runTo(3 * dayMs + minuteMs);
    expect(it.sent[0]!.message).toMatchObject({ type: 'status', occupied: true, keepAlive: false, radar: true });
  });

  test.each([
    [0, 24],
    [1, 12],
    [2, 6],
    [3, 1],
  ])('keep-alive period %i is %i hours, from the configuration on', (keepAlivePeriod, hours) => {
    const it = started();
    it.command(model, { ...quiet, keepAlivePeriod });
    it.sent.length = 0;
    it.runTo(2 * dayMs + hourMs / 2);
    expect(it.sent).toHaveLength(48 / hours);
    expect(it.sent[0]!.atMs - 7_000).toBeCloseTo(hours * hourMs, 3);
  });

  test('debug mode sends the same once more with measurements on port 2, until it is switched off', () => {
    const it = started();
    expect(it.types()).toEqual(['status']);
    it.command(model, { ...quiet, debugMode: true, keepAlivePeriod: 3 });
    it.sent.length = 0;
    it.runTo(1.5 * hourMs);
    expect(it.sent.map(({ fPort }) => fPort)).toEqual([1, 2]);
    const [status, debug] = it.sent.map(({ message }) => message);
    expect(debug).toMatchObject({ ...status, type: 'debug', faultCode: 0 });
    it.command(model, { ...quiet, keepAlivePeriod: 3 });
    it.sent.length = 0;
    it.runTo(3 * hourMs);
    expect(it.types()).toEqual(['status']);
  });

  test('beacons are told only when the configuration says so, and only of parked cars', () => {
    const off = started();
    traffic(off, 20);
    expect(off.sent.some(({ message }) => 'beacons' in message)).toBe(false);
    const on = started();
    on.command(model, { ...quiet, sendRssi: true });
    traffic(on, 20);
    const told = on.sent.filter(({ message }) => 'beacons' in message);
    expect(told.length).toBeGreaterThan(3);
    for (const { message } of told) expect(message).toMatchObject({ occupied: true, noBeacon: false });
    for (const { message } of on.sent) expect(message['noBeacon']).toBe(!('beacons' in message));
  });

  test('reset control starts it anew', () => {
    const it = started();
    it.command(model, defaults);
    expect(it.reboots).toEqual([]);
    it.command(model, { ...defaults, resetControl: true });
    expect(it.reboots).toEqual(['request']);
  });

  test('a battery near its end is no good battery', () => {
    expect(started('a', 0.5).sent[0]!.message).toMatchObject({ goodBattery: true });
    expect(started('a', 0.05).sent[0]!.message).toMatchObject({ goodBattery: false });
  });
});
