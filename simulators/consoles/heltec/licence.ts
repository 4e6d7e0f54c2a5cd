import { diceKey, draw } from '../../../src/base/dice.js';

/** The number that a chip tells: 12 hex digits, upper case, from the 16 of the board's own. */
export const chipIdOf = (serial: string): string => serial.slice(-12).toUpperCase().padStart(12, '0');

/**
 * The licence that a make-believe board takes: 32 hex digits, upper case, that follow from its chip's number. The real ones
 * are made by Heltec and can be looked up by that number; the way they are made is not known, and not this one.
 */
export const licenceOf = (serial: string): string => {
  const { hi, lo } = diceKey('heltec licence', chipIdOf(serial));
  return [0, 1, 2, 3].map((n) => draw(hi, lo, n).toString(16).toUpperCase().padStart(8, '0')).join('');
};

/** The licence as Heltec's page shows it: four numbers. */
export const licenceWords = (serial: string): string =>
  (licenceOf(serial).match(/.{8}/g) ?? []).map((word) => `0x${word}`).join(',');
