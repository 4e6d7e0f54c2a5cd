import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';
import { makeFolders } from './folders.js';

/** A folder that belongs to one process. */
export interface FolderLock {
  release(): Promise<void>;
}

/** A process as /proc shows it: its state's letter, and when it began in ticks since boot. Linux only, else undefined. */
const seen = (pid: number): { readonly state: string; readonly began: string } | undefined => {
  try {
    // The name in field 2 may hold spaces and brackets; what follows the last bracket is fields 3 and on (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[19] ?? '' };
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the process that wrote a lock still runs; one that was killed leaves its lock behind. */
const holds = (lock: string): number | undefined => {
  const [pid = 0, began = ''] = lock.split(' ').map((word, i) => (i === 0 ? Number(word) : word)) as [number, string];
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  const now = seen(pid);
  // Dead and not yet buried: in a container without an init process it stays so for ever.
  if (now?.state === 'Z' || now?.state === 'X') return undefined;
  // The number lives again, as another process.
  return now && began !== '' && now.began !== began ? undefined : pid;
};

const takenAgain = 'somebody else takes it again and again';

/** Takes away the lock of a dead process, unless somebody else has done so meanwhile and put his own there. */
const bury = async (file: string, dead: string): Promise<void> => {
  const grave = `${file}.${randomUUID()}`;
  try {
    await rename(file, grave);
    if ((await readFile(grave, 'utf8')) !== dead) await link(grave, file);
  } catch {
    // Gone already, or there is a new one: the next try sees.
  } finally {
    await rm(grave, { force: true });
  }
};

const takeLock = async (file: string, held: (pid: number) => Result<never>): Promise<Result<FolderLock>> => {
  const mine = `${process.pid} ${seen(process.pid)?.began ?? ''}`;
  const beside = `${file}.${randomUUID()}`;
  try {
    // Linked into place with its text: a lock that is made first and written then looks dead in between.
    await writeFile(beside, mine, { mode: 0o600, flag: 'wx' });
    for (let tries = 0; tries < 3; tries++) {
      try {
        await link(beside, file);
        return ok({ release: () => rm(file, { force: true }) });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const there = await readFile(file, 'utf8').catch(() => undefined);
      if (there === undefined) continue;
      const pid = holds(there);
      if (pid !== undefined) return held(pid);
      await bury(file, there);
    }
    return fail('file-unwritable', { file, why: takenAgain });
  } catch (error) {
    return fail('file-unwritable', { file, why: whyOf(error) });
  } finally {
    await rm(beside, { force: true });
  }
};

/** Takes a folder for this process, and makes it where there is none; `folder-in-use` names the process that has it. The lock of a dead process is taken over. */
export const lockFolder = async (folder: string): Promise<Result<FolderLock>> => {
  try {
    await makeFolders(folder, { mode: 0o700 });
  } catch (error) {
    return fail('file-unwritable', { file: folder, why: whyOf(error) });
  }
  return takeLock(join(folder, 'lock'), (pid) => fail('folder-in-use', { folder, pid }));
};

const tryAgainMs = 20;

/**
 * Takes a file for the time of a change, with a lock beside it; waits for another change to end, `withinMs` at most.
 * Problem: `file-in-use` names the process that has it.
 */
export const lockFile = async (file: string, { withinMs = 5_000 } = {}): Promise<Result<FolderLock>> => {
  const until = performance.now() + withinMs;
  for (;;) {
    const lock = await takeLock(`${file}.lock`, (pid) => fail('file-in-use', { file, pid }));
    const again = !lock.ok && (lock.problem.code === 'file-in-use' || lock.problem.facts['why'] === takenAgain);
    if (!again || performance.now() > until) return lock;
    await setTimeout(tryAgainMs);
  }
};
