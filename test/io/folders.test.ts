import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolders } from '../../src/io/folders.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-folders-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder and all that lead to it are made, with the rights that were asked for, by however many at once', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(path, { mode: 0o700 })));
  await makeFolders(path);
  for (const part of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, part)).mode & 0o777).toBe(0o700);
});

test('a file in the way is an error', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.runIf(process.platform === 'linux')(
  'where nobody can make a folder, that is said and not tried for ever',
  async () => {
    await expect(makeFolders('/proc/stellwerk')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(makeFolders('/proc/stellwerk/deeper')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
