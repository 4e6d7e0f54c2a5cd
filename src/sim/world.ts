import { exponential, type Dice } from '../base/dice.js';
import { hourMs, minuteMs, usPerMs, wallClock, type Us } from '../base/time.js';
import { meanStayMs, oneStayMs } from './dwell.js';
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

export const world = (demand: DemandPlan): World => {
  const wall = wallClock(demand.zone);
  const shares = demand.dwell.map((dwell) => dwell.share);
  const sum = shares.reduce((a, b) => a + b, 0);
  const meanMs = demand.dwell.reduce((all, dwell) => all + (dwell.share / sum) * meanStayMs(dwell), 0);
  const occupancy = (us: Us): number => {
    const { hour, weekday } = wall(us);
    const day = weekday === 0 ? demand.sunday : weekday === 6 ? demand.saturday : demand.weekday;
    return clamp(day[hour] ?? 0.5);
  };

  const self: World = {
    firstCar(dice, atUs) {
      const taken = dice.next() < occupancy(atUs);
      return { taken, untilNextUs: taken ? Math.ceil(self.stayUs(dice) * dice.next()) : self.gapUs(dice, atUs) };
    },
    stayUs(dice) {
      let chance = dice.next() * sum;
      const kind = demand.dwell.find((dwell) => (chance -= dwell.share) < 0) ?? demand.dwell[0]!;
      return Math.round(Math.max(leastStayMs, oneStayMs(kind, dice)) * usPerMs);
    },
    // Arrivals at rate O / (1 - O) / mean stay make O the share of time that the bay is taken; the rate changes with the
    // hours, so one exponential of mean 1 is used up hour by hour (non-homogeneous Poisson, by inversion).
    gapUs(dice, fromUs) {
      let left = exponential(dice, 1);
      let us = fromUs;
      for (let hours = 0; hours < 24 * 14; hours++) {
        const o = occupancy(us);
        const perUs = o / (1 - o) / (meanMs * usPerMs);
        const hourUs = hourMs * usPerMs;
        const stepUs = (Math.floor(us / hourUs) + 1) * hourUs - us;
        if (left <= perUs * stepUs) return Math.max(1, Math.round(us + left / perUs - fromUs));
        left -= perUs * stepUs;
        us += stepUs;
      }
      return us - fromUs;
    },
    temperatureC: (atUs) => Math.round(14 + 7 * Math.sin(((wall(atUs).hour - 9) / 24) * 2 * Math.PI)),
  };
  return self;
};
