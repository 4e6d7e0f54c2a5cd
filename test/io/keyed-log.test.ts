import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openKeyedLog, type KeyedLine, type KeyedLog } from '../../src/io/keyed-log.js';
import { fragileDisk, type Aftermath, type FragileDisk } from './fragile-disk.js';

const path = 'store/log';
const keys = 7;
const rounds = 40;
const lineOf = (key: number, value: number): KeyedLine => ({
  text: `${JSON.stringify({ key, value, pad: 'x'.repeat(key * 3) })}\n`,
  keys: [`k${key}`],
});
const first = Array.from({ length: keys }, (_, key) => lineOf(key, 0));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The newest value of each key in a text; torn lines say nothing. */
const newestIn = (text: string | undefined): ReadonlyMap<number, number> => {
  const values = new Map<number, number>();
  for (const line of (text ?? '').split('\n')) {
    try {
      const { key, value } = JSON.parse(line) as { key: number; value: number };
      values.set(key, value);
    } catch {
      continue;
    }
  }
  return values;
};

/** Appends in a hurry, several lines at once, and notes what was promised. */
const work = async (disk: FragileDisk) => {
  const promised = new Map<number, number>();
  const asked = new Map<number, number>();
  const { log, events } = keptLog();
  let opened: KeyedLog | undefined;
  const opening = openKeyedLog({ path, lines: first, files: disk, slackBytes: 300, log }).then((result) => {
    if (result.ok) opened = result.value;
  });
  await Promise.race([opening, turn().then(turn)]);
  for (let round = 1; round <= rounds && opened; round++) {
    for (const key of [round % keys, (round * 3) % keys, (round * 5 + 1) % keys]) {
      const value = round * 10 + key;
      asked.set(key, value);
      void opened.append(lineOf(key, value)).then((result) => {
        if (result.ok) promised.set(key, value);
      });
    }
    await turn();
  }
  const closing = opened?.close().then(() => true);
  const closed = await Promise.race([closing, turn().then(turn).then(turn)]);
  return { promised, asked, opened, events, closed: closed === true };
};

describe('a log that is written anew while it runs', () => {
  test('keeps what counts, and no more than three times that and its slack', async () => {
    const disk = fragileDisk({});
    const { promised, opened, events, closed } = await work(disk);
    expect(closed).toBe(true);
    expect(newestIn(disk.find(path, 'killed'))).toEqual(promised);
    expect(events.filter(({ event }) => event === 'store_compacted').length).toBeGreaterThan(2);
    expect(opened!.size).toBe(disk.find(path, 'killed')!.length);
    expect(opened!.live).toBe([...promised].reduce((sum, [key, value]) => sum + lineOf(key, value).text.length, 0));
    expect(opened!.size).toBeLessThan(3 * opened!.live + 300 + 300);
  });

  test.each<Aftermath>(['killed', 'power-cut', 'power-cut-after-rename'])(
    'whatever was promised is there, %s at every single step',
    async (after) => {
      const all = fragileDisk({});
      await work(all);
      expect(all.steps).toBeGreaterThan(150);
      for (let end = 1; end <= all.steps; end++) {
        const disk = fragileDisk({ end });
        const { promised, asked } = await work(disk);
        const found = newestIn(disk.find(path, after));
        for (const [key, value] of promised) {
          expect(found.get(key), `key ${key} after step ${end}`).toBeGreaterThanOrEqual(value);
          expect(found.get(key)).toBeLessThanOrEqual(asked.get(key)!);
        }
        if (promised.size > 0) expect(found.size, `after step ${end}`).toBe(keys);
      }
    },
  );

  test.each([1, 2, 9])(
    'a disk that is full for %i steps, at every single step, costs only what it refused',
    async (forSteps) => {
      const all = fragileDisk({});
      await work(all);
      // In the first half, so that the disk has room again before the end and its torn line is mended.
      for (let at = 5; at < all.steps / 2; at++) {
        const disk = fragileDisk({ fail: { at, forSteps } });
        const { promised, opened } = await work(disk);
        if (!opened) continue;
        const text = disk.find(path, 'killed')!;
        const found = newestIn(text);
        for (const [key, value] of promised) expect(found.get(key), `key ${key} after step ${at}`).toBe(value);
        // No half line is left before a whole one.
        for (const line of text.trimEnd().split('\n')) expect(() => void JSON.parse(line), `step ${at}`).not.toThrow();
      }
    },
  );
});

test('what a sync refused is gone before the next line is promised: it may be older than that', async () => {
  const counted = fragileDisk({});
  must(await openKeyedLog({ path, lines: [], files: counted }));
  // The first append writes in one step and fails to sync in the next.
  const disk = fragileDisk({ fail: { at: counted.steps + 2, forSteps: 1 } });
  const log = must(await openKeyedLog({ path, lines: [], files: disk }));
  const group: KeyedLine = { text: lineOf(1, 1).text + lineOf(2, 1).text, keys: ['k1', 'k2'] };
  expect(await log.append(group)).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
  must(await log.append({ text: `${JSON.stringify({ key: 2, value: 2, pad: 'xxx' })}\n`, keys: ['k2'] }));
  expect([...newestIn(disk.find(path, 'killed'))]).toEqual([[2, 2]]);
});

describe('on a real disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-keyed-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('large lines, and bytes beyond ASCII, survive being moved; the file is its owner’s alone', async () => {
    const real = join(folder, 'log');
    const line = (value: number): KeyedLine => ({
      text: `${JSON.stringify({ key: 1, value, pad: 'ü'.repeat(300_000) })}\n`,
      keys: ['big'],
    });
    const log = must(await openKeyedLog({ path: real, lines: first, slackBytes: 1 }));
    for (let value = 1; value <= 12; value++) must(await log.append(line(value)));
    for (let value = 77; value < 1_000 && (value === 77 || log.size > 2_000_000); value++)
      must(await log.append(lineOf(2, 77)));
    expect(log.size).toBeLessThan(2_000_000);
    await log.close();
    expect(newestIn(readFileSync(real, 'utf8'))).toEqual(
      new Map([[0, 0], [1, 12], [2, 77], ...[3, 4, 5, 6].map((key) => [key, 0] as const)]),
    );
    expect(statSync(real).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(['log']);
  });
});
