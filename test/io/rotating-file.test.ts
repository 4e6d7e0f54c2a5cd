import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { ok } from '../../src/base/result.js';
import { usFromIso, type Us } from '../../src/base/time.js';
import { wholeLines } from '../../src/base/whole.js';
import { steppedClock, type SteppedClock } from '../../src/io/clock.js';
import { openRotatingFile, type RotatingFile, type RotatingSetup } from '../../src/io/rotating-file.js';
import { closedName, closedOf, freeName } from '../../src/io/rotating/names.js';
import { fragileFolder, type FragileFolder } from './fragile-folder.js';

const us = (iso: string): Us => usFromIso(iso)!;
const noon = us('2026-11-25T12:00:00Z');
const line = (n: number): Uint8Array => new TextEncoder().encode(`{"n":${n}}\n`);
const dayUs = 86_400_000_000;

describe('names of closed files', () => {
  test.each([
    ['events.jsonl', 'events-2026-11-25T12-00-00Z.jsonl'],
    ['a.b.cborseq', 'a.b-2026-11-25T12-00-00Z.cborseq'],
    ['plain', 'plain-2026-11-25T12-00-00Z'],
    ['.hidden', '.hidden-2026-11-25T12-00-00Z'],
  ])('%s', (name, closed) => {
    expect(closedName(name, noon)).toBe(closed);
    expect(closedOf(closed, name)).toEqual({ name: closed, atUs: noon, packed: false });
    expect(closedOf(`${closed}.gz`, name)).toEqual({ name: `${closed}.gz`, atUs: noon, packed: true });
    expect(freeName(name, noon, new Set([closed]))).toBe(closedName(name, noon + 1_000_000));
    expect(freeName(name, noon, new Set([`${closed}.gz`]))).toBe(closedName(name, noon + 1_000_000));
  });
  test.each([
    'events.jsonl',
    'events.jsonl.lock',
    'events-2026-11-25.jsonl',
    'events-2026-02-31T00-00-00Z.jsonl',
    'events-2026-11-25T12:00:00Z.jsonl',
    'events-old-2026-11-25T12-00-00Z.jsonl',
    'events-2026-11-25T12-00-00Z.json',
    'events-2026-11-25T12-00-00Z.jsonl.gz.gz',
  ])('%s is none', (found) => expect(closedOf(found, 'events.jsonl')).toBeUndefined());
  test('never throws', () =>
    fc.assert(fc.property(fc.string(), fc.string(), (found, name) => void closedOf(found, name))));
});

const folders: string[] = [];
const files: RotatingFile[] = [];
afterEach(async () => {
  for (const file of files.splice(0)) await file.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-rotating-'));
  folders.push(folder);
  return folder;
};
const open = async (folder: string, setup: Partial<RotatingSetup> & { readonly clock: SteppedClock }) => {
  const { log, events } = keptLog();
  const path = join(folder, 'events.jsonl');
  const usual = { path, maxBytes: 1 << 20, keepDays: 30, gzip: false, sync: true, whole: wholeLines, log };
  const opened = await openRotatingFile({ ...usual, ...setup });
  if (opened.ok) files.push(opened.value);
  return { opened, path, said: events };
};
const textOf = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('.lock'))
    .sort((a, b) => (a === 'events.jsonl' ? 1 : b === 'events.jsonl' ? -1 : a < b ? -1 : 1))
    .map((name) =>
      name.endsWith('.gz')
        ? gunzipSync(readFileSync(join(folder, name))).toString()
        : readFileSync(join(folder, name), 'utf8'),
    )
    .join('');
const linesTo = (count: number): string => Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join('');
const until = (what: () => boolean): Promise<void> => expect.poll(what, { timeout: 5_000, interval: 5 }).toBe(true);

describe('a rotating file', () => {
  test('grows, ends before it is too large, and loses nothing on the way', async () => {
    const folder = newFolder();
    const clock = steppedClock(noon);
    const file = must((await open(join(folder, 'a', 'b'), { clock, maxBytes: 40 })).opened);
    for (let n = 0; n < 15; n++) must(await file.append(line(n)));
    const here = join(folder, 'a', 'b');
    expect(textOf(here)).toBe(linesTo(15));
    expect(
      readdirSync(here)
        .filter((name) => name.includes('Z'))
        .sort(),
    ).toEqual([
      'events-2026-11-25T12-00-00Z.jsonl',
      'events-2026-11-25T12-00-01Z.jsonl',
      'events-2026-11-25T12-00-02Z.jsonl',
    ]);
    for (const name of readdirSync(here))
      if (!name.endsWith('.lock')) expect(statSync(join(here, name)).size).toBeLessThanOrEqual(40);
    if (process.platform !== 'win32') expect(statSync(join(here, 'events.jsonl')).mode & 0o137).toBe(0);
  });

  test('what is appended at once is one write, and in order', async () => {
    const folder = newFolder();
    const file = must((await open(folder, { clock: steppedClock(noon) })).opened);
    await Promise.all(Array.from({ length: 500 }, (_, n) => file.append(line(n)).then(must)));
    expect(textOf(folder)).toBe(linesTo(500));
  });

  test('at midnight it ends, and old files go', async () => {
    const folder = newFolder();
    const clock = steppedClock(noon);
    const old = [
      'events-2026-11-23T00-00-00Z.jsonl',
      'events-2026-11-23T00-00-00Z.jsonl.gz',
      'other-2026-11-01T00-00-00Z.jsonl',
    ];
    for (const name of old) writeFileSync(join(folder, name), '');
    const file = must((await open(folder, { clock, keepDays: 3 })).opened);
    must(await file.append(line(0)));
    clock.advance(us('2026-11-26T00:00:00Z'));
    await until(() => readdirSync(folder).includes('events-2026-11-26T00-00-00Z.jsonl'));
    // Without events nothing is closed.
    clock.advance(us('2026-11-27T00:00:00Z'));
    must(await file.append(line(1)));
    await until(() => !readdirSync(folder).includes(old[0]!));
    await file.close();
    expect(readdirSync(folder).sort()).toEqual(['events-2026-11-26T00-00-00Z.jsonl', 'events.jsonl', old[2]!].sort());
  });

  test('closed files are packed; what a kill left half done is ended', async () => {
    const folder = newFolder();
    const clock = steppedClock(noon);
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('events-2026-11-23T00-00-00Z.jsonl'), '{"n":0}\n');
    writeFileSync(at('events-2026-11-23T00-00-00Z.jsonl.gz.part'), 'rubbish');
    writeFileSync(at('events-2026-11-24T00-00-00Z.jsonl'), '{"n":1}\n');
    const { opened } = await open(folder, { clock, gzip: true, maxBytes: 8 });
    const file = must(opened);
    must(await file.append(line(2)));
    must(await file.append(line(3)));
    await until(() => readdirSync(folder).filter((name) => name.endsWith('.gz')).length === 3);
    await file.close();
    expect(readdirSync(folder).filter((name) => !name.endsWith('.gz'))).toEqual(['events.jsonl']);
    expect(textOf(folder)).toBe(linesTo(4));
    // Packed, and killed before the plain one went.
    writeFileSync(at('events-2026-11-24T00-00-00Z.jsonl'), '{"n":1}\n');
    const again = must((await open(folder, { clock, gzip: true })).opened);
    await until(() => !existsSync(at('events-2026-11-24T00-00-00Z.jsonl')));
    await again.close();
    expect(textOf(folder)).toBe(linesTo(4));
  });

  test('a file that was closed before the clock was set is not old', async () => {
    const folder = newFolder();
    const clock = steppedClock(us('1970-01-01T00:00:10Z'));
    const early = must((await open(folder, { clock, maxBytes: 8 })).opened);
    must(await early.append(line(0)));
    must(await early.append(line(1)));
    await early.close();
    expect(readdirSync(folder)).toContain('events-1970-01-01T00-00-10Z.jsonl');
    const later = must((await open(folder, { clock: steppedClock(noon) })).opened);
    await until(() => readdirSync(folder).includes('events-2026-11-25T12-00-00Z.jsonl'));
    await later.close();
    expect(textOf(folder)).toBe(linesTo(2));
  });

  test('an unfinished line of an earlier process is cut off, a file of an earlier day is closed', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'events.jsonl'), '{"n":0}\n{"n":1}\n{"n":');
    // The file was written today; the clock says it is long ago.
    const tomorrow = (Math.floor(Date.now() / 86_400_000) + 1) * dayUs;
    const { opened, said } = await open(folder, { clock: steppedClock(tomorrow + 3_600_000_000 + 2 * dayUs) });
    expect(said).toEqual([{ event: 'file_mended', fields: { file: join(folder, 'events.jsonl'), cutBytes: 5 } }]);
    must(await must(opened).append(line(2)));
    expect(textOf(folder)).toBe(linesTo(3));
    expect(readdirSync(folder)).toContain(closedName('events.jsonl', tomorrow));
  });

  test('moved or deleted by somebody, it begins anew', async () => {
    const folder = newFolder();
    const file = must((await open(folder, { clock: steppedClock(noon) })).opened);
    must(await file.append(line(0)));
    renameSync(join(folder, 'events.jsonl'), join(folder, 'aside'));
    must(await file.append(line(1)));
    rmSync(join(folder, 'events.jsonl'));
    must(await file.append(line(2)));
    expect(readFileSync(join(folder, 'aside'), 'utf8')).toBe('{"n":0}\n');
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe('{"n":2}\n');
  });

  test('has one writer', async () => {
    const folder = newFolder();
    const clock = steppedClock(noon);
    const first = must((await open(folder, { clock })).opened);
    expect((await open(folder, { clock })).opened).toMatchObject({ ok: false, problem: { code: 'file-in-use' } });
    await first.close();
    must((await open(folder, { clock })).opened);
  });

  test('what waiting cannot mend is a problem at once', async () => {
    const folder = newFolder();
    const clock = steppedClock(noon);
    writeFileSync(join(folder, 'file'), '');
    const wrong = async (path: string): Promise<unknown> => (await open(folder, { clock, path })).opened;
    expect(await wrong(join(folder, 'file', 'events.jsonl'))).toMatchObject({
      ok: false,
      problem: { code: 'file-unwritable' },
    });
    expect(await wrong(folder)).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
    if (process.getuid?.() !== 0) {
      chmodSync(folder, 0o500);
      expect(await wrong(join(folder, 'events.jsonl'))).toMatchObject({ ok: false });
      chmodSync(folder, 0o700);
    }
  });

  test('closed, it takes nothing and does not throw', async () => {
    const { opened } = await open(newFolder(), { clock: steppedClock(noon) });
    const file = must(opened);
    const last = file.append(line(0));
    await file.close();
    expect((await last).ok).toBe(true);
    expect(await file.append(line(1))).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
    await file.close();
  });
});

describe('a disk that ends or fails', () => {
  const total = 12;
  const path = '/data/events.jsonl';
  const setup = { path, maxBytes: 40, keepDays: 30, gzip: true, sync: true, whole: wholeLines };

  /** Appends the lines of a run in order, each until it is there or the disk ends; says how many were promised. */
  const run = async (disk: FragileFolder, from = 0): Promise<number> => {
    let promised = from;
    let done = false;
    const clock = steppedClock(noon);
    const work = async (): Promise<void> => {
      let file: RotatingFile | undefined;
      for (let n = from; n < total; n = promised) {
        const opened = file ? ok(file) : await openRotatingFile({ ...setup, clock, files: disk });
        file = must(opened);
        // Two at once, so that a group can be cut.
        const both = await Promise.all([n, n + 1].filter((one) => one < total).map((one) => file!.append(line(one))));
        const good = both.findIndex((one) => !one.ok);
        promised += good < 0 ? both.length : good;
      }
      await file?.close();
      done = true;
    };
    void work();
    while (!done && !disk.over) await new Promise((resolve) => setImmediate(resolve));
    return promised;
  };
  const numbers = (text: string): number[] =>
    text
      .trim()
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => (JSON.parse(one) as { n: number }).n);
  const firsts = (list: readonly number[]): readonly number[] => [...new Set(list)];

  test.each(['killed', 'power-cut', 'power-cut-after-rename'] as const)(
    'at every step, %s: what was promised is there, whole and in order, and the next process goes on',
    async (after) => {
      const whole = fragileFolder({}, noon);
      await run(whole);
      expect(whole.steps).toBeGreaterThan(40);
      for (let end = 1; end <= whole.steps; end++) {
        const disk = fragileFolder({ end }, noon);
        const promised = await run(disk);
        const next = disk.next(after, {});
        await run(next, promised);
        const found = numbers(await next.text(path));
        // What had not been promised may stand there and come again.
        expect(firsts(found), `ended at ${end}`).toEqual(Array.from({ length: total }, (_, n) => n));
        expect(found.length - total, `ended at ${end}`).toBeLessThanOrEqual(2);
      }
    },
  );

  test('full at every step for a while: nothing is promised that is not there, and it goes on', async () => {
    const whole = fragileFolder({}, noon);
    await run(whole);
    for (let at = 1; at <= whole.steps; at++)
      for (const forSteps of [1, 2, 5]) {
        const disk = fragileFolder({ fail: { at, forSteps } }, noon);
        await run(disk);
        expect(numbers(await disk.text(path)), `full at ${at} for ${forSteps}`).toEqual(
          Array.from({ length: total }, (_, n) => n),
        );
      }
  });

  test('what failed leaves nothing behind, and nothing that waited overtakes it', async () => {
    let failures = 0;
    for (let at = 1; at < 20; at++)
      for (let later = 0; later < 12; later++) {
        const disk = fragileFolder({ fail: { at, forSteps: 1 } }, noon);
        const clock = steppedClock(noon);
        let heard = 0;
        const failed = (): void => void heard++;
        const file = must(await openRotatingFile({ ...setup, maxBytes: 1000, clock, files: disk, failed }));
        const first = file.append(line(1_000_000));
        for (let turn = 0; turn < later; turn++) await Promise.resolve();
        const behind = [await first, await file.append(line(2))];
        const together = [file.append(line(3_000_000))];
        for (let turn = 0; turn < later; turn++) await Promise.resolve();
        const before = heard;
        together.push(file.append(line(4)));
        const all = [...behind, ...(await Promise.all(together))];
        await file.close();
        const there = [1_000_000, 2, 3_000_000, 4].filter((_, i) => all[i]!.ok);
        expect(numbers(await disk.text(path)), `failed at ${at}`).toEqual(there);
        if (!all[2]!.ok && heard > before) {
          failures++;
          expect(all[3]!.ok, `failed at ${at}, ${later} turns between`).toBe(false);
        }
      }
    expect(failures).toBeGreaterThan(0);
  });
});
