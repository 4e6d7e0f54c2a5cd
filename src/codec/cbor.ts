import { Decoder } from 'cbor-x';
import { toHex } from '../base/hex.js';
import { ok, type Result } from '../base/result.js';
import { scanCbor, type CborItem } from './cbor-scan.js';
import type { Plain, PlainMap } from './cbor-write.js';
import type { Field } from './codec.js';

// Maps as maps: as objects cbor-x would rename keys, and merge a number with its digits.
const reader = new Decoder({ mapsAsObjects: false, useRecords: false });

/** What cbor-x makes of an item, as plain data: never a `Map`, a `Buffer`, a bigint or a number that JSON does not know. */
const plain = (value: unknown): Plain => {
  if (typeof value === 'bigint') return Number(value);
  // Adding 0 turns -0, which JSON does not know, into 0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, content]: [unknown, unknown]) => [String(key), plain(content)]));
  return null;
};

/** The first data item of a payload. */
export interface Cbor {
  readonly value: Plain;
  /** Where everything stands. */
  readonly item: CborItem;
  /** What stands behind it, in hexadecimal digits. */
  readonly rest?: string;
}

/**
 * CBOR (RFC 8949) as plain data. Any bytes may come: everything cbor-x assumes, and all that it can do and a sensor never
 * wants (records, references, typed arrays, dates), is settled by the scan before it; what it sees is a short plain rest.
 *
 * A byte string is `{ hex: '0a1b' }`; a whole number as a key is its digits; undefined, not-a-number and infinity are null,
 * since JSON has no word for them. Decimal fractions and big numbers are numbers, and a whole number that a double would
 * change is the text of its digits; of other tags the content is kept. Refused as `bad-cbor`, with the byte and what was
 * expected: keys that come twice or are neither text nor whole number, text that is not UTF-8, and whatever is cut short
 * or too deep.
 */
export const readCbor = (bytes: Uint8Array): Result<Cbor> => {
  const scanned = scanCbor(bytes);
  if (!scanned.ok) return scanned;
  const { item, simple } = scanned.value;
  const value = plain(reader.decode(simple));
  return ok({ value, item, ...(item.end < bytes.length && { rest: toHex(bytes.subarray(item.end)) }) });
};

const stretch = (from: number, to: number, name: string, value: string): Field => ({
  bit: 8 * from,
  bits: 8 * (to - from),
  name,
  value,
});

/** What stands before and behind the items of a list or map: its head, and the end of one that does not say how long it is. */
export const around = ({ at, end, items, kind }: CborItem, name: string, inner: readonly Field[]): readonly Field[] => {
  const count = items.length / (kind === 'map' ? 2 : 1);
  const head = stretch(at, items[0]?.at ?? end, name, `${kind} of ${count}`);
  const last = items.at(-1)?.end ?? end;
  return [head, ...inner, ...(last < end ? [stretch(last, end, name, 'end')] : [])];
};

/** One field for each key of a map with its value. */
export const pairFields = (map: CborItem, values: PlainMap, nameOf: (key: string) => string): readonly Field[] =>
  map.items.flatMap((key, i) => {
    const content = map.items[i + 1];
    if (i % 2 === 1 || !content) return [];
    const name = nameOf(String(key.said));
    const value = values[name];
    return [stretch(key.at, content.end, name, typeof value === 'object' ? JSON.stringify(value) : String(value))];
  });

/** What stands behind the item. */
export const restField = ({ item: { end } }: Cbor, bytes: Uint8Array): readonly Field[] =>
  end < bytes.length ? [stretch(end, bytes.length, 'rest', 'not understood')] : [];
