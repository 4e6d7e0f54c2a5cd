import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './disk.js';

/** An open file, read and written at places that the caller names. Everything may reject with the system's error. */
export interface LogFile {
  /** Exactly so many bytes; rejects when the file ends before. */
  read(at: number, length: number): Promise<Uint8Array>;
  /** All of the bytes. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Resolves when the disk has what was written. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What a log needs of a file system: few enough calls that a test can end the world at each of them. */
export interface LogFiles {
  /** An empty file; what was there is gone. Its name may not survive a power cut. */
  create(path: string): Promise<LogFile>;
  /** A file that is there. */
  open(path: string): Promise<LogFile & { readonly size: number }>;
  /** Names in a folder, in any order. */
  list(folder: string): Promise<readonly string[]>;
  /** Resolves when the names in a folder survive a power cut. */
  settle(folder: string): Promise<void>;
  /** Gives a file the name of another, which is gone then; resolves when that survives a power cut. */
  replace(from: string, to: string): Promise<void>;
  /** That there is none is fine. */
  remove(path: string): Promise<void>;
}

/** The files of this machine; new ones get these rights, less what the umask takes. */
export const filesWithRights = (mode: number): LogFiles => ({
  async create(path) {
    // Taken away first: rights are given when a file is made.
    await rm(path, { force: true });
    return logFile(await open(path, 'wx+', mode));
  },
  async open(path) {
    const file = await open(path, 'r+');
    return { ...logFile(file), size: (await file.stat()).size };
  },
  list: (folder) => readdir(folder),
  settle: syncFolder,
  async replace(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
  },
  remove: (path) => rm(path, { force: true }),
});

/** The files of this machine; new ones are their owner's alone. */
export const machineFiles: LogFiles = filesWithRights(0o600);

const logFile = (file: FileHandle): LogFile => ({
  async read(at, length) {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(bytes, done, length - done, at + done);
      if (bytesRead === 0) throw new Error(`it ends at ${at + done}, before ${at + length}`);
      done += bytesRead;
    }
    return bytes;
  },
  async write(bytes, at) {
    for (let done = 0; done < bytes.length;)
      done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  },
  sync: () => file.datasync(),
  truncate: (length) => file.truncate(length),
  close: () => file.close(),
});
