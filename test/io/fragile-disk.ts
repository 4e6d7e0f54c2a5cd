import { basename, dirname } from 'node:path';
import type { LogFile, LogFiles } from '../../src/io/log-files.js';

interface Inode {
  data: Uint8Array;
  /** What a power cut leaves. */
  durable: Uint8Array;
}

/** What is found after the end of the world. */
export type Aftermath = 'killed' | 'power-cut' | 'power-cut-after-rename';

/** A disk in memory that takes its steps one by one and ends, or fails, at a chosen one. */
export interface FragileDisk extends LogFiles {
  /** Steps taken so far. */
  readonly steps: number;
  readonly over: boolean;
  /** The text of a file as the next process finds it. */
  find(path: string, after: Aftermath): string | undefined;
  /** The disk as the next process finds it, which ends or fails at steps of its own. */
  next(after: Aftermath, how: Parameters<typeof fragileDisk>[0]): FragileDisk;
}

/**
 * `end`: nothing returns from that step on, and a write of that step is half done. `fail`: that step and the `forSteps`
 * after it reject, writes half done.
 */
export const fragileDisk = (how: {
  readonly end?: number;
  readonly fail?: { readonly at: number; readonly forSteps: number };
  readonly files?: ReadonlyMap<string, Uint8Array>;
}): FragileDisk => {
  const names = new Map<string, Inode>(
    [...(how.files ?? [])].map(([name, data]) => [name, { data, durable: data }] as const),
  );
  const durableNames = new Map(names);
  let steps = 0;
  let over = false;

  const step = async (whole: () => void, half: () => void = () => undefined): Promise<void> => {
    await Promise.resolve();
    if (over) return never();
    const now = ++steps;
    if (now === how.end) {
      over = true;
      half();
      return never();
    }
    const { fail } = how;
    if (fail && now >= fail.at && now < fail.at + fail.forSteps) {
      half();
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }
    whole();
  };

  const fileOf = (inode: Inode): LogFile => ({
    async read(at, length) {
      await step(() => undefined);
      if (at + length > inode.data.length) throw new Error('it ends before');
      return inode.data.slice(at, at + length);
    },
    write(bytes, at) {
      const put = (count: number): void => {
        const grown = new Uint8Array(Math.max(inode.data.length, at + count));
        grown.set(inode.data);
        grown.set(bytes.subarray(0, count), at);
        inode.data = grown;
      };
      return step(
        () => put(bytes.length),
        () => put(bytes.length >> 1),
      );
    },
    sync: () => step(() => void (inode.durable = inode.data)),
    truncate: (length) => step(() => void (inode.data = inode.data.slice(0, length))),
    close: () => step(() => undefined),
  });

  const settleNames = (): void => {
    durableNames.clear();
    for (const [name, inode] of names) durableNames.set(name, inode);
  };

  return {
    get steps() {
      return steps;
    },
    get over() {
      return over;
    },
    async create(path) {
      const inode: Inode = { data: new Uint8Array(0), durable: new Uint8Array(0) };
      await step(() => void names.set(path, inode));
      return fileOf(inode);
    },
    async open(path) {
      let found: Inode | undefined;
      await step(() => void (found = names.get(path)));
      if (!found) throw Object.assign(new Error('none'), { code: 'ENOENT' });
      return { ...fileOf(found), size: found.data.length };
    },
    async list(folder) {
      const found: string[] = [];
      await step(() => {
        for (const name of names.keys()) if (dirname(name) === folder) found.push(basename(name));
      });
      return found;
    },
    settle: () => step(settleNames),
    async replace(from, to) {
      await step(() => {
        names.set(to, names.get(from)!);
        names.delete(from);
      });
      // Syncing a folder fails for nobody to hear: see `syncFolder`.
      await step(settleNames).catch(() => undefined);
    },
    remove: (path) => step(() => void names.delete(path)),
    find(path, after) {
      const inode = (after === 'power-cut' ? durableNames : names).get(path);
      return inode && new TextDecoder().decode(after === 'killed' ? inode.data : inode.durable);
    },
    next: (after, then) =>
      fragileDisk({
        ...then,
        files: new Map(
          [...(after === 'power-cut' ? durableNames : names)].map(
            ([name, { data, durable }]) => [name, after === 'killed' ? data : durable] as const,
          ),
        ),
      }),
  };
};

const never = (): Promise<never> => new Promise(() => undefined);
