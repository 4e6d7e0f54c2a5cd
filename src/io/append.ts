import { open, type FileHandle } from 'node:fs/promises';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';

/** A file that only grows, and whose promises mean that the disk has it. */
export interface SyncedAppend {
  /** Resolves when the text is written and synced. Calls made while a sync runs share the next one. */
  append(text: string): Promise<Result<void>>;
  close(): Promise<void>;
}

/**
 * Opens (or makes, readable by its owner only) a file for synced appending.
 * "Sync as soon as the last sync ended" beats any fixed window: no delay when idle, large groups when busy.
 */
export const openSyncedAppend = async (path: string): Promise<Result<SyncedAppend>> => {
  let file: FileHandle;
  try {
    file = await open(path, 'a', 0o600);
  } catch (error) {
    return fail('file-unwritable', { file: path, why: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
  let waiting: { text: string; done: (result: Result<void>) => void }[] = [];
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      let result: Result<void> = ok(undefined);
      try {
        await file.appendFile(group.map(({ text }) => text).join(''));
        await file.datasync();
      } catch (error) {
        result = fail('file-unwritable', { file: path, why: (error as NodeJS.ErrnoException).code ?? String(error) });
      }
      for (const { done } of group) done(result);
    }
    working = undefined;
  };

  return ok({
    append: (text) =>
      new Promise((done) => {
        waiting.push({ text, done });
        working ??= work();
      }),
    async close() {
      await working;
      await file.close();
    },
  });
};
