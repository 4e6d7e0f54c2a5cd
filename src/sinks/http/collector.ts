import { usPerMs, type Us } from '../../base/time.js';
import type { Clock } from '../../io/clock.js';
import type { Delivery, Lane } from '../define.js';
import type { PostForm, Poster } from './poster.js';

interface Item<T> {
  readonly what: T;
  readonly sinceUs: Us;
  done(how: Delivery): void;
}

export interface Collector<T> extends Lane<T> {
  /** Ends; what waits comes again. */
  close(): void;
}

/**
 * Takes things one by one and posts them together: when there are `batch`, or when the first has waited for `maxWaitMs`;
 * one post after the other. When one has to come again, so has all that waits behind it; and what was posted together
 * before is posted together again, so that the server knows it by its key.
 */
export const openCollector = <T>(setup: {
  readonly batch: number;
  readonly maxWaitMs: number;
  readonly form: PostForm<T>;
  readonly poster: Poster;
  readonly clock: Clock;
}): Collector<T> => {
  const { batch, maxWaitMs, form, poster, clock } = setup;
  let queue: Item<T>[] = [];
  let posting = false;
  let closed = false;
  let timer: (() => void) | undefined;
  /** The names of a post that has to be made again. */
  let again: readonly string[] = [];

  const nameAt = (i: number): string | undefined => queue[i] && form.name(queue[i].what);
  const placeOf = (name: string | undefined): number =>
    name === undefined ? -1 : queue.findIndex(({ what }) => form.name(what) === name);

  /** What is posted together next. */
  const next = (): readonly Item<T>[] => {
    const most = Math.min(poster.most, queue.length);
    const at = placeOf(again[0]);
    if (at < 0 || at >= most) return queue.slice(0, most);
    if (at > 0) return queue.slice(0, at);
    const same = again.findIndex((name, i) => nameAt(i) !== name);
    return queue.slice(0, Math.min(most, same < 0 ? again.length : same));
  };
  const dueUs = (): Us => queue[0]!.sinceUs + maxWaitMs * usPerMs;
  const isDue = (): boolean =>
    queue.length >= poster.most || (again.length > 0 && queue.length >= again.length) || clock.nowUs() >= dueUs();

  const look = (): void => {
    if (posting || closed || queue.length === 0) return;
    if (isDue()) return void post();
    timer ??= clock.at(dueUs(), () => {
      timer = undefined;
      look();
    });
  };

  const post = async (): Promise<void> => {
    posting = true;
    timer?.();
    timer = undefined;
    // What is taken in the same breath goes together.
    await Promise.resolve();
    const items = next();
    queue = queue.slice(items.length);
    const open = new Set(items);
    const failed = await poster.post(items, itemForm, (item, how) => {
      open.delete(item);
      item.done(how);
    });
    if (failed) again = failed.part.map(({ what }) => form.name(what));
    // What stood before it went first, and then it is still to come.
    else if (placeOf(again[0]) < 0) again = [];
    posting = false;
    if (!failed && !closed) return look();
    const waiting = [...open, ...queue];
    queue = [];
    for (const { done } of waiting) done('again');
  };
  const itemForm: PostForm<Item<T>> = {
    type: form.type,
    name: ({ what }) => form.name(what),
    body: (items) => form.body(items.map(({ what }) => what)),
  };

  return {
    // One by one: so each that was taken counts at once, and of a post that failed in part only the rest comes again.
    batch: 1,
    // As many are underway, and as many more are ready to follow.
    window: 2 * batch,
    deliver: ([what]) =>
      new Promise((done) => {
        if (closed) return done('again');
        queue.push({ what: what!, sinceUs: clock.nowUs(), done });
        look();
      }),
    close() {
      closed = true;
      timer?.();
      // What is posted just now ends by itself, and takes along what waits.
      if (posting) return;
      const waiting = queue;
      queue = [];
      for (const { done } of waiting) done('again');
    },
  };
};
