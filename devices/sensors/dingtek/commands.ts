import { whole } from '../../../src/base/dice.js';
import { ascii, letter, type Piece } from '../../../src/codec/ascii.js';

/** One setting that a sensor takes: its key, and the numbers that may stand behind it. */
export interface Setting {
  /** Two hexadecimal digits, as the vendor writes them. */
  readonly key: string;
  /** Hexadecimal digits of the value. */
  readonly digits: number;
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

const upper = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** A number as ASCII hexadecimal digits: capitals are written, small letters are read as well. */
const hexNumber = ({ digits, least, most, unit }: Setting): Piece<number> => {
  const fits = (value: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  return {
    length: digits,
    read(text) {
      const value = /^[0-9a-f]+$/i.test(text) && text.length === digits ? Number.parseInt(text, 16) : NaN;
      return fits(value) ? value : undefined;
    },
    write: (value) => (fits(value) ? upper(value, digits) : undefined),
    takes: `a whole number from ${least} to ${most}, as ${digits} hexadecimal digits`,
    unit,
    sample: (dice) => whole(dice, least, most),
  };
};

/**
 * The downlinks of a sensor: the characters of `8002`, password, key, value and `81` are the payload, so that 8 is the
 * byte 38. One codec for each setting, from which the message has one field with the setting's name.
 */
export const setter =
  <const K extends string>(password: string, keys: readonly K[]) =>
  <const N extends string>(name: N, setting: Setting & { readonly key: K }) => {
    const key = letter(setting.key, setting.key.toLowerCase());
    const known = `one of the keys ${keys.join(', ')}`;
    return ascii({
      _start: letter(`8002${password}`),
      _key: { ...key, takes: known },
      [name]: hexNumber(setting),
      _end: letter('81'),
    } as { _start: Piece<string>; _key: Piece<string>; _end: Piece<string> } & Record<N, Piece<number>>);
  };

/** What all three models take under the same key. */
export const shared = {
  uploadInterval: { key: '01', digits: 2, least: 1, most: 168, unit: 'h' },
  batteryThreshold: { key: '05', digits: 2, least: 5, most: 99, unit: '%' },
} as const satisfies Record<string, Setting>;

/** What the two models of type 31 and 32 share. */
export const newer = {
  detectionInterval: { key: '08', digits: 2, least: 1, most: 60, unit: 'min' },
  magnetThreshold: { key: '0F', digits: 4, least: 1, most: 65_535, unit: 'mG' },
} as const satisfies Record<string, Setting>;
