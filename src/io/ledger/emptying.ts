import type { LogFile, LogFiles } from '../log-files.js';
import { batchesOf, leastOf, type Segment } from './segments.js';

type Put = readonly (readonly [key: string, value: string])[];

/** Moves what still counts in a file to the end of the log, in pieces between which others may append. */
export interface Emptying {
  readonly segment: Segment;
  /** Does a piece, or in a hurry all that is left; true when nothing is. Rejects as the disk does, and is over then. */
  step(hurry: boolean): Promise<boolean>;
}

const growth = 3;
const sumOf = (segments: readonly Segment[], of: (segment: Segment) => number): number =>
  segments.reduce((all, one) => all + of(one), 0);

/** So large a log of these files may be before one of them is emptied. */
export const boundOf = (segments: readonly Segment[], slackBytes: number): number =>
  slackBytes + growth * sumOf(segments, ({ keyBytes }) => keyBytes);

/** Of the files that may be emptied the one that is best emptied now: the one with the least in it that counts. */
export const worthEmptying = (
  segments: readonly Segment[],
  { ready, slackBytes }: { readonly ready: readonly Segment[]; readonly slackBytes: number },
): Segment | undefined =>
  ready.find((segment) => segment.old) ??
  (sumOf(segments, ({ bytes }) => bytes) <= boundOf(segments, slackBytes)
    ? undefined
    : leastOf(ready.filter(({ keyBytes, bytes }) => keyBytes < bytes / 2)));

// So large that emptying keeps up with writing, so small that no append waits long.
const readBytes = 256 << 10;
const writeBytes = 128 << 10;

/**
 * `isIn` says whether the newest value of a key stands in a file: it is asked when a value is read and again just before
 * it is written, since something newer may have been appended meanwhile. `write` makes values durable at the end.
 */
export const emptying = (setup: {
  readonly files: LogFiles;
  readonly segment: Segment;
  isIn(key: string, segment: Segment): boolean;
  write(put: Put): Promise<void>;
}): Emptying => {
  const { files, segment, isIn } = setup;
  // Of a key that was put twice only the later value counts, so the whole file is read before anything is written.
  const newest = new Map<string, string>();
  let file: LogFile | undefined;
  let batches: ReturnType<typeof batchesOf> | undefined;
  let left: Iterator<readonly [string, string]> | undefined;

  const end = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close().catch(() => undefined);
  };

  const read = async (): Promise<void> => {
    file ??= await files.open(segment.path);
    batches ??= batchesOf(file, 0, segment.bytes);
    let until: number | undefined;
    for (;;) {
      const { value, done } = await batches.next();
      if (done) {
        await end();
        left = newest.entries();
        return;
      }
      for (const [key, text] of value.batch.put) if (isIn(key, segment)) newest.set(key, text);
      until ??= value.next + readBytes;
      if (value.next >= until) return;
    }
  };

  const write = async (entries: Iterator<readonly [string, string]>): Promise<boolean> => {
    const put: (readonly [string, string])[] = [];
    let bytes = 0;
    let done = false;
    while (!done && bytes < writeBytes) {
      const next = entries.next();
      if (next.done) done = true;
      else if (isIn(next.value[0], segment)) {
        put.push(next.value);
        bytes += next.value[0].length + next.value[1].length;
      }
    }
    if (put.length > 0) await setup.write(put);
    return done;
  };

  return {
    segment,
    async step(hurry) {
      try {
        do {
          if (left && (await write(left))) return true;
          if (!left) await read();
        } while (hurry);
        return false;
      } catch (error) {
        await end();
        throw error;
      }
    },
  };
};
