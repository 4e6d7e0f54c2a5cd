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
}
