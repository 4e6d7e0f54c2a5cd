import type { Clock } from './clock.js';

/** Whether somebody is to be tried, and when again after a failure: later and later, with jitter, up to a bound. */
export interface Patience {
  readonly ready: boolean;
  /** It worked. */
  worked(): void;
  /** It did not; `forMs` when the far end said how long to wait. */
  failed(forMs?: number): void;
  end(): void;
}

/** `changed` is called when it is time to try again. */
export const patience = (setup: {
  readonly clock: Clock;
  readonly firstMs: number;
  readonly mostMs: number;
  changed(): void;
}): Patience => {
  const { clock, firstMs, mostMs, changed } = setup;
  let pauseMs = firstMs;
  let off: (() => void) | undefined;
  return {
    get ready() {
      return off === undefined;
    },
    worked() {
      pauseMs = firstMs;
    },
    failed(forMs) {
      off?.();
      const waitMs = forMs ?? pauseMs * (0.5 + Math.random() / 2);
      if (forMs === undefined) pauseMs = Math.min(mostMs, pauseMs * 2);
      off = clock.at(clock.nowUs() + Math.max(1, waitMs) * 1000, () => {
        off = undefined;
        changed();
      });
    },
    end: () => off?.(),
  };
};
