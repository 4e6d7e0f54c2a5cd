import { StellwerkError } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { chunksOf } from '../io/chunks.js';
import type { Emission } from '../network/scheduler.js';
import { loadMemory, type Memory } from '../network/session.js';
import { isEmission, keptUs } from './remembered.js';
import { cutLines, noLines, type CutLine } from '../trace/lines.js';

/** What a journal of the first version remembers. */
export interface JournalFile {
  readonly memories: readonly Memory[];
  /** Of the last hour before the latest one. */
  readonly emissions: readonly Emission[];
}

/** Longer than any line of ours: a device that used all 65 536 DevNonces takes 400 kB. */
const mostLineBytes = 16 << 20;

/**
 * Reads a journal, however long, piece by piece: the newest line of every device. A torn last line is what a power cut
 * leaves: the state before it counts. A file that is not there has nothing to tell. Problem: `file-unreadable`.
 */
export const readJournal = async (path: string): Promise<Result<JournalFile>> => {
  const memories = new Map<string, Memory>();
  let emissions: Emission[] = [];
  let latestUs = 0;
  let checkedAt = 1_000;
  const recent = (): Emission[] => emissions.filter(({ startUs }) => startUs > latestUs - keptUs);

  const take = (cut: CutLine): void => {
    const said = cut.kind === 'line' ? objectIn(cut.text) : undefined;
    if (!said) return;
    // A line of version 0.1 is one device.
    const saved = Array.isArray(said.memories) ? (said.memories as unknown[]) : 'devEui' in said ? [said] : [];
    for (const value of saved) {
      const { devEui } = (value ?? {}) as { readonly devEui?: string };
      const memory = loadMemory(value, devEui === undefined ? undefined : memories.get(devEui));
      if (memory) memories.set(memory.devEui, memory);
    }
    if (!Array.isArray(said.emissions)) return;
    for (const emission of (said.emissions as unknown[]).filter(isEmission)) {
      emissions.push(emission);
      latestUs = Math.max(latestUs, emission.startUs);
    }
    if (emissions.length < checkedAt) return;
    emissions = recent();
    checkedAt = 2 * emissions.length + 1_000;
  };

  let tail = noLines;
  try {
    for await (const piece of chunksOf(path, new AbortController().signal)) {
      const cut = cutLines(tail, piece, mostLineBytes);
      tail = cut.tail;
      cut.out.forEach(take);
    }
  } catch (error) {
    if (!(error instanceof StellwerkError)) throw error;
    if (error.problem.code !== 'file-missing') return { ok: false, problem: error.problem };
  }
  // A whole line that lacks only its end was written whole.
  cutLines(tail, Uint8Array.of(0x0a), mostLineBytes).out.forEach(take);
  return ok({ memories: [...memories.values()], emissions: recent() });
};

interface Said {
  readonly memories?: unknown;
  readonly emissions?: unknown;
}

const objectIn = (text: string): Said | undefined => {
  try {
    const read: unknown = JSON.parse(text);
    return read === null || typeof read !== 'object' ? undefined : read;
  } catch {
    return undefined;
  }
};
