// A log in files, in which the newest value of each key counts, and which is a queue of numbered items at the same time:
// what belongs together becomes durable with one sync, and nothing in memory grows with the queue.
import { fail } from '../base/problem.js';
import { silent } from '../base/log.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';
import { boundOf, emptying, worthEmptying, type Emptying } from './ledger/emptying.js';
import { keyIndex } from './ledger/keys.js';
import { leaving } from './ledger/leaving.js';
import { batchText, headText, sealedLines, takeGroup, type LedgerBatch } from './ledger/lines.js';
import { itemReader } from './ledger/read.js';
import { emptySegment, findSegments, leastOf, type Segment } from './ledger/segments.js';
import type { LedgerSetup, OpenedLedger } from './ledger/shape.js';
import { spareFile } from './ledger/spare.js';
import { machineFiles, type LogFile } from './log-files.js';

export type { LedgerBatch } from './ledger/lines.js';
export type { Item } from './ledger/read.js';
export type { Ledger, LedgerSetup, OpenedLedger } from './ledger/shape.js';

/** So many times its bound, and nothing is appended until a file is empty. */
const farTooLarge = 2;

interface Waiting {
  readonly batch: LedgerBatch;
  done(result: Result<number>): void;
}

/**
 * Opens the ledger in a folder, or begins one. After a kill or a power cut at any moment it holds every batch whose
 * `append` resolved, whole; of the others it holds whole ones or none. Problems: `file-unreadable`, `file-unwritable`,
 * `store-newer`.
 */
export const openLedger = async (setup: LedgerSetup): Promise<Result<OpenedLedger>> => {
  const { folder, files = machineFiles, log = silent } = setup;
  const { segmentBytes = 1 << 20, slackBytes = 16 << 20, spareBytes = 256 << 10, noteMs = 1_000 } = setup;
  const wrong = (error: unknown): Result<never> => fail('file-unwritable', { file: folder, why: whyOf(error) });

  const index = keyIndex();
  const found = await findSegments(folder, files, (put, segment) => {
    for (const [key, value] of put) setup.take(key, value);
    index.place(put, segment);
  });
  if (!found.ok) return found;
  const { tornBytes, damaged } = found.value;
  let segments = found.value.segments;
  let next = segments.at(-1)?.end ?? 0;
  let kept = segments[0]?.first ?? 0;

  let current: Segment;
  let file: LogFile;
  /** Something failed: there may be bytes behind the last good one that nobody was promised. */
  let torn = tornBytes > 0;
  /** Begins a new file. */
  const rotate = async (): Promise<void> => {
    // What failed must not come back behind a newer file: its numbers are given again.
    if (torn) {
      await file.truncate(current.bytes);
      await file.sync();
      torn = false;
    }
    const segment = emptySegment(folder, (segments.at(-1)?.number ?? 0) + 1, next);
    const made = await files.create(segment.path);
    try {
      const head = sealedLines([headText(next)]);
      await made.write(head, 0);
      await made.sync();
      await files.settle(folder);
      segment.bytes = head.length;
    } catch (error) {
      await made.close().catch(() => undefined);
      await files.remove(segment.path).catch(() => undefined);
      throw error;
    }
    await file?.close().catch(() => undefined);
    [current, file] = [segment, made];
    segments.push(segment);
  };
  const spare = spareFile({ folder, files, bytes: spareBytes });
  try {
    const last = segments.at(-1);
    if (last && last.bytes > 0) {
      current = last;
      file = await files.open(last.path);
    } else {
      // A file whose first line never reached the disk.
      if (last) await files.remove(last.path);
      segments = segments.slice(0, last ? -1 : undefined);
      torn = false;
      file = undefined as never;
      await rotate();
    }
    await spare.make();
  } catch (error) {
    return wrong(error);
  }

  const waiting: Waiting[] = [];
  let notes = new Map<string, string>();
  let noteTimer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  /** Work that does not wait for an append: notes that are due, files to be emptied. */
  let asked = false;
  let failing = false;
  let untidy = false;
  let closing = false;

  const released = (segment: Segment): boolean => segment.end <= kept;
  const sum = (of: (segment: Segment) => number): number => segments.reduce((all, one) => all + of(one), 0);

  /** Writes lines behind the last good one, and syncs. */
  const write = async (lines: readonly string[]): Promise<void> => {
    if (torn) await file.truncate(current.bytes);
    const bytes = sealedLines(lines);
    torn = true;
    await file.write(bytes, current.bytes);
    await file.sync();
    torn = false;
    current.bytes += bytes.length;
  };

  const isUseless = (segment: Segment): boolean =>
    segment !== current && segment !== emptied?.segment && segment.keys === 0 && released(segment);
  const notTidied = (error: unknown): void => log('store_not_tidied', { why: whyOf(error) });

  const gone = leaving({
    files,
    back: (segment) => void (segments = [...segments, segment].sort((one, other) => one.number - other.number)),
    failed: notTidied,
  });
  /** Takes away files in which nothing counts any more; needs no room, but where room is short it is waited for. */
  const takeAway = async (): Promise<void> => {
    const useless = segments.filter(isUseless);
    segments = segments.filter((one) => !useless.includes(one));
    gone.take(useless);
    if (failing) await gone.done();
  };

  const ready = (): readonly Segment[] => segments.filter((one) => one !== current && released(one) && one.keys > 0);
  const toEmpty = (): Segment | undefined => worthEmptying(segments, { ready: ready(), slackBytes });

  /** The file that is being emptied. */
  let emptied: Emptying | undefined;
  const begin = (segment: Segment): Emptying =>
    emptying({
      ...{ files, segment, isIn: index.isIn },
      async write(put) {
        if (current.bytes > segmentBytes) await rotate();
        await write([batchText({ put }, next)]);
        index.place(put, current);
      },
    });

  /** Goes on with emptying: a piece, or all that is left when the log would grow faster than that. */
  const goOn = async (of: Emptying): Promise<void> => {
    emptied = undefined;
    const isFar = sum(({ bytes }) => bytes) > farTooLarge * boundOf(segments, slackBytes);
    if (!(await of.step(failing || isFar))) return void (emptied = of);
    // What could not be read any more counts no more.
    index.clear(of.segment);
    await takeAway();
  };

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    const noted = notes;
    notes = new Map();
    try {
      if (current.bytes > segmentBytes) await rotate();
      const lines: string[] = [];
      const firsts: number[] = [];
      let number = next;
      const put = [...noted];
      if (put.length > 0) lines.push(batchText({ put }, number));
      for (const { batch } of group) {
        lines.push(batchText(batch, number));
        firsts.push(number);
        number += batch.items?.length ?? 0;
      }
      await write(lines);
      failing = false;
      next = current.end = number;
      index.place(put, current);
      for (const [at, { batch, done }] of group.entries()) {
        index.place(batch.put ?? [], current);
        done(ok(firsts[at]!));
      }
    } catch (error) {
      failing = true;
      for (const [key, value] of noted) if (!notes.has(key)) notes.set(key, value);
      if (notes.size > 0) noteLater();
      const result = wrong(error);
      for (const { done } of group) done(result);
    }
  };

  /** After each group: takes away and empties what may go. On a full disk the spare file makes room for that. */
  const tidy = async (): Promise<void> => {
    try {
      await takeAway();
      if (current.old && !failing) await rotate();
      if (failing && released(current) && current.keyBytes < current.bytes / 2) {
        await spare.giveUp();
        await rotate();
        await takeAway();
      }
      const segment = toEmpty() ?? (failing ? leastOf(ready()) : undefined);
      if (!emptied && !segment) return void (untidy = false);
      if (failing) await spare.giveUp();
      await goOn(emptied ?? begin(segment!));
      // Where the disk is failing the next try to append goes on with it.
      if (!failing && (emptied || toEmpty())) asked = true;
      untidy = false;
    } catch (error) {
      if (!untidy) notTidied(error);
      untidy = true;
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0 || asked) {
      asked = false;
      const group = takeGroup(waiting);
      if (group.length > 0 || notes.size > 0) await writeGroup(group);
      await tidy();
      if (!failing) await spare.make().catch(() => undefined);
    }
    working = undefined;
  };
  const start = (): void => void (working ??= work());
  const ask = (): void => {
    asked = true;
    start();
  };
  const noteLater = (): void => {
    noteTimer ??= setTimeout(() => {
      noteTimer = undefined;
      if (notes.size > 0 && !closing) ask();
    }, noteMs);
    noteTimer.unref();
  };

  const reader = itemReader({ files, segments: () => segments });

  return ok({
    tornBytes,
    damaged,
    append: (batch) =>
      new Promise((done) => {
        waiting.push({ batch, done });
        start();
      }),
    note(key, value) {
      notes.set(key, value);
      noteLater();
    },
    forget: index.forget,
    get next() {
      return next;
    },
    get first() {
      return Math.max(kept, segments[0]?.first ?? 0);
    },
    read: (from, most) => reader.read(Math.max(from, kept), most),
    release(before) {
      const was = kept;
      kept = Math.max(kept, Math.min(before, next));
      if (kept === was) return;
      // Only when a whole file has become free is there something to do.
      if (segments.some((segment) => segment !== current && segment.end > was && segment.end <= kept) || failing) ask();
    },
    sweep() {
      for (const segment of segments) segment.old = true;
      ask();
    },
    get size() {
      return sum(({ bytes }) => bytes);
    },
    get live() {
      return sum(({ keyBytes }) => keyBytes);
    },
    get backlog() {
      return sum((segment) => (released(segment) ? 0 : segment.bytes));
    },
    get oldestEnd() {
      return segments.find((segment) => !released(segment))?.end ?? next;
    },
    async close() {
      closing = true;
      clearTimeout(noteTimer);
      if (notes.size > 0) ask();
      await working;
      await gone.done();
      if (torn) await file.truncate(current.bytes).catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  });
};
