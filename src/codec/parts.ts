import { whole, type Dice } from '../base/dice.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { signed } from './bits.js';

/** One field of a layout: how its bits become a value and back. */
export interface Part<T> {
  /** How many bits it takes. */
  readonly bits: number;
  /** May be missing at the end of the payload. */
  readonly optional?: true;
  /** The value of the bits, taken as an unsigned number; `undefined` when the format does not know them. */
  read(raw: number): T | undefined;
  /** The bits of a value; `undefined` when it does not fit. */
  write(value: T): number | undefined;
  /** The value as a person reads it. */
  show(value: T): string;
  sample(dice: Dice): T;
  /** What `write` takes, for the problem of a value that it refuses. */
  readonly takes: string;
}

/** One bit. */
export const flag: Part<boolean> = {
  bits: 1,
  read: (raw) => raw === 1,
  write: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  show: String,
  sample: (dice) => dice.next() < 0.5,
  takes: 'true or false',
};

const wholeNumber = (bits: number, least: number, most: number): Part<number> => ({
  bits,
  read: (raw) => (least < 0 ? signed(raw, bits) : raw),
  write: (value) =>
    Number.isInteger(value) && value >= least && value <= most ? (value < 0 ? value + 2 ** bits : value) : undefined,
  show: String,
  sample: (dice) => whole(dice, least, most),
  takes: `a whole number from ${least} to ${most}`,
});

/** An unsigned number of up to 48 bits. */
export const uint = (bits: number): Part<number> => wholeNumber(bits, 0, 2 ** bits - 1);

/** A signed number in two's complement. */
export const int = (bits: number): Part<number> => wholeNumber(bits, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1);

/** Bits of no meaning: written as zero, ignored on read. Their names start with `_`. */
export const spare = (bits: number): Part<number> => ({
  ...uint(bits),
  write: () => 0,
  sample: () => 0,
  show: () => 'reserved',
});

/** Bits that are always the same, such as the number of a sub-message; anything else is another format. */
export const constant = (bits: number, value: number): Part<number> => ({
  ...uint(bits),
  read: (raw) => (raw === value ? value : undefined),
  write: () => value,
  sample: () => value,
});

/** Lowest byte first. */
export const littleEndian = (part: Part<number>): Part<number> => {
  const turn = (raw: number): number => {
    let out = 0;
    for (let i = 0; i < part.bits; i += 8, raw = Math.floor(raw / 256)) out = out * 256 + (raw % 256);
    return out;
  };
  return {
    ...part,
    read: (raw) => part.read(turn(raw)),
    write(value) {
      const raw = part.write(value);
      return raw === undefined ? undefined : turn(raw);
    },
  };
};

/** `factor * number + offset`, rounded to the factor's own digits; `unit` is for people. */
export const scaled = (
  part: Part<number>,
  { factor, offset = 0, unit }: { readonly factor: number; readonly offset?: number; readonly unit: string },
): Part<number> => {
  const digits = Math.max(0, -Math.floor(Math.log10(factor) + 1e-9));
  const tidy = (value: number): number => Number(value.toFixed(digits));
  return {
    ...part,
    read(raw) {
      const value = part.read(raw);
      return value === undefined ? undefined : tidy(value * factor + offset);
    },
    write: (value) => (Number.isFinite(value) ? part.write(Math.round((value - offset) / factor)) : undefined),
    show: (value) => `${value} ${unit}`,
    sample: (dice) => tidy(part.sample(dice) * factor + offset),
  };
};

/** The same part with its unit said to people. */
export const inUnit = (part: Part<number>, unit: string): Part<number> => ({
  ...part,
  show: (value) => `${value} ${unit}`,
});

/** Names for numbers: a list counts from 0, an object says each number. Other numbers are not of this format. */
export const oneOf = <const N extends string>(
  bits: number,
  names: readonly N[] | Readonly<Record<N, number>>,
): Part<N> => {
  const pairs = (Array.isArray(names) ? names.map((name: N, i) => [name, i]) : Object.entries(names)) as [N, number][];
  return {
    bits,
    read: (raw) => pairs.find(([, number]) => number === raw)?.[0],
    write: (value) => pairs.find(([name]) => name === value)?.[1],
    show: String,
    sample: (dice) => pairs[whole(dice, 0, pairs.length - 1)]![0],
    takes: pairs.map(([name]) => name).join(', '),
  };
};

/** Like `oneOf`, and a number without a name is kept as `unknown-<number>`: newer firmware knows more than we do. */
export const oneOfOrUnknown = <const N extends string>(
  bits: number,
  names: Readonly<Record<N, number>>,
): Part<N | `unknown-${number}`> => {
  const known = oneOf<string>(bits, names);
  return {
    ...known,
    read: (raw) => (known.read(raw) ?? `unknown-${raw}`) as N,
    write(value) {
      const number = known.write(value);
      if (number !== undefined) return number;
      const match = /^unknown-(\d+)$/.exec(String(value));
      const raw = match ? Number(match[1]) : Infinity;
      return raw < 2 ** bits && known.read(raw) === undefined ? raw : undefined;
    },
    sample: (dice) => known.sample(dice) as N,
    takes: `${known.takes}, or unknown-<number>`,
  };
};

/** Bytes as lower-case hexadecimal digits; at most 6 bytes. */
export const hexBytes = (bytes: number): Part<string> => {
  const number = uint(8 * bytes);
  return {
    bits: 8 * bytes,
    read: (raw) => raw.toString(16).padStart(2 * bytes, '0'),
    write: (value) => (new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(value) ? Number.parseInt(value, 16) : undefined),
    show: String,
    sample: (dice) =>
      number
        .sample(dice)
        .toString(16)
        .padStart(2 * bytes, '0'),
    takes: `${2 * bytes} hexadecimal digits`,
  };
};

/** Three bytes as `major.minor.patch`. */
export const version: Part<string> = {
  bits: 24,
  read: (raw) => `${raw >>> 16}.${(raw >>> 8) & 255}.${raw & 255}`,
  write(value) {
    const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(value)?.slice(1).map(Number);
    return numbers?.every((n) => n < 256) ? numbers[0]! * 65_536 + numbers[1]! * 256 + numbers[2]! : undefined;
  },
  show: String,
  sample: (dice) => `${whole(dice, 0, 9)}.${whole(dice, 0, 99)}.${whole(dice, 0, 9)}`,
  takes: 'three numbers below 256 with dots between',
};

/** A field that shorter payloads leave out; only at the end of a layout. */
export const optional = <T>(part: Part<T>): Part<T | undefined> & { readonly optional: true } =>
  ({ ...part, optional: true, sample: (dice: Dice) => (dice.next() < 0.5 ? part.sample(dice) : undefined) }) as Part<
    T | undefined
  > & {
    readonly optional: true;
  };

/** The value that a person gave for a field, as bits, or what is wrong with it. */
export const writePart = (name: string, part: Part<unknown>, value: unknown): Result<number> => {
  const raw = part.write(value);
  return raw === undefined
    ? fail('bad-message', {
        field: name,
        why: value === undefined ? `is missing, expected is ${part.takes}` : `expected is ${part.takes}`,
      })
    : ok(raw);
};
