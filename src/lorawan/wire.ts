// How LoRaWAN writes numbers: lowest byte first, EUIs too.
import type { Eui } from './ids.js';

/** An unsigned number of four bytes. */
export const u32At = (b: Uint8Array, at: number): number =>
  (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;

/** An unsigned number of three bytes. */
export const u24At = (b: Uint8Array, at: number): number => b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16);

/** An unsigned number of two bytes. */
export const u16At = (b: Uint8Array, at: number): number => b[at]! | (b[at + 1]! << 8);

/** Eight bytes as an EUI's text. */
export const euiAt = (bytes: Uint8Array, at: number): Eui => {
  let text = '';
  for (let i = 7; i >= 0; i--) text += bytes[at + i]!.toString(16).padStart(2, '0');
  return text;
};

/** Writes the lowest two bytes of a number. */
export const put16 = (bytes: Uint8Array, at: number, value: number): void => {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
};

/** Writes the lowest three bytes of a number. */
export const put24 = (bytes: Uint8Array, at: number, value: number): void => {
  put16(bytes, at, value);
  bytes[at + 2] = value >>> 16;
};

/** Writes the lowest four bytes of a number. */
export const put32 = (bytes: Uint8Array, at: number, value: number): void => {
  put24(bytes, at, value);
  bytes[at + 3] = value >>> 24;
};

/** Writes the eight bytes of an EUI. */
export const putEui = (bytes: Uint8Array, at: number, eui: Eui): void => {
  for (let i = 0; i < 8; i++) bytes[at + i] = Number.parseInt(eui.slice(14 - 2 * i, 16 - 2 * i), 16);
};

/** Throws a RangeError unless `value` is a whole number of at most `bits` bits. */
export const mustFit = (what: string, value: number, bits: number): void => {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) throw new RangeError(`${what} has ${bits} bits`);
};
