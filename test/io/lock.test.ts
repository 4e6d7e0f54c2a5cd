import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { lockFile, lockFolder } from '../../src/io/lock.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('locks', () => {
  test('a folder belongs to one at a time', async () => {
    const mine = must(await lockFolder(join(folder, 'a')));
    expect(await lockFolder(join(folder, 'a'))).toMatchObject({
      problem: { code: 'folder-in-use', facts: { pid: process.pid } },
    });
    await mine.release();
    await must(await lockFolder(join(folder, 'a'))).release();
  });

  test('a file is waited for, and then given up', async () => {
    const file = join(folder, 'b.yaml');
    const mine = must(await lockFile(file));
    expect(await lockFile(file, { withinMs: 30 })).toMatchObject({ problem: { code: 'file-in-use', facts: { file } } });
    const next = lockFile(file);
    await mine.release();
    await must(await next).release();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test('the lock of a dead process is taken over, and nothing is left lying about', async () => {
    const file = join(folder, 'c.yaml');
    // No process has this number: Linux counts to 2^22.
    writeFileSync(`${file}.lock`, '99999999 1');
    const mine = must(await lockFile(file));
    expect(readFileSync(`${file}.lock`, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    await mine.release();
    expect(readdirSync(folder).filter((name) => name.startsWith('c.yaml'))).toEqual([]);
  });

  test('of many who find a dead lock, one at a time holds it', async () => {
    const file = join(folder, 'd.yaml');
    writeFileSync(`${file}.lock`, '99999999 1');
    let inside = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lock = must(await lockFile(file, { withinMs: 20_000 }));
        expect(++inside).toBe(1);
        await Promise.resolve();
        inside--;
        done++;
        await lock.release();
      }),
    );
    expect(done).toBe(20);
  });

  test('where nothing can be written a sentence says so', async () =>
    expect(await lockFile(join(folder, 'no', 'such', 'folder.yaml'))).toMatchObject({
      problem: { code: 'file-unwritable' },
    }));
});
