import type { Dice } from '../base/dice.js';
import type { Result } from '../base/result.js';

/** A stretch of bits and what it says: one line of an annotated hex dump. */
export interface Field {
  /** First bit, counted from the most significant bit of byte 0. */
  readonly bit: number;
  readonly bits: number;
  readonly name: string;
  /** The value as a person reads it, with its unit. */
  readonly value: string;
}

/** One line of a format's documentation: `bytes 1-2`, `batteryV`, `a whole number from 0 to 65535, times 0.001 (V)`. */
export interface FormatRow {
  /** Where in the payload: bytes and bits, a tag, or how it follows. */
  readonly where: string;
  readonly name: string;
  /** What it takes, with its unit. */
  readonly says: string;
  /** It says something about a person or their telephone. */
  readonly personal?: true;
}

/**
 * Bytes to message and back. Pure: bytes and options in, message or problem out; it never throws, never reads a clock.
 * Law: `decode(encode(m))` equals `m` for every `m` of `sample`.
 */
export interface Codec<M> {
  decode(bytes: Uint8Array): Result<M>;
  encode(message: M): Result<Uint8Array>;
  /** What each stretch of `bytes` says; only for bytes that decode. */
  annotate(bytes: Uint8Array): readonly Field[];
  /** Any message of this codec, for round trips and demonstrations. */
  sample(dice: Dice): M;
  /** The format as documentation, from its first byte on. */
  readonly rows: readonly FormatRow[];
}

/** `byte 0 bit 7`, `bytes 1-2`: bits are counted the way data sheets do, 7 is the highest of a byte. */
export const placeText = ({ bit, bits }: { readonly bit: number; readonly bits: number }): string => {
  const first = Math.floor(bit / 8);
  const last = Math.floor((bit + bits - 1) / 8);
  if (bit % 8 === 0 && bits % 8 === 0) return first === last ? `byte ${first}` : `bytes ${first}-${last}`;
  if (first === last)
    return `byte ${first} bit ${bits === 1 ? 7 - (bit % 8) : `${7 - (bit % 8)}-${8 - (bit % 8) - bits}`}`;
  return `bytes ${first}-${last}, ${bits} bits`;
};
