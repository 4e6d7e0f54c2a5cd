import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Result } from '../../base/result.js';
import { usPerMs, type Us } from '../../base/time.js';
import { syncFolder } from '../disk.js';
import { makeFolders } from '../folders.js';
import { lockFile, type FolderLock } from '../lock.js';
import { filesWithRights, type LogFiles } from '../log-files.js';

/** What a rotating file needs of a file system beyond what a log needs. Everything may reject with the system's error. */
export interface RotatingFiles extends LogFiles {
  /** Makes a folder and those above it; that it is there is fine. */
  makeFolder(path: string): Promise<void>;
  /** Takes a file for this process; does not wait for another one. */
  lock(path: string): Promise<Result<FolderLock>>;
  /** A file's mark, which another file does not have, and when it was last written; undefined when there is none. */
  look(path: string): Promise<{ readonly mark: string; readonly writtenUs: Us } | undefined>;
  /** Writes a file's gzip as `to`; resolves when it survives a power cut. What stands in `to` before that is rubbish. */
  pack(from: string, to: string, signal: AbortSignal): Promise<void>;
}

const rights = 0o640;

/** The files of this machine; new ones can be read by their group and written by their owner, less what the umask takes. */
export const rotatingFiles: RotatingFiles = {
  ...filesWithRights(rights),
  async makeFolder(path) {
    await makeFolders(path);
  },
  lock: (path) => lockFile(path, { withinMs: 0 }),
  async look(path) {
    try {
      const { dev, ino, mtimeMs } = await stat(path);
      return { mark: `${dev} ${ino}`, writtenUs: Math.floor(mtimeMs) * usPerMs };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async pack(from, to, signal) {
    await rm(to, { force: true });
    const file = await open(to, 'wx', rights);
    try {
      await pipeline(
        createReadStream(from),
        createGzip(),
        async (pieces: AsyncIterable<Uint8Array>) => {
          for await (const piece of pieces) await file.writeFile(piece);
        },
        { signal },
      );
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(to));
  },
};
