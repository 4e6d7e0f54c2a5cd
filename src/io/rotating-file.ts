// A file that grows by synced pieces, is closed when it is large or the day is over, and does not stay for ever.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { silent, type Log } from '../base/log.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { syncFolder, whyOf } from './disk.js';

export interface RotatingFile {
  /** Resolves when the piece is on the disk, all of it; what failed is not in the file. Problem: `file-unwritable`. */
  append(bytes: Uint8Array): Promise<Result<void>>;
  close(): Promise<void>;
}

export interface RotatingSetup {
  readonly path: string;
  readonly maxBytes: number;
  /** Closed files are deleted after so long. */
  readonly keepDays: number;
  readonly gzip: boolean;
  readonly log?: Log;
  nowMs(): number;
  /** How many bytes of the file are whole records: what a kill tore is cut off at the opening. */
  wholeBytes(bytes: Uint8Array): number;
}

const dayMs = 24 * 3_600_000;

/** `events.jsonl` of an instant: `events-2026-06-01T06-00-00Z.jsonl`. */
const closedName = (path: string, ms: number): string => {
  const extension = extname(path);
  const time = `${new Date(ms).toISOString().slice(0, 19).replace(/:/g, '-')}Z`;
  return `${basename(path, extension)}-${time}${extension}`;
};

/** When a file of that name was closed; undefined for another file. */
const closedAt = (path: string, name: string): number | undefined => {
  const extension = extname(path);
  const stem = basename(path, extension);
  const match = /^-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:-\d+)?$/.exec(
    name.replace(/\.gz$/, '').slice(stem.length, extension === '' ? undefined : -extension.length),
  );
  if (!name.startsWith(stem) || !match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
};

/** Opens the file at its end, or makes it, readable by its owner and group. Problem: `file-unwritable`. */
export const openRotatingFile = async (setup: RotatingSetup): Promise<Result<RotatingFile>> => {
  const { path, log = silent, nowMs } = setup;
  const folder = dirname(path);
  let file: FileHandle;
  let size = 0;
  let day = 0;
  let closing = false;

  const begin = async (): Promise<void> => {
    file = await open(path, 'a+', 0o640);
    ({ size } = await file.stat());
    const before = Buffer.alloc(size);
    await file.read(before, 0, size, 0);
    const whole = setup.wholeBytes(before);
    if (whole < size) {
      await file.truncate(whole);
      log('file_tail_cut', { file: path, bytes: size - whole });
      size = whole;
    }
    day = Math.floor((size > 0 ? (await file.stat()).mtimeMs : nowMs()) / dayMs);
    await syncFolder(folder);
  };

  const prune = async (): Promise<void> => {
    for (const name of await readdir(folder)) {
      const ms = closedAt(path, name);
      if (ms !== undefined && nowMs() - ms > setup.keepDays * dayMs) await rm(join(folder, name), { force: true });
    }
  };

  const shut = async (): Promise<void> => {
    await file.close();
    let to = join(folder, closedName(path, nowMs()));
    for (let nth = 2; (await there(to)) || (await there(`${to}.gz`)); nth++)
      to = join(folder, closedName(path, nowMs()).replace(/Z/, `Z-${nth}`));
    await rename(path, to);
    await begin();
    if (setup.gzip) {
      const packed = `${to}.gz`;
      await pipeline(createReadStream(to), createGzip(), createWriteStream(packed, { mode: 0o640 }));
      await rm(to, { force: true });
    }
    await prune();
  };

  const write = async (bytes: Uint8Array): Promise<Result<void>> => {
    try {
      if (size > 0 && (size + bytes.length > setup.maxBytes || Math.floor(nowMs() / dayMs) !== day)) await shut();
      await file.appendFile(bytes);
      await file.datasync();
      size += bytes.length;
      return ok(undefined);
    } catch (error) {
      // Half of it may be there: nobody was told that it is.
      await file.truncate(size).catch(() => undefined);
      return fail('file-unwritable', { file: path, why: whyOf(error) });
    }
  };

  try {
    await mkdir(folder, { recursive: true });
    await begin();
    await prune();
  } catch (error) {
    return fail('file-unwritable', { file: path, why: whyOf(error) });
  }
  let working: Promise<unknown> = Promise.resolve();
  return ok({
    append(bytes) {
      const done = working.then(() =>
        closing ? fail('file-unwritable', { file: path, why: 'it is being closed' }) : write(bytes),
      );
      working = done;
      return done as Promise<Result<void>>;
    },
    async close() {
      closing = true;
      await working;
      await file.close().catch(() => undefined);
    },
  });
};

const there = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
