import { join } from 'node:path';
import { StellwerkError } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { openSyncedAppend } from '../io/append.js';
import { readText, removeFile, writeAtomic } from '../io/disk.js';
import { lockFolder, type FolderLock } from '../io/lock.js';
import { loadMemory, saveMemory, type Memory } from '../network/session.js';
import type { Store } from './store.js';

const fileIn = (folder: string): string => join(folder, 'network.jsonl');

/**
 * A store on disk: one line per change, the newest line of a device counts, synced before anything follows from it.
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
  const text = await readText(path);
  if (!text.ok && text.problem.code !== 'file-missing') return text;
  const memories = newest(text.ok ? text.value : '');
  // One line per device again, so that the file grows with a run and not with the years.
  const compact = await writeAtomic(path, lines([...memories.values()]), { secret: true });
  if (!compact.ok) return compact;
  const file = await openSyncedAppend(path);
  if (!file.ok) return file;
  let closed = false;
  return ok({
    memories: [...memories.values()],
    async commit(changed) {
      if (changed.length === 0) return;
      const written = await file.value.append(lines(changed));
      if (!written.ok) throw new StellwerkError(written.problem);
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.value.close();
      await lock.release();
    },
  });
};

const lines = (memories: readonly Memory[]): string =>
  memories.map((memory) => `${JSON.stringify(saveMemory(memory))}\n`).join('');

/** The newest line of every device. A torn last line is what a power cut leaves: the state before it counts. */
const newest = (text: string): ReadonlyMap<string, Memory> => {
  const memories = new Map<string, Memory>();
  for (const line of text.split('\n')) {
    let memory: Memory | undefined;
    try {
      memory = loadMemory(JSON.parse(line));
    } catch {
      continue;
    }
    if (memory) memories.set(memory.devEui, memory);
  }
  return memories;
};
