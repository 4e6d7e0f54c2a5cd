import { isoFromUs, usFromIso, usPerMs, usPerSecond, type Us } from '../../../base/time.js';

/** GPS time began on 1980-01-06, and has been 18 s ahead of UTC since 2017-01-01 (IERS Bulletin C 52). */
const gpsEpochMs = 315_964_800_000;
const leapMs = 18_000;

/** The UTC instant of GPS milliseconds; exact since 2017. */
export const usFromGpsMs = (gpsMs: number): Us => (gpsMs + gpsEpochMs - leapMs) * usPerMs;

/** GPS milliseconds of a UTC instant, rounded down; exact since 2017. */
export const gpsMsFromUs = (us: Us): number => Math.floor(us / usPerMs) - gpsEpochMs + leapMs;

/** `2013-03-31T16:21:17.528002Z`: the compact form, with microseconds. */
export const compactTime = (us: Us): string => {
  const below = ((us % usPerSecond) + usPerSecond) % usPerSecond;
  return `${isoFromUs(us).slice(0, 19)}.${String(below).padStart(6, '0')}Z`;
};

/** `2014-01-12 08:59:28 GMT`: the expanded form of `stat`, in whole seconds. */
export const expandedTime = (us: Us): string => `${isoFromUs(us).slice(0, 19).replace('T', ' ')} GMT`;

/** The instant of an expanded time; undefined when it is none. */
export const usFromExpanded = (text: string): Us | undefined => {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)$/.exec(text);
  return match ? usFromIso(`${match[1]}T${match[2]}Z`) : undefined;
};
