import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import type { OpenBackend } from '../backends/define.js';
import type { Clock } from '../io/clock.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Run, RunOut } from '../sim/run-types.js';
import { pause } from './lockstep.js';

/** A simulation that meets somebody else's server: one simulated second is one second. */
export interface Realtime {
  readonly run: Run;
  readonly clock: Clock;
  readonly backend: () => OpenBackend;
  readonly untilUs: Us;
  readonly out: RunOut;
  readonly stop: AbortSignal;
  /** No frame leaves until this is done: a save that must come before it. */
  readonly hold?: () => Promise<void> | undefined;
  readonly breathe?: () => void;
}

const breathMs = 100;
const longestStepUs = 5 * usPerSecond;

export interface RealtimeLoop {
  /** A downlink has come: the run catches up with the clock and takes it, or says why not. */
  downlink(tx: TxFrame): TxVerdict;
  /** Runs to `untilUs` or until stopped. */
  play(): Promise<void>;
}

export const realtimeLoop = (loop: Realtime): RealtimeLoop => {
  const { run, clock, stop } = loop;
  const out: RunOut = {
    ...loop.out,
    heard(rx) {
      loop.out.heard?.(rx);
      loop.backend().uplink(rx);
    },
  };
  let held = loop.hold !== undefined;
  // After a pause (a laptop that slept) time comes in pieces, so that a save can come between them.
  const catchUp = (): void => {
    const atUs = Math.min(loop.untilUs, Math.max(run.nowUs, clock.nowUs()), run.nowUs + longestStepUs);
    if (!held) run.advance(atUs, [], out);
  };

  return {
    downlink(tx) {
      catchUp();
      return run.offer(tx);
    },
    async play() {
      while (run.nowUs < loop.untilUs && !stop.aborted) {
        const saving = loop.hold?.();
        held = saving !== undefined;
        if (saving) {
          await saving;
          continue;
        }
        catchUp();
        loop.breathe?.();
        const waitMs = (Math.min(run.nextUs, loop.untilUs) - clock.nowUs()) / usPerMs;
        await pause(Math.max(1, Math.min(breathMs, waitMs)), stop);
      }
      await loop.backend().settled(1_000);
    },
  };
};
