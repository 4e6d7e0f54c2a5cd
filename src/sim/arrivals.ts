import { dice, type Dice } from '../base/dice.js';
import { minuteMs, usPerMs } from '../base/time.js';

/** Slots of a week, a quarter of an hour each, from Sunday at midnight on, as a wall clock shows them. */
export const slotUs = 15 * minuteMs * usPerMs;
export const slotsPerDay = 96;
const slotsPerWeek = 7 * slotsPerDay;
/** Nobody stays longer, for what is reckoned here. */
const longest = 5 * slotsPerDay;
const draws = 10_000;

/** How cars must come so that a bay is taken as often as a profile says, for any kind of stay. */
export interface Arrivals {
  /** Cars that come to a free bay, for each microsecond. */
  rateAt(slot: number): number;
  /** How likely a bay is taken. */
  takenAt(slot: number): number;
  /** How long a car that stands there in a slot has stood already, in slots. */
  ageAt(slot: number, chance: number): number;
}

/**
 * `shares`: how often a bay is to be taken in each slot of a week; `stayUs` draws a stay.
 *
 * A bay is taken at t when somebody came at u and stays longer than t - u: O(t) = sum of a(u) P(S > t - u) over u. The
 * arrivals a(u) that make the profile are found slot by slot; where cars stay too long for a profile that falls, nobody
 * comes, and the bay is taken more often than it says. Arrivals at a free bay come at the rate a / (1 - O) then.
 */
export const arrivals = (shares: readonly number[], stayUs: (d: Dice) => number): Arrivals => {
  const survival = survivalOf(stayUs);
  const come = new Float64Array(slotsPerWeek);
  const taken = new Float64Array(slotsPerWeek);
  // The third week no longer knows how the first began.
  for (let n = 0; n < 3 * slotsPerWeek; n++) {
    const slot = n % slotsPerWeek;
    let rest = 0;
    for (let k = 1; k < survival.length && k <= n; k++) rest += come[(n - k) % slotsPerWeek]! * survival[k]!;
    come[slot] = Math.max(0, (shares[slot]! - rest) / survival[0]!);
    taken[slot] = Math.min(mostTaken, rest + come[slot]! * survival[0]!);
  }
  const before = (slot: number, k: number): number => (slot - k + 2 * slotsPerWeek) % slotsPerWeek;
  return {
    takenAt: (slot) => taken[slot]!,
    rateAt(slot) {
      const free = 1 - (taken[slot]! + taken[before(slot, 1)]!) / 2;
      return come[slot]! / slotUs / free;
    },
    ageAt(slot, chance) {
      let left = chance * taken[slot]!;
      for (let k = 0; k < survival.length; k++) {
        left -= come[before(slot, k)]! * survival[k]!;
        if (left < 0) return k;
      }
      return survival.length - 1;
    },
  };
};

const mostTaken = 0.98;

/** The chance that a car that came within slot 0 still stands at the end of slot k. */
const survivalOf = (stayUs: (d: Dice) => number): readonly number[] => {
  const d = dice('arrivals', 'stays');
  const stays = Float64Array.from({ length: draws }, () => stayUs(d) / slotUs).sort();
  const survival: number[] = [];
  for (let k = 0; k < longest; k++) {
    let sum = 0;
    // It came at any moment of its slot, so it must stay between k and k + 1 slots.
    for (let i = draws - 1; i >= 0 && stays[i]! > k; i--) sum += Math.min(1, stays[i]! - k);
    if (sum === 0 && k > 0) break;
    survival.push(sum / draws);
  }
  return survival;
};
