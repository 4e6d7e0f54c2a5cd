// A file of records that grows at its end, begins anew by size and by day, and keeps its older parts for some days.
import { basename, dirname, join } from 'node:path';
import { silent, type Log } from '../base/log.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { dayMs, usPerMs, type Us } from '../base/time.js';
import type { WholeReader } from '../base/whole.js';
import type { Clock } from './clock.js';
import { whyOf } from './disk.js';
import type { LogFile } from './log-files.js';
import { rotatingFiles, type RotatingFiles } from './rotating/files.js';
import { freeName } from './rotating/names.js';
import { tidyClosed } from './rotating/tidy.js';

export interface RotatingSetup {
  readonly path: string;
  /** A file that would grow beyond this is closed before. */
  readonly maxBytes: number;
  /** Closed files older than this are deleted. */
  readonly keepDays: number;
  /** Closed files are packed. */
  readonly gzip: boolean;
  /** `false`: what was appended is with the system, and lost in a power cut. */
  readonly sync: boolean;
  /** Tells how much of a file is whole that an earlier process may have left in the middle of a record. */
  whole(): WholeReader;
  readonly clock: Clock;
  readonly log?: Log;
  readonly files?: RotatingFiles;
  /** Hears of a failure before those who wait do, so that nobody appends in between what has to stand behind. */
  failed?(why: string): void;
}

export interface RotatingFile {
  /**
   * Resolves when whole records are in the file, and synced. Calls made while a sync runs share the next one. A failure
   * is one of all that waits: nothing of it counts, and the next call stands in its place. Problem: `file-unwritable`.
   */
  append(bytes: Uint8Array): Promise<Result<void>>;
  /** Ends after what was appended. */
  close(): Promise<void>;
}

interface Active {
  readonly file: LogFile;
  readonly mark: string;
  /** Bytes that count. */
  length: number;
  /** There may be more bytes in the file than count. */
  torn: boolean;
  /** Begin of the UTC day that its records are of. */
  dayUs: Us;
}

interface Waiting {
  readonly bytes: Uint8Array;
  done(how: Result<void>): void;
}

const pieceBytes = 1 << 20;
/** More than any record has: what is behind it was not left by a kill. */
const mostTornBytes = 64 << 10;
const mostGroupBytes = 4 << 20;
const dayUs = dayMs * usPerMs;
const dayOf = (us: Us): Us => us - (us % dayUs);
/** What will not get better by waiting. */
const lasting = new Set(['EACCES', 'EPERM', 'EISDIR', 'EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * Opens a file for records at its end, or makes it and the folders above it. An unfinished record at its end is cut off; a
 * file with more than that behind its records is put among the closed ones as it is.
 * The file is ours alone, by a lock beside it. A closed file is called like `events-2026-11-25T00-00-00Z.jsonl`, by the
 * UTC time of its end. A disk that is full or broken now is no problem here: `append` says so. Problems: `file-in-use`,
 * and `file-unwritable` for what waiting does not mend.
 */
export const openRotatingFile = async (setup: RotatingSetup): Promise<Result<RotatingFile>> => {
  const { path, clock, log = silent, files = rotatingFiles } = setup;
  const folder = dirname(path);
  const name = basename(path);
  let active: Active | undefined;
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;
  let dayEnds = false;
  let closing: Promise<void> | undefined;

  /** Puts the file among the closed ones. */
  const putAway = async (endUs: Us): Promise<void> => {
    const taken = new Set(await files.list(folder));
    await files.replace(path, join(folder, freeName(name, endUs, taken)));
  };

  /** Cuts off what is no whole record; says how much counts then, or undefined when that would be too much to throw away. */
  const mend = async (file: LogFile, size: number): Promise<number | undefined> => {
    const reader = setup.whole();
    for (let at = 0; at < size; at += pieceBytes)
      if (!reader.take(await file.read(at, Math.min(pieceBytes, size - at)))) break;
    const { keep, add } = reader.end();
    if (keep === size && !add) return size;
    if (size - keep > mostTornBytes) return undefined;
    await file.truncate(keep);
    if (add) await file.write(add, keep);
    await file.sync();
    log('file_mended', { file: path, cutBytes: size - keep });
    return keep + (add?.length ?? 0);
  };

  const create = async (): Promise<Active> => {
    await files.makeFolder(folder);
    const file = await files.create(path);
    // Its bytes can be synced as often as one likes: without its name in the folder they are lost.
    await files.settle(folder);
    const mark = (await files.look(path))?.mark ?? '';
    return { file, mark, length: 0, torn: false, dayUs: dayOf(clock.nowUs()) };
  };

  const openActive = async (): Promise<Active> => {
    const there = await files.look(path);
    if (!there) return create();
    const file = await files.open(path);
    const length = await mend(file, file.size).catch(async (error: unknown) => {
      await file.close().catch(() => undefined);
      throw error;
    });
    const nowUs = clock.nowUs();
    if (length === undefined) {
      log('file_set_aside', { file: path, why: 'it is damaged, or not ours' });
      await file.close();
      await putAway(nowUs);
      return create();
    }
    const ofUs = length > 0 ? Math.min(there.writtenUs, nowUs) : nowUs;
    return { file, mark: there.mark, length, torn: false, dayUs: dayOf(ofUs) };
  };

  const abort = new AbortController();
  const how = { ...setup, folder, name, files, log, signal: abort.signal };
  let tidying: Promise<void> = Promise.resolve();
  const tidy = (): void => {
    tidying = tidying
      .then(() => (abort.signal.aborted ? undefined : tidyClosed(clock.nowUs(), how)))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) log('file_not_tidied', { file: path, why: whyOf(error) });
      });
  };

  const letGo = async (): Promise<void> => {
    const before = active;
    active = undefined;
    await before?.file.close();
  };

  /** Closes the file under a name of its own. */
  const rotate = async (was: Active): Promise<void> => {
    if (!setup.sync) await was.file.sync();
    await letGo();
    // A file that was not closed at midnight, because nobody was here, says when it should have been.
    await putAway(Math.min(clock.nowUs(), was.dayUs + dayUs));
    tidy();
  };

  const isOver = ({ length, dayUs: day }: Active, more: number): boolean =>
    length > 0 && (length + more > setup.maxBytes || dayOf(clock.nowUs()) > day);

  /** The file to write to now. Somebody may have moved the old one away, or deleted it. */
  const activeFor = async (bytes: number): Promise<Active> => {
    if (active && (await files.look(path))?.mark !== active.mark) await letGo();
    active ??= await openActive();
    if (active.torn) {
      await active.file.truncate(active.length);
      active.torn = false;
    }
    if (!isOver(active, bytes)) return active;
    await rotate(active);
    active = await openActive();
    return active;
  };

  const write = async (bytes: Uint8Array): Promise<void> => {
    const to = await activeFor(bytes.length);
    if (to.length === 0) to.dayUs = dayOf(clock.nowUs());
    to.torn = true;
    await to.file.write(bytes, to.length);
    if (setup.sync) await to.file.sync();
    to.length += bytes.length;
    to.torn = false;
  };

  const takeGroup = (): readonly Waiting[] => {
    let count = 0;
    for (let bytes = 0; count < waiting.length && (count === 0 || bytes < mostGroupBytes); count++)
      bytes += waiting[count]!.bytes.length;
    return waiting.splice(0, count);
  };

  const unwritable = (error: unknown): Result<never> => fail('file-unwritable', { file: path, why: whyOf(error) });

  const endDay = async (): Promise<void> => {
    dayEnds = false;
    if (active && isOver(active, 0) && !active.torn) await rotate(active);
  };
  const work = async (): Promise<void> => {
    // One turn later, so that what is taken in the same breath is written in one piece.
    await Promise.resolve();
    while (waiting.length > 0 || dayEnds) {
      if (dayEnds) await endDay().catch((error: unknown) => log('file_not_closed', { file: path, why: whyOf(error) }));
      const group = takeGroup();
      if (group.length === 0) continue;
      try {
        await write(Buffer.concat(group.map(({ bytes }) => bytes)));
        for (const { done } of group) done(ok(undefined));
      } catch (error) {
        // What waits behind must not stand in the file before that which comes again.
        const all = [...group, ...waiting];
        waiting = [];
        setup.failed?.(whyOf(error));
        for (const { done } of all) done(unwritable(error));
      }
    }
    working = undefined;
  };

  let unlock: (() => Promise<void>) | undefined;
  try {
    await files.makeFolder(folder);
    const lock = await files.lock(path);
    if (lock.ok) unlock = () => lock.value.release();
    else if (lock.problem.code === 'file-in-use') return lock;
    // A full disk has no room for it, and not every file system has the links of which it is made.
    else log('file_not_locked', { ...lock.problem.facts });
    active = await openActive();
  } catch (error) {
    if (lasting.has((error as NodeJS.ErrnoException).code ?? '')) {
      await unlock?.();
      return unwritable(error);
    }
    log('file_not_opened', { file: path, why: whyOf(error) });
  }
  tidy();
  const atMidnight = (): void => {
    dayEnds = true;
    working ??= work();
    tidy();
    midnight = clock.at(dayOf(clock.nowUs()) + dayUs, atMidnight);
  };
  let midnight = clock.at(dayOf(clock.nowUs()) + dayUs, atMidnight);

  return ok({
    append: (bytes) =>
      new Promise((done) => {
        if (closing) return done(unwritable(new Error('it is closed')));
        waiting.push({ bytes, done });
        working ??= work();
      }),
    close() {
      closing ??= (async () => {
        midnight();
        abort.abort();
        while (working) await working;
        await tidying;
        if (active?.torn) await active.file.truncate(active.length).catch(() => undefined);
        await letGo().catch(() => undefined);
        await unlock?.();
      })();
      return closing;
    },
  });
};
