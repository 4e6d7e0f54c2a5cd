import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import { openCatalogue } from '../../src/catalogue.js';
import { life, said } from './life.js';

const all = (await openCatalogue().all('behaviours')).map(({ id, entry }) => ({ id, behaviour: must(entry) }));
/** The longest that a sensor may take to tell of a car: those that measure at intervals wait for the next one. */
const patienceMs = 25 * minuteMs;

describe.each(all)('$id', ({ behaviour }) => {
  test.each([true, false])('soon after the join it has told the present state (%s), or it counts', (present) => {
    const one = life(behaviour);
    one.start(present);
    one.runTo(patienceMs);
    expect(one.sent.length).toBeGreaterThan(0);
    const words = one.sent.map((sent) => said(behaviour, sent)).filter((word) => word !== undefined);
    if (words.length === 0) expect(behaviour.model.messageTypes.join()).toMatch(/count/i);
    else expect(words.at(-1)).toBe(present);
  });

  test('nothing is sent before the join', () => {
    const one = life(behaviour);
    one.tell({ kind: 'boot', cause: 'power-on' });
    one.drive(true);
    one.runTo(10 * minuteMs);
    expect(one.sent).toEqual([]);
  });

  test('a car is told after a while, and the last word is the truth even when the sensor wavered', () => {
    for (let i = 0; i < 100; i++) {
      const one = life(behaviour, `car ${i}`);
      one.start(false);
      one.runTo(hourMs);
      one.sent.length = 0;
      one.drive(true);
      one.runTo(hourMs + patienceMs);
      expect(one.sent.every(({ atMs }) => atMs - hourMs >= 300)).toBe(true);
      const words = one.sent.map((sent) => said(behaviour, sent)).filter((word) => word !== undefined);
      if (words.length === 0) continue;
      expect(words.at(-1)).toBe(true);
      expect(words.length).toBeLessThanOrEqual(30);
    }
  });

  test('a fleet that starts together does not report in step', () => {
    const first = Array.from({ length: 40 }, (_, i) => {
      const one = life(behaviour, `fleet ${i}`);
      one.start(false);
      one.runTo(10 * minuteMs);
      one.sent.length = 0;
      one.runTo(2 * dayMs);
      return one.sent[0]!.atMs;
    });
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(5 * minuteMs);
    expect(new Set(first).size).toBeGreaterThan(35);
  });

  test('it gives a sign of life every 25 hours at least', () => {
    const one = life(behaviour);
    one.start(false);
    let lastMs = 7_000;
    one.runTo(6 * dayMs);
    for (const { atMs } of one.sent) {
      expect(atMs - lastMs).toBeLessThanOrEqual(25 * hourMs);
      lastMs = atMs;
    }
    expect(6 * dayMs - lastMs).toBeLessThanOrEqual(25 * hourMs);
  });

  test('a battery near its end is told within two days, where its messages can tell', () => {
    const told = (charge: number): string => {
      const one = life(behaviour, 'a', charge);
      one.start(false);
      one.runTo(2 * dayMs);
      return JSON.stringify(
        one.sent.flatMap(({ message }) =>
          behaviour.model.toReadings(message).map(({ batteryV, batteryPercent, batteryLow, fault }) => ({
            batteryV,
            batteryPercent,
            batteryLow,
            fault,
          })),
        ),
      );
    };
    const says = /battery(V|Percent|Low)/.test(told(0.9));
    if (says) expect(told(0.03)).not.toBe(told(0.9));
  });
});
