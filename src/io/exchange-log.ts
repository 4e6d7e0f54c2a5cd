import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, problem as problemOf, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { isoFromUs, type Us } from '../base/time.js';
import type { Clock } from './clock.js';
import { whyOf } from './disk.js';
import { lineKeeper } from './exchange-lines.js';
import { makeFolders } from './folders.js';

/** What a file may have before it becomes FILE.1, in the place of the one before. */
export const mostLogBytes = 4 << 20;
/** What may wait for a disk that does not take it; lines on top are dropped. */
const mostWaiting = 1 << 20;

export interface ExchangeLog {
  /** Takes bytes as they pass; a line is written when it is whole. Never throws. */
  heard(dir: 'in' | 'out', bytes: Uint8Array): void;
  /** Writes what is there, half lines too. Never rejects. */
  close(): Promise<void>;
  readonly file: string;
  /** What ended the writing; undefined while all is well. */
  readonly problem: Problem | undefined;
}

/** `2026-06-01T06:00:00.000000Z`. */
const instant = (us: Us): string => `${isoFromUs(us).slice(0, -1)}${String(us % 1_000).padStart(3, '0')}Z`;

/**
 * Writes what passes on a serial line, one text line for each of the console's: the instant, `>` to the board or `<` from
 * it, and the text, without keys. The file is its owner's alone, and so is a folder that is made for it. Problem:
 * `file-unwritable`.
 */
export const openExchangeLog = async (setup: {
  readonly file: string;
  readonly clock: Clock;
  /** Takes the keys of a dialect out of a line (in Latin-1). */
  hide(line: string): string;
  readonly mostBytes?: number;
}): Promise<Result<ExchangeLog>> => {
  const { file, clock, mostBytes = mostLogBytes } = setup;
  let handle: FileHandle | undefined;
  let size = 0;
  let problem: Problem | undefined;
  const openFile = async (): Promise<void> => {
    handle = await open(file, 'a', 0o600);
    const there = await handle.stat();
    if (!there.isFile()) throw new Error('it is no file');
    if ((there.mode & 0o077) !== 0) await handle.chmod(0o600);
    size = there.size;
  };
  try {
    await makeFolders(dirname(file), { mode: 0o700 });
    await openFile();
  } catch (error) {
    await handle?.close().catch(() => undefined);
    return fail('file-unwritable', { file, why: whyOf(error) });
  }

  let waiting: string[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let working: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const write = async (text: string): Promise<void> => {
    if (size > 0 && size + text.length > mostBytes) {
      await handle?.close();
      handle = undefined;
      await rename(file, `${file}.1`);
      await openFile();
    }
    await handle?.appendFile(text);
    size += text.length;
  };
  const work = async (): Promise<void> => {
    // One turn later, so that what is heard in the same breath is written in one piece.
    await Promise.resolve();
    while (waiting.length > 0 && !problem) {
      const text = waiting.join('');
      waiting = [];
      waitingBytes = 0;
      try {
        await write(text);
      } catch (error) {
        problem = problemOf('file-unwritable', { file, why: whyOf(error) });
      }
    }
    working = undefined;
  };
  const put = (sign: string, text: string): void => {
    if (problem) return;
    if (waitingBytes > mostWaiting) return void dropped++;
    if (dropped > 0) {
      waiting.push(`${instant(clock.nowUs())} - ${dropped} lines were lost: the disk was too slow\n`);
      dropped = 0;
    }
    const line = `${instant(clock.nowUs())} ${sign} ${text}\n`;
    waiting.push(line);
    waitingBytes += line.length;
    working ??= work();
  };
  const keepers = {
    in: lineKeeper(setup.hide, (text) => put('<', text)),
    out: lineKeeper(setup.hide, (text) => put('>', text)),
  };

  return ok({
    file,
    get problem() {
      return problem;
    },
    heard(dir, bytes) {
      if (!closing) keepers[dir].take(bytes);
    },
    close() {
      closing ??= (async () => {
        keepers.in.end();
        keepers.out.end();
        while (working) await working;
        await handle?.close().catch(() => undefined);
      })();
      return closing;
    },
  });
};
