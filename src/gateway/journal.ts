import { join } from 'node:path';
import { silent, type Log } from '../base/log.js';
import { StellwerkError } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { removeFile } from '../io/disk.js';
import { openKeyedLog, type KeyedLine, type KeyedLog } from '../io/keyed-log.js';
import { lockFolder, type FolderLock } from '../io/lock.js';
import type { LogFiles } from '../io/log-files.js';
import type { Emission } from '../network/scheduler.js';
import { saveMemory, type Memory, type SavedMemory } from '../network/session.js';
import type { ParkingEvent } from '../parking/event.js';
import { keptUs, readJournal } from './journal-read.js';
import type { Store, StoreBatch } from './store.js';

const fileIn = (folder: string): string => join(folder, 'network.jsonl');

export interface JournalOptions {
  /** Forgets what was there. */
  readonly fresh?: boolean;
  /** Hears when the file was written anew, or could not be. */
  readonly log?: Log;
  /** The file may have three times what counts in it and this much more. */
  readonly slackBytes?: number;
  readonly files?: LogFiles;
}

/**
 * A store on disk: one line per batch, the newest line of a device counts, synced before anything follows from it. The
 * file is written anew at the start, and while it runs when most of it has grown old. No other process may use the
 * folder meanwhile (`folder-in-use`). Problems: `file-unreadable`, `file-unwritable`.
 */
export const openJournal = async (folder: string, options: JournalOptions = {}): Promise<Result<Store>> => {
  const lock = await lockFolder(folder);
  if (!lock.ok) return lock;
  if (options.fresh) await removeFile(fileIn(folder));
  const journal = await openLocked(fileIn(folder), lock.value, options);
  if (!journal.ok) await lock.value.release();
  return journal;
};

const openLocked = async (path: string, lock: FolderLock, options: JournalOptions): Promise<Result<Store>> => {
  const read = await readJournal(path);
  if (!read.ok) return read;
  const { memories, emissions } = read.value;
  const air = emissionKeys();
  const noncesOf = new Map<string, string>();

  /** A batch as a line, and what it is the newest word of: devices, their used nonces, an emission. */
  const lineOf = (batch: StoreBatch): KeyedLine => {
    const keys: string[] = [];
    const changed = batch.memories.map((memory) => {
      const mark = nonceMark(memory);
      const nonces = noncesOf.get(memory.devEui) !== mark;
      noncesOf.set(memory.devEui, mark);
      keys.push(memory.devEui, ...(nonces ? [`${memory.devEui} nonces`] : []));
      return saveMemory(memory, { nonces });
    });
    for (const emission of batch.emissions) keys.push(air.add(emission));
    return { text: textOf({ memories: changed, events: batch.events, emissions: batch.emissions }), keys };
  };

  function* first(): Generator<KeyedLine> {
    for (const memory of memories) yield lineOf({ memories: [memory], events: [], emissions: [] });
    for (const emission of emissions) yield lineOf({ memories: [], events: [], emissions: [emission] });
  }
  const { log = silent, slackBytes, files } = options;
  const opened = await openKeyedLog({
    path,
    lines: first(),
    log,
    ...(slackBytes !== undefined && { slackBytes }),
    ...(files && { files }),
  });
  if (!opened.ok) return opened;
  const file = opened.value;
  let closed = false;
  return ok({
    memories,
    emissions,
    commit(batch) {
      if (batch.memories.length + batch.events.length + batch.emissions.length === 0) return undefined;
      // One line is one batch: what a power cut tears is lost whole, the counter with its events.
      const line = lineOf(batch);
      for (const key of air.old()) file.forget(key);
      return append(file, line).catch((error: unknown) => {
        // Nonces that were not written must be with the next line.
        for (const { devEui } of batch.memories) noncesOf.delete(devEui);
        throw error;
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.close();
      await lock.release();
    },
  });
};

const append = async (file: KeyedLog, line: KeyedLine): Promise<void> => {
  const written = await file.append(line);
  if (!written.ok) throw new StellwerkError(written.problem);
};

/** Keys for emissions, each of use for an hour before the latest one. */
const emissionKeys = (): { add(emission: Emission): string; old(): readonly string[] } => {
  let waiting: { readonly key: string; readonly startUs: number }[] = [];
  let latestUs = 0;
  let soonestUs = Infinity;
  let next = 0;
  return {
    add({ startUs }) {
      const key = `emission ${next++}`;
      waiting.push({ key, startUs });
      latestUs = Math.max(latestUs, startUs);
      soonestUs = Math.min(soonestUs, startUs);
      return key;
    },
    old() {
      // Looked through once in a minute of theirs: what stays a little longer does no harm.
      if (soonestUs > latestUs - keptUs - minuteUs) return [];
      const isOld = ({ startUs }: { readonly startUs: number }): boolean => startUs <= latestUs - keptUs;
      const old = waiting.filter(isOld).map(({ key }) => key);
      waiting = waiting.filter((one) => !isOld(one));
      soonestUs = waiting.reduce((soonest, { startUs }) => Math.min(soonest, startUs), Infinity);
      return old;
    },
  };
};
const minuteUs = 60_000_000;

/** Changes whenever a DevNonce was used: they only become more (to LoRaWAN 1.0.3), or there is only one. */
const nonceMark = ({ devNonces }: Memory): string => {
  const [first = -1] = devNonces;
  return `${devNonces.size} ${first}`;
};

const textOf = (said: {
  readonly memories: readonly SavedMemory[];
  readonly events: readonly ParkingEvent[];
  readonly emissions: readonly Emission[];
}): string =>
  `${JSON.stringify({
    ...(said.memories.length > 0 && { memories: said.memories }),
    ...(said.events.length > 0 && { events: said.events.map(eventJson) }),
    ...(said.emissions.length > 0 && { emissions: said.emissions }),
  })}\n`;
