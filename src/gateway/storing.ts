import type { Log } from '../base/log.js';
import { isoFromUs, type Us } from '../base/time.js';
import type { Clock } from '../io/clock.js';
import type { Store, StoreBatch } from './store.js';

/** How the store stands. `failing`: what comes in is refused, since nothing could be promised about it. */
export interface StoreState {
  readonly state: 'ok' | 'failing';
  /** Since when and why it fails; ISO 8601 in UTC. */
  readonly since?: string;
  readonly why?: string;
  /** Batches that could not be kept, since the start. */
  readonly failures: number;
  readonly bytes: number;
}

/** The store, with what follows from a batch once it is durable. */
export interface Storing {
  /**
   * Keeps a batch; an empty one is kept at once. `then` runs when it is durable, `otherwise` when the disk would not have
   * it: of several that failed together the newest first, so that each can be taken back.
   */
  keep(batch: StoreBatch, then: () => void, otherwise: (error: unknown) => void): void;
  readonly state: StoreState;
}

export const storing = (setup: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Holds work until it is done. */
  track(work: Promise<unknown>): void;
  /** Hears how long each batch took. */
  took?(us: Us): void;
}): Storing => {
  const { store, clock, log, track, took } = setup;
  let failing: { readonly sinceUs: Us; readonly why: string } | undefined;
  let failures = 0;
  let failed: (() => void)[] = [];

  const worked = (): void => {
    if (!failing) return;
    log('store_recovered', { since: isoFromUs(failing.sinceUs), failures });
    failing = undefined;
  };
  const takeBack = (): void => {
    const these = failed.reverse();
    failed = [];
    for (const undo of these) undo();
  };

  return {
    keep(batch, then, otherwise) {
      const { memories, events, emissions, bays = [], counters = [] } = batch;
      const nothing = memories.length + events.length + emissions.length + bays.length + counters.length === 0;
      const beganUs = clock.nowUs();
      const durable = nothing ? undefined : store.commit(batch);
      if (!durable) return then();
      track(
        durable.then(
          () => {
            took?.(clock.nowUs() - beganUs);
            worked();
            then();
          },
          (error: unknown) => {
            failures++;
            failing ??= { sinceUs: clock.nowUs(), why: error instanceof Error ? error.message : String(error) };
            failed.push(() => otherwise(error));
            // What failed together is told in one go: later than all of its answers.
            return new Promise<void>((resolve) =>
              setImmediate(() => {
                takeBack();
                resolve();
              }),
            );
          },
        ),
      );
    },
    get state() {
      return {
        state: failing ? ('failing' as const) : ('ok' as const),
        ...(failing && { since: isoFromUs(failing.sinceUs), why: failing.why }),
        failures,
        bytes: store.bytes,
      };
    },
  };
};
