import type { Us } from '../base/time.js';
import type { Air, Ending, Transmission } from './air.js';

/** The air of a run that nobody answers: it has no say in what devices do, so it may come after them. */
export interface LateAir {
  /** A device begins to send; beginnings come in the order of time. */
  begin(tx: Transmission): void;
  /** Plays everything up to an instant. */
  advance(untilUs: Us): void;
  /** When the next transmission ends, of those that have begun; Infinity when none is on the air. */
  readonly nextUs: Us;
}

/** The other parts of a city that is played in several: told what began here in a step, answers what began there. */
export type Exchange = (begun: readonly Transmission[]) => readonly Transmission[];

/** `ended` hears of each transmission of ours in the order of their ends, then of their rows. */
export const lateAir = (air: Air, ended: (tx: Transmission, how: Ending) => void, exchange?: Exchange): LateAir => {
  const begun: Transmission[] = [];
  /** What is on the air: a heap, the first to end on top. */
  const heap: Transmission[] = [];

  const before = (a: Transmission, b: Transmission): boolean =>
    a.endUs < b.endUs || (a.endUs === b.endUs && a.row < b.row);
  const isLater = (a: Transmission, b: Transmission): boolean =>
    a.startUs > b.startUs || (a.startUs === b.startUs && air.orderOf(a) > air.orderOf(b));
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
      let at = begun.length;
      begun.push(tx);
      // Who begins at the same instant comes in an order that does not depend on who plays which part.
      for (; at > 0 && isLater(begun[at - 1]!, tx); at--) begun[at] = begun[at - 1]!;
      begun[at] = tx;
    },
    advance(untilUs) {
      const others = exchange?.(begun) ?? [];
      for (let i = 0, k = 0; i < begun.length || k < others.length;) {
        const mine = k >= others.length || (i < begun.length && !isLater(begun[i]!, others[k]!));
        const tx = mine ? begun[i++]! : others[k++]!;
        endUntil(tx.startUs);
        air.begin(tx);
        push(tx);
      }
      begun.length = 0;
      endUntil(untilUs);
    },
    get nextUs() {
      return heap.length > 0 ? heap[0]!.endUs : Infinity;
    },
  };
};
