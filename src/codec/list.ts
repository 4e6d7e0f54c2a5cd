import { whole, type Dice } from '../base/dice.js';
import { toHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import { failed, ok } from '../base/result.js';
import type { Codec, Field, FormatRow } from './codec.js';
import { layout, type MessageOf, type Parts } from './layout.js';
import { shifted } from './shifted.js';

/** A head of fixed fields and a list of equal items behind it; `rest` is what is left over and too short for an item. */
export type ListMessage<H extends Parts, N extends string, I extends Parts> = MessageOf<H> & {
  readonly [K in N]: readonly MessageOf<I>[];
} & { readonly rest?: string };

const mostSampled = 5;

/**
 * A codec for fixed fields that a list of equal items follows, to the end of the payload or, when `counted`, as many as
 * one byte before them says. What is left over goes into `rest`, which is not made again. Fewer items than counted are
 * `too-short`.
 *
 * @example withList({ head: { occupied: flag, _spare: spare(7) }, list: 'beacons', item: { id: uint(16) } })
 */
export const withList = <const H extends Parts, const N extends string, const I extends Parts>(how: {
  readonly head: H;
  readonly list: N;
  readonly item: I;
  readonly counted?: boolean;
}): Codec<ListMessage<H, N, I>> => {
  const { list, counted = false } = how;
  const head = layout(how.head);
  const item = layout(how.item);
  const from = head.most + (counted ? 1 : 0);
  const count = (bytes: Uint8Array): number =>
    counted ? bytes[head.most]! : Math.floor((bytes.length - from) / item.most);

  return {
    decode(bytes) {
      if (bytes.length < from) return fail('too-short', { have: bytes.length, need: from, at: bytes.length });
      const first = head.decode(bytes.subarray(0, head.most));
      if (!first.ok) return first;
      const end = from + count(bytes) * item.most;
      if (end > bytes.length) return fail('too-short', { have: bytes.length, need: end, at: bytes.length });
      const items: MessageOf<I>[] = [];
      for (let at = from; at < end; at += item.most) {
        const one = item.decode(bytes.subarray(at, at + item.most));
        if (!one.ok) return failed(shifted(one.problem, at));
        items.push(one.value);
      }
      const rest = end < bytes.length ? { rest: toHex(bytes.subarray(end)) } : {};
      return ok({ ...first.value, [list]: items, ...rest } as unknown as ListMessage<H, N, I>);
    },
    encode(message) {
      const { [list]: items, rest, ...fields } = message as Readonly<Record<string, unknown>>;
      if (rest !== undefined)
        return fail('bad-message', { field: 'rest', why: 'bytes that were not understood are not made again' });
      if (!Array.isArray(items) || (counted && items.length > 255))
        return fail('bad-message', { field: list, why: `expected is a list${counted ? ' of at most 255' : ''}` });
      const first = head.encode(fields as unknown as MessageOf<H>);
      if (!first.ok) return first;
      const out = [...first.value, ...(counted ? [items.length] : [])];
      for (const one of items as readonly unknown[]) {
        if (typeof one !== 'object' || one === null)
          return fail('bad-message', { field: list, why: 'expected is a list of objects' });
        const bytes = item.encode(one as MessageOf<I>);
        if (!bytes.ok) return bytes;
        out.push(...bytes.value);
      }
      return ok(Uint8Array.from(out));
    },
    annotate(bytes): readonly Field[] {
      const fields = [...head.annotate(bytes.subarray(0, head.most))];
      const n = count(bytes);
      if (counted) fields.push({ bit: 8 * head.most, bits: 8, name: `number of ${list}`, value: String(n) });
      let at = from;
      for (let i = 0; i < n; i++, at += item.most)
        for (const field of item.annotate(bytes.subarray(at, at + item.most)))
          fields.push({ ...field, bit: field.bit + 8 * at, name: `${list} ${i + 1}: ${field.name}` });
      if (at < bytes.length)
        fields.push({ bit: 8 * at, bits: 8 * (bytes.length - at), name: 'rest', value: 'not understood' });
      return fields;
    },
    rows: [
      ...head.rows,
      ...(counted ? [{ where: `byte ${head.most}`, name: '-', says: `number of ${list}` }] : []),
      ...item.rows.map((row): FormatRow => ({ ...row, where: `${list}: ${row.where}`, name: `${list}[].${row.name}` })),
    ],
    sample(dice: Dice) {
      const items = Array.from({ length: whole(dice, 0, mostSampled) }, () => item.sample(dice));
      return { ...head.sample(dice), [list]: items } as unknown as ListMessage<H, N, I>;
    },
  };
};
