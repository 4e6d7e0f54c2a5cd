import { pick, whole, type Dice } from '../base/dice.js';
import { fail } from '../base/problem.js';
import { ok } from '../base/result.js';
import { around, pairFields, readCbor, restField } from './cbor.js';
import { writeMap, type Plain, type PlainMap } from './cbor-write.js';
import type { Codec } from './codec.js';
import { strangeField } from './strange.js';

/** One map of CBOR. */
export interface MapMessage {
  readonly fields: PlainMap;
  /** What stood behind the map, in hexadecimal digits. */
  readonly rest?: string;
}

/** A key that means something, for documentation and samples. */
export interface KnownKey {
  readonly key: string;
  readonly says: string;
  sample(dice: Dice): Plain;
}

const mostSampled = 4;

/** A payload that is one map of CBOR: every key stays in the message, known or not. */
export const cborMap = (known: readonly KnownKey[]): Codec<MapMessage> => ({
  decode(bytes) {
    const read = readCbor(bytes);
    if (!read.ok) return read;
    const { value, item, rest } = read.value;
    if (item.kind !== 'map')
      return fail('bad-cbor', { at: 0, what: `a ${item.kind}`, expected: 'a map, or a list of SenML records' });
    return ok({ fields: value as PlainMap, ...(rest !== undefined && { rest }) });
  },
  encode({ fields, rest, ...others }) {
    const strange = strangeField(others, ['fields']);
    if (strange) return strange;
    if (rest !== undefined)
      return fail('bad-message', { field: 'rest', why: 'bytes that were not understood are not made again' });
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      return fail('bad-message', { field: 'fields', why: 'expected is an object' });
    const bytes = writeMap(fields, 'fields');
    return bytes.ok ? ok(Uint8Array.from(bytes.value)) : bytes;
  },
  annotate(bytes) {
    const read = readCbor(bytes);
    if (!read.ok || read.value.item.kind !== 'map') return [];
    const { item, value } = read.value;
    const pairs = pairFields(item, value as PlainMap, (key) => key);
    return [...around(item, 'map', pairs), ...restField(read.value, bytes)];
  },
  rows: known.map(({ key, says }) => ({ where: `key "${key}"`, name: `fields.${key}`, says })),
  sample(dice) {
    const some = Array.from({ length: whole(dice, 1, mostSampled) }, () => pick(dice, known));
    return { fields: Object.fromEntries(some.map(({ key, sample }) => [key, sample(dice)])) };
  },
});
