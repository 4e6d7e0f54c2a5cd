import { usPerMs, type Us } from '../base/time.js';
import type { OpenBackend } from '../backends/define.js';
import type { SteppedClock } from '../io/clock.js';
import type { RxFrame } from '../lorawan/radio.js';
import type { Run, RunOut } from '../sim/run-types.js';

/**
 * A simulation and a gateway that share one clock: time moves when both are idle, so one second between a frame and its
 * receive window is one simulated second, however fast the whole runs.
 */
export interface Lockstep {
  readonly run: Run;
  /** The one clock; only this loop moves it. */
  readonly clock: SteppedClock;
  readonly backend: OpenBackend;
  /** Resolves when the gateway has nothing on its way; absent when it answers within the call. */
  readonly gatewaySettled?: () => Promise<void>;
  readonly untilUs: Us;
  /** Simulated seconds in a real one; Infinity is as fast as it goes. */
  readonly speed: number;
  readonly out: RunOut;
  /** Ends the loop between two steps. */
  readonly stop: AbortSignal;
  /** Time stands still until this is done: a save that must come before the next frame. */
  readonly hold?: () => Promise<void> | undefined;
  /** Called now and then, some ten times a second. */
  readonly breathe?: () => void;
}

/**
 * No downlink may be late: RX1 opens one second after a frame, the network decides 200 ms after it, and a concentrator
 * wants 42.5 ms; half a second leaves room for both (DESIGN, "Run": windows no longer than the fastest answer).
 */
export const windowUs = 500_000;
const settleMs = 1_000;
const breathMs = 100;

/** Runs to `untilUs` or until stopped; resolves when all that was sent has had its answer. */
export const runLockstep = async (step: Lockstep): Promise<void> => {
  const { run, clock, backend, speed, stop } = step;
  const beganUs = run.nowUs;
  const beganAt = performance.now();
  let breathedAt = beganAt;

  const wait = async (us: Us): Promise<void> => {
    const dueAt = beganAt + (us - beganUs) / usPerMs / speed;
    for (let now = performance.now(); now < dueAt && !stop.aborted; now = performance.now()) {
      await pause(Math.min(breathMs, dueAt - now), stop);
      step.breathe?.();
      breathedAt = performance.now();
    }
    if (performance.now() - breathedAt < breathMs) return;
    breathedAt = performance.now();
    step.breathe?.();
    await new Promise(setImmediate);
  };

  const settle = async (): Promise<void> => {
    if (!step.gatewaySettled) return;
    await backend.settled(settleMs);
    await step.gatewaySettled();
  };

  const heard: RxFrame[] = [];
  const out: RunOut = {
    ...step.out,
    heard(rx) {
      heard.push(rx);
      step.out.heard?.(rx);
    },
  };

  const deliver = async (): Promise<void> => {
    for (let i = 0; i < heard.length;) {
      const { atUs } = heard[i]!;
      clock.advance(atUs);
      while (i < heard.length && heard[i]!.atUs === atUs) backend.uplink(heard[i++]!);
      await settle();
    }
    heard.length = 0;
  };

  while (run.nowUs < step.untilUs && !stop.aborted) {
    const next = Math.max(run.nowUs + 1, Math.min(run.nextUs, clock.nextUs));
    // Windows lie on a fixed grid, and empty ones are skipped: the same story at every speed.
    const target = Math.min(step.untilUs, beganUs + Math.ceil((next - beganUs) / windowUs) * windowUs);
    await wait(target);
    if (stop.aborted) break;
    await step.hold?.();
    run.advance(target, [], out);
    await deliver();
    clock.advance(target);
    await settle();
  }
  // What the last window left open: copies are waited for, the network gives its verdicts.
  clock.advance(run.nowUs + windowUs);
  await settle();
};

/** Sleeps, but not beyond an abort. */
export const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done, { once: true });
  });
