import { fail } from '../base/problem.js';
import { ok } from '../base/result.js';
import type { Codec } from './codec.js';

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
  rows: codec.rows,
});
