import { whole, type Dice } from '../../../src/base/dice.js';
import { uint, type Part } from '../../../src/codec/parts.js';

/** A byte that is there and says nothing by its value: any is read, `value` is written. */
export const mark = (value: number): Part<true> => ({
  ...uint(8),
  read: () => true,
  write: (given) => (given === true ? value : undefined),
  show: String,
  sample: () => true,
  takes: 'true',
});

/** The same byte without a name in the message. */
export const filler = (value: number): Part<number> => ({
  ...uint(8),
  write: () => value,
  sample: () => value,
  show: () => 'reserved',
});

/** A version of two numbers with a dot: how they stand in the bits, both ways. */
const dotted = (
  bits: number,
  read: (raw: number) => string,
  join: (major: string, minor: string) => number,
): Part<string> => ({
  bits,
  read,
  write(value) {
    const [, major, minor] = (typeof value === 'string' && /^([0-9a-f]+)\.([0-9a-f]+)$/.exec(value)) || [];
    if (major === undefined || minor === undefined) return undefined;
    const raw = join(major, minor);
    return raw < 2 ** bits && read(raw) === value ? raw : undefined;
  },
  show: String,
  sample: (dice: Dice) => read(whole(dice, 0, 2 ** bits - 1)),
  takes: 'two numbers with a dot between',
});

const digits = (value: number): string => value.toString(16);

/** `01` is 0.1: a number in each half of the byte, as the vendor's decoder prints it; the user guide calls it V1. */
export const protocolVersion = dotted(
  8,
  (raw) => `${raw >> 4}.${raw & 15}`,
  (major, minor) => Number(major) * 16 + Number(minor),
);
/** `01 40` is 1.4: the last four bits are not used. */
export const hardwareVersion = dotted(
  16,
  (raw) => `${digits(raw >> 8)}.${(raw >> 4) & 15}`,
  (major, minor) => Number.parseInt(major, 16) * 256 + Number(minor) * 16,
);
/** `01 14` is 1.14: the digits of each byte as they stand in hexadecimal. */
export const firmwareVersion = dotted(
  16,
  (raw) => `${digits(raw >> 8)}.${digits(raw & 255)}`,
  (major, minor) => Number.parseInt(major, 16) * 256 + Number.parseInt(minor, 16),
);
/** `01 14` is 1.20: each byte a number. */
export const modelVersion = dotted(
  16,
  (raw) => `${raw >> 8}.${raw & 255}`,
  (major, minor) => Number(major) * 256 + Number(minor),
);
