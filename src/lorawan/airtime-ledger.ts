import type { Us } from '../base/time.js';

/** A time on the air, done or planned. */
export interface Spell {
  readonly startUs: Us;
  readonly airtimeUs: number;
}

/** What was sent, or will be, of which no window of a certain length may hold too much. Only the functions below write it. */
export interface AirtimeLedger {
  readonly windowUs: number;
  /** Ascending; the four lists go together. Spells may overlap. */
  readonly startsUs: Us[];
  readonly airtimesUs: number[];
  /** Airtime of all spells ever, up to and with this one. */
  readonly sumsUs: number[];
  /** What the caller wants to know again, such as a frequency. */
  readonly tags: number[];
  /** No spell is longer. */
  longestUs: number;
}

/** An empty ledger for windows of this length. */
export const airtimeLedger = (windowUs: number): AirtimeLedger => ({
  windowUs,
  startsUs: [],
  airtimesUs: [],
  sumsUs: [],
  tags: [],
  longestUs: 0,
});

/** The first place whose start lies behind `us`. */
const placeAfter = ({ startsUs }: AirtimeLedger, us: number): number => {
  let low = 0;
  let high = startsUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startsUs[middle]! <= us) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Forgets everything. */
export const clear = (ledger: AirtimeLedger): void => {
  ledger.startsUs.length = 0;
  ledger.airtimesUs.length = 0;
  ledger.sumsUs.length = 0;
  ledger.tags.length = 0;
  ledger.longestUs = 0;
};

const endUs = ({ startsUs, airtimesUs }: AirtimeLedger, i: number): Us => startsUs[i]! + airtimesUs[i]!;

const drop = (ledger: AirtimeLedger, from: number, count: number): void => {
  if (count === 0) return;
  for (const list of [ledger.startsUs, ledger.airtimesUs, ledger.sumsUs, ledger.tags]) list.splice(from, count);
};

/** Two windows before the latest start lies what no start that still fits can meet (see `fitsIn`). */
const oldestUs = ({ startsUs, windowUs }: AirtimeLedger): Us =>
  startsUs.length === 0 ? -Infinity : startsUs.at(-1)! - 2 * windowUs;

/** Writes a spell down, in any order; what is too old to matter is dropped now and then. */
export const record = (ledger: AirtimeLedger, { startUs, airtimeUs }: Spell, tag = 0): void => {
  const { startsUs, airtimesUs, sumsUs, tags } = ledger;
  const at = placeAfter(ledger, startUs);
  const before = sumsUs[at - 1] ?? (at < sumsUs.length ? sumsUs[at]! - airtimesUs[at]! : 0);
  if (at === startsUs.length) {
    // Nearly always.
    startsUs.push(startUs);
    airtimesUs.push(airtimeUs);
    sumsUs.push(before + airtimeUs);
    tags.push(tag);
  } else {
    startsUs.splice(at, 0, startUs);
    airtimesUs.splice(at, 0, airtimeUs);
    sumsUs.splice(at, 0, before + airtimeUs);
    tags.splice(at, 0, tag);
    for (let i = at + 1; i < sumsUs.length; i++) sumsUs[i]! += airtimeUs;
  }
  ledger.longestUs = Math.max(ledger.longestUs, airtimeUs);
  // Not before half of all is old: so that forgetting costs no more than writing did.
  const half = startsUs.length >> 1;
  if (half >= 8 && endUs(ledger, half) <= oldestUs(ledger)) forgetUntil(ledger, oldestUs(ledger));
};

/** Takes a spell back; false when it is not there. */
export const erase = (ledger: AirtimeLedger, { startUs, airtimeUs }: Spell): boolean => {
  for (let at = placeAfter(ledger, startUs) - 1; ledger.startsUs[at] === startUs; at--) {
    if (ledger.airtimesUs[at] !== airtimeUs) continue;
    drop(ledger, at, 1);
    for (let i = at; i < ledger.sumsUs.length; i++) ledger.sumsUs[i]! -= airtimeUs;
    return true;
  }
  return false;
};

/** Drops the spells, from the oldest on, that were over at an instant. */
export const forgetUntil = (ledger: AirtimeLedger, us: Us): void => {
  let count = 0;
  while (count < ledger.startsUs.length && endUs(ledger, count) <= us) count++;
  drop(ledger, 0, count);
};

/** Airtime of all spells ever, up to an instant. */
const airtimeUntil = (ledger: AirtimeLedger, us: Us): number => {
  const { startsUs, airtimesUs, sumsUs, longestUs } = ledger;
  let i = placeAfter(ledger, us) - 1;
  if (i < 0) return startsUs.length > 0 ? sumsUs[0]! - airtimesUs[0]! : 0;
  let sum = sumsUs[i]!;
  // Less what is still to come of those that have begun.
  for (; i >= 0 && startsUs[i]! > us - longestUs; i--) sum -= Math.max(0, endUs(ledger, i) - us);
  return sum;
};

/** Airtime in the window that ends at an instant. */
export const usedIn = (ledger: AirtimeLedger, atUs: Us): number =>
  airtimeUntil(ledger, atUs) - airtimeUntil(ledger, atUs - ledger.windowUs);

/** Called with a window's start and with the airtime of the others in it. */
type Found = (windowStartUs: Us, othersUs: number) => void;

/**
 * Calls `found` for windows in which a new spell would be one too many; for none only if there is none. Airtime in a window
 * grows and falls in straight lines as the window slides, and is greatest where it begins with a spell or ends with one; one
 * that ends after all spells holds no more than one that ends with the last. No others have to be tried, which are few
 * when the spell is among the last.
 */
const crowded = (
  ledger: AirtimeLedger,
  spell: Spell,
  how: { readonly limitUs: number; readonly found: Found },
): void => {
  const { windowUs, startsUs, longestUs } = ledger;
  const own = { from: spell.startUs, to: spell.startUs + spell.airtimeUs };
  const look = (from: Us): void => {
    const to = from + windowUs;
    const ownUs = Math.min(to, own.to) - Math.max(from, own.from);
    if (ownUs <= 0) return;
    const othersUs = airtimeUntil(ledger, to) - airtimeUntil(ledger, from);
    if (othersUs + ownUs > how.limitUs) how.found(from, othersUs);
  };
  let lastEnd = own.to;
  for (let i = placeAfter(ledger, own.from - longestUs); i < startsUs.length; i++) {
    lastEnd = Math.max(lastEnd, endUs(ledger, i));
    if (startsUs[i]! < own.to + windowUs) look(endUs(ledger, i) - windowUs);
  }
  look(own.to - windowUs);
  // Where the others alone are too many, the fullest window may be the first or the last that touches the spell.
  look(own.from - windowUs + 1);
  const latest = Math.min(own.to, lastEnd - windowUs);
  if (own.from <= latest) look(own.from);
  if (own.to - 1 <= latest) look(own.to - 1);
  for (let i = placeAfter(ledger, own.from - windowUs); i < startsUs.length && startsUs[i]! <= latest; i++)
    look(startsUs[i]!);
};

/**
 * Whether a spell can be added so that no window that it touches, wherever it begins, holds more than the limit. False for
 * starts more than a window before the latest one, of whose past nothing may be left.
 */
export const fitsIn = (ledger: AirtimeLedger, spell: Spell, limitUs: number): boolean => {
  const { startUs, airtimeUs } = spell;
  if (airtimeUs > limitUs || startUs < oldestUs(ledger) + ledger.windowUs) return false;
  const { sumsUs, airtimesUs } = ledger;
  const allUs = sumsUs.length === 0 ? 0 : sumsUs.at(-1)! - sumsUs[0]! + airtimesUs[0]!;
  if (allUs + airtimeUs <= limitUs) return true;
  let fits = true;
  crowded(ledger, spell, { limitUs, found: () => (fits = false) });
  return fits;
};

/** The first whole microsecond, between two, by which all spells came to so much airtime. */
const whenReached = (ledger: AirtimeLedger, airtimeUs: number, between: { readonly from: Us; readonly to: Us }): Us => {
  let low = between.from;
  let high = between.to;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (airtimeUntil(ledger, middle) >= airtimeUs) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The first start from an instant on at which a spell fits; Infinity when it is longer than the limit. */
export const earliestIn = (
  ledger: AirtimeLedger,
  what: { readonly airtimeUs: number; readonly fromUs: Us },
  limitUs: number,
): Us => {
  const { windowUs } = ledger;
  const { airtimeUs } = what;
  if (airtimeUs > limitUs) return Infinity;
  let startUs = Math.max(what.fromUs, oldestUs(ledger) + windowUs);
  while (!fitsIn(ledger, { startUs, airtimeUs }, limitUs)) {
    let next = startUs;
    const found = (from: Us, othersUs: number): void => {
      const to = from + windowUs;
      // This window stays too full until the spell leaves it at its end, but for what there is room for.
      next = Math.max(next, to - Math.max(0, limitUs - othersUs));
      // So do those after it in which the others leave less room than the whole spell needs; one that begins after the
      // spell does says nothing of the starts between.
      const enough = airtimeUntil(ledger, to) - (limitUs - airtimeUs);
      const roomFrom = Math.min(whenReached(ledger, enough, { from, to }), startUs + 1);
      next = Math.max(next, roomFrom + windowUs - airtimeUs);
    };
    crowded(ledger, { startUs, airtimeUs }, { limitUs, found });
    startUs = next;
  }
  return startUs;
};
