import { fail } from '../base/problem.js';
import { ok } from '../base/result.js';
import type { Codec } from './codec.js';
import { strangeField } from './strange.js';

/** The same bytes as another message: where a vendor splits what belongs together. */
export const reshape = <A, B extends object>(
  codec: Codec<A>,
  how: { readonly to: (message: A) => B; readonly from: (message: B) => A | undefined; readonly takes: string },
): Codec<B> => ({
  decode(bytes) {
    const message = codec.decode(bytes);
    return message.ok ? ok(how.to(message.value)) : message;
  },
  encode(message) {
    const inner = how.from(message);
    if (inner === undefined) return fail('bad-message', { field: 'message', why: `expected is ${how.takes}` });
    const bytes = codec.encode(inner);
    const back = bytes.ok ? codec.decode(bytes.value) : bytes;
    // What `from` did not look at would be lost without a word.
    const said = Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
    return (back.ok && strangeField(said, Object.keys(how.to(back.value)))) || bytes;
  },
  annotate: (bytes) => codec.annotate(bytes),
  sample: (dice) => how.to(codec.sample(dice)),
  rows: codec.rows,
});
