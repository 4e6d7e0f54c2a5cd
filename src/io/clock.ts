import type { Us } from '../base/time.js';

/** The shell's only sense of time. Whoever needs an hour tomorrow asks for it here, so that a simulation can own it. */
export interface Clock {
  nowUs(): Us;
  /** Calls `then` once, at the instant or as soon after as possible. Returns a way to call it off. */
  at(us: Us, then: () => void): () => void;
}

/** The machine's clock. Timers do not keep the process alive. */
export const wallClock = (): Clock => {
  const startUs = Date.now() * 1000;
  const startNs = process.hrtime.bigint();
  // Monotonic: a step of the system clock (NTP, summer of 1970 after a flat RTC battery) must not reorder timers.
  const nowUs = (): Us => startUs + Number((process.hrtime.bigint() - startNs) / 1000n);
  return {
    nowUs,
    at(us, then) {
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        const ms = Math.ceil((us - nowUs()) / 1000);
        // setTimeout takes 31 bits; a longer wait is made of several.
        timer = ms > 0x7fff_ffff ? setTimeout(wait, 0x7fff_ffff) : setTimeout(then, Math.max(0, ms));
        timer.unref();
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
};

/** A clock that only moves when told to; timers fire during `advance`, in the order of their instants. */
export interface SteppedClock extends Clock {
  /** Moves to `us` and fires what is due on the way; the clock shows each timer's own instant while it fires. */
  advance(us: Us): void;
  /** When the next timer fires; Infinity when there is none. */
  readonly nextUs: Us;
}

interface Timer {
  readonly us: Us;
  readonly order: number;
  then: (() => void) | undefined;
}

/** Timers that were called off stay where they are until their instant; when they are most of all, they are swept out. */
const mostCalledOff = 1_024;

export const steppedClock = (startUs: Us): SteppedClock => {
  let now = startUs;
  let order = 0;
  let calledOff = 0;
  // A binary heap: the next timer is the first, and the two below place i are at 2i + 1 and 2i + 2.
  let heap: Timer[] = [];
  const before = (a: Timer, b: Timer): boolean => a.us < b.us || (a.us === b.us && a.order < b.order);

  const push = (timer: Timer): void => {
    let at = heap.length;
    for (let up = (at - 1) >> 1; at > 0 && before(timer, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = timer;
  };
  const pop = (): void => {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
  };
  const first = (): Timer | undefined => {
    while (heap.length > 0 && !heap[0]!.then) {
      pop();
      calledOff--;
    }
    return heap[0];
  };
  const sweep = (): void => {
    if (calledOff < mostCalledOff || 2 * calledOff < heap.length) return;
    // In order, and so a heap.
    heap = heap.filter(({ then }) => then).sort((a, b) => a.us - b.us || a.order - b.order);
    calledOff = 0;
  };

  return {
    nowUs: () => now,
    at(us, then) {
      const timer: Timer = { us, order: order++, then };
      push(timer);
      return () => {
        if (!timer.then) return;
        timer.then = undefined;
        calledOff++;
        sweep();
      };
    },
    get nextUs() {
      return first()?.us ?? Infinity;
    },
    advance(us) {
      for (let timer = first(); timer && timer.us <= us; timer = first()) {
        pop();
        now = Math.max(now, timer.us);
        const { then } = timer;
        timer.then = undefined;
        then!();
      }
      now = Math.max(now, us);
    },
  };
};
