import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, lstat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openLines, whyOf, readText, removeFile, writeAtomic } from '../../src/io/disk.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stellwerk-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

test('reads text without its byte order mark, and says why it cannot', async () => {
  await writeFile(at('good'), '\ufeffGrüße\n');
  await writeFile(at('latin'), Uint8Array.of(0x47, 0xfc, 0x0a));
  expect(must(await readText(at('good')))).toBe('Grüße\n');
  expect(await readText(at('none'))).toMatchObject({ problem: { code: 'file-missing', facts: { file: at('none') } } });
  expect(whyOf({ code: 'EEXIST' })).toContain('there already');
  expect(await readText('')).toMatchObject({ problem: { facts: { file: 'a file without a name' } } });
  expect(await readText(folder)).toMatchObject({
    problem: { code: 'file-unreadable', facts: { why: 'it is a folder' } },
  });
  expect(await readText(at('latin'))).toMatchObject({
    problem: { code: 'file-not-utf8', facts: { file: at('latin') } },
  });
  expect(await readText(at('good'), { mostBytes: 5 })).toMatchObject({ problem: { code: 'file-unreadable' } });
  // It never ends, and says that it is empty.
  if (process.platform === 'linux')
    expect(await readText('/dev/zero', { mostBytes: 1_000_000 })).toMatchObject({
      problem: { code: 'file-unreadable', facts: { why: 'it has more than 1000000 bytes' } },
    });
});

test('writes whole files, makes folders, keeps rights and links, leaves nothing beside them', async () => {
  must(await writeAtomic(at('a/b/file'), 'one'));
  await chmod(at('a/b/file'), 0o640);
  must(await writeAtomic(at('a/b/file'), 'two'));
  expect(must(await readText(at('a/b/file')))).toBe('two');
  expect((await stat(at('a/b/file'))).mode & 0o777).toBe(0o640);
  await symlink(at('a/b/file'), at('link'));
  must(await writeAtomic(at('link'), 'three'));
  expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
  expect(must(await readText(at('a/b/file')))).toBe('three');
  expect(await readdir(at('a/b'))).toEqual(['file']);
});

test('secrets are for their owner alone', async () => {
  must(await writeAtomic(at('keys/keys.json'), '{}', { secret: true }));
  expect((await stat(at('keys/keys.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(at('keys'))).mode & 0o777).toBe(0o700);
});

test('what cannot be written is a problem, and nothing half-written stays', async () => {
  await writeFile(at('file'), 'x');
  expect(await writeAtomic(at('file/below'), 'y')).toMatchObject({ problem: { code: 'file-unwritable' } });
  expect(await writeAtomic(folder, 'y')).toMatchObject({ problem: { code: 'file-unwritable' } });
  expect(await readdir(folder)).toEqual(['file']);
  expect((await removeFile(at('file'))).ok).toBe(true);
  expect((await removeFile(at('file'))).ok).toBe(true);
  expect(await removeFile(folder)).toMatchObject({ problem: { code: 'file-unwritable' } });
});

test('lines are appended in order, across openings', async () => {
  for (const round of [0, 1]) {
    const lines = must(await openLines(at('lines')));
    for (let i = 0; i < 1000; i++) lines.line(`${round} ${i}`);
    expect(lines.taken).toBe(1000);
    must(await lines.flush());
    expect(lines.written).toBe(1000);
    must(await lines.close());
    must(await lines.close());
    lines.line('too late');
  }
  const text = await readFile(at('lines'), 'utf8');
  const expected = [0, 1].flatMap((round) => Array.from({ length: 1000 }, (_, i) => `${round} ${i}\n`));
  expect(text).toBe(expected.join(''));
});

test('no folder: a problem when opening', async () => {
  expect(await openLines(at('none/lines'))).toMatchObject({ problem: { code: 'file-unwritable' } });
});

test.runIf(process.platform === 'linux')('a full disk: a problem when flushing, lines are only counted', async () => {
  const lines = must(await openLines('/dev/full'));
  lines.line('one');
  expect(await lines.flush()).toMatchObject({
    problem: { code: 'file-unwritable', facts: { why: 'the disk is full' } },
  });
  lines.line('two');
  expect(await lines.close()).toMatchObject({ problem: { code: 'file-unwritable' } });
  expect([lines.taken, lines.written]).toEqual([2, 0]);
});

test.skipIf(process.platform === 'win32')(
  'a file that never ends is refused after as much as may be read',
  async () => {
    expect(await readText('/dev/zero', { mostBytes: 3 << 20 })).toMatchObject({
      ok: false,
      problem: { code: 'file-unreadable', facts: { why: expect.stringMatching(/more than/) as unknown } },
    });
  },
);
