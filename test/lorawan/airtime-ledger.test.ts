import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  airtimeLedger,
  earliestIn,
  erase,
  fitsIn,
  forgetUntil,
  record,
  usedIn,
  type AirtimeLedger,
  type Spell,
} from '../../src/lorawan/airtime-ledger.js';

// A small world in which every window can be looked at: 60 microseconds, spells of up to 12, many of them at once.
const windowUs = 60;
const spell = fc.record({ startUs: fc.nat(200), airtimeUs: fc.integer({ min: 1, max: 12 }) });
const spells = fc.array(spell, { maxLength: 25, size: 'max' });
const limit = fc.integer({ min: 1, max: 60 });

const inWindow = (all: readonly Spell[], from: number): number =>
  all.reduce(
    (sum, { startUs, airtimeUs }) =>
      sum + Math.max(0, Math.min(startUs + airtimeUs, from + windowUs) - Math.max(startUs, from)),
    0,
  );

/** Whether every window that touches the spell stays within the limit. */
const fitsAnywhere = (all: readonly Spell[], next: Spell, limitUs: number): boolean => {
  const with1 = [...all, next];
  for (let from = next.startUs - windowUs + 1; from < next.startUs + next.airtimeUs; from++)
    if (inWindow(with1, from) > limitUs) return false;
  return true;
};

const ledgerOf = (all: readonly Spell[]): AirtimeLedger => {
  const ledger = airtimeLedger(windowUs);
  for (const one of all) record(ledger, one);
  return ledger;
};
const kept = ({ startsUs, airtimesUs }: AirtimeLedger): Spell[] =>
  startsUs.map((startUs, i) => ({ startUs, airtimeUs: airtimesUs[i]! }));
const tooOld = (all: readonly Spell[], startUs: number): boolean => all.some((one) => one.startUs - windowUs > startUs);

test('says yes exactly when every window that the spell touches allows it, also when others overlap or exceed it', () => {
  const answers = { yes: 0, no: 0 };
  fc.assert(
    fc.property(spells, spell, limit, (all, next, limitUs) => {
      const fits = fitsAnywhere(all, next, limitUs) && !tooOld(all, next.startUs);
      expect(fitsIn(ledgerOf(all), next, limitUs)).toBe(fits);
      answers[fits ? 'yes' : 'no']++;
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(100);
});

test('the earliest start is the first that fits', () => {
  fc.assert(
    fc.property(spells, spell, limit, (all, { airtimeUs, startUs: fromUs }, limitUs) => {
      const ledger = ledgerOf(all);
      const earliest = earliestIn(ledger, { airtimeUs, fromUs }, limitUs);
      if (airtimeUs > limitUs) return void expect(earliest).toBe(Infinity);
      let first = fromUs;
      while (tooOld(all, first) || !fitsAnywhere(all, { startUs: first, airtimeUs }, limitUs)) first++;
      expect(earliest).toBe(first);
    }),
    { numRuns: 2000 },
  );
});

test('counts what a window holds, and takes back what was written', () => {
  fc.assert(
    fc.property(spells, fc.nat(300), fc.nat(30), (all, atUs, nth) => {
      const ledger = ledgerOf(all);
      expect(usedIn(ledger, atUs)).toBe(inWindow(kept(ledger), atUs - windowUs));
      const gone = kept(ledger)[nth];
      expect(erase(ledger, gone ?? { startUs: 0, airtimeUs: 13 })).toBe(gone !== undefined);
      expect(usedIn(ledger, atUs)).toBe(inWindow(kept(ledger), atUs - windowUs));
      forgetUntil(ledger, 100);
      expect(usedIn(ledger, 100 + windowUs + atUs)).toBe(inWindow(kept(ledger), 100 + atUs));
    }),
    { numRuns: 500 },
  );
});

test('what is forgotten changes no answer', () => {
  const ledger = airtimeLedger(windowUs);
  const all: Spell[] = [];
  for (let startUs = 0; startUs < 2000; startUs += 5) {
    for (const airtimeUs of [1, 3])
      if (startUs >= 2 * windowUs) {
        const next = { startUs: startUs - (startUs % 50), airtimeUs };
        expect(fitsIn(ledger, next, 30)).toBe(fitsAnywhere(all, next, 30) && !tooOld(all, next.startUs));
      }
    record(ledger, { startUs, airtimeUs: 2 });
    all.push({ startUs, airtimeUs: 2 });
  }
  expect(ledger.startsUs.length).toBeLessThanOrEqual(50);
});
