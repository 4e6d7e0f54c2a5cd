import type { ParkingEvent } from '../parking/event.js';

/** An event with its place in the outbox: whole numbers that grow by one, over restarts too. */
export interface Posted {
  readonly number: number;
  readonly event: ParkingEvent;
}

/**
 * Events on their way to sinks, in the order of their commits. Each sink has a cursor: what lies before it was delivered.
 * Events before every cursor go; so do events beyond the bounds, whose sinks are told how many they missed.
 */
export interface Outbox {
  /** The number that the next event will have, and the oldest that is still here (`next` when there is none). */
  readonly next: number;
  readonly first: number;
  /** Cursors by the names of sinks. */
  readonly cursors: ReadonlyMap<string, number>;
  /**
   * Makes these the sinks that events are kept for. One that is new here begins with the next event; the cursors of others
   * are forgotten. Returns how many events each forgotten one still had to come.
   */
  serve(sinks: readonly string[]): ReadonlyMap<string, number>;
  /**
   * Events from `from` on, at most `most`, in order; fewer where some were given up, an empty list when there are none yet.
   * Fresh events come at once, old ones from disk.
   */
  read(from: number, most: number): readonly Posted[] | Promise<readonly Posted[]>;
  /** All events before `number` are delivered to this sink. Survives a restart, at the latest a second later. */
  acknowledge(sink: string, number: number): void;
  /** Calls `listener` after each commit that brought events, once they are durable, and when events were given up. */
  watch(listener: () => void): () => void;
  /** Events that were given up before this sink had them, because the outbox grew beyond its bounds. */
  dropped(sink: string): number;
}

/** So many events a store without a disk keeps for a sink that is away. */
const mostKept = 100_000;

/** An outbox in memory: beyond `most` events the oldest go. */
export const memoryOutbox = (most = mostKept): Outbox & { add(events: readonly ParkingEvent[]): void } => {
  const cursors = new Map<string, number>();
  const lost = new Map<string, number>();
  const listeners = new Set<() => void>();
  let kept: Posted[] = [];
  let head = 0;
  let next = 0;

  const first = (): number => kept[head]?.number ?? next;
  const tidy = (): void => {
    if (head < 1024 || 2 * head < kept.length) return;
    kept = kept.slice(head);
    head = 0;
  };
  const release = (): void => {
    const done = Math.min(next, ...cursors.values());
    while (head < kept.length && kept[head]!.number < done) head++;
    tidy();
  };

  return {
    get next() {
      return next;
    },
    get first() {
      return first();
    },
    cursors,
    serve(sinks) {
      const forgotten = new Map<string, number>();
      for (const [sink, at] of cursors)
        if (!sinks.includes(sink)) {
          cursors.delete(sink);
          forgotten.set(sink, next - at);
        }
      for (const sink of sinks) if (!cursors.has(sink)) cursors.set(sink, next);
      release();
      return forgotten;
    },
    read(from, amount) {
      const start = head + Math.max(0, from - first());
      return kept.slice(start, start + amount);
    },
    acknowledge(sink, number) {
      if (number <= (cursors.get(sink) ?? Infinity)) return;
      cursors.set(sink, number);
      release();
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dropped: (sink) => lost.get(sink) ?? 0,
    add(events) {
      if (events.length === 0) return;
      for (const event of events) kept.push({ number: next++, event });
      release();
      while (kept.length - head > most) {
        const gone = kept[head++]!.number;
        for (const [sink, at] of cursors)
          if (at <= gone) {
            lost.set(sink, (lost.get(sink) ?? 0) + 1);
            cursors.set(sink, gone + 1);
          }
      }
      tidy();
      for (const listener of listeners) listener();
    },
  };
};
