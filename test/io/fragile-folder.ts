import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ok } from '../../src/base/result.js';
import type { Us } from '../../src/base/time.js';
import type { RotatingFiles } from '../../src/io/rotating/files.js';
import { fragileDisk, type Aftermath, type FragileDisk } from './fragile-disk.js';

type How = Parameters<typeof fragileDisk>[0];

/** A disk in memory with what a rotating file needs beside; see `fragileDisk`. */
export interface FragileFolder extends RotatingFiles {
  readonly steps: number;
  readonly over: boolean;
  next(after: Aftermath, how: How): FragileFolder;
  /** The text of the closed files of a folder in the order of their names, and of the open one of that name. */
  text(path: string): Promise<string>;
}

export const fragileFolder = (how: How, writtenUs: Us): FragileFolder => around(fragileDisk(how), writtenUs);

const around = (disk: FragileDisk, writtenUs: Us): FragileFolder => {
  const marks = new Map<string, string>();
  let count = 0;
  const bytesOf = async (from: FragileDisk, path: string): Promise<Uint8Array> => {
    const file = await from.open(path);
    return file.read(0, file.size);
  };
  return {
    ...disk,
    get steps() {
      return disk.steps;
    },
    get over() {
      return disk.over;
    },
    makeFolder: () => Promise.resolve(),
    lock: () => Promise.resolve(ok({ release: () => Promise.resolve() })),
    create(path) {
      marks.set(path, `${count++}`);
      return disk.create(path);
    },
    look(path) {
      if (disk.find(path, 'killed') === undefined) return Promise.resolve(undefined);
      const mark = marks.get(path) ?? `${count++}`;
      marks.set(path, mark);
      return Promise.resolve({ mark, writtenUs });
    },
    async pack(from, to) {
      const bytes = gzipSync(await bytesOf(disk, from));
      const target = await disk.create(to);
      await target.write(bytes, 0);
      await target.sync();
      await target.close();
      await disk.settle(dirname(to));
    },
    next: (after, then) => around(disk.next(after, then), writtenUs),
    async text(path) {
      const calm = disk.next('killed', {});
      const names = (await calm.list(dirname(path))).map((name) => join(dirname(path), name));
      const closed = names.filter((name) => name.includes('Z.')).sort();
      const parts: string[] = [];
      for (const name of [...closed, ...names.filter((one) => one === path)]) {
        const bytes = await bytesOf(calm, name);
        if (name.endsWith('.part')) continue;
        // Killed between a gzip and the end of what it was made of, both are there.
        if (names.includes(`${name}.gz`)) continue;
        parts.push(new TextDecoder().decode(name.endsWith('.gz') ? gunzipSync(bytes) : bytes));
      }
      return parts.join('');
    },
  };
};
