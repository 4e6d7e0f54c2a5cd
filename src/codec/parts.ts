import { whole, type Dice } from '../base/dice.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { toHex } from '../base/hex.js';
import { decimals, signed } from './bits.js';

/** One field of a layout: how its bits (or, as hexadecimal digits, its bytes) become a value and back. */
export interface Part<T, Raw extends number | string = number> {
  /** How many bits it takes. */
  readonly bits: number;
  /** May be missing at the end of the payload. */
  readonly optional?: true;
  /** Says which of several layouts this is: a mismatch means another layout, not a damaged payload. */
  readonly marks?: true;
  /** It says something about a person or their telephone: shown in the message, kept out of problems, logs and events. */
  readonly personal?: true;
  /** Whole bytes instead of a number: `fixed` takes `bits`, `rest` takes whatever is left at the end. */
  readonly text?: 'fixed' | 'rest';
  /** The value of the bits, taken as an unsigned number; `undefined` when the format does not know them. */
  read(raw: Raw): T | undefined;
  /** The bits of a value; `undefined` when it does not fit. */
  write(value: T): Raw | undefined;
  /** The value as a person reads it. */
  show(value: T): string;
  sample(dice: Dice): T;
  /** What `write` takes, for the problem of a value that it refuses. */
  readonly takes: string;
  /** What may stand in the bytes, where that is more than `takes`: the numbers behind names, the order of bytes. */
  readonly says?: string;
}
/** Whole bytes that a message shows as hexadecimal digits. */
export type TextPart = Part<string, string>;

/** One bit. */
export const flag: Part<boolean> = {
  bits: 1,
  read: (raw) => raw === 1,
  write: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  show: String,
  sample: (dice) => dice.next() < 0.5,
  takes: 'true or false',
};

/** A byte that says yes with 1 and no with anything else, as many a vendor's codec has it; written is 0 or 1. */
export const yesIsOne: Part<boolean> = { ...flag, bits: 8, takes: 'true (1) or false' };

/** A byte that says no with 0 and yes with 1; with another number it says nothing. */
export const zeroOne: Part<boolean> = {
  ...flag,
  bits: 8,
  read: (raw) => (raw === 0 ? false : raw === 1 ? true : undefined),
  takes: '0 (false) or 1 (true)',
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
  marks: true,
  read: (raw) => (raw === value ? value : undefined),
  write: () => value,
  sample: () => value,
  takes: `always ${value}${value > 9 ? ` (0x${value.toString(16).padStart(Math.ceil(bits / 4), '0')})` : ''}`,
});

/** Lowest byte first. */
export const littleEndian = (part: Part<number>): Part<number> => {
  const turn = (raw: number): number => {
    if (part.bits === 16) return ((raw & 255) << 8) | (raw >> 8);
    if (part.bits === 32)
      return (((raw & 255) << 24) | ((raw & 0xff00) << 8) | ((raw >>> 8) & 0xff00) | (raw >>> 24)) >>> 0;
    let out = 0;
    for (let i = 0; i < part.bits; i += 8, raw = Math.floor(raw / 256)) out = out * 256 + (raw % 256);
    return out;
  };
  return {
    ...part,
    ...(part.bits > 8 && { says: `${part.says ?? part.takes}, low byte first` }),
    read: (raw) => part.read(turn(raw)),
    write(value) {
      const raw = part.write(value);
      return raw === undefined ? undefined : turn(raw);
    },
  };
};

/** `factor * number + offset`, rounded to the digits that factor and offset have; `unit` is for people. */
export const scaled = (
  part: Part<number>,
  { factor, offset = 0, unit }: { readonly factor: number; readonly offset?: number; readonly unit: string },
): Part<number> => {
  const digits = Math.max(decimals(factor), decimals(offset));
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
    takes: `${part.takes}, times ${factor}${offset === 0 ? '' : ` plus ${offset}`} (${unit})`,
    ...(part.says !== undefined && {
      says: `${part.says}, times ${factor}${offset === 0 ? '' : ` plus ${offset}`} (${unit})`,
    }),
  };
};

/** The same part with its unit said to people. */
export const inUnit = (part: Part<number>, unit: string): Part<number> => ({
  ...part,
  show: (value) => `${value} ${unit}`,
  takes: `${part.takes} (${unit})`,
  ...(part.says !== undefined && { says: `${part.says} (${unit})` }),
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
    says: pairs.map(([name, number]) => `${number} ${name}`).join(', '),
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
      const match = typeof value === 'string' ? /^unknown-(\d+)$/.exec(value) : null;
      const raw = match ? Number(match[1]) : Infinity;
      return raw < 2 ** bits && known.read(raw) === undefined ? raw : undefined;
    },
    sample: (dice) => known.sample(dice) as N,
    takes: `${known.takes}, or unknown-<number>`,
    says: `${known.says}, others unknown-<number>`,
  };
};

const digitsOnly = (text: string): string | undefined =>
  text.length % 2 === 0 && /^[0-9a-f]*$/.test(text) ? text : undefined;
const randomHex = (dice: Dice, bytes: number): string =>
  toHex(Uint8Array.from({ length: bytes }, () => whole(dice, 0, 255)));

/** Bytes as lower-case hexadecimal digits; they begin and end on whole bytes. */
export const hexBytes = (bytes: number): TextPart => ({
  bits: 8 * bytes,
  text: 'fixed',
  read: (text) => text,
  write: (value) => (typeof value === 'string' && value.length === 2 * bytes ? digitsOnly(value) : undefined),
  show: String,
  sample: (dice) => randomHex(dice, bytes),
  takes: `${2 * bytes} hexadecimal digits`,
});

/** All bytes that are left, as hexadecimal digits: for what the public documents do not explain. Only as the last field. */
export const restBytes: TextPart = {
  bits: 0,
  text: 'rest',
  read: (text) => text,
  write: (value) => (typeof value === 'string' ? digitsOnly(value) : undefined),
  show: (value) => value || 'nothing',
  sample: (dice) => randomHex(dice, whole(dice, 0, 8)),
  takes: 'hexadecimal digits, two per byte',
};

/** Three bytes as `major.minor.patch`. */
export const version: Part<string> = {
  bits: 24,
  read: (raw) => `${raw >>> 16}.${(raw >>> 8) & 255}.${raw & 255}`,
  write(value) {
    if (typeof value !== 'string') return undefined;
    const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(value)?.slice(1).map(Number);
    return numbers?.every((n) => n < 256) ? numbers[0]! * 65_536 + numbers[1]! * 256 + numbers[2]! : undefined;
  },
  show: String,
  sample: (dice) => `${whole(dice, 0, 9)}.${whole(dice, 0, 99)}.${whole(dice, 0, 9)}`,
  takes: 'three numbers below 256 with dots between',
};

/** A field that shorter payloads leave out; only at the end of a layout, and from a whole byte on. */
export const optional = <T, Raw extends number | string>(
  part: Part<T, Raw>,
): Part<T | undefined, Raw> & { readonly optional: true } =>
  ({ ...part, optional: true, sample: (dice: Dice) => (dice.next() < 0.5 ? part.sample(dice) : undefined) }) as Part<
    T | undefined,
    Raw
  > & { readonly optional: true };

/**
 * What tells a person or their telephone apart: a driver's tag, a Bluetooth address. A sensor with such a field says in
 * `identifiers` where it stands in its messages.
 */
export const personal = <T, Raw extends number | string>(part: Part<T, Raw>): Part<T, Raw> => ({
  ...part,
  personal: true,
});

/** The value that a person gave for a field as it stands in the payload, or what is wrong with it. */
export const writePart = <Raw extends number | string>(
  name: string,
  part: Part<unknown, Raw>,
  value: unknown,
): Result<Raw> => {
  const raw = part.write(value);
  if (raw !== undefined) return ok(raw);
  const why = value === undefined ? `is missing, expected is ${part.takes}` : `expected is ${part.takes}`;
  return fail('bad-message', { field: name, why });
};
