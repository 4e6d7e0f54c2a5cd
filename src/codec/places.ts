import { toHex } from '../base/hex.js';
import { readBits } from './bits.js';
import type { Part } from './parts.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a layout holds parts of many types, each known by its name
export type Parts = Readonly<Record<string, Part<any, any>>>;
type Named<L extends Parts> = { [K in keyof L as K extends `_${string}` ? never : K]: L[K] };

/** The message that a layout describes: its fields without those whose names start with `_`. */
export type MessageOf<L extends Parts> = {
  readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? never : K]: ValueOf<Named<L>[K]>;
} & { readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? K : never]?: ValueOf<Named<L>[K]> };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- numbers and texts alike
export type ValueOf<P> = P extends Part<infer T, any> ? T : never;

/** A field with its place in the payload. */
export interface Placed {
  /** As problems and dumps say it: without the `_` of what is not in the message. */
  readonly name: string;
  readonly hidden: boolean;
  readonly part: Part<unknown, number | string>;
  readonly bit: number;
  readonly bits: number;
  /** The bits of a payload that is long enough. */
  raw(bytes: Uint8Array): number | string;
}

/** The fastest way to the bits of a number: nearly all fields are whole bytes, or lie inside one. */
const rawReader = (bit: number, bits: number): ((bytes: Uint8Array) => number) => {
  const at = bit >> 3;
  const inByte = bit & 7;
  if (inByte === 0 && bits === 8) return (b) => b[at]!;
  if (inByte === 0 && bits === 16) return (b) => (b[at]! << 8) | b[at + 1]!;
  if (inByte === 0 && bits === 24) return (b) => (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
  if (inByte === 0 && bits === 32)
    return (b) => ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  if (inByte + bits <= 8) {
    const shift = 8 - inByte - bits;
    const mask = (1 << bits) - 1;
    return (b) => (b[at]! >> shift) & mask;
  }
  return (b) => readBits(b, bit, bits);
};

const rawOf = (part: Placed['part'], bit: number, bits: number): Placed['raw'] =>
  part.text ? (bytes) => toHex(bytes.subarray(bit >> 3, (bit + bits) >> 3)) : rawReader(bit, bits);

/** The same field at another place: the rest of a payload, whose length only the payload knows. */
export const movedTo = (field: Placed, bit: number, bits: number): Placed => ({
  ...field,
  bit,
  bits,
  raw: rawOf(field.part, bit, bits),
});

/** The parts with the places that they have in every payload; `rest` begins where the others end. */
export const place = (parts: Parts): readonly Placed[] => {
  let bit = 0;
  return Object.entries(parts).map(([name, part]) => {
    const at = bit;
    bit += part.bits;
    return {
      name: name.replace(/^_/, ''),
      hidden: name.startsWith('_'),
      part,
      bit: at,
      bits: part.bits,
      raw: rawOf(part, at, part.bits),
    };
  });
};

/** What is wrong with a declaration; undefined when nothing is. Such a table is a slip of ours, so it throws at once. */
export const slip = (fields: readonly Placed[]): string | undefined => {
  const ends = fields.at(-1);
  if (((ends?.bit ?? 0) + (ends?.bits ?? 0)) % 8 !== 0) return 'the fields do not fill whole bytes';
  for (const [i, { name, part, bit }] of fields.entries()) {
    if ((part.text || part.optional) && bit % 8 !== 0) return `${name} does not begin on a whole byte`;
    if (part.text === 'rest' && i !== fields.length - 1) return `${name} is not the last field`;
    if (!part.optional && part.text !== 'rest' && fields[i - 1]?.part.optional)
      return `${name} stands behind an optional field`;
    if (!part.text && (part.bits < 1 || part.bits > 48)) return `${name} has ${part.bits} bits, possible are 1 to 48`;
  }
  return undefined;
};
