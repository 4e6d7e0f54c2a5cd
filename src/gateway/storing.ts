import type { Log } from '../base/log.js';
import { isoFromUs, type Us } from '../base/time.js';
import type { Batch } from '../ladder/batch.js';
import type { Clock } from '../io/clock.js';
import type { Memory } from '../network/session.js';
import type { Emission } from '../network/scheduler.js';
import type { BayState } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { SavedCounter } from '../parking/lot.js';
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
   * Keeps a batch; an empty one is kept at once. What one turn brings is kept as one piece. `then` runs when it is durable, `otherwise` when the disk would not have
   * it: of several that failed together the newest first, so that each can be taken back.
   */
  keep(batch: StoreBatch, then: () => void, otherwise: (error: unknown) => void): void;
  readonly state: StoreState;
}

/** What of a batch has to be durable. */
export const storedOf = (
  { touched, events, bays = [], emission }: Batch,
  counters: StoreBatch['counters'] = [],
): StoreBatch => ({
  memories: touched.map(({ memory }) => memory),
  events,
  emissions: emission ? [emission] : [],
  bays: bays.map(({ bay }) => bay),
  counters,
});

interface Held {
  readonly batch: StoreBatch;
  then(): void;
  otherwise(error: unknown): void;
}

/** So many batches are kept as one piece at the most. */
const mostTogether = 64;

const together = (held: readonly Held[]): StoreBatch => {
  const all = { memories: new Set<Memory>(), events: [], emissions: [], bays: new Set<BayState>(), counters: [] } as {
    readonly memories: Set<Memory>;
    readonly bays: Set<BayState>;
    readonly events: ParkingEvent[];
    readonly emissions: Emission[];
    readonly counters: SavedCounter[];
  };
  for (const { batch } of held) {
    for (const memory of batch.memories) all.memories.add(memory);
    for (const bay of batch.bays ?? []) all.bays.add(bay);
    all.events.push(...batch.events);
    all.emissions.push(...batch.emissions);
    if (batch.counters) all.counters.push(...batch.counters);
  }
  return { ...all, memories: [...all.memories], bays: [...all.bays] };
};

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

  const fail = (these: readonly Held[], error: unknown): Promise<void> => {
    failures += these.length;
    failing ??= { sinceUs: clock.nowUs(), why: error instanceof Error ? error.message : String(error) };
    for (const { otherwise } of these) failed.push(() => otherwise(error));
    // What failed together is told in one go: later than all of its answers.
    return new Promise<void>((resolve) =>
      setImmediate(() => {
        takeBack();
        resolve();
      }),
    );
  };

  let held: Held[] = [];
  const commit = async (): Promise<void> => {
    const these = held;
    held = [];
    if (these.length === 0) return;
    const beganUs = clock.nowUs();
    try {
      await store.commit(together(these));
    } catch (error) {
      return fail(these, error);
    }
    took?.(clock.nowUs() - beganUs);
    worked();
    // One that throws takes nothing from the others.
    const thrown: unknown[] = [];
    for (const { then } of these)
      try {
        then();
      } catch (error) {
        thrown.push(error);
      }
    if (thrown.length > 0) throw thrown[0];
  };

  return {
    keep(batch, then, otherwise) {
      const { memories, events, emissions, bays = [], counters = [] } = batch;
      if (memories.length + events.length + emissions.length + bays.length + counters.length === 0) return then();
      // A full outbox refuses events: what has none must not be refused with them.
      const last = held.at(-1)?.batch;
      if (last && last.events.length > 0 !== events.length > 0) track(commit());
      held.push({ batch, then, otherwise });
      if (held.length === 1) track(Promise.resolve().then(commit));
      else if (held.length === mostTogether) track(commit());
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
