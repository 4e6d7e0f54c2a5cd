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

export const steppedClock = (startUs: Us): SteppedClock => {
  let now = startUs;
  let order = 0;
  const timers: { us: Us; order: number; then: () => void }[] = [];
  const first = (): { us: Us; order: number; then: () => void } | undefined =>
    timers.reduce<(typeof timers)[number] | undefined>(
      (best, timer) =>
        !best || timer.us < best.us || (timer.us === best.us && timer.order < best.order) ? timer : best,
      undefined,
    );
  return {
    nowUs: () => now,
    at(us, then) {
      const timer = { us, order: order++, then };
      timers.push(timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    get nextUs() {
      return first()?.us ?? Infinity;
    },
    advance(us) {
      for (let timer = first(); timer && timer.us <= us; timer = first()) {
        timers.splice(timers.indexOf(timer), 1);
        now = Math.max(now, timer.us);
        timer.then();
      }
      now = Math.max(now, us);
    },
  };
};
