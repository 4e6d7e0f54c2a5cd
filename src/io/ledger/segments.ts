// The files of a ledger: what stands in them, and reading them.
import { join } from 'node:path';
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { whyOf } from '../disk.js';
import { ledgerVersion, readLine, wholeLines, type WrittenBatch } from './lines.js';
import type { LogFile, LogFiles } from '../log-files.js';

/** A file of a ledger. */
export interface Segment {
  readonly path: string;
  readonly number: number;
  /** Bytes that are written, synced and whole. */
  bytes: number;
  /** Numbers of its items: from the first up to, and without, the last. */
  first: number;
  end: number;
  /** Of how many keys it has the newest value, and their bytes. */
  keys: number;
  keyBytes: number;
  /** To be emptied as soon as its items are released, however much of it still counts. */
  old: boolean;
}

export const segmentPath = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(16, '0')}.log`);
const segmentName = /^(\d{16})\.log$/;

export const emptySegment = (folder: string, number: number, first: number): Segment => ({
  ...{ path: segmentPath(folder, number), number, bytes: 0, first, end: first, keys: 0, keyBytes: 0, old: false },
});

const pieceBytes = 256 << 10;

/** The whole lines of a file from `at` to `until`, piece by piece; `next` is where the line behind begins. */
export async function* linesOf(
  file: LogFile,
  at: number,
  until: number,
): AsyncGenerator<{ readonly text: string; readonly next: number }> {
  let size = pieceBytes;
  while (at < until) {
    const piece = await file.read(at, Math.min(size, until - at));
    let used = 0;
    for (const { text, end } of wholeLines(piece)) {
      used = end;
      yield { text, next: at + end };
    }
    // A line that is longer than the piece: a larger one.
    if (used === 0) {
      if (at + piece.length >= until) return;
      size *= 2;
      continue;
    }
    at += used;
    size = pieceBytes;
  }
}

/** What was found when a ledger was opened. */
export interface Found {
  /** In the order of their numbers; what is behind `bytes` in the last one is torn. */
  readonly segments: Segment[];
  readonly tornBytes: number;
  /** Lines that were whole once and are not any more. */
  readonly damaged: number;
}

/**
 * Reads the files in a folder, the oldest first. `take` hears every value that was put, in order, with the segment that
 * it stands in. Problems: `file-unreadable`, `store-newer` for what a later version wrote.
 */
export const findSegments = async (
  folder: string,
  files: LogFiles,
  take: (put: readonly (readonly [string, string])[], segment: Segment) => void,
): Promise<Result<Found>> => {
  const segments: Segment[] = [];
  let tornBytes = 0;
  let damaged = 0;
  let file: (LogFile & { readonly size: number }) | undefined;
  try {
    const numbers = (await files.list(folder)).flatMap((name) => {
      const [, digits] = segmentName.exec(name) ?? [];
      return digits === undefined ? [] : [Number(digits)];
    });
    numbers.sort((a, b) => a - b);
    let next = 0;
    for (const [at, number] of numbers.entries()) {
      const segment = emptySegment(folder, number, next);
      file = await files.open(segment.path);
      const isLast = at === numbers.length - 1;
      let begun = false;
      // Bad lines at the end of the last file are what a kill leaves: counted as damaged only when a good one follows.
      let bad = 0;
      let read = 0;
      for await (const { text, next: behind } of linesOf(file, 0, file.size)) {
        read = behind;
        const line = readLine(text);
        if (!line) {
          bad++;
          continue;
        }
        damaged += bad;
        bad = 0;
        segment.bytes = behind;
        if ('head' in line) {
          if (line.head.v > ledgerVersion) return fail('store-newer', { file: segment.path, version: line.head.v });
          if (!begun) segment.first = segment.end = Math.max(segment.first, line.head.first);
          begun = true;
          continue;
        }
        const { first, items, put } = line.batch;
        if (!begun) segment.first = segment.end = Math.max(segment.first, first);
        begun = true;
        segment.end = Math.max(segment.end, first + items.length);
        take(put, segment);
      }
      if (isLast) tornBytes = file.size - segment.bytes;
      else {
        damaged += bad + (read < file.size ? 1 : 0);
        segment.bytes = file.size;
      }
      next = segment.end;
      segments.push(segment);
      await file.close();
      file = undefined;
    }
  } catch (error) {
    return fail('file-unreadable', { file: folder, why: whyOf(error) });
  } finally {
    await file?.close().catch(() => undefined);
  }
  return ok({ segments, tornBytes, damaged });
};

/** The batches of a segment from a place on; damaged lines are passed over. */
export async function* batchesOf(
  file: LogFile,
  at: number,
  until: number,
): AsyncGenerator<{ readonly batch: WrittenBatch; readonly next: number }> {
  for await (const { text, next } of linesOf(file, at, until)) {
    const line = readLine(text);
    if (line && 'batch' in line) yield { batch: line.batch, next };
  }
}

/** The segment with the least in it that counts. */
export const leastOf = (segments: readonly Segment[]): Segment | undefined =>
  [...segments].sort((a, b) => a.keyBytes - b.keyBytes)[0];
