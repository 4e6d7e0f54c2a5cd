import { exponential, type Dice } from '../base/dice.js';
import { minuteMs, usPerMs, wallClock, type Us } from '../base/time.js';
import { arrivals, slotsPerDay, slotUs, type Arrivals } from './arrivals.js';
import { oneStayMs } from './dwell.js';
import type { DemandPlan } from './plan.js';

/** Cars that come and go: a bay is a two-state process whose mean occupancy follows the hours of the plan. */
export interface World {
  /** Whether a bay is taken when the story begins, and how long it stays so: a car has stood there for a while already. */
  firstCar(dice: Dice, atUs: Us): { readonly taken: boolean; readonly untilNextUs: number };
  /** How long a car that has just parked stays, in microseconds. */
  stayUs(dice: Dice): number;
  /** How long a bay that has just become free stays so, in microseconds. */
  gapUs(dice: Dice, fromUs: Us): number;
  /** What a thermometer in the road shows. */
  temperatureC(atUs: Us): number;
}

/** A parked car is noticed by nobody in less than this; it also keeps the process from standing still. */
const leastStayMs = minuteMs;
/** Occupancy is kept away from 0 and 1, where a gap or a stay would last for ever. */
const clamp = (share: number): number => Math.min(0.98, Math.max(0.005, share));
const mostTries = 100;

/** The share at the end of a quarter of an hour, on the straight line between the middles of two hours. */
const between = (day: readonly number[], quarter: number): number => {
  const at = (quarter + 1) / 4 - 0.5;
  const hour = Math.floor(at);
  const [a, b] = [day[(hour + 24) % 24] ?? 0.5, day[(hour + 25) % 24] ?? 0.5];
  return clamp(a + (b - a) * (at - hour));
};

export const world = (demand: DemandPlan): World => {
  const wall = wallClock(demand.zone);
  const sum = demand.dwell.reduce((all, { share }) => all + share, 0);
  const stayUs = (dice: Dice): number => {
    let chance = dice.next() * sum;
    const kind = demand.dwell.find((dwell) => (chance -= dwell.share) < 0) ?? demand.dwell[0]!;
    return Math.round(Math.max(leastStayMs, oneStayMs(kind, dice)) * usPerMs);
  };

  let known: Arrivals | undefined;
  /** Found when somebody parks for the first time: over a device on a bench nobody does. */
  const cars = (): Arrivals =>
    (known ??= arrivals(
      [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) => {
        const day = weekday === 0 ? demand.sunday : weekday === 6 ? demand.saturday : demand.weekday;
        return Array.from({ length: slotsPerDay }, (_, quarter) => between(day, quarter));
      }),
      stayUs,
    ));
  const slotOf = (us: Us): number => {
    const { hour, weekday, quarter } = wall(us);
    return weekday * slotsPerDay + hour * 4 + quarter;
  };

  /** Rates by the quarter of an hour since the first one that was asked for. */
  const rates: number[] = [];
  let firstSlot: number | undefined;
  const rateOf = (slot: number): number => {
    firstSlot ??= slot;
    const at = slot - firstSlot;
    if (at < 0) return cars().rateAt(slotOf(slot * slotUs));
    return (rates[at] ??= cars().rateAt(slotOf(slot * slotUs)));
  };

  return {
    stayUs,
    gapUs(dice, fromUs) {
      // The rate changes with the hours, so one exponential of mean 1 is used up slot by slot (non-homogeneous Poisson, by
      // inversion).
      let left = exponential(dice, 1);
      let us = fromUs;
      let slot = Math.floor(us / slotUs);
      for (let tries = 0; tries < 14 * slotsPerDay; tries++, slot++) {
        const perUs = rateOf(slot);
        const stepUs = (slot + 1) * slotUs - us;
        if (left <= perUs * stepUs) return Math.max(1, Math.round(us + left / perUs - fromUs));
        left -= perUs * stepUs;
        us += stepUs;
      }
      return us - fromUs;
    },
    firstCar(dice, atUs) {
      const slot = slotOf(atUs);
      const taken = dice.next() < cars().takenAt(slot);
      if (!taken) return { taken, untilNextUs: this.gapUs(dice, atUs) };
      const ageUs = (cars().ageAt(slot, dice.next()) + dice.next()) * slotUs;
      for (let tries = 0; tries < mostTries; tries++) {
        const restUs = Math.ceil(stayUs(dice) - ageUs);
        if (restUs > 0) return { taken, untilNextUs: restUs };
      }
      return { taken, untilNextUs: Math.ceil(dice.next() * slotUs) + 1 };
    },
    temperatureC: (atUs) => Math.round(14 + 7 * Math.sin(((wall(atUs).hour - 9) / 24) * 2 * Math.PI)),
  };
};
