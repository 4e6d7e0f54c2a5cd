import { toHex } from '../../../src/base/hex.js';
import { fail } from '../../../src/base/problem.js';
import { failed, ok } from '../../../src/base/result.js';
import type { Codec, Field, FormatRow } from '../../../src/codec/codec.js';
import { layout, type MessageOf, type Parts } from '../../../src/codec/layout.js';
import { constant, hexBytes, uint, type Part } from '../../../src/codec/parts.js';
import { shifted } from '../../../src/codec/shifted.js';
import { unixSeconds } from './parts.js';

const marker = 0x7e;
const lengthAt = 8;

/** Filled in when the body is known. */
const bodyLength: Part<number> = {
  ...uint(16),
  write: () => 0,
  sample: () => 0,
  takes: 'the number of bytes of the body',
};

const before = {
  _start: constant(8, marker),
  /** As it is printed everywhere: 10 and 11 are known. */
  protocolVersion: hexBytes(1),
  /** When the frame was made, by the sensor's clock. */
  timeS: unixSeconds,
  frameCounter: uint(16),
  _bodyLength: bodyLength,
  instruction: uint(8),
} as const;

/** How the check is made is not public, and the captures have zeros: it is kept as it came. */
const after = layout({ check: hexBytes(2), _end: constant(8, marker) });

export type FrameMessage<E extends Parts, M> = MessageOf<typeof before> & MessageOf<E> & { readonly check: string } & M;

const moved = (field: Field, bytes: number): Field => ({ ...field, bit: field.bit + 8 * bytes });

/**
 * A body in the frame of the LW009-SM and LW009-IG: `7E`, head, as many bytes as the head says, two bytes of check, `7E`.
 * Nothing is escaped: the length alone says where the body ends. `carries` picks one kind of bodies among several: a body
 * without it is another message.
 */
export const framed = <const E extends Parts, M extends object>(
  /** The byte that says whether the body is encrypted. */
  encryption: E,
  body: Codec<M>,
  { carries = () => true, what }: { readonly carries?: (message: M) => boolean; readonly what: string },
): Codec<FrameMessage<E, M>> => {
  const head = layout({ ...before, ...encryption });
  const from = head.most;
  const around = from + after.most;
  const headNames = Object.keys({ ...before, ...encryption }).filter((name) => !name.startsWith('_'));
  const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(from, bytes.length - after.most);

  return {
    decode(bytes) {
      if (bytes.length > 0 && bytes[0] !== marker)
        return fail('bad-value', { field: 'start', value: bytes[0]!, expected: `always ${marker}`, at: 0 });
      if (bytes.length < around) return fail('too-short', { have: bytes.length, need: around, at: bytes.length });
      const need = around + bytes[lengthAt]! * 256 + bytes[lengthAt + 1]!;
      if (bytes.length !== need) return fail('wrong-length', { have: bytes.length, need, at: lengthAt });
      const first = head.decode(bytes.subarray(0, from));
      if (!first.ok) return first;
      const middle = body.decode(bodyOf(bytes));
      if (!middle.ok) return failed(shifted(middle.problem, from));
      if (!carries(middle.value))
        return fail('bad-value', { field: 'body', value: toHex(bodyOf(bytes)), expected: what, at: from });
      const last = after.decode(bytes.subarray(need - after.most));
      if (!last.ok) return failed(shifted(last.problem, need - after.most));
      return ok({ ...first.value, ...middle.value, ...last.value } as unknown as FrameMessage<E, M>);
    },
    encode(message) {
      const { check, ...given } = message as Readonly<Record<string, unknown>>;
      const inHead = (name: string): boolean => headNames.includes(name);
      const pick = (want: boolean): Record<string, unknown> =>
        Object.fromEntries(Object.entries(given).filter(([name]) => inHead(name) === want));
      const first = head.encode(pick(true) as never);
      if (!first.ok) return first;
      const inner = pick(false) as M;
      if (!carries(inner)) return fail('bad-message', { field: 'body', why: `expected is ${what}` });
      const middle = body.encode(inner);
      if (!middle.ok) return middle;
      const size = middle.value.length;
      if (size > 0xffff) return fail('bad-message', { field: 'body', why: 'it has more than 65535 bytes' });
      const last = after.encode({ check } as never);
      if (!last.ok) return last;
      const bytes = Uint8Array.from([...first.value, ...middle.value, ...last.value]);
      bytes[lengthAt] = size >> 8;
      bytes[lengthAt + 1] = size & 0xff;
      return ok(bytes);
    },
    annotate: (bytes) => [
      ...head.annotate(bytes.subarray(0, from)),
      ...body.annotate(bodyOf(bytes)).map((field) => moved(field, from)),
      ...after.annotate(bytes.subarray(bytes.length - after.most)).map((f) => moved(f, bytes.length - after.most)),
    ],
    sample(dice) {
      const start = head.sample(dice);
      let inner = body.sample(dice);
      while (!carries(inner)) inner = body.sample(dice);
      return { ...start, ...inner, ...after.sample(dice) } as unknown as FrameMessage<E, M>;
    },
    rows: [
      ...head.rows,
      ...body.rows.map((row): FormatRow => ({ ...row, where: `body, ${row.where}` })),
      ...after.rows.map((row): FormatRow => ({ ...row, where: `behind the body, ${row.where}` })),
    ],
  };
};
