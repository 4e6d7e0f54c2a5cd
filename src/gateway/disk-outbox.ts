import { silent, type Log } from '../base/log.js';
import { problem, StellwerkError, type Problem } from '../base/problem.js';
import { usPerMs, type Us } from '../base/time.js';
import { eventFromJson } from '../dialects/city/stellwerk-json.js';
import type { Ledger } from '../io/ledger.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Outbox, Posted } from './outbox.js';

/** How much may wait, how long, and what happens beyond it. */
export interface OutboxBounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly whenFull: 'drop-oldest' | 'refuse';
}

export const usualBounds: OutboxBounds = {
  maxBytes: 1_000_000_000,
  maxAgeMs: 30 * 24 * 3_600_000,
  whenFull: 'drop-oldest',
};

export interface DiskOutboxSetup {
  readonly ledger: Ledger;
  /** Cursors of before, by the names of sinks. */
  readonly cursors: ReadonlyMap<string, number>;
  readonly bounds?: Partial<OutboxBounds>;
  readonly log?: Log;
  /** The time by which events grow too old; without it they do not. */
  nowUs?(): Us;
}

/** An outbox on disk, and what its store tells it. */
export interface DiskOutbox extends Outbox {
  /** The problem that keeps events from being taken now. */
  full(): Problem | undefined;
  /** These became durable, the first of them under this number. */
  posted(events: readonly ParkingEvent[], first: number): void;
}

/** Key of a sink's cursor. */
export const cursorKey = (sink: string): string => `s ${sink}`;
/** What stands under the key of a sink that is served no more. */
const noCursor = 'null';

/** So many events that some sink has not had yet are given without looking at the disk: some 8 MB. */
const mostFresh = 8_192;
const agePieces = 256;
const ageEveryUs = 60_000_000;

/** An outbox whose events are the items of a ledger. */
export const diskOutbox = (setup: DiskOutboxSetup): DiskOutbox => {
  const { ledger, log = silent, nowUs } = setup;
  const bounds = { ...usualBounds, ...setup.bounds };
  const cursors = new Map(setup.cursors);
  const lost = new Map<string, number>();
  const listeners = new Set<() => void>();
  /** The newest events that some sink has not had yet, from `head` on, in order and without gaps. */
  let fresh: (Posted | undefined)[] = [];
  let head = 0;
  /** The ledger may be a step ahead: an event is there for nobody before its commit is over. */
  let next = ledger.next;
  let lookedUs = -Infinity;
  let looking = false;

  const release = (): void => {
    let done = next;
    for (const at of cursors.values()) done = Math.min(done, at);
    ledger.release(done);
    while (head < fresh.length && (fresh[head]!.number < done || fresh.length - head > mostFresh))
      fresh[head++] = undefined;
    if (head === fresh.length) forget();
    else if (head > 1_024 && 2 * head > fresh.length) {
      fresh = fresh.slice(head);
      head = 0;
    }
  };
  const forget = (): void => {
    if (fresh.length > 0) fresh = [];
    head = 0;
  };

  /** Gives up what lies before `number`; its sinks are told how much they missed. */
  const dropBefore = (number: number, why: 'size' | 'age'): void => {
    for (const [sink, at] of cursors) {
      if (at >= number) continue;
      const events = number - at;
      lost.set(sink, (lost.get(sink) ?? 0) + events);
      cursors.set(sink, number);
      ledger.note(cursorKey(sink), String(number));
      log('outbox_dropped', { sink, events, why });
    }
    release();
    for (const listener of listeners) listener();
  };

  /** Events that are older than they may become, whoever has not had them yet. */
  const dropOld = async (beforeUs: Us): Promise<void> => {
    for (let from = Math.min(...cursors.values()); from < next;) {
      const read = await ledger.read(from, agePieces);
      if (!read.ok || read.value.length === 0) return;
      let behind = from;
      for (const { number, text } of read.value) {
        const event = eventIn(text);
        if (event && event.assertedTimeUs >= beforeUs) break;
        behind = number + 1;
      }
      if (behind === from) return;
      dropBefore(behind, 'age');
      from = behind;
      if (behind <= read.value.at(-1)!.number) return;
    }
  };

  const keepBounds = (): void => {
    if (bounds.whenFull === 'drop-oldest')
      while (ledger.backlog > bounds.maxBytes && ledger.oldestEnd < next) dropBefore(ledger.oldestEnd, 'size');
    if (!nowUs || looking || nowUs() - lookedUs < ageEveryUs) return;
    lookedUs = nowUs();
    looking = true;
    void dropOld(lookedUs - bounds.maxAgeMs * usPerMs).finally(() => {
      looking = false;
      keepBounds();
    });
  };

  return {
    get next() {
      return next;
    },
    get first() {
      return ledger.first;
    },
    cursors,
    serve(sinks) {
      const forgotten = new Map<string, number>();
      for (const [sink, at] of cursors)
        if (!sinks.includes(sink)) {
          cursors.delete(sink);
          ledger.note(cursorKey(sink), noCursor);
          forgotten.set(sink, next - at);
        }
      for (const sink of sinks) {
        // A cursor that could not be written while the disk was full lies before what is left.
        const at = Math.max(cursors.get(sink) ?? next, ledger.first);
        if (cursors.get(sink) !== at) ledger.note(cursorKey(sink), String(at));
        cursors.set(sink, at);
      }
      release();
      keepBounds();
      return forgotten;
    },
    read(wanted, most) {
      const from = Math.max(wanted, ledger.first);
      const oldest = fresh[head];
      if (oldest && from >= oldest.number) {
        const at = head + from - oldest.number;
        return fresh.slice(at, at + most) as Posted[];
      }
      return from >= next ? [] : fromDisk(ledger, from, Math.min(most, next - from));
    },
    acknowledge(sink, number) {
      if (number <= (cursors.get(sink) ?? Infinity)) return;
      cursors.set(sink, number);
      ledger.note(cursorKey(sink), String(number));
      release();
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dropped: (sink) => lost.get(sink) ?? 0,
    full() {
      if (bounds.whenFull !== 'refuse' || ledger.backlog <= bounds.maxBytes) return undefined;
      const mega = (bytes: number): number => Math.round(bytes / 1e5) / 10;
      return problem('outbox-full', { have: mega(ledger.backlog), most: mega(bounds.maxBytes) });
    },
    posted(events, first) {
      if (events.length === 0) return;
      next = first + events.length;
      const newest = fresh.at(-1);
      if (newest && newest.number + 1 !== first) forget();
      for (const [i, event] of events.entries()) fresh.push({ number: first + i, event });
      release();
      keepBounds();
      for (const listener of listeners) listener();
    },
  };
};

const eventIn = (text: string): ParkingEvent | undefined => {
  try {
    const read = eventFromJson(JSON.parse(text));
    return read.ok ? read.value : undefined;
  } catch {
    return undefined;
  }
};

const fromDisk = async (ledger: Ledger, from: number, most: number): Promise<readonly Posted[]> => {
  const read = await ledger.read(from, most);
  if (!read.ok) throw new StellwerkError(read.problem);
  return read.value.flatMap(({ number, text }) => {
    const event = eventIn(text);
    return event ? [{ number, event }] : [];
  });
};
