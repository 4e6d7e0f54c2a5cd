import { createHash } from 'node:crypto';
import { usPerMs } from '../../base/time.js';
import type { HttpClient } from '../../io/http-client.js';
import { sparseLog } from '../../io/sparse-log.js';
import type { SinkContext } from '../define.js';
import type { Gate } from '../parts/gate.js';
import { judge } from './judge.js';

/** How things are posted. */
export interface PostForm<T> {
  /** Names one thing: the same name, the same content. */
  name(one: T): string;
  body(these: readonly T[]): string;
  readonly type: string;
}

/** What a post ended with when not all is settled: which part failed. */
export interface Unsettled<T> {
  readonly part: readonly T[];
}

export interface Poster {
  /**
   * Posts these, in parts where the server objects to the whole, and settles one after the other until one has to come
   * again; the gate is shut then. Undefined when all are settled.
   */
  post<T>(
    these: readonly T[],
    form: PostForm<T>,
    settle: (one: T, how: 'delivered' | 'refused') => void,
  ): Promise<Unsettled<T> | undefined>;
  /** So many the server takes at once, as far as we know. */
  readonly most: number;
}

/**
 * So many refused one by one, and nothing taken in between, say that the server wants none of them: a wrong format or
 * address. Then they are kept, as with every other mistake that somebody can mend.
 */
const mostRefused = 10;
/** So often the connection is cut during the same post before it is tried with less. */
const mostCuts = 3;
/** After so many posts that went well it is tried with more again. */
const calmPosts = 100;

const keyOf = (names: readonly string[]): string =>
  createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32);

/** Posts to one address; lanes share it, so that they share what is known of the server. */
export const openPoster = (setup: {
  readonly client: HttpClient;
  readonly gate: Gate;
  readonly address: string;
  readonly batch: number;
  readonly context: SinkContext;
}): Poster => {
  const { client, gate, address, batch, context } = setup;
  const { clock, log } = context;
  const say = sparseLog(log);
  let most = batch;
  let refused = 0;
  let cuts = 0;
  let calm = 0;
  const fewer = (than: number): void => {
    most = Math.max(1, than >> 1);
    calm = 0;
    cuts = 0;
  };

  const post: Poster['post'] = async (these, form, settle) => {
    const names = these.map((one) => form.name(one));
    const headers = { 'Content-Type': form.type, 'Idempotency-Key': keyOf(names) };
    const body = new TextEncoder().encode(form.body(these));
    const verdict = judge(await client.post(body, headers), clock.nowUs() / usPerMs);
    if (verdict.kind === 'taken') {
      refused = 0;
      cuts = 0;
      if (++calm % calmPosts === 0) most = Math.min(batch, 2 * most);
      gate.passed();
      for (const one of these) settle(one, 'delivered');
      return undefined;
    }
    if (verdict.kind === 'later') {
      const { why, forMs, unauthorised, cut } = verdict;
      cuts = cut ? cuts + 1 : 0;
      // Some servers cut the connection in the middle of a body that is too long for them.
      if (cuts >= mostCuts) fewer(these.length);
      gate.shut(why, { ...(forMs !== undefined && { forMs }), ...(unauthorised && { event: 'http_unauthorised' }) });
      return { part: these };
    }
    if (these.length > 1) {
      const half = (these.length + 1) >> 1;
      if (verdict.tooLarge) fewer(these.length);
      return (await post(these.slice(0, half), form, settle)) ?? (await post(these.slice(half), form, settle));
    }
    if (refused >= mostRefused) {
      gate.shut(`${verdict.why} to one after the other`, { event: 'http_refuses_all' });
      return { part: these };
    }
    refused++;
    say('http_refused', verdict.why, { sink: address, what: names[0] });
    settle(these[0]!, 'refused');
    return undefined;
  };
  return {
    post,
    get most() {
      return most;
    },
  };
};
