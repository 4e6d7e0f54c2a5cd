import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import type { DwellPlan } from '../../src/sim/plan.js';
import { world } from '../../src/sim/world.js';

// A paid kerb on a weekday: Belltown, Seattle (Dowling et al., KDD 2017), nights assumed.
const day = [
  0.18, 0.16, 0.15, 0.15, 0.15, 0.17, 0.22, 0.3, 0.42, 0.55, 0.66, 0.7, 0.73, 0.71, 0.66, 0.6, 0.57, 0.62, 0.68, 0.66,
  0.52, 0.38, 0.28, 0.22,
];
const hourUs = 3_600_000_000;
const minuteMs = 60_000;

/** The share of time for which bays are taken, hour by hour, of a Tuesday; they begin on Monday. */
const taken = (dwell: readonly DwellPlan[], bays: number): number[] => {
  const place = world({ zone: 'UTC', weekday: day, saturday: day, sunday: day, dwell });
  const startUs = Date.UTC(2026, 5, 1) * 1_000;
  const endUs = startUs + 48 * hourUs;
  const us = new Float64Array(24);
  for (let bay = 0; bay < bays; bay++) {
    const d = dice('world', String(bay));
    const first = place.firstCar(d, startUs);
    let present = first.taken;
    for (let at = startUs, next = startUs + first.untilNextUs; at < endUs;) {
      const to = Math.min(endUs, next);
      for (let from = Math.max(at, startUs + 24 * hourUs); present && from < to;) {
        const hour = Math.floor((from - startUs) / hourUs);
        const until = Math.min(to, startUs + (hour + 1) * hourUs);
        us[hour - 24]! += until - from;
        from = until;
      }
      at = to;
      present = !present;
      next = at + (present ? place.stayUs(d) : place.gapUs(d, at));
    }
  }
  return [...us].map((all) => all / bays / hourUs);
};

describe('a day of demand', () => {
  test.each<[string, readonly DwellPlan[]]>([
    ['exponential stays', [{ share: 1, kind: 'exponential', meanMs: 30 * minuteMs }]],
    ['lognormal stays', [{ share: 1, kind: 'lognormal', medianMs: 25 * minuteMs, sigma: 0.7 }]],
    [
      'a mixture with stays of half a day',
      [
        { share: 90, kind: 'lognormal', medianMs: 25 * minuteMs, sigma: 0.7 },
        { share: 10, kind: 'normal', meanMs: 450 * minuteMs, deviationMs: 60 * minuteMs },
      ],
    ],
  ])('%s: each hour of the profile is met within two points, and chance', (_name, dwell) => {
    const bays = 2_000;
    taken(dwell, bays).forEach((share, hour) => {
      const chance = 2.5 * Math.sqrt((day[hour]! * (1 - day[hour]!)) / bays);
      expect(Math.abs(share - day[hour]!), `hour ${hour}`).toBeLessThan(0.02 + chance);
    });
  });

  test('the mean over a day is met within two hundredths of itself', () => {
    const shares = taken([{ share: 1, kind: 'lognormal', medianMs: 25 * minuteMs, sigma: 0.7 }], 2_000);
    const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
    expect(Math.abs(mean(shares) / mean(day) - 1)).toBeLessThan(0.02);
  });

  test('an hour that the clocks skip or double is played as they show it', () => {
    const flat = new Array<number>(24).fill(0.05);
    // Only from two to three in the morning does anybody come.
    const two = flat.map((share, hour) => (hour === 2 ? 0.9 : share));
    const place = world({
      ...{ zone: 'Europe/Berlin', weekday: flat, saturday: flat, sunday: two },
      dwell: [{ share: 1, kind: 'fixed', meanMs: 5 * minuteMs }],
    });
    const busy = (night: number): number => {
      let us = 0;
      for (let bay = 0; bay < 400; bay++) {
        const d = dice('dst', `${night} ${bay}`);
        for (let at = night; at < night + 4 * hourUs;) {
          at += place.gapUs(d, at);
          const stay = place.stayUs(d);
          if (at < night + 4 * hourUs) us += stay;
          at += stay;
        }
      }
      return us / 400 / hourUs;
    };
    const midnight = (month: number, date: number): number =>
      Date.UTC(2026, month, date - 1, month === 2 ? 23 : 22) * 1_000;
    const usual = busy(midnight(5, 7));
    // In March there is no such hour, in October there are two.
    expect(busy(midnight(2, 29))).toBeLessThan(0.75 * usual);
    expect(busy(midnight(9, 25))).toBeGreaterThan(1.4 * usual);
  });
});
