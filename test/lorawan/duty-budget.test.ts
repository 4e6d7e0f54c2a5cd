import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dutyBudget, hourUs, type Spending } from '../../src/lorawan/duty-budget.js';
import { subBandOf } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { worstHourUs } from './worst-hour.js';

const second = 1_000_000;
const startOfAll = 1_780_000_000_000_000;
const M = 868_100_000;
const N = 868_800_000;
const P = 869_525_000;

/** Spendings of one sub-band each, that never exceed it. */
const expectLegal = (spent: readonly Spending[]): void => {
  for (const band of eu868.subBands) {
    const there = spent.filter(({ freqHz }) => subBandOf(eu868, freqHz) === band);
    expect(worstHourUs(there), band.name).toBeLessThanOrEqual(hourUs * band.dutyCycle);
  }
};

describe('one percent of an hour', () => {
  test('36 s may be used at once, then not a microsecond before the first is an hour old', () => {
    const budget = dutyBudget(eu868);
    const tenth = { freqHz: M, airtimeUs: 3.6 * second };
    for (let i = 0; i < 10; i++) {
      const startUs = startOfAll + i * 4 * second;
      expect(budget.fits({ ...tenth, startUs })).toBe(true);
      budget.spend({ ...tenth, startUs });
    }
    const fromUs = startOfAll + 60 * second;
    expect(budget.fits({ ...tenth, startUs: fromUs })).toBe(false);
    expect(budget.earliestUs({ ...tenth, fromUs })).toBe(startOfAll + hourUs);
    expect(budget.fits({ ...tenth, startUs: startOfAll + hourUs })).toBe(true);
    expect(budget.fits({ ...tenth, startUs: startOfAll + hourUs - 1 })).toBe(false);
    // Less fits no earlier either: it is the window that is full.
    expect(budget.earliestUs({ freqHz: M, airtimeUs: 1, fromUs })).toBe(startOfAll + hourUs);
    expect(budget.usedUs(M, fromUs)).toEqual({ usedUs: 36 * second, limitUs: 36 * second });
    expect(budget.usedUs(M, startOfAll + hourUs + 1.6 * second).usedUs).toBe(34.4 * second);
  });

  test('sub-bands are apart; the gaps between them are closed', () => {
    const budget = dutyBudget(eu868);
    budget.spend({ freqHz: M, airtimeUs: 36 * second, startUs: startOfAll });
    expect(budget.fits({ freqHz: 868_500_000, airtimeUs: second, startUs: startOfAll + 40 * second })).toBe(false);
    expect(budget.fits({ freqHz: P, airtimeUs: 360 * second, startUs: startOfAll + 40 * second })).toBe(true);
    expect(budget.fits({ freqHz: P, airtimeUs: 360 * second + 1, startUs: startOfAll + 40 * second })).toBe(false);
    expect(budget.earliestUs({ freqHz: N, airtimeUs: 3_600_001, fromUs: startOfAll })).toBe(Infinity);
    const gap = { freqHz: 868_650_000, airtimeUs: 1, startUs: startOfAll };
    expect(budget.fits(gap)).toBe(false);
    expect(budget.earliestUs({ ...gap, fromUs: startOfAll })).toBe(Infinity);
    expect(budget.usedUs(gap.freqHz, startOfAll)).toEqual({ usedUs: 0, limitUs: 0 });
    expect(() => budget.spend(gap)).toThrow(RangeError);
    expect(() => budget.refund(gap)).not.toThrow();
  });

  test('a reserve, a share, and a refund', () => {
    const budget = dutyBudget(eu868, { share: (band) => (band.name === 'M' ? 0.5 : 1) });
    expect(budget.usedUs(M, startOfAll).limitUs).toBe(18 * second);
    const most = { freqHz: M, airtimeUs: 9 * second, startUs: startOfAll };
    expect(budget.fits({ ...most, keep: 0.5 })).toBe(true);
    expect(budget.fits({ ...most, keep: 0.51 })).toBe(false);
    budget.spend(most);
    const next = { freqHz: M, airtimeUs: second, startUs: startOfAll + 20 * second };
    expect(budget.fits({ ...next, keep: 0.5 })).toBe(false);
    expect(budget.earliestUs({ ...next, fromUs: next.startUs, keep: 0.5 })).toBe(startOfAll + hourUs);
    expect(budget.fits(next)).toBe(true);
    budget.refund({ ...most, airtimeUs: 8 * second });
    expect(budget.spent()).toEqual([most]);
    budget.refund(most);
    expect(budget.spent()).toEqual([]);
    expect(budget.fits({ ...next, keep: 0.5 })).toBe(true);
  });

  test('what lies ahead counts: a frame before it must leave room for it', () => {
    const budget = dutyBudget(eu868);
    budget.spend({ freqHz: N, airtimeUs: 3 * second, startUs: startOfAll + 1800 * second });
    const sooner = { freqHz: N, airtimeUs: second, fromUs: startOfAll };
    expect(budget.fits({ ...sooner, startUs: startOfAll })).toBe(false);
    expect(budget.fits({ ...sooner, airtimeUs: 0.6 * second, startUs: startOfAll })).toBe(true);
    expect(budget.earliestUs(sooner)).toBe(startOfAll + 1800 * second + hourUs - 0.6 * second);
  });

  test('is restored from what was spent, and forgets on demand and by itself', () => {
    const budget = dutyBudget(eu868);
    for (let i = 0; i < 300; i++) budget.spend({ freqHz: M, airtimeUs: 50_000, startUs: startOfAll + i * 60 * second });
    // Five hours at one a minute: at most two hours, and as much again that waits to be dropped.
    expect(budget.spent().length).toBeLessThanOrEqual(241);
    const endUs = startOfAll + 300 * 60 * second;
    budget.forget(endUs - hourUs);
    expect(budget.spent()).toHaveLength(60);
    const again = dutyBudget(eu868);
    for (const what of budget.spent()) again.spend(what);
    expect(again.spent()).toEqual(budget.spent());
    expect(again.usedUs(M, endUs)).toEqual({ usedUs: 3 * second, limitUs: 36 * second });
  });

  test('a region without duty cycle always fits', () => {
    const budget = dutyBudget(us915);
    for (let i = 0; i < 100; i++) {
      const what = { freqHz: 923_300_000, airtimeUs: 100 * second, startUs: startOfAll + i * 100 * second };
      expect(budget.fits(what)).toBe(true);
      expect(budget.earliestUs({ ...what, fromUs: what.startUs })).toBe(what.startUs);
      budget.spend(what);
    }
    expect(budget.fits({ freqHz: 868_100_000, airtimeUs: 1, startUs: startOfAll })).toBe(false);
  });
});

describe('laws', () => {
  const freqHz = fc.constantFrom(M, N, P);
  const spending = fc.record({
    freqHz,
    // Up to a third of the smallest budget and a tenth of the next.
    airtimeUs: fc.oneof(fc.integer({ min: 1, max: 1_200_000 }), fc.integer({ min: 1, max: 4_000_000 })),
    startUs: fc.oneof(
      fc.integer({ min: startOfAll, max: startOfAll + 4 * hourUs }),
      // Crowds at the edges of an hour.
      fc
        .tuple(fc.nat(4), fc.integer({ min: -5_000_000, max: 5_000_000 }))
        .map(([h, us]) => startOfAll + h * hourUs + us),
    ),
  });

  test('whatever was spent after a yes, in any order, no hour holds more than its sub-band allows', () => {
    let yes = 0;
    let no = 0;
    fc.assert(
      fc.property(fc.array(spending, { maxLength: 120, size: 'max' }), (asked) => {
        const budget = dutyBudget(eu868);
        const spent: Spending[] = [];
        for (const what of asked) {
          if (!budget.fits(what)) {
            no++;
            continue;
          }
          yes++;
          budget.spend(what);
          spent.push(what);
        }
        expectLegal(spent);
      }),
      { numRuns: 150 },
    );
    // The property would hold for a budget that never says yes or never has to say no.
    expect(yes).toBeGreaterThan(500);
    expect(no).toBeGreaterThan(500);
  });

  test('no is never said without need: with the frame, some hour would be too full', () => {
    fc.assert(
      fc.property(fc.array(spending, { maxLength: 40, size: 'max' }), (asked) => {
        const budget = dutyBudget(eu868);
        const spent: Spending[] = [];
        for (const what of asked) {
          const band = subBandOf(eu868, what.freqHz)!;
          const there = spent.filter((one) => subBandOf(eu868, one.freqHz) === band);
          const tooOld = there.some((one) => one.startUs - hourUs > what.startUs);
          const fits = worstHourUs([...there, what]) <= hourUs * band.dutyCycle;
          if (!tooOld) expect(budget.fits(what)).toBe(fits);
          if (!budget.fits(what)) continue;
          budget.spend(what);
          spent.push(what);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the earliest start fits, and no start before it does', () => {
    fc.assert(
      fc.property(
        fc.array(spending, { maxLength: 60, size: 'max' }),
        spending,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (asked, next, part) => {
          const budget = dutyBudget(eu868);
          for (const what of asked) if (budget.fits(what)) budget.spend(what);
          const { freqHz, airtimeUs, startUs: fromUs } = next;
          const startUs = budget.earliestUs({ freqHz, airtimeUs, fromUs });
          if (startUs === Infinity) {
            expect(airtimeUs).toBeGreaterThan(3_600_000);
            return;
          }
          expect(startUs).toBeGreaterThanOrEqual(fromUs);
          expect(budget.fits({ freqHz, airtimeUs, startUs })).toBe(true);
          if (startUs === fromUs) return;
          const sooner = [startUs - 1, fromUs, fromUs + Math.floor(part * (startUs - fromUs - 1))];
          for (const at of sooner) expect(budget.fits({ freqHz, airtimeUs, startUs: at })).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a refund is as if nothing had been spent', () => {
    fc.assert(
      fc.property(fc.array(spending, { maxLength: 30 }), spending, spending, (asked, undone, next) => {
        const plain = dutyBudget(eu868);
        for (const what of asked) plain.spend(what);
        const budget = dutyBudget(eu868);
        for (const what of asked) budget.spend(what);
        budget.spend(undone);
        budget.refund(undone);
        expect(budget.fits(next)).toBe(plain.fits(next));
        expect(budget.earliestUs({ ...next, fromUs: next.startUs })).toBe(
          plain.earliestUs({ ...next, fromUs: next.startUs }),
        );
      }),
    );
  });

  test('a gateway that sends all it may for a day stays inside, and near the edge', () => {
    const budget = dutyBudget(eu868);
    const spent: Spending[] = [];
    let fromUs = startOfAll;
    while (fromUs < startOfAll + 24 * hourUs) {
      const what = { freqHz: P, airtimeUs: 70_000 + ((fromUs / 1000) % 7) * 20_000 };
      const startUs = budget.earliestUs({ ...what, airtimeUs: Math.round(what.airtimeUs), fromUs });
      const done = { freqHz: P, airtimeUs: Math.round(what.airtimeUs), startUs };
      budget.spend(done);
      spent.push(done);
      fromUs = startUs + done.airtimeUs + 42_500;
    }
    const used = spent.reduce((sum, { airtimeUs }) => sum + airtimeUs, 0);
    expect(used / (24 * hourUs)).toBeGreaterThan(0.099);
    expect(worstHourUs(spent.slice(0, 3000))).toBeLessThanOrEqual(360 * second);
  });
});
