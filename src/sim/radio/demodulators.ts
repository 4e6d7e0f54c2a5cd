/** Concentrator chips, by how many frames they can follow at once. */
export const chips = ['SX1301', 'SX1302'] as const;
export type Chip = (typeof chips)[number];

/** The demodulators of one gateway. Frames come in the order of their beginnings. */
export interface Demodulators {
  /** Whether one was free for a frame, which has it to its end then, also when it is spoilt later. */
  take(sf: number, startUs: number, endUs: number): boolean;
}

/** So many of a kind. */
const bank = 8;

/**
 * SX1301: eight for any data rate of 125 kHz (data sheet: 8 multi-SF paths). SX1302 and SX1303: eight for SF5 to SF12 and
 * eight more for SF5 to SF10 (data sheet), so sixteen only for those. The paths for 250 kHz and FSK are not counted here.
 */
export const demodulators = (chip: Chip): Demodulators => {
  const untilUs = new Float64Array(chip === 'SX1301' ? bank : 2 * bank);
  const takeFrom = (first: number, startUs: number, endUs: number): boolean => {
    for (let i = first; i < first + bank; i++)
      if (untilUs[i]! <= startUs) {
        untilUs[i] = endUs;
        return true;
      }
    return false;
  };
  return {
    // Those that can do less first: the others are needed for slow frames.
    take: (sf, startUs, endUs) =>
      (untilUs.length > bank && sf <= 10 && takeFrom(bank, startUs, endUs)) || takeFrom(0, startUs, endUs),
  };
};
