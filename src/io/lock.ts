import { readFileSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';

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

/** Takes a folder for this process, and makes it where there is none; `folder-in-use` names the process that has it. The lock of a dead process is taken over. */
export const lockFolder = async (folder: string): Promise<Result<FolderLock>> => {
  const file = join(folder, 'lock');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail('file-unwritable', { file: folder, why: whyOf(error) });
  }
  const mine = `${process.pid} ${seen(process.pid)?.began ?? ''}`;
  for (let tries = 0; tries < 3; tries++) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(mine);
      await handle.close();
      return ok({ release: () => rm(file, { force: true }) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        return fail('file-unwritable', { file, why: whyOf(error) });
    }
    const pid = holds(await readFile(file, 'utf8').catch(() => ''));
    if (pid !== undefined) return fail('folder-in-use', { folder, pid });
    await rm(file, { force: true });
  }
  return fail('file-unwritable', { file, why: 'somebody else takes it again and again' });
};
