import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { makeFolders } from './folders.js';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EEXIST: 'a file of that name is there already',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota on this disk is used up',
  EMFILE: 'too many files are open',
  EPIPE: 'nobody reads any more',
};

/** What the system said about a file, in words. */
export const whyOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return (
    (code !== undefined && Object.hasOwn(words, code) ? words[code] : undefined) ?? code ?? message ?? String(error)
  );
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
const unwritable = (file: string, error: unknown): Result<never> =>
  fail('file-unwritable', { file, why: whyOf(error) });

const mostTextBytes = 64 << 20;
/**
 * All bytes of a file, or undefined when there are more than that. Pipes, /proc and devices say they have no bytes and then
 * give some, /dev/zero without end: so it is counted while it is read.
 */
const readAtMost = async (file: FileHandle, mostBytes: number): Promise<Uint8Array | undefined> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(256 << 10));
    if (bytesRead === 0) return Buffer.concat(pieces);
    size += bytesRead;
    if (size > mostBytes) return undefined;
    pieces.push(buffer.subarray(0, bytesRead));
  }
};

/**
 * The text of a file in UTF-8, without a byte order mark, at most `mostBytes` long (64 MiB).
 * Problems: `file-missing` when there is none, `file-not-utf8`, `file-unreadable` for all else.
 */
export const readText = async (path: string, { mostBytes = mostTextBytes } = {}): Promise<Result<string>> => {
  const wrong = (why: string): Result<string> => fail('file-unreadable', { file: path, why });
  if (path === '') return fail('file-unreadable', { file: 'a file without a name', why: whyOf({ code: 'ENOENT' }) });
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > mostBytes) return wrong(`it has ${size} bytes, at most ${mostBytes} are read`);
    const bytes = await readAtMost(file, mostBytes);
    if (!bytes) return wrong(`it has more than ${mostBytes} bytes`);
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return fail('file-missing', { file: path, why: whyOf(error), from: process.cwd() });
    return codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? fail('file-not-utf8', { file: path })
      : wrong(whyOf(error));
  } finally {
    await file?.close().catch(() => undefined);
  }
};

/** Syncs a folder, so that a new name in it survives a power cut. Not every system can; then the rename must do. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
};

/**
 * Writes a file so that a reader, and the next start after a power cut, finds the old text or the new one, never half:
 * beside it, synced, renamed. Makes missing folders; keeps the rights of a file that is there; `secret` files are their
 * owner's alone. Problem: `file-unwritable`.
 */
export const writeAtomic = async (path: string, text: string, { secret = false } = {}): Promise<Result<void>> => {
  // A link stays a link: what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  const folder = dirname(target);
  const beside = join(folder, `.${basename(target)}.${randomUUID()}.tmp`);
  let file: FileHandle | undefined;
  try {
    await makeFolders(folder, secret ? { mode: 0o700 } : {});
    const before = await stat(target).catch(() => undefined);
    const mode = secret ? 0o600 : before ? before.mode & 0o777 : undefined;
    file = await open(beside, 'wx', secret ? 0o600 : 0o666);
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(beside, target);
    await syncFolder(folder);
    return ok(undefined);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(beside, { force: true }).catch(() => undefined);
    return unwritable(path, error);
  }
};

/** Takes a file away; that there is none is fine. Problem: `file-unwritable`. */
export const removeFile = async (path: string): Promise<Result<void>> => {
  try {
    await rm(path, { force: true });
    return ok(undefined);
  } catch (error) {
    return unwritable(path, error);
  }
};

/** Takes a folder away with all that is in it; that there is none is fine. Problem: `file-unwritable`. */
export const removeFolder = async (path: string): Promise<Result<void>> => {
  try {
    await rm(path, { force: true, recursive: true });
    return ok(undefined);
  } catch (error) {
    return unwritable(path, error);
  }
};

/** Makes a folder of its owner alone, if there is none; it survives a power cut. Problem: `file-unwritable`. */
export const makeFolder = async (path: string): Promise<Result<void>> => {
  try {
    await makeFolders(path, { mode: 0o700 });
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    return unwritable(path, error);
  }
};

/** A file, or standard output, that grows by lines. Nothing of it throws. */
export interface LineFile {
  /** Takes a line, without its end; it is written soon, in order. After a failure lines are only counted. */
  line(text: string): void;
  /** Lines taken, and lines that the system has. */
  readonly taken: number;
  readonly written: number;
  /** What ended the writing; undefined while all is well. */
  readonly problem: Problem | undefined;
  /** Resolves when all that was taken is written, or with the problem that ended the writing. */
  flush(): Promise<Result<void>>;
  close(): Promise<Result<void>>;
}

const standardOutput = async (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // A reader that went away shows as an event, too; unheard it would end the process.
    process.stdout.once('error', reject);
    process.stdout.write(text, (error) => {
      process.stdout.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });

/** Opens a file for lines at its end, or makes it; `-` is standard output. Problem: `file-unwritable`. */
export const openLines = async (path: string): Promise<Result<LineFile>> => {
  let file: FileHandle | undefined;
  try {
    if (path !== '-') file = await open(path, 'a');
  } catch (error) {
    return unwritable(path, error);
  }
  const write = async (text: string): Promise<void> => (file ? file.appendFile(text) : standardOutput(text));
  const counts = { taken: 0, written: 0 };
  let waiting: string[] = [];
  let problem: Problem | undefined;
  let working: Promise<void> | undefined;
  let closing: Promise<Result<void>> | undefined;

  const work = async (): Promise<void> => {
    // One turn later, so that what is taken in the same breath is written in one piece.
    await Promise.resolve();
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      try {
        await write(`${lines.join('\n')}\n`);
        counts.written += lines.length;
      } catch (error) {
        problem = { code: 'file-unwritable', facts: { file: path, why: whyOf(error) } };
        waiting = [];
      }
    }
    working = undefined;
  };
  const flush = async (): Promise<Result<void>> => {
    while (working) await working;
    return problem ? { ok: false, problem } : ok(undefined);
  };

  return ok({
    get taken() {
      return counts.taken;
    },
    get written() {
      return counts.written;
    },
    get problem() {
      return problem;
    },
    line(text) {
      counts.taken++;
      if (problem || closing) return;
      waiting.push(text);
      working ??= work();
    },
    flush,
    close() {
      closing ??= (async () => {
        const flushed = await flush();
        try {
          await file?.close();
        } catch (error) {
          return unwritable(path, error);
        }
        return flushed;
      })();
      return closing;
    },
  });
};
