import { usPerSecond, type Us } from '../base/time.js';
import type { Air, Ending, Transmission } from './air.js';

const turnSeconds = 20;

/** The air of a run that nobody answers: it has no say in what devices do, so it may come after them. */
export interface LateAir {
  /** A device begins to send, after the instant that was advanced to last; in any order. */
  begin(tx: Transmission): void;
  /** Plays everything up to an instant. */
  advance(untilUs: Us): void;
  /** When the next transmission ends, of those that have begun; Infinity when none is on the air. */
  readonly nextUs: Us;
}

/**
 * `ended` hears of each transmission of ours in the order of their ends, then of their rows; `exchange` gets what began here
 * in a step, and answers what began in other parts of the city.
 */
export const lateAir = (of: {
  readonly air: Air;
  readonly fromUs: Us;
  ended(tx: Transmission, how: Ending): void;
  exchange?(begun: readonly Transmission[]): readonly Transmission[];
}): LateAir => {
  const { air, fromUs, ended, exchange } = of;
  /** What has begun since `reachedUs`, by the second. */
  const seconds: (Transmission[] | undefined)[] = [];
  let reachedUs = fromUs;
  /** What is on the air: a heap, the first to end on top. */
  const heap: Transmission[] = [];

  const before = (a: Transmission, b: Transmission): boolean =>
    a.endUs < b.endUs || (a.endUs === b.endUs && a.row < b.row);
  // Who begins at the same instant comes in an order that does not depend on who plays which part.
  const order = (a: Transmission, b: Transmission): number => a.startUs - b.startUs || air.orderOf(a) - air.orderOf(b);
  /** What began within some seconds. Sorted second by second: a sort of all would compare twice as often. */
  const inOrder = (from: number, to: number): readonly Transmission[] => {
    const begun: Transmission[] = [];
    for (let second = from; second < to; second++) {
      const list = seconds[second];
      if (list) for (const tx of list.sort(order)) begun.push(tx);
      seconds[second] = undefined;
    }
    return begun;
  };
  const push = (tx: Transmission): void => {
    let at = heap.length;
    heap.push(tx);
    for (let up = (at - 1) >> 1; at > 0 && before(tx, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = tx;
  };
  const pop = (): Transmission => {
    const first = heap[0]!;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  };
  const endUntil = (untilUs: Us): void => {
    while (heap.length > 0 && heap[0]!.endUs <= untilUs) {
      const tx = pop();
      if (tx.row < 0) air.leave(tx);
      else ended(tx, air.end(tx));
    }
  };

  return {
    begin(tx) {
      (seconds[Math.floor((tx.startUs - reachedUs) / usPerSecond)] ??= []).push(tx);
    },
    advance(untilUs) {
      // In short turns: what is noted of a frame and of those of others shall not have to live long.
      const last = Math.floor((untilUs - reachedUs) / usPerSecond);
      for (let from = 0; from <= last; from += turnSeconds) {
        const begun = inOrder(from, from + turnSeconds);
        const others = exchange?.(begun) ?? [];
        for (let i = 0, k = 0; i < begun.length || k < others.length;) {
          const mine = k >= others.length || (i < begun.length && order(begun[i]!, others[k]!) <= 0);
          const tx = mine ? begun[i++]! : others[k++]!;
          endUntil(tx.startUs);
          air.begin(tx);
          push(tx);
        }
      }
      seconds.length = 0;
      endUntil(untilUs);
      reachedUs = untilUs;
    },
    get nextUs() {
      return heap.length > 0 ? heap[0]!.endUs : Infinity;
    },
  };
};
