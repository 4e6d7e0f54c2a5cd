import { join } from 'node:path';
import { StellwerkError } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { openSyncedAppend, type SyncedAppend } from '../io/append.js';
import { readText, removeFile, writeAtomic } from '../io/disk.js';
import { lockFolder, type FolderLock } from '../io/lock.js';
import type { Emission } from '../network/scheduler.js';
import { loadMemory, saveMemory, type Memory, type SavedMemory } from '../network/session.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Store } from './store.js';

const fileIn = (folder: string): string => join(folder, 'network.jsonl');

/**
 * A store on disk: one line per batch, the newest line of a device counts, synced before anything follows from it.
 * No other process may use the folder meanwhile (`folder-in-use`); `fresh` forgets what was there.
 */
export const openJournal = async (folder: string, { fresh = false } = {}): Promise<Result<Store>> => {
  const lock = await lockFolder(folder);
  if (!lock.ok) return lock;
  if (fresh) await removeFile(fileIn(folder));
  const journal = await openLocked(fileIn(folder), lock.value);
  if (!journal.ok) await lock.value.release();
  return journal;
};

const openLocked = async (path: string, lock: FolderLock): Promise<Result<Store>> => {
  const text = await readText(path, { mostBytes: mostJournalBytes });
  if (!text.ok && text.problem.code !== 'file-missing') return text;
  const { memories, emissions } = newest(text.ok ? text.value : '');
  // One line per device again, so that the file grows with a run and not with the years.
  const kept = [...memories.values()].map((memory) => line({ memories: [saveMemory(memory)] }));
  const compact = await writeAtomic(path, [...kept, ...(emissions.length > 0 ? [line({ emissions })] : [])].join(''), {
    secret: true,
  });
  if (!compact.ok) return compact;
  const file = await openSyncedAppend(path);
  if (!file.ok) return file;
  const noncesOf = new Map([...memories].map(([devEui, memory]) => [devEui, nonceMark(memory)]));
  let closed = false;
  return ok({
    memories: [...memories.values()],
    emissions,
    commit(batch) {
      if (batch.memories.length + batch.events.length + batch.emissions.length === 0) return undefined;
      const changed = batch.memories.map((memory) => {
        const mark = nonceMark(memory);
        const nonces = noncesOf.get(memory.devEui) !== mark;
        noncesOf.set(memory.devEui, mark);
        return saveMemory(memory, { nonces });
      });
      const { events } = batch;
      // One line is one batch: what a power cut tears is lost whole, the counter with its events.
      return append(file.value, line({ memories: changed, events, emissions: batch.emissions }));
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.value.close();
      await lock.release();
    },
  });
};

const mostJournalBytes = 512 << 20;

const append = async (file: SyncedAppend, text: string): Promise<void> => {
  const written = await file.append(text);
  if (!written.ok) throw new StellwerkError(written.problem);
};

/** Changes whenever a DevNonce was used: how many there are, and the newest. */
const nonceMark = ({ devNonces }: Memory): string => {
  let newest = -1;
  for (const nonce of devNonces) newest = nonce;
  return `${devNonces.size} ${newest}`;
};

interface Line {
  readonly memories?: readonly SavedMemory[];
  readonly events?: readonly ParkingEvent[];
  readonly emissions?: readonly Emission[];
}

const line = ({ memories = [], events = [], emissions = [] }: Line): string =>
  `${JSON.stringify({
    ...(memories.length > 0 && { memories }),
    ...(events.length > 0 && { events: events.map(eventJson) }),
    ...(emissions.length > 0 && { emissions }),
  })}\n`;

const isEmission = (value: unknown): value is Emission => {
  if (value === null || typeof value !== 'object') return false;
  const { gateway, freqHz, startUs, airtimeUs } = value as Record<string, unknown>;
  return typeof gateway === 'string' && [freqHz, startUs, airtimeUs].every((one) => Number.isSafeInteger(one));
};

const hourUs = 3_600_000_000;

/** The newest line of every device. A torn last line is what a power cut leaves: the state before it counts. */
const newest = (
  text: string,
): { readonly memories: ReadonlyMap<string, Memory>; readonly emissions: readonly Emission[] } => {
  const memories = new Map<string, Memory>();
  let emissions: Emission[] = [];
  for (const one of text.split('\n')) {
    let read: unknown;
    try {
      read = JSON.parse(one);
    } catch {
      continue;
    }
    if (read === null || typeof read !== 'object') continue;
    const said = read as { readonly memories?: unknown; readonly emissions?: unknown; readonly devEui?: string };
    // A line of version 0.1 is one device.
    const saved = Array.isArray(said.memories) ? (said.memories as unknown[]) : 'devEui' in said ? [said] : [];
    for (const value of saved) {
      const { devEui } = (value ?? {}) as { readonly devEui?: string };
      const memory = loadMemory(value, devEui === undefined ? undefined : memories.get(devEui));
      if (memory) memories.set(memory.devEui, memory);
    }
    if (Array.isArray(said.emissions)) emissions.push(...(said.emissions as unknown[]).filter(isEmission));
  }
  const latestUs = emissions.reduce((latest, { startUs }) => Math.max(latest, startUs), 0);
  emissions = emissions.filter(({ startUs }) => startUs > latestUs - hourUs);
  return { memories, emissions };
};
