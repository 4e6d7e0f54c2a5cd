import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/base/time.js';
import r719a from '../../simulators/sensors/netvox-r719a.js';
import r719b from '../../simulators/sensors/netvox-r719b.js';
import { life } from './life.js';

const set = (minTimeS: number, maxTimeS: number) => ({
  type: 'setConfiguration',
  minTimeS,
  maxTimeS,
  batteryChangeV: 0.2,
});

describe.each([
  { name: 'R719A', behaviour: r719a },
  { name: 'R719B', behaviour: r719b },
])('Netvox $name', ({ behaviour }) => {
  const { model } = behaviour;
  const one = (charge = 0.8) => {
    const it = life(behaviour, 'a', charge);
    it.start(false);
    return it;
  };

  test('after the join: versions on port 6, then the status', () => {
    expect(one().sent).toMatchObject([
      { fPort: 6, confirmed: false, message: { type: 'versions' } },
      { fPort: 6, confirmed: false, message: { type: 'status', occupied: false, batteryLow: false } },
    ]);
  });

  test('a status every hour, counted from the one before', () => {
    const it = one();
    it.runTo(10 * hourMs);
    const beats = it.sent.filter(({ message }) => message.type === 'status').slice(1);
    expect(beats.length).toBeGreaterThanOrEqual(9);
    for (const [i, { atMs }] of beats.entries()) if (i > 0) expect(atMs - beats[i - 1]!.atMs).toBeCloseTo(hourMs, 3);
  });

  test('a change is held back until the minimum time is over, and told once', () => {
    const it = one();
    it.command(model, set(1_200, 36_000));
    it.sent.length = 0;
    it.drive(true);
    it.runTo(19 * minuteMs);
    expect(it.sent).toEqual([]);
    it.runTo(30 * minuteMs);
    expect(it.sent).toMatchObject([{ message: { type: 'status', occupied: true } }]);
    // The status before was that of the join, after seven seconds.
    expect(it.sent[0]!.atMs).toBeCloseTo(20 * minuteMs + 7_000, 2);
  });

  test('a car that left again within the minimum time was never there', () => {
    const it = one();
    it.command(model, set(1_200, 36_000));
    it.sent.length = 0;
    it.drive(true);
    it.runTo(5 * minuteMs);
    it.drive(false);
    it.runTo(60 * minuteMs);
    expect(it.sent).toEqual([]);
  });

  test('set is answered and obeyed, read tells what was set', () => {
    const it = one();
    it.sent.length = 0;
    it.command(model, set(30, 600));
    it.command(model, { type: 'requestConfiguration' });
    expect(it.sent).toMatchObject([
      { fPort: 7, message: { type: 'configurationSet', status: 'success' } },
      { fPort: 7, message: { type: 'configuration', minTimeS: 30, maxTimeS: 600, batteryChangeV: 0.2 } },
    ]);
    it.sent.length = 0;
    it.runTo(hourMs);
    expect(it.types()).toEqual(Array.from({ length: 5 }, () => 'status'));
  });

  test.each([
    [601, 600],
    [0, 0],
  ])('a configuration that it cannot keep (%i to %i s) is answered "failure" and changes nothing', (min, max) => {
    const it = one();
    it.sent.length = 0;
    it.command(model, set(min, max));
    it.command(model, { type: 'requestConfiguration' });
    expect(it.sent.map(({ message }) => message)).toEqual([
      { type: 'configurationSet', status: 'failure' },
      { type: 'configuration', minTimeS: 60, maxTimeS: 3_600, batteryChangeV: 0.1 },
    ]);
  });

  test('a battery near its end is low, and its volts sag', () => {
    const volts = (charge: number): unknown => one(charge).sent[1]!.message['batteryV'];
    expect(one(0.05).sent[1]!.message).toMatchObject({ batteryLow: true });
    expect(volts(0.05)).toBeLessThan(volts(0.8) as number);
  });
});
