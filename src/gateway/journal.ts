import { join } from 'node:path';
import { silent, type Log } from '../base/log.js';
import { must, StellwerkError } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import { eventText } from '../dialects/city/event-text.js';
import { makeFolder, removeFile, removeFolder } from '../io/disk.js';
import { openLedger, type LedgerBatch, type OpenedLedger } from '../io/ledger.js';
import { lockFolder, type FolderLock } from '../io/lock.js';
import type { LogFiles } from '../io/log-files.js';
import { memoryText, type Memory } from '../network/session.js';
import { saveBay } from '../parking/bay-save.js';
import { diskOutbox, type OutboxBounds } from './disk-outbox.js';
import { readJournal } from './journal-read.js';
import { emissionKeys, remembering, type Remembered } from './remembered.js';
import type { Store, StoreBatch } from './store.js';

/** Where the version before this one kept what it knew. */
const oldFile = (folder: string): string => join(folder, 'network.jsonl');
const logFolder = (folder: string): string => join(folder, 'log');

export interface JournalOptions {
  /** Forgets what was there. */
  readonly fresh?: boolean;
  /** Hears of what was given up, and of what could not be tidied up. */
  readonly log?: Log;
  /** How much may wait for sinks, and how long. */
  readonly outbox?: Partial<OutboxBounds>;
  /** The time by which events grow too old; without it they do not. */
  nowUs?(): Us;
  readonly files?: LogFiles;
  /** As `openLedger` has them. */
  readonly segmentBytes?: number;
  readonly slackBytes?: number;
}

/** So often everything on disk is written anew, so that what was delivered does not stay in some old file. */
const sweepEveryUs = 24 * 3_600_000_000;

/**
 * A store on disk: a batch is durable as a whole before anything follows from it. No other process may use the folder
 * meanwhile (`folder-in-use`). Problems: `file-unreadable`, `file-unwritable`, `store-newer`.
 */
export const openJournal = async (folder: string, options: JournalOptions = {}): Promise<Result<Store>> => {
  const lock = await lockFolder(folder);
  if (!lock.ok) return lock;
  const journal = await openLocked(folder, lock.value, options);
  if (!journal.ok) await lock.value.release();
  return journal;
};

const prepared = async (folder: string, { fresh = false, files }: JournalOptions): Promise<Result<void>> => {
  if (fresh) {
    const removed = await removeFile(oldFile(folder));
    if (!removed.ok) return removed;
    const emptied = await removeFolder(logFolder(folder));
    if (!emptied.ok) return emptied;
  }
  return files ? ok(undefined) : makeFolder(logFolder(folder));
};

const openLocked = async (folder: string, lock: FolderLock, options: JournalOptions): Promise<Result<Store>> => {
  const { log = silent, files, nowUs } = options;
  const made = await prepared(folder, options);
  if (!made.ok) return made;
  const remembered = remembering();
  const opened = await openLedger({
    folder: logFolder(folder),
    take: remembered.take,
    log,
    ...(files && { files }),
    ...(options.segmentBytes !== undefined && { segmentBytes: options.segmentBytes }),
    ...(options.slackBytes !== undefined && { slackBytes: options.slackBytes }),
  });
  if (!opened.ok) return opened;
  const ledger = opened.value;
  const found = remembered.found();
  const written = batchWriter(found);
  const before = await takeOver(oldFile(folder), ledger, written);
  if (!before.ok) {
    await ledger.close();
    return before;
  }
  const all: Remembered = { ...found, ...before.value };
  for (const key of written.old()) ledger.forget(key);
  const outbox = diskOutbox({
    ledger,
    cursors: found.cursors,
    log,
    ...(options.outbox && { bounds: options.outbox }),
    ...(nowUs && { nowUs }),
  });
  let sweptUs = nowUs?.();
  let closed = false;
  return ok({
    memories: all.memories,
    bays: all.bays,
    counters: all.counters,
    emissions: all.emissions,
    recovered: {
      devices: all.memories.length,
      bays: all.bays.length,
      events: Math.max(0, ledger.next - Math.max(ledger.first, Math.min(ledger.next, ...found.cursors.values()))),
      tornBytes: ledger.tornBytes,
      damaged: ledger.damaged,
    },
    outbox,
    commit(batch) {
      const { memories, events, emissions, bays = [], counters = [] } = batch;
      if (memories.length + events.length + emissions.length + bays.length + counters.length === 0) return undefined;
      const full = events.length > 0 ? outbox.full() : undefined;
      if (full) return Promise.reject(new StellwerkError(full));
      const now = nowUs?.();
      if (now !== undefined && sweptUs !== undefined && now - sweptUs >= sweepEveryUs) {
        sweptUs = now;
        ledger.sweep();
      }
      const line = written.batch(batch);
      for (const key of written.old()) ledger.forget(key);
      return ledger.append(line).then((result) => {
        if (!result.ok) {
          written.failed(batch);
          throw new StellwerkError(result.problem);
        }
        outbox.posted(events, result.value);
      });
    },
    get bytes() {
      return ledger.size;
    },
    async close() {
      if (closed) return;
      closed = true;
      await ledger.close();
      await lock.release();
    },
  });
};

/** Makes lines of batches: a device's used nonces go along only when there are more of them. */
interface BatchWriter {
  batch(batch: StoreBatch): LedgerBatch;
  /** Keys that are of no use any more. */
  old(): readonly string[];
  /** What was made of this batch is not on disk. */
  failed(batch: StoreBatch): void;
}

const batchWriter = (known: Remembered): BatchWriter => {
  const air = emissionKeys(known);
  const noncesOf = new Map(known.memories.map((memory) => [memory.devEui, nonceMark(memory)]));
  return {
    batch({ memories, events, emissions, bays = [], counters = [] }) {
      const put: [string, string][] = [];
      for (const memory of memories) {
        const mark = nonceMark(memory);
        put.push([`d ${memory.devEui}`, memoryText(memory)]);
        if (noncesOf.get(memory.devEui) === mark) continue;
        noncesOf.set(memory.devEui, mark);
        put.push([`n ${memory.devEui}`, JSON.stringify([...memory.devNonces])]);
      }
      for (const bay of bays) put.push([`b ${bay.bay}`, saveBay(bay)]);
      for (const counter of counters) put.push([`k ${counter.counter}`, JSON.stringify(counter)]);
      for (const emission of emissions) put.push([air.add(emission), JSON.stringify(emission)]);
      return { put, items: events.map(eventText) };
    },
    old: () => air.old(),
    // Nonces that were not written must be with the next line.
    failed({ memories }) {
      for (const { devEui } of memories) noncesOf.delete(devEui);
    },
  };
};

/** Changes whenever a DevNonce was used: they only become more (to LoRaWAN 1.0.3), or there is only one. */
const nonceMark = ({ devNonces }: Memory): string => {
  const [first = -1] = devNonces;
  return `${devNonces.size} ${first}`;
};

/** What an earlier version left, written into the ledger before its file goes; undefined when there is nothing. */
const takeOver = async (
  file: string,
  ledger: OpenedLedger,
  writer: BatchWriter,
): Promise<Result<Pick<Remembered, 'memories' | 'emissions'> | undefined>> => {
  const read = await readJournal(file);
  if (!read.ok) return read;
  const { memories, emissions } = read.value;
  if (memories.length + emissions.length > 0) {
    // In pieces, each of which may come twice: when a kill interrupts, all of it is done again.
    for (let at = 0; at < memories.length; at += pieces) {
      const some = memories.slice(at, at + pieces);
      const done = await ledger.append(writer.batch({ memories: some, events: [], emissions: [] }));
      if (!done.ok) return done;
    }
    const done = await ledger.append(writer.batch({ memories: [], events: [], emissions }));
    if (!done.ok) return done;
  }
  must(await removeFile(file));
  return ok(memories.length + emissions.length > 0 ? read.value : undefined);
};
const pieces = 1_000;
