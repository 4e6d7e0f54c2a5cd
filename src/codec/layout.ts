import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Dice } from '../base/dice.js';
import { readBits, writeBits } from './bits.js';
import type { Codec, Field } from './codec.js';
import { writePart, type Part } from './parts.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a layout holds parts of many types, each known by its name
type Parts = Readonly<Record<string, Part<any>>>;
type Named<L extends Parts> = { [K in keyof L as K extends `_${string}` ? never : K]: L[K] };

/** The message that a layout describes: its fields without those whose names start with `_`. */
export type MessageOf<L extends Parts> = {
  readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? never : K]: ValueOf<Named<L>[K]>;
} & { readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? K : never]?: ValueOf<Named<L>[K]> };
type ValueOf<P> = P extends Part<infer T> ? T : never;

/**
 * A codec from a table of fields, from the most significant bit of the first byte on. The table is the program: decode,
 * encode, annotations and samples come from it. Lengths are exact; `optional` fields may be missing at the end.
 *
 * @example layout({ _spare: spare(7), occupied: flag, temperatureC: int(8) })
 */
export const layout = <const L extends Parts>(parts: L): Codec<MessageOf<L>> => {
  const fields = Object.entries(parts) as [string, Part<unknown>][];
  const bitsOf = (some: readonly [string, Part<unknown>][]): number =>
    some.reduce((sum, [, part]) => sum + part.bits, 0);
  const least = Math.ceil(bitsOf(fields.filter(([, part]) => !part.optional)) / 8);
  const most = Math.ceil(bitsOf(fields) / 8);

  /** Every field that is there, with its place. */
  const walk = function* (bits: number): Generator<{ name: string; part: Part<unknown>; bit: number }> {
    let bit = 0;
    for (const [name, part] of fields) {
      if (bit + part.bits > bits) return;
      yield { name, part, bit };
      bit += part.bits;
    }
  };

  const decode = (bytes: Uint8Array): Result<MessageOf<L>> => {
    const have = bytes.length;
    if (have < least || have > most)
      return least === most
        ? fail('wrong-length', { have, need: least })
        : have < least
          ? fail('too-short', { have, need: least })
          : fail('too-long', { have, most });
    const message: Record<string, unknown> = {};
    let end = 0;
    for (const { name, part, bit } of walk(8 * have)) {
      const raw = readBits(bytes, bit, part.bits);
      const value = part.read(raw);
      if (value === undefined) return fail('bad-value', { field: name, value: raw });
      if (!name.startsWith('_')) message[name] = value;
      end = bit + part.bits;
    }
    // Some length between the two that cuts an optional field.
    return end === 8 * have ? ok(message as MessageOf<L>) : fail('wrong-length', { have, need: most });
  };

  return {
    decode,
    encode(message) {
      const given = message as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(given))
        if (name !== 'type' && (!(name in parts) || name.startsWith('_')))
          return fail('bad-message', {
            field: name,
            why: `is no field; fields are ${fields
              .map(([f]) => f)
              .filter((f) => !f.startsWith('_'))
              .join(', ')}`,
          });
      const bytes = new Uint8Array(most);
      let bit = 0;
      for (const [name, part] of fields) {
        if (part.optional && given[name] === undefined) break;
        const raw = writePart(name, part, given[name]);
        if (!raw.ok) return raw;
        writeBits(bytes, bit, { count: part.bits, value: raw.value });
        bit += part.bits;
      }
      return ok(bytes.subarray(0, Math.ceil(bit / 8)));
    },
    annotate(bytes): readonly Field[] {
      return [...walk(8 * bytes.length)].map(({ name, part, bit }) => {
        const value = part.read(readBits(bytes, bit, part.bits));
        return {
          bit,
          bits: part.bits,
          name: name.replace(/^_/, ''),
          value: value === undefined ? '?' : part.show(value),
        };
      });
    },
    sample(dice: Dice) {
      const message: Record<string, unknown> = {};
      for (const [name, part] of fields) {
        const value = part.sample(dice);
        if (part.optional && value === undefined) break;
        if (!name.startsWith('_')) message[name] = value;
      }
      return message as MessageOf<L>;
    },
  };
};

/** The same bytes as another message: where a vendor splits what belongs together. */
export const reshape = <A, B>(
  codec: Codec<A>,
  how: { readonly to: (message: A) => B; readonly from: (message: B) => A | undefined; readonly takes: string },
): Codec<B> => ({
  decode(bytes) {
    const message = codec.decode(bytes);
    return message.ok ? ok(how.to(message.value)) : message;
  },
  encode(message) {
    const inner = how.from(message);
    return inner === undefined
      ? fail('bad-message', { field: 'message', why: `expected is ${how.takes}` })
      : codec.encode(inner);
  },
  annotate: (bytes) => codec.annotate(bytes),
  sample: (dice) => how.to(codec.sample(dice)),
});
