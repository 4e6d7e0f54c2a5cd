import { whole, type Dice } from '../base/dice.js';

/** How a kind of sensor notices cars. */
export interface Detection {
  /** From the car's movement to the sensor's decision, in milliseconds. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** Share of manoeuvres in which it changes its mind a few times within a minute. */
  readonly bounce: number;
}

/**
 * Magnetometer and radar: some three seconds after the field is stable (Nwave), more for learning ones; 2 % of
 * manoeuvres bounce, two to four toggles within 60 s (assumed).
 */
export const dualSensor: Detection = { leastMs: 3_000, mostMs: 12_000, bounce: 0.02 };

/** Magnetometer alone: slower to settle, and it bounces more often (assumed). */
export const magnetometer: Detection = { leastMs: 5_000, mostMs: 30_000, bounce: 0.03 };

export const detectionDelayMs = (how: Detection, dice: Dice): number =>
  how.leastMs + dice.next() * (how.mostMs - how.leastMs);

/** How many times a sensor will change its mind about one manoeuvre: an even number, usually none. */
export const bounces = (how: Detection, dice: Dice): number => (dice.next() < how.bounce ? 2 * whole(dice, 1, 2) : 0);

/** Time between two toggles of a bounce. */
export const toggleMs = (dice: Dice): number => 2_000 + dice.next() * 12_000;

/** Radar or a second sensor that looks again: quick, and it rarely changes its mind (assumed). */
export const radarSensor: Detection = { leastMs: 2_000, mostMs: 8_000, bounce: 0.01 };

/** A sensor that sleeps between looks sees a car up to one interval late (Libelium: the sleep time can be set). */
export const sampled = (everyMs: number, bounce = 0.02): Detection => ({ leastMs: 500, mostMs: everyMs + 500, bounce });
