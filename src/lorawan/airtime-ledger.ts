import type { Us } from '../base/time.js';

/** A time on the air, done or planned. */
export interface Spell {
  readonly startUs: Us;
  readonly airtimeUs: number;
}

/** What was sent, or will be, of which no window of a certain length may hold too much. Plain data: write it with `record`. */
export interface AirtimeLedger {
  readonly windowUs: number;
  /** Ascending; the three lists go together. */
  readonly startsUs: Us[];
  readonly airtimesUs: number[];
  /** What the caller wants to know again, such as a frequency. */
  readonly tags: number[];
  /** Of all that is remembered. */
  totalUs: number;
}

/** An empty ledger for windows of this length. */
export const airtimeLedger = (windowUs: number): AirtimeLedger => ({
  windowUs,
  startsUs: [],
  airtimesUs: [],
  tags: [],
  totalUs: 0,
});

/** The first place whose start lies behind `us`. */
const placeAfter = (sorted: ArrayLike<number>, us: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= us) low = middle + 1;
    else high = middle;
  }
  return low;
};

const drop = (ledger: AirtimeLedger, from: number, count: number): void => {
  const gone = ledger.airtimesUs.splice(from, count);
  ledger.startsUs.splice(from, count);
  ledger.tags.splice(from, count);
  for (const airtimeUs of gone) ledger.totalUs -= airtimeUs;
};

/** Two windows before the latest start lies what no start that still fits can meet (see `fitsIn`). */
const oldestUs = ({ startsUs, windowUs }: AirtimeLedger): Us =>
  startsUs.length === 0 ? -Infinity : startsUs.at(-1)! - 2 * windowUs;

/** Writes a spell down, in any order; what is too old to matter is dropped now and then. */
export const record = (ledger: AirtimeLedger, { startUs, airtimeUs }: Spell, tag = 0): void => {
  const { startsUs, airtimesUs, tags } = ledger;
  const last = startsUs.at(-1);
  if (last === undefined || last <= startUs) {
    startsUs.push(startUs);
    airtimesUs.push(airtimeUs);
    tags.push(tag);
  } else {
    const at = placeAfter(startsUs, startUs);
    startsUs.splice(at, 0, startUs);
    airtimesUs.splice(at, 0, airtimeUs);
    tags.splice(at, 0, tag);
  }
  ledger.totalUs += airtimeUs;
  // Not before half of all is old: so that forgetting costs no more than writing did.
  const half = startsUs.length >> 1;
  if (half >= 8 && startsUs[half]! + airtimesUs[half]! <= oldestUs(ledger)) forgetUntil(ledger, oldestUs(ledger));
};

/** Takes a spell back; false when it is not there. */
export const erase = (ledger: AirtimeLedger, { startUs, airtimeUs }: Spell): boolean => {
  for (let at = placeAfter(ledger.startsUs, startUs) - 1; ledger.startsUs[at] === startUs; at--) {
    if (ledger.airtimesUs[at] !== airtimeUs) continue;
    drop(ledger, at, 1);
    return true;
  }
  return false;
};

/** Drops the spells, from the oldest on, that were over at an instant. */
export const forgetUntil = (ledger: AirtimeLedger, us: Us): void => {
  let count = 0;
  while (count < ledger.startsUs.length && ledger.startsUs[count]! + ledger.airtimesUs[count]! <= us) count++;
  drop(ledger, 0, count);
};

const overlapUs = (a: { from: number; to: number }, b: { from: number; to: number }): number =>
  Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

/** Airtime in the window that ends at an instant. */
export const usedIn = (ledger: AirtimeLedger, atUs: Us): number => {
  const window = { from: atUs - ledger.windowUs, to: atUs };
  let used = 0;
  ledger.startsUs.forEach((from, i) => (used += overlapUs(window, { from, to: from + ledger.airtimesUs[i]! })));
  return used;
};

/**
 * The windows in which a new spell would be one too many: calls `found` with each one's start and with what the others
 * need in it. Airtime in a window, as it slides, grows and falls in straight lines, and is greatest where the window
 * begins with a spell or ends with one: no others have to be tried. Spells may overlap.
 */
const crowded = (
  ledger: AirtimeLedger,
  spell: Spell,
  how: { readonly limitUs: number; readonly found: (windowStartUs: Us, othersUs: number) => void },
): void => {
  const { windowUs, startsUs, airtimesUs } = ledger;
  // Seen from here, sums of instants stay exact.
  const base = spell.startUs - windowUs;
  const own = { from: windowUs, to: windowUs + spell.airtimeUs };
  const starts: number[] = [];
  const ends: number[] = [];
  startsUs.forEach((startUs, i) => {
    const from = startUs - base;
    const to = from + airtimesUs[i]!;
    if (to <= 0 || from >= own.to + windowUs) return;
    starts.push(from);
    ends.push(to);
  });
  ends.sort((a, b) => a - b);
  const startsBefore = sums(starts);
  const endsBefore = sums(ends);
  const airtimeBefore = (at: number): number => {
    const begun = placeAfter(starts, at);
    const over = placeAfter(ends, at);
    return begun * at - startsBefore[begun]! - (over * at - endsBefore[over]!);
  };
  const look = (from: number): void => {
    const to = from + windowUs;
    const ownUs = overlapUs(own, { from, to });
    if (ownUs === 0) return;
    const othersUs = airtimeBefore(to) - airtimeBefore(from);
    if (othersUs + ownUs > how.limitUs) how.found(base + from, othersUs);
  };
  starts.forEach(look);
  ends.forEach((end) => look(end - windowUs));
  look(own.from);
  look(own.to - windowUs);
};

const sums = (values: readonly number[]): readonly number[] => {
  const before = [0];
  values.forEach((value, i) => before.push(before[i]! + value));
  return before;
};

/**
 * Whether a spell can be added so that no window that it touches, wherever it begins, holds more than the limit. False for
 * starts more than a window before the latest one, of whose past nothing may be left.
 */
export const fitsIn = (ledger: AirtimeLedger, spell: Spell, limitUs: number): boolean => {
  const { startUs, airtimeUs } = spell;
  if (airtimeUs > limitUs || startUs < oldestUs(ledger) + ledger.windowUs) return false;
  if (ledger.totalUs + airtimeUs <= limitUs) return true;
  let fits = true;
  crowded(ledger, spell, { limitUs, found: () => (fits = false) });
  return fits;
};

/** The first start from an instant on at which a spell fits; Infinity when it is longer than the limit. */
export const earliestIn = (
  ledger: AirtimeLedger,
  what: { readonly airtimeUs: number; readonly fromUs: Us },
  limitUs: number,
): Us => {
  const { airtimeUs } = what;
  if (airtimeUs > limitUs) return Infinity;
  let startUs = Math.max(what.fromUs, oldestUs(ledger) + ledger.windowUs);
  for (;;) {
    if (fitsIn(ledger, { startUs, airtimeUs }, limitUs)) return startUs;
    // A window that is too full stays so until the spell leaves it at its end, but for what there is room for.
    let next = startUs;
    const found = (windowStartUs: Us, othersUs: number): void => {
      next = Math.max(next, windowStartUs + ledger.windowUs - Math.max(0, limitUs - othersUs));
    };
    crowded(ledger, { startUs, airtimeUs }, { limitUs, found });
    startUs = next;
  }
};
