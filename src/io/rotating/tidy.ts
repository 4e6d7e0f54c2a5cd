import { join } from 'node:path';
import type { Log } from '../../base/log.js';
import { dayMs, usFromIso, usPerMs, type Us } from '../../base/time.js';
import { closedOf, freeName, type Closed } from './names.js';
import type { RotatingFiles } from './files.js';

export interface Tidying {
  readonly folder: string;
  /** Name of the file that is written to. */
  readonly name: string;
  readonly keepDays: number;
  readonly gzip: boolean;
  readonly files: RotatingFiles;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** No file of ours is older. What says so was closed before the machine knew what time it was. */
const clockSetUs = usFromIso('2024-01-01T00:00:00Z')!;
const half = '.part';

/**
 * Goes through the closed files of a folder: those older than `keepDays` go, and with `gzip` the others are packed. What
 * an earlier process began and did not end is ended. May reject with the system's error; the next time goes on.
 */
export const tidyClosed = async (nowUs: Us, how: Tidying): Promise<void> => {
  const { folder, name, files, log, signal } = how;
  const found = await files.list(folder);
  const names = new Set(found);
  const at = (file: string): string => join(folder, file);
  for (const one of found)
    if (one.endsWith(`.gz${half}`) && closedOf(one.slice(0, -half.length), name)) await files.remove(at(one));

  const closed: Closed[] = [];
  for (const one of found) {
    const file = closedOf(one, name);
    if (!file) continue;
    // A gzip has its name only once it is whole: then the plain file is left over.
    if (!file.packed && names.has(`${one}.gz`)) await files.remove(at(one));
    else if (file.atUs < clockSetUs && nowUs >= clockSetUs) {
      // By its name it is decades old, and it may be of a minute ago: it is kept from now on.
      const end = file.packed ? '.gz' : '';
      const renamed = `${freeName(name, nowUs, names)}${end}`;
      names.add(renamed);
      await files.replace(at(one), at(renamed));
      closed.push({ ...file, name: renamed, atUs: nowUs });
    } else closed.push(file);
  }

  const oldestUs = nowUs - how.keepDays * dayMs * usPerMs;
  for (const { name: one, atUs, packed } of closed) {
    if (signal.aborted) return;
    if (atUs < oldestUs) {
      await files.remove(at(one));
      log('file_expired', { file: at(one) });
    } else if (how.gzip && !packed) {
      await files.pack(at(one), at(`${one}.gz${half}`), signal);
      await files.replace(at(`${one}.gz${half}`), at(`${one}.gz`));
      await files.remove(at(one));
    }
  }
};
