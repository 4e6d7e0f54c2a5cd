import { dayMs, usPerMs, usPerSecond, type Us } from '../base/time.js';

/** A clock that is further off than this was never set, or runs wild: its times say nothing. */
const mostAgeMs = 7 * dayMs;
/** Clocks and the air have some tolerance: a moment that lies a little in the future is now. */
const toleranceMs = 30_000;

/**
 * How long before the frame was heard something happened, by the sensor's own clock (seconds since 1970): what `ageMs` of
 * a reading wants. Nothing when it is not known when the frame was heard, or when the sensor's clock cannot be right.
 *
 * @example [{ occupied, ...ageOf(message.eventTimeS, heardUs) }]
 */
export const ageOf = (unixS: number, heardUs: Us | undefined): { readonly ageMs?: number } => {
  if (heardUs === undefined) return {};
  const ageMs = Math.round((heardUs - unixS * usPerSecond) / usPerMs);
  return ageMs < -toleranceMs || ageMs > mostAgeMs ? {} : { ageMs: Math.max(0, ageMs) };
};
