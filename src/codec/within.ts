import { whole } from '../base/dice.js';
import { uint, type Part } from './parts.js';

/** An unsigned number of which the format only knows a range, such as the months of a year: `within(8, 1, 12)`. */
export const within = (bits: number, least: number, most: number): Part<number> => {
  const part = uint(bits);
  const inside = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  return {
    ...part,
    read: (raw) => (inside(raw) ? raw : undefined),
    write: (value) => (inside(value) ? value : undefined),
    sample: (dice) => whole(dice, least, most),
    takes: `a whole number from ${least} to ${most}`,
  };
};
