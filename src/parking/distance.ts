import type { Mounting, Reading } from '../codec/sensor.js';

/** What a distance may lie beyond the ground before it is no measurement of this bay: a tenth of the height. */
const beyond = 0.1;

/**
 * Whether something stands under a distance sensor: higher than the threshold, and within the hysteresis around it as
 * before. Undefined when the distance lies so far beyond the ground that the sensor must look past it.
 *
 * @example standsUnder(900, { heightMm: 2500, thresholdMm: 500, hysteresisMm: 200 }, false)   // true: 1600 mm stand there
 */
export const standsUnder = (
  distanceMm: number,
  mounting: Mounting,
  before: boolean | undefined,
): boolean | undefined => {
  const { heightMm, thresholdMm, hysteresisMm } = mounting;
  const standsMm = heightMm - distanceMm;
  if (standsMm < -beyond * heightMm - hysteresisMm) return undefined;
  if (before === undefined) return standsMm >= thresholdMm;
  return standsMm >= thresholdMm + (before ? -hysteresisMm : hysteresisMm) / 2;
};

/** The same reading with what its distance means for the bay; a sensor that says it itself is believed. */
export const withOccupancy = (
  reading: Reading,
  mounting: Mounting | undefined,
  before: boolean | undefined,
): Reading => {
  if (!mounting || reading.distanceMm === undefined || reading.occupied !== undefined) return reading;
  const occupied = standsUnder(reading.distanceMm, mounting, before);
  if (occupied !== undefined) return { ...reading, occupied };
  const fault = [...(reading.fault === undefined ? [] : [reading.fault]), 'distance-beyond-ground'].join(',');
  return { ...reading, fault };
};

/** How the head of a reading hangs: a list has one mounting for each head. */
export const mountingOf = (
  mounting: Mounting | readonly Mounting[] | undefined,
  head: number | undefined,
): Mounting | undefined => (isList(mounting) ? mounting[(head ?? 1) - 1] : mounting);

const isList = (mounting: Mounting | readonly Mounting[] | undefined): mounting is readonly Mounting[] =>
  Array.isArray(mounting);
