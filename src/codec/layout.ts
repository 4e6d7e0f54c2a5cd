import { fromHex, toHex } from '../base/hex.js';
import { fail, problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { Dice } from '../base/dice.js';
import { readBits, writeBits } from './bits.js';
import type { Codec, Field } from './codec.js';
import { writePart, type Part } from './parts.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a layout holds parts of many types, each known by its name
type Parts = Readonly<Record<string, Part<any, any>>>;
type Named<L extends Parts> = { [K in keyof L as K extends `_${string}` ? never : K]: L[K] };

/** The message that a layout describes: its fields without those whose names start with `_`. */
export type MessageOf<L extends Parts> = {
  readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? never : K]: ValueOf<Named<L>[K]>;
} & { readonly [K in keyof Named<L> as Named<L>[K] extends { optional: true } ? K : never]?: ValueOf<Named<L>[K]> };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- numbers and texts alike
type ValueOf<P> = P extends Part<infer T, any> ? T : never;

interface Placed {
  readonly name: string;
  readonly part: Part<unknown, number | string>;
  readonly bit: number;
  readonly bits: number;
}

/** The parts with the places that they have in every payload; `rest` begins where the others end. */
const place = (parts: Parts): readonly Placed[] => {
  let bit = 0;
  return Object.entries(parts).map(([name, part]) => {
    bit += part.bits;
    return { name, part, bit: bit - part.bits, bits: part.bits };
  });
};

/** What is wrong with a declaration; undefined when nothing is. Such a table is a slip of ours, so it throws at once. */
const slip = (fields: readonly Placed[]): string | undefined => {
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

const rawOf = (bytes: Uint8Array, { part, bit, bits }: Placed): number | string =>
  part.text ? toHex(bytes.subarray(bit >> 3, (bit + bits) >> 3)) : readBits(bytes, bit, bits);

/**
 * A codec from a table of fields, from the most significant bit of the first byte on. The table is the program: decode,
 * encode, annotations and samples come from it. Lengths are exact, but `optional` fields may be missing at the end, and
 * `restBytes` takes what is left. Problems carry `at`, the byte up to which the payload was of this layout.
 * Throws a TypeError for a table that no payload can follow.
 *
 * @example layout({ _spare: spare(7), occupied: flag, temperatureC: int(8) })
 */
export const layout = <const L extends Parts>(parts: L): Codec<MessageOf<L>> => {
  const fields = place(parts);
  const wrong = slip(fields);
  if (wrong) throw new TypeError(`no layout: ${wrong}`);
  const rest = fields.find(({ part }) => part.text === 'rest');
  const bytesOf = (some: readonly Placed[]): number => some.reduce((sum, { bits }) => sum + bits, 0) / 8;
  const least = bytesOf(fields.filter(({ part }) => !part.optional));
  const most = bytesOf(fields);
  const shown = fields.map(({ name }) => name).filter((name) => !name.startsWith('_'));

  /** Every field that is there. */
  const walk = function* (bytes: Uint8Array): Generator<Placed> {
    const end = 8 * bytes.length;
    for (const field of fields) {
      // Where optional fields are missing, the rest is there and empty.
      if (field.bit + field.bits > end) {
        if (field.bit === end && rest) yield { ...rest, bit: end };
        return;
      }
      yield field === rest ? { ...field, bits: end - field.bit } : field;
    }
  };

  const wrongLength = (have: number): Problem | undefined => {
    if (have >= least && (have <= most || rest)) return undefined;
    if (least === most && !rest) return problem('wrong-length', { have, need: least });
    return have < least ? problem('too-short', { have, need: least }) : problem('too-long', { have, most });
  };

  const decode = (bytes: Uint8Array): Result<MessageOf<L>> => {
    const short = wrongLength(bytes.length);
    const message: Record<string, unknown> = {};
    let end = 0;
    let marked = 0;
    for (const field of walk(bytes)) {
      const { name, part, bit } = field;
      // With a wrong length only the marks count: they say whether it is this layout at all.
      if (short && !part.marks) continue;
      const raw = rawOf(bytes, field);
      const value = part.read(raw);
      if (value === undefined) return fail('bad-value', { field: name.replace(/^_/, ''), value: raw, at: bit >> 3 });
      if (!name.startsWith('_')) message[name] = value;
      end = bit + field.bits;
      if (part.marks) marked = end >> 3;
    }
    if (short) return failed({ ...short, facts: { ...short.facts, at: marked } });
    // Some length between the two that cuts an optional field.
    return end === 8 * bytes.length
      ? ok(message as MessageOf<L>)
      : fail('wrong-length', { have: bytes.length, need: most, at: end >> 3 });
  };

  const encode = (message: MessageOf<L>): Result<Uint8Array> => {
    const given = message as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(given))
      if (name !== 'type' && !shown.includes(name))
        return fail('bad-message', { field: name, why: `is no field; fields are ${shown.join(', ') || '(none)'}` });
    const head = new Uint8Array(most);
    let tail = new Uint8Array(0);
    let end = 0;
    let missing: string | undefined;
    for (const { name, part, bit, bits } of fields) {
      if (part.optional && given[name] === undefined) {
        missing ??= name;
        continue;
      }
      if (missing !== undefined) {
        // An empty rest behind a missing field is no gap.
        if (part.text === 'rest' && given[name] === '') continue;
        return fail('bad-message', { field: missing, why: `cannot be left out when ${name} is there` });
      }
      const raw = writePart(name, part, given[name]);
      if (!raw.ok) return raw;
      end = (bit + bits) / 8;
      if (typeof raw.value === 'number') {
        writeBits(head, bit, { count: bits, value: raw.value });
        continue;
      }
      const text = fromHex(raw.value);
      if (!text.ok) return text;
      if (part.text === 'rest') tail = Uint8Array.from(text.value);
      else head.set(text.value, bit >> 3);
    }
    const bytes = new Uint8Array(end + tail.length);
    bytes.set(head.subarray(0, end));
    bytes.set(tail, end);
    return ok(bytes);
  };

  return {
    decode,
    encode,
    annotate: (bytes): readonly Field[] =>
      [...walk(bytes)]
        .filter(({ bits }) => bits > 0)
        .map((field) => {
          const value = field.part.read(rawOf(bytes, field));
          const { bit, bits, name, part } = field;
          return { bit, bits, name: name.replace(/^_/, ''), value: value === undefined ? '?' : part.show(value) };
        }),
    sample(dice: Dice) {
      const message: Record<string, unknown> = {};
      for (const { name, part } of fields) {
        const value = part.sample(dice);
        if (part.optional && value === undefined) {
          if (rest) message[rest.name] = '';
          break;
        }
        if (!name.startsWith('_')) message[name] = value;
      }
      return message as MessageOf<L>;
    },
  };
};

export { reshape } from './reshape.js';
