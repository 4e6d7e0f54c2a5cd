// A file of lines in which the newest line of each key counts. It grows by synced appends, and when most of it is of no
// use any more it is written anew while appending goes on.
import { fail } from '../base/problem.js';
import { silent, type Log } from '../base/log.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';
import { machineFiles, type LogFile, type LogFiles } from './log-files.js';

/** A line, its end included, and under which keys it counts until another line takes them. */
export interface KeyedLine {
  readonly text: string;
  readonly keys: readonly string[];
}

export interface KeyedLog {
  /**
   * Resolves when the line is written and synced. Calls made while a sync runs share the next one. What failed is not in
   * the file: the next line stands in its place. Problem: `file-unwritable`.
   */
  append(line: KeyedLine): Promise<Result<void>>;
  /** Nobody will ask for this key again. */
  forget(key: string): void;
  /** Bytes of the file, and of the lines in it that still count. */
  readonly size: number;
  readonly live: number;
  /** Ends after what was appended; a file that is being written anew is given up. */
  close(): Promise<void>;
}

export interface KeyedLogSetup {
  readonly path: string;
  /** What the file begins with: whatever was there is replaced, all of it or nothing. */
  readonly lines: Iterable<KeyedLine>;
  /** The file may have three times its live bytes and this much more before it is written anew. */
  readonly slackBytes?: number;
  readonly log?: Log;
  readonly files?: LogFiles;
}

interface Placed {
  at: number;
  readonly bytes: number;
  /** For how many keys it is the newest. */
  keys: number;
}

const usualSlackBytes = 16 << 20;
const growth = 3;
const pieceBytes = 256 << 10;
/** So little is copied while appending waits. */
const lastPieceBytes = 1 << 20;
/** So often what was appended meanwhile is copied while still more comes. */
const mostRounds = 8;

/**
 * Writes `lines` as a new file and opens it for more. Nobody else may use the file, nor the one beside it that ends with
 * `.next`. After a kill or a power cut at any moment, the file holds every line that counts and whose `append` resolved.
 * Problem: `file-unwritable`.
 */
export const openKeyedLog = async (setup: KeyedLogSetup): Promise<Result<KeyedLog>> => {
  const { path, slackBytes = usualSlackBytes, log = silent, files = machineFiles } = setup;
  const beside = `${path}.next`;
  const wrong = (error: unknown): Result<never> => fail('file-unwritable', { file: path, why: whyOf(error) });
  // In the order of the file: whoever sets a key takes it out first.
  const newest = new Map<string, Placed>();
  let live = 0;
  let size = 0;

  const forget = (key: string): void => {
    const before = newest.get(key);
    if (!before) return;
    newest.delete(key);
    if (--before.keys === 0) live -= before.bytes;
  };
  const place = (bytes: number, keys: readonly string[]): Placed => {
    const placed = { at: size, bytes, keys: keys.length };
    size += bytes;
    if (keys.length > 0) live += bytes;
    for (const key of keys) {
      forget(key);
      newest.set(key, placed);
    }
    return placed;
  };

  let opened: LogFile | undefined;
  try {
    opened = await files.create(beside);
    await writeAll(opened, setup.lines, place);
    await opened.sync();
    await files.replace(beside, path);
  } catch (error) {
    await opened?.close().catch(() => undefined);
    await files.remove(beside).catch(() => undefined);
    return wrong(error);
  }
  let file = opened;

  let waiting: (KeyedLine & { done(result: Result<void>): void })[] = [];
  let working: Promise<void> | undefined;
  /** Something failed: there may be bytes behind `size` that nobody was promised. */
  let torn = false;
  /** To be done between two groups of appends. */
  let between: (() => Promise<void>) | undefined;
  let renewing: Promise<void> | undefined;
  /** Lines that came since the file is being written anew. */
  let younger: Placed[] = [];
  let notBelow = 0;
  let closing = false;

  const write = async (group: readonly KeyedLine[]): Promise<Result<void>> => {
    const bytes = new TextEncoder().encode(group.map(({ text }) => text).join(''));
    try {
      if (torn) await file.truncate(size);
      torn = true;
      await file.write(bytes, size);
      await file.sync();
      torn = false;
    } catch (error) {
      return wrong(error);
    }
    for (const { text, keys } of group) {
      const placed = place(Buffer.byteLength(text), keys);
      if (renewing) younger.push(placed);
    }
    return ok(undefined);
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0 || between) {
      const job = between;
      between = undefined;
      if (job) {
        await job();
        continue;
      }
      const group = waiting;
      waiting = [];
      const result = await write(group);
      for (const { done } of group) done(result);
      if (!renewing && !closing && size > Math.max(notBelow, slackBytes + growth * live))
        renewing = renew().finally(() => (renewing = undefined));
    }
    working = undefined;
  };
  const start = (): void => void (working ??= work());

  /** Writes what counts into a file beside this one, then what came meanwhile, and puts it in this one's place. */
  const renew = async (): Promise<void> => {
    const cut = size;
    const before = { size, live };
    const alive: Placed[] = [];
    for (const line of newest.values()) if (line !== alive.at(-1)) alive.push(line);
    younger = [];
    let fresh: LogFile | undefined;
    try {
      fresh = await files.create(beside);
      const to = fresh;
      const kept = await copyLines(file, to, alive, () => closing);
      let copied = cut;
      const follow = async (): Promise<void> => {
        const until = size;
        await copyRange({ from: file, at: copied, until, to, toAt: kept + copied - cut });
        copied = until;
      };
      for (let round = 0; round < mostRounds && size - copied > lastPieceBytes; round++) await follow();
      await to.sync();
      await new Promise<void>((resolve, reject) => {
        between = async () => {
          try {
            await follow();
            await to.sync();
            await files.replace(beside, path);
            const old = file;
            file = to;
            torn = false;
            size += kept - cut;
            let at = 0;
            for (const line of alive) {
              line.at = at;
              at += line.bytes;
            }
            for (const line of younger) line.at += kept - cut;
            await old.close().catch(() => undefined);
            resolve();
          } catch (error) {
            reject(error as Error);
          }
        };
        start();
      });
      log('store_compacted', { fromBytes: before.size, toBytes: size });
    } catch (error) {
      // Nothing is lost but room: the old file goes on, and when it has grown by a third more it is tried again.
      notBelow = Math.ceil((size * 4) / 3);
      if (!closing) log('store_not_compacted', { why: whyOf(error), bytes: size });
      await fresh?.close().catch(() => undefined);
      await files.remove(beside).catch(() => undefined);
    }
  };

  return ok({
    append: (line) =>
      new Promise((done) => {
        waiting.push({ ...line, done });
        start();
      }),
    forget,
    get size() {
      return size;
    },
    get live() {
      return live;
    },
    async close() {
      closing = true;
      await renewing;
      await working;
      if (torn) await file.truncate(size).catch(() => undefined);
      await file.close();
    },
  });
};

/** Writes lines in large pieces and has each of them placed. */
const writeAll = async (
  file: LogFile,
  lines: Iterable<KeyedLine>,
  place: (bytes: number, keys: readonly string[]) => Placed,
): Promise<void> => {
  let at = 0;
  let open: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    await file.write(new TextEncoder().encode(open.join('')), at);
    at += bytes;
    open = [];
    bytes = 0;
  };
  for (const { text, keys } of lines) {
    const length = Buffer.byteLength(text);
    place(length, keys);
    open.push(text);
    bytes += length;
    if (bytes >= pieceBytes) await flush();
  }
  if (bytes > 0) await flush();
};

/** Copies lines, given in the order of the file, to the beginning of another file; how many bytes they have. */
const copyLines = async (
  from: LogFile,
  to: LogFile,
  lines: readonly Placed[],
  stop: () => boolean,
): Promise<number> => {
  const end = lines.length === 0 ? 0 : lines.at(-1)!.at + lines.at(-1)!.bytes;
  let written = 0;
  let next = 0;
  let at = 0;
  while (next < lines.length) {
    if (stop()) throw new Error('it is being closed');
    at = Math.max(at, lines[next]!.at);
    const piece = await from.read(at, Math.min(pieceBytes, end - at));
    const pieceEnd = at + piece.length;
    const kept: Uint8Array[] = [];
    for (; next < lines.length && lines[next]!.at < pieceEnd; next++) {
      const line = lines[next]!;
      const lineEnd = line.at + line.bytes;
      kept.push(piece.subarray(Math.max(line.at, at) - at, Math.min(lineEnd, pieceEnd) - at));
      // The rest of it stands in the next piece.
      if (lineEnd > pieceEnd) break;
    }
    const bytes = Buffer.concat(kept);
    await to.write(bytes, written);
    written += bytes.length;
    at = pieceEnd;
  }
  return written;
};

const copyRange = async (what: {
  readonly from: LogFile;
  readonly at: number;
  readonly until: number;
  readonly to: LogFile;
  readonly toAt: number;
}): Promise<void> => {
  const { from, to, until } = what;
  for (let at = what.at; at < until; at += pieceBytes)
    await to.write(await from.read(at, Math.min(pieceBytes, until - at)), what.toAt + at - what.at);
};
