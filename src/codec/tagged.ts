import { whole, type Dice } from '../base/dice.js';
import { hex, toHex } from '../base/hex.js';
import { fail, problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { Codec, Field, FormatRow } from './codec.js';
import { layout, type LayoutCodec, type MessageOf, type Parts, type ValueOf } from './layout.js';
import { restBytes as restOf, type Part } from './parts.js';
import { shifted } from './shifted.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a part of any type
type AnyPart = Part<any, any>;
/** What stands behind a tag: one value, or several fields that become an object. */
type Content = AnyPart | Parts;
/** `[tag in hexadecimal digits, what stands behind it]`. */
export type Tags = Readonly<Record<string, readonly [tag: string, content: Content]>>;
type ContentValue<C> = C extends AnyPart ? ValueOf<C> : C extends Parts ? MessageOf<C> : never;

/** The values that were there, in the order of the payload; `rest` is what could not be understood behind them. */
export type TaggedMessage<T extends Tags> = {
  readonly [K in keyof T]?: ContentValue<T[K][1]>;
} & { readonly rest?: string };

/** What else a format of tags says. */
export interface TagOptions<A extends Tags> {
  /** Bytes of length between tag and value. */
  readonly lengthBytes?: 0 | 1 | 2;
  /** Tags that may follow, but not come first: where the first tag says what kind of message it is. */
  readonly also?: A;
  /** How many values a message has; one of fewer is another format. */
  readonly atLeast?: number;
}

interface Entry {
  readonly name: string;
  readonly tag: Uint8Array;
  readonly codec: LayoutCodec<object>;
  /** One value instead of an object. */
  readonly single: boolean;
}

const isPart = (content: Content): content is AnyPart => typeof (content as { read?: unknown }).read === 'function';

const entryOf = ([name, [tag, content]]: readonly [string, Tags[string]]): Entry => ({
  name,
  tag: hex(tag),
  codec: layout(isPart(content) ? { [name]: content } : content) as LayoutCodec<object>,
  single: isPart(content),
});

/** A stretch of the payload: tag, length field and value. */
interface Item {
  readonly entry: Entry | undefined;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

const unknownName = /^tag([0-9a-f]+)$/;

/**
 * A codec for values behind tags, in any order, which a message keeps. Without a length field (`lengthBytes` 0) an unknown
 * tag ends what can be understood: what follows is the `rest`. With one it is kept as `tag7f: 'c0ffee'`. A tag that comes
 * twice ends it as well. A payload of which nothing can be read is `unknown-item` or `too-short`; a value that a format does not know is
 * `bad-value`; a length that does not fit its tag is `wrong-length`: each with `at`, the byte where it lies.
 * Tags that are only `also` allowed are documented where they lead.
 *
 * @example tagged({ batteryPercent: ['0175', uint(8)], distance: ['8482', { mm: littleEndian(uint(16)), alarm: flag8 }] })
 */
export const tagged = <const T extends Tags, const A extends Tags = Record<never, never>>(
  tags: T,
  { lengthBytes = 0, also, atLeast = 1 }: TagOptions<A> = {},
): Codec<TaggedMessage<T & A>> => {
  const entries = Object.entries(tags).map(entryOf);
  const followers = Object.entries(also ?? {}).map(entryOf);
  const tagBytes = entries[0]!.tag.length;
  const byTag = new Map([...entries, ...followers].map((entry) => [toHex(entry.tag), entry]));
  const byName = new Map([...entries, ...followers].map((entry) => [entry.name, entry]));
  const expected = `one of the tags ${[...byTag.keys()].join(', ')}`;
  const first = `one of the tags ${entries.map(({ tag }) => toHex(tag)).join(', ')} first`;

  /** The next item; undefined when there is none that can be told from the rest. */
  const itemAt = (bytes: Uint8Array, at: number): Item | undefined => {
    const from = at + tagBytes + lengthBytes;
    if (from > bytes.length) return undefined;
    const entry = byTag.get(toHex(bytes.subarray(at, at + tagBytes)));
    if (!entry && lengthBytes === 0) return undefined;
    let size = entry?.codec.most ?? 0;
    if (lengthBytes > 0) for (size = 0, at = from - lengthBytes; at < from; at++) size = size * 256 + bytes[at]!;
    return from + size > bytes.length ? undefined : { entry, at: from - lengthBytes - tagBytes, from, to: from + size };
  };

  const itemsOf = (bytes: Uint8Array): { readonly items: readonly Item[]; readonly end: number } => {
    const items: Item[] = [];
    const seen = new Set<string>();
    let end = 0;
    for (let item = itemAt(bytes, 0); item && end < bytes.length; item = itemAt(bytes, end)) {
      const tag = toHex(bytes.subarray(item.at, item.at + tagBytes));
      if (seen.has(tag)) break;
      seen.add(tag);
      items.push(item);
      end = item.to;
    }
    return { items, end };
  };

  const nothing = (bytes: Uint8Array): Problem => {
    const known = byTag.get(toHex(bytes.subarray(0, tagBytes)));
    if (bytes.length < tagBytes || known || lengthBytes > 0) {
      const need = tagBytes + lengthBytes + (known && lengthBytes === 0 ? known.codec.most : 0);
      return problem('too-short', { have: bytes.length, need: Math.max(need, bytes.length + 1), at: bytes.length });
    }
    return problem('unknown-item', { item: toHex(bytes.subarray(0, tagBytes)), at: 0, expected });
  };

  const valueOf = (entry: Entry, decoded: object): unknown =>
    entry.single ? (decoded as Readonly<Record<string, unknown>>)[entry.name] : decoded;

  const encodeOne = (name: string, value: unknown): Result<Uint8Array> => {
    const entry = byName.get(name);
    if (entry) return entry.codec.encode((entry.single ? { [name]: value } : value) as object);
    return layout({ [name]: restOf }).encode({ [name]: value } as never);
  };

  return {
    decode(bytes) {
      const { items, end } = itemsOf(bytes);
      if (items.length === 0) return failed(nothing(bytes));
      if (items[0]!.entry && followers.includes(items[0]!.entry))
        return fail('unknown-item', { item: toHex(items[0]!.entry.tag), at: 0, expected: first });
      if (items.length < atLeast)
        return end < bytes.length
          ? fail('unknown-item', { item: toHex(bytes.subarray(end, end + tagBytes)), at: end, expected })
          : fail('too-short', { have: end, need: end + tagBytes + 1, at: end });
      const message: Record<string, unknown> = {};
      for (const { entry, at, from, to } of items) {
        const content = bytes.subarray(from, to);
        if (!entry) {
          message[`tag${toHex(bytes.subarray(at, at + tagBytes))}`] = toHex(content);
          continue;
        }
        const decoded = entry.codec.decode(content);
        if (!decoded.ok) return failed(shifted(decoded.problem, from));
        message[entry.name] = valueOf(entry, decoded.value);
      }
      if (end < bytes.length) message['rest'] = toHex(bytes.subarray(end));
      return ok(message as TaggedMessage<T & A>);
    },
    encode(message) {
      const out: number[] = [];
      for (const [name, value] of Object.entries(message as Readonly<Record<string, unknown>>)) {
        if (value === undefined) continue;
        const tag = byName.get(name)?.tag ?? unknownTag(name, { tagBytes, lengthBytes });
        if (!tag) return fail('bad-message', { field: name, why: whyNot(name, [...byName.keys()]) });
        if (byName.get(name)?.single === false && (typeof value !== 'object' || value === null))
          return fail('bad-message', { field: name, why: 'expected is an object' });
        const bytes = encodeOne(name, value);
        if (!bytes.ok) return bytes;
        out.push(...tag);
        for (let i = lengthBytes - 1; i >= 0; i--) out.push((bytes.value.length >> (8 * i)) & 255);
        out.push(...bytes.value);
      }
      const names = Object.keys(message).filter((name) => message[name as keyof typeof message] !== undefined);
      if (names.length < atLeast) return fail('bad-message', { field: 'message', why: whyFew(atLeast) });
      if (followers.some(({ name }) => name === names[0]))
        return fail('bad-message', { field: names[0]!, why: 'must not come first' });
      return ok(Uint8Array.from(out));
    },
    annotate(bytes) {
      const { items, end } = itemsOf(bytes);
      const fields = items.flatMap(({ entry, at, from, to }): Field[] => {
        const head: Field = { bit: 8 * at, bits: 8 * (from - at), name: 'tag', value: entry?.name ?? 'unknown' };
        if (!entry && to === from) return [head];
        const value: Field = { bit: 8 * from, bits: 8 * (to - from), name: 'unknown', value: 'not understood' };
        const inner = entry ? entry.codec.annotate(bytes.subarray(from, to)) : undefined;
        return [head, ...(inner?.map((field) => ({ ...field, bit: field.bit + 8 * from })) ?? [value])];
      });
      if (end === bytes.length) return fields;
      return [...fields, { bit: 8 * end, bits: 8 * (bytes.length - end), name: 'rest', value: 'not understood' }];
    },
    rows: entries.flatMap(({ name, tag, codec, single }): FormatRow[] =>
      codec.rows.map((row) => ({
        ...row,
        where: single ? `tag ${toHex(tag)}` : `tag ${toHex(tag)}, ${row.where}`,
        name: single ? name : `${name}.${row.name}`,
      })),
    ),
    sample(dice: Dice) {
      const message: Record<string, unknown> = {};
      const some = entries.filter(() => dice.next() < 0.4);
      while (some.length < atLeast) {
        const more = entries[whole(dice, 0, entries.length - 1)]!;
        if (!some.includes(more)) some.push(more);
      }
      for (const entry of [...some, ...followers.filter(() => dice.next() < 0.1)])
        message[entry.name] = valueOf(entry, entry.codec.sample(dice));
      return message as TaggedMessage<T & A>;
    },
  };
};

const unknownTag = (
  name: string,
  { tagBytes, lengthBytes }: Readonly<Record<string, number>>,
): Uint8Array | undefined => {
  const digits = unknownName.exec(name)?.[1];
  return lengthBytes! > 0 && digits?.length === 2 * tagBytes! ? hex(digits) : undefined;
};

const whyNot = (name: string, known: readonly string[]): string =>
  name === 'rest' ? 'bytes that were not understood are not made again' : `is no field; fields are ${known.join(', ')}`;

const whyFew = (atLeast: number): string =>
  atLeast === 1 ? 'at least one value is expected' : `at least ${atLeast} values are expected`;
