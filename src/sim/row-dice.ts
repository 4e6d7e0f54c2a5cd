import { diceKey, draw, type Dice } from '../base/dice.js';

/** A dice for each row, by the row's name: 12 bytes a row, no order. */
export interface RowDice {
  /** The one cursor, moved to a row; only good until the next `at`. */
  at(row: number): Dice;
}

/** Dice called `<purpose>:<name>` for every name. */
export const rowDice = (seed: string, purpose: string, names: readonly string[]): RowDice => {
  const hi = new Uint32Array(names.length);
  const lo = new Uint32Array(names.length);
  const drawn = new Uint32Array(names.length);
  names.forEach((name, row) => {
    const key = diceKey(seed, `${purpose}:${name}`);
    hi[row] = key.hi;
    lo[row] = key.lo;
  });
  let row = 0;
  const cursor: Dice = { next: () => draw(hi[row]!, lo[row]!, drawn[row]!++) / 0x1_0000_0000 };
  return {
    at(to) {
      row = to;
      return cursor;
    },
  };
};

/** The place of a name in a sorted list; -1 when it is not there. A map of a million names would take a hundred megabytes. */
export const placeIn = (names: readonly string[], name: string): number => {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return names[low] === name ? low : -1;
};
