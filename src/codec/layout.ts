import { fromHex } from '../base/hex.js';
import { fail, problem, type Problem } from '../base/problem.js';
import { failed, ok, type Failed, type Result } from '../base/result.js';
import type { Dice } from '../base/dice.js';
import { writeBits } from './bits.js';
import { placeText, type Codec, type Field, type FormatRow } from './codec.js';
import { writePart } from './parts.js';
import { movedTo, place, slip, type MessageOf, type Parts, type Placed } from './places.js';
import { strangeField } from './strange.js';

export type { MessageOf, Parts, ValueOf } from './places.js';

/** A codec of a table of fields; `least` and `most` are the lengths in bytes that it takes (`most` without the rest). */
export interface LayoutCodec<M> extends Codec<M> {
  readonly least: number;
  readonly most: number;
}

/** Stands for a value that must not be told. */
const untold = '[personal]';

const badValue = ({ name, part, bit, raw }: Placed, bytes: Uint8Array): Failed =>
  fail('bad-value', {
    field: name,
    value: part.personal ? untold : raw(bytes),
    expected: part.says ?? part.takes,
    at: bit >> 3,
  });

const isSpare = ({ hidden, part }: Placed): boolean => hidden && !part.text && part.show(0) === 'reserved';

const rowOf = (field: Placed): FormatRow => {
  const { name, hidden, part, bit, bits } = field;
  return {
    where: part.text === 'rest' ? `from byte ${bit >> 3} on` : placeText({ bit, bits }),
    name: hidden ? '-' : name,
    says: `${isSpare(field) ? 'reserved' : (part.says ?? part.takes)}${part.optional ? '; may be missing' : ''}`,
    ...(part.personal && { personal: true as const }),
  };
};

/**
 * A codec from a table of fields, from the most significant bit of the first byte on. The table is the program: decode,
 * encode, annotations and samples come from it. Lengths are exact, but `optional` fields may be missing at the end, and
 * `restBytes` takes what is left. Problems carry `at`, the byte up to which the payload was of this layout.
 * Throws a TypeError for a table that no payload can follow.
 *
 * @example layout({ _spare: spare(7), occupied: flag, temperatureC: int(8) })
 */
export const layout = <const L extends Parts>(parts: L): LayoutCodec<MessageOf<L>> => {
  const fields = place(parts);
  const wrong = slip(fields);
  if (wrong) throw new TypeError(`no layout: ${wrong}`);
  const rest = fields.find(({ part }) => part.text === 'rest');
  const bytesOf = (some: readonly Placed[]): number => some.reduce((sum, { bits }) => sum + bits, 0) / 8;
  const least = bytesOf(fields.filter(({ part }) => !part.optional));
  const most = bytesOf(fields);
  // Spare bits can say anything: nobody reads them.
  const read = fields.filter((field) => !isSpare(field));
  const shown = fields.filter(({ hidden }) => !hidden).map(({ name }) => name);

  /** Every field that is there. */
  const walk = function* (bytes: Uint8Array): Generator<Placed> {
    const end = 8 * bytes.length;
    for (const field of fields) {
      // Where optional fields are missing, the rest is there and empty.
      if (field.bit + field.bits > end) {
        if (field.bit === end && rest) yield movedTo(rest, end, 0);
        return;
      }
      yield field === rest ? movedTo(field, field.bit, end - field.bit) : field;
    }
  };

  const wrongLength = (have: number): Problem | undefined => {
    if (have >= least && (have <= most || rest)) return undefined;
    if (least === most && !rest) return problem('wrong-length', { have, need: least });
    return have < least ? problem('too-short', { have, need: least }) : problem('too-long', { have, most });
  };

  /** A payload that has every field and nothing else: nearly all of them. */
  const decodeWhole = (bytes: Uint8Array): Result<MessageOf<L>> => {
    const message: Record<string, unknown> = {};
    for (let i = 0; i < read.length; i++) {
      const field = read[i]!;
      const value = field.part.read(field.raw(bytes));
      if (value === undefined) return badValue(field, bytes);
      if (!field.hidden) message[field.name] = value;
    }
    return ok(message as MessageOf<L>);
  };

  const decode = (bytes: Uint8Array): Result<MessageOf<L>> => {
    if (bytes.length === most && !rest) return decodeWhole(bytes);
    const short = wrongLength(bytes.length);
    const message: Record<string, unknown> = {};
    let end = 0;
    let marked = 0;
    for (const field of walk(bytes)) {
      const { name, hidden, part, bit } = field;
      // With a wrong length only the marks count: they say whether it is this layout at all.
      if (short && !part.marks) continue;
      const value = part.read(field.raw(bytes));
      if (value === undefined) return badValue(field, bytes);
      if (!hidden) message[name] = value;
      end = bit + field.bits;
      // A mark that ends inside a byte vouches for that byte.
      if (part.marks) marked = (end + 7) >> 3;
    }
    if (short) return failed({ ...short, facts: { ...short.facts, at: marked } });
    // Some length between the two that cuts an optional field.
    return end === 8 * bytes.length
      ? ok(message as MessageOf<L>)
      : fail('wrong-length', { have: bytes.length, need: most, at: end >> 3 });
  };

  const encode = (message: MessageOf<L>): Result<Uint8Array> => {
    const given = message as Readonly<Record<string, unknown>>;
    const strange = strangeField(given, shown);
    if (strange) return strange;
    const head = new Uint8Array(most);
    let tail = new Uint8Array(0);
    let end = 0;
    let missing: string | undefined;
    for (const { name, hidden, part, bit, bits } of fields) {
      const value = hidden ? undefined : given[name];
      if (part.optional && value === undefined) {
        missing ??= name;
        continue;
      }
      if (missing !== undefined) {
        // An empty rest behind a missing field is no gap.
        if (part.text === 'rest' && value === '') continue;
        return fail('bad-message', { field: missing, why: `cannot be left out when ${name} is there` });
      }
      const raw = writePart(name, part, value);
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
    least,
    most,
    decode,
    encode,
    rows: fields.map(rowOf),
    annotate: (bytes): readonly Field[] =>
      [...walk(bytes)]
        .filter(({ bits }) => bits > 0)
        .map(({ bit, bits, name, part, raw }) => {
          const value = part.read(raw(bytes));
          return { bit, bits, name, value: value === undefined ? '?' : part.show(value) };
        }),
    sample(dice: Dice) {
      const message: Record<string, unknown> = {};
      for (const { name, hidden, part } of fields) {
        const value = part.sample(dice);
        if (part.optional && value === undefined) {
          if (rest) message[rest.name] = '';
          break;
        }
        if (!hidden) message[name] = value;
      }
      return message as MessageOf<L>;
    },
  };
};

export { reshape } from './reshape.js';
