import { usPerMs, type Us } from '../../base/time.js';
import type { Clock } from '../../io/clock.js';
import type { ParkingEvent } from '../../parking/event.js';
import type { Delivery, Lane } from '../define.js';
import type { PostForm, Poster } from './poster.js';

/** A delivery, and how many of its events have gone which way. */
interface Order {
  readonly size: number;
  delivered: number;
  refused: number;
  done(how: Delivery): void;
}
interface Item {
  readonly event: ParkingEvent;
  readonly order: Order;
  readonly sinceUs: Us;
}

export interface Collector extends Lane<ParkingEvent> {
  /** Ends; what waits comes again. */
  close(): void;
}

/** Deliveries that are collected for one post: the outbox hands over what comes, often one by one. */
const window = 32;

/**
 * Collects deliveries until there are `batch` events, or until the first has waited for `maxWaitMs`, and posts them, one
 * post after the other. When one has to come again, so has all that waits behind it; and what was posted together before
 * is posted together again, so that the server knows it by its key.
 */
export const openCollector = (setup: {
  readonly batch: number;
  readonly maxWaitMs: number;
  readonly form: PostForm<ParkingEvent>;
  readonly poster: Poster;
  readonly clock: Clock;
}): Collector => {
  const { batch, maxWaitMs, form, poster, clock } = setup;
  let queue: Item[] = [];
  let orders = 0;
  let posting = false;
  let closed = false;
  let timer: (() => void) | undefined;
  /** The ids of a post that has to be made again. */
  let again: readonly string[] = [];

  const end = (order: Order, how: Delivery): void => {
    orders--;
    order.done(how);
  };
  const settle = ({ order }: Item, how: 'delivered' | 'refused'): void => {
    order[how]++;
    if (order.delivered + order.refused < order.size) return;
    // Of a delivery that was taken in part, the log tells what was refused.
    end(order, order.delivered > 0 ? 'delivered' : 'refused');
  };
  const comeAgain = (items: readonly Item[]): void => {
    for (const order of new Set(items.map((item) => item.order))) end(order, 'again');
  };

  /** What is posted together next. */
  const next = (): readonly Item[] => {
    const most = Math.min(poster.most, queue.length);
    const at = again.length === 0 ? -1 : queue.findIndex(({ event }) => event.id === again[0]);
    if (at < 0 || at >= most) return queue.slice(0, most);
    if (at > 0) return queue.slice(0, at);
    const same = again.findIndex((id, i) => queue[i]?.event.id !== id);
    return queue.slice(0, Math.min(most, same < 0 ? again.length : same));
  };
  const isDue = (): boolean =>
    queue.length >= poster.most ||
    orders >= window ||
    (again.length > 0 && queue.length >= again.length) ||
    clock.nowUs() >= queue[0]!.sinceUs + maxWaitMs * usPerMs;

  const look = (): void => {
    if (posting || closed || queue.length === 0) return;
    if (isDue()) return void post();
    timer ??= clock.at(queue[0]!.sinceUs + maxWaitMs * usPerMs, () => {
      timer = undefined;
      look();
    });
  };
  const post = async (): Promise<void> => {
    posting = true;
    timer?.();
    timer = undefined;
    const items = next();
    queue = queue.slice(items.length);
    const open = new Set(items);
    const failed = await poster.post(items, itemForm, (item, how) => {
      open.delete(item);
      settle(item, how);
    });
    // What stood before it goes first, and then it is still to come.
    const before = again.length > 0 && queue.some(({ event }) => event.id === again[0]);
    if (failed) again = failed.part.map(({ event }) => event.id);
    else if (!before) again = [];
    posting = false;
    if (!failed && !closed) return look();
    const waiting = [...open, ...queue];
    queue = [];
    comeAgain(waiting);
  };
  const itemForm: PostForm<Item> = {
    type: form.type,
    name: ({ event }) => form.name(event),
    body: (items) => form.body(items.map(({ event }) => event)),
  };

  return {
    batch,
    window,
    deliver: (events) =>
      new Promise((done) => {
        if (closed) return done('again');
        const order: Order = { size: events.length, delivered: 0, refused: 0, done };
        orders++;
        for (const event of events) queue.push({ event, order, sinceUs: clock.nowUs() });
        look();
      }),
    close() {
      closed = true;
      timer?.();
      // What is posted just now ends by itself, and takes along what waits.
      if (posting) return;
      const waiting = queue;
      queue = [];
      comeAgain(waiting);
    },
  };
};
