import type { Us } from '../base/time.js';

/**
 * The last moments of something, oldest first. A value: a moment more makes a new one, and the old one stays as it was.
 * Those of one line share their array, so that a moment more costs two numbers and not a copy.
 */
export interface Moments {
  readonly list: readonly Us[];
  /** How many of the list belong to it. */
  readonly count: number;
}

export const noMoments: Moments = { list: [], count: 0 };

export const momentsOf = (list: readonly Us[]): Moments => ({ list: [...list], count: list.length });

/** One moment more; of those before it, at least the last `most` are kept, and at most three times as many. */
export const withMoment = ({ list, count }: Moments, us: Us, most: number): Moments => {
  // Who comes second, or where there is enough, begins a list of its own.
  if (count > 0 && list.length === count && count < 3 * most) {
    (list as Us[]).push(us);
    return { list, count: count + 1 };
  }
  const own = list.slice(Math.max(0, count - most), count);
  own.push(us);
  return { list: own, count: own.length };
};

/** Whether more than `most` of them are at `fromUs` or later. */
export const moreThan = ({ list, count }: Moments, most: number, fromUs: Us): boolean =>
  count > most && list[count - most - 1]! >= fromUs;

/** The last `most` of them, oldest first. */
export const lastMoments = ({ list, count }: Moments, most: number): readonly Us[] =>
  list.slice(Math.max(0, count - most), count);
