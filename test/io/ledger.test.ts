import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { openLedger, type Ledger, type LedgerBatch, type LedgerSetup } from '../../src/io/ledger.js';
import type { LogFile, LogFiles } from '../../src/io/log-files.js';
import { fragileDisk, type Aftermath } from './fragile-disk.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-ledger-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const small: Partial<LedgerSetup> = { segmentBytes: 200, slackBytes: 300, spareBytes: 0, noteMs: 0 };

/** A ledger and the values that it told of when it was opened. */
const open = async (files?: LogFiles, more: Partial<LedgerSetup> = small, at = folder) => {
  const values = new Map<string, string>();
  const { log, events } = keptLog();
  const opened = await openLedger({
    folder: at,
    take: (key, value) => values.set(key, value),
    log,
    ...(files && { files }),
    ...more,
  });
  if (!opened.ok) throw new Error(opened.problem.code);
  return { ledger: opened.value, values, said: events };
};

const valueOf = async (key: string): Promise<string | undefined> => {
  const { ledger, values } = await open();
  await ledger.close();
  return values.get(key);
};

const all = async (ledger: Ledger): Promise<readonly string[]> => {
  const texts: string[] = [];
  for (let from = ledger.first; ;) {
    const read = await ledger.read(from, 7);
    if (!read.ok) throw new Error(read.problem.code);
    if (read.value.length === 0) return texts;
    for (const { number, text } of read.value) {
      expect(number).toBeGreaterThanOrEqual(from);
      from = number + 1;
      texts.push(text);
    }
  }
};
const append = async (ledger: Ledger, batch: LedgerBatch): Promise<number> => {
  const done = await ledger.append(batch);
  if (!done.ok) throw new Error(done.problem.code);
  return done.value;
};

describe('a ledger', () => {
  test('keeps the newest value of each key and every item, over a restart', async () => {
    const first = await open();
    expect(await append(first.ledger, { put: [['a b', '1']], items: ['x', 'y'] })).toBe(0);
    expect(
      await append(first.ledger, {
        put: [
          ['a b', '2'],
          ['ü', '{}'],
        ],
        items: ['z'],
      }),
    ).toBe(2);
    expect(first.ledger.next).toBe(3);
    await first.ledger.close();
    const again = await open();
    expect([...again.values]).toEqual([
      ['a b', '2'],
      ['ü', '{}'],
    ]);
    expect(await all(again.ledger)).toEqual(['x', 'y', 'z']);
    expect(again.ledger).toMatchObject({ next: 3, first: 0, tornBytes: 0, damaged: 0 });
    await again.ledger.close();
  });

  test('numbers go on though every item was released and its file is gone', async () => {
    const { ledger } = await open();
    for (let n = 0; n < 40; n++) {
      await append(ledger, { put: [['k', String(n)]], items: [`item ${n} ${'.'.repeat(30)}`] });
      ledger.release(ledger.next);
    }
    await ledger.close();
    expect(readdirSync(folder).length).toBeLessThan(4);
    const again = await open();
    expect(again.ledger.next).toBe(40);
    expect([...again.values]).toEqual([['k', '39']]);
    await again.ledger.close();
  });

  test('files whose items wait stay, whatever else is old in them', async () => {
    const { ledger } = await open();
    for (let n = 0; n < 40; n++)
      await append(ledger, { put: [['k', String(n)]], items: [`item ${n} ${'.'.repeat(30)}`] });
    expect(ledger.backlog).toBe(ledger.size);
    expect(await all(ledger)).toHaveLength(40);
    ledger.release(20);
    await append(ledger, {});
    const rest = await all(ledger);
    expect(rest[0]).toContain('item 20 ');
    expect(ledger.backlog).toBeLessThan(ledger.size + 1);
    await ledger.close();
  });

  test('a file with little in it that counts is emptied when there is too much of no use', async () => {
    const { ledger } = await open();
    await append(ledger, { put: [['cold', 'v'.repeat(20)]] });
    for (let n = 0; n < 200; n++) await append(ledger, { put: [['hot', `${n} ${'.'.repeat(20)}`]] });
    expect(ledger.size).toBeLessThan(300 + 3 * ledger.live + 3 * 250);
    await ledger.close();
    const again = await open();
    expect(again.values.get('cold')).toBe('v'.repeat(20));
    expect(again.values.get('hot')).toMatch(/^199 /);
    await again.ledger.close();
  });

  test('a large file is emptied in pieces, appends are served between them, and what they put is not passed by what is old', async () => {
    const writes: number[] = [];
    const disk = fragileDisk({});
    const noted = <T extends LogFile>(file: T): T => ({
      ...file,
      write: (bytes: Uint8Array, at: number) => (writes.push(bytes.length), file.write(bytes, at)),
    });
    const files: LogFiles = {
      ...disk,
      create: async (path) => noted(await disk.create(path)),
      open: async (path) => noted(await disk.open(path)),
    };
    const sizes = { segmentBytes: 1 << 20, slackBytes: 1 << 18, spareBytes: 0, noteMs: 0 };
    const { ledger } = await open(files, sizes);
    const expected = new Map<string, string>();
    const put = async (key: string, value: string): Promise<void> => {
      expected.set(key, value);
      await append(ledger, { put: [[key, value]] });
    };
    // 400 kB that count, and as much as it takes of what does not until the first file is emptied.
    for (let n = 0; n < 400; n++) await put(`cold ${n}`, `${n} ${'c'.repeat(1_000)}`);
    for (let n = 0; n < 400; n++) await put('hot', `${n} ${'h'.repeat(2_000)}`);
    writes.length = 0;
    for (let n = 0; n < 400; n++) {
      await put('hot', `${n} ${'h'.repeat(2_000)}`);
      await put(`cold ${n}`, `newer ${n}`);
    }
    const copies = writes.flatMap((bytes, at) => (bytes > 10_000 ? [{ bytes, at }] : []));
    expect(copies.length).toBeGreaterThan(1);
    for (const { bytes } of copies) expect(bytes).toBeLessThan(140_000);
    for (const [n, { at }] of copies.slice(1).entries()) expect(at - copies[n]!.at).toBeGreaterThan(1);
    await ledger.close();
    const again = await open(files, sizes);
    expect(again.values).toEqual(expected);
    await again.ledger.close();
  });

  test('what was swept is written anew, and what was delivered is gone from the disk', async () => {
    const { ledger } = await open(undefined, { ...small, segmentBytes: 1 << 20, slackBytes: 1 << 20 });
    await append(ledger, { put: [['k', 'kept']], items: ['a private thing'] });
    ledger.release(1);
    ledger.sweep();
    await append(ledger, {});
    await append(ledger, {});
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    expect(text).not.toContain('a private thing');
    await ledger.close();
    expect(await valueOf('k')).toBe('kept');
  });

  test('a note is there after a moment, and after a close', async () => {
    const { ledger } = await open();
    ledger.note('cursor', '1');
    ledger.note('cursor', '2');
    await expect
      .poll(() =>
        readdirSync(folder)
          .map((name) => readFileSync(join(folder, name), 'utf8'))
          .join(),
      )
      .toContain('=cursor 2');
    ledger.note('cursor', '3');
    await ledger.close();
    expect(await valueOf('cursor')).toBe('3');
  });

  test('what a later version wrote is refused', async () => {
    const { headText } = await import('../../src/io/ledger/lines.js');
    const { crc32 } = await import('node:zlib');
    const text = '{"v":2,"first":0}';
    expect(headText(0)).toContain('"v":1');
    writeFileSync(
      join(folder, `${'1'.padStart(16, '0')}.log`),
      `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`,
    );
    const opened = await openLedger({ folder, take: () => undefined });
    expect(opened).toMatchObject({ ok: false, problem: { code: 'store-newer', facts: { version: 2 } } });
  });

  test('several readers each go on where they were', async () => {
    const { ledger } = await open();
    for (let n = 0; n < 100; n++) await append(ledger, { items: [`${n}`] });
    const at = [0, 50, 90];
    for (let round = 0; round < 5; round++)
      for (const [who, from] of at.entries()) {
        const read = await ledger.read(from, 3);
        if (!read.ok) throw new Error('unread');
        expect(read.value.map(({ text }) => text)).toEqual(
          Array.from({ length: Math.min(3, 100 - from) }, (_, i) => String(from + i)),
        );
        at[who] = Math.min(100, from + 3);
      }
    await ledger.close();
  });
});

// A run that meets everything: files begun and ended, values overwritten, items released, files emptied, notes.
interface Story {
  /** Values that were promised, in order; items that were promised, by number. */
  readonly puts: { key: string; value: string }[];
  readonly items: Map<number, string>;
  releasedTo: number;
}
const rounds = 14;
/** Plays the story until its end, or for ever when the world ends. */
const play = async (files: LogFiles): Promise<Story> => {
  const story: Story = { puts: [], items: new Map(), releasedTo: 0 };
  void (async () => {
    const opened = await openLedger({ folder: '/d', take: () => undefined, files, ...small, spareBytes: 64 });
    if (!opened.ok) return;
    const ledger = opened.value;
    for (let round = 0; round < rounds; round++) {
      const batches = [0, 1].map((one) => ({
        put: [[`k${(round + one) % 3}`, `${round}.${one}${'.'.repeat(10)}`] as const],
        items: round % 4 === 3 ? [] : [`i${round}.${one}${'.'.repeat(12)}`],
      }));
      await Promise.all(
        batches.map(async (batch) => {
          const done = await ledger.append(batch);
          if (!done.ok) return;
          for (const [key, value] of batch.put) story.puts.push({ key, value });
          for (const [i, item] of batch.items.entries()) story.items.set(done.value + i, item);
        }),
      );
      if (round % 2 === 1) {
        ledger.note('s sink', String(ledger.next - 1));
        const before = Math.max(0, ledger.next - 2);
        ledger.release(before);
        story.releasedTo = Math.max(story.releasedTo, before);
      }
    }
    await ledger.close();
  })();
  // Everything in it happens in microtasks and immediates.
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
  return story;
};

/** What the next process finds must be all that was promised, each batch whole. */
const check = async (story: Story, files: LogFiles): Promise<void> => {
  const { ledger, values } = await open(files, small, '/d');
  const last = new Map(story.puts.map(({ key, value }) => [key, value]));
  const order = (value: string): number => Number.parseFloat(value);
  for (const [key, value] of last) {
    expect(values.has(key), `${key} is gone`).toBe(true);
    expect(order(values.get(key)!), `${key} went back`).toBeGreaterThanOrEqual(order(value));
  }
  const found = new Map<number, string>();
  for (let from = ledger.first; ;) {
    const read = await ledger.read(from, 5);
    if (!read.ok) throw new Error(read.problem.code);
    if (read.value.length === 0) break;
    for (const { number, text } of read.value) {
      found.set(number, text);
      from = number + 1;
    }
  }
  for (const [number, text] of story.items)
    if (number >= story.releasedTo) expect(found.get(number), `item ${number}`).toBe(text);
  for (const [number, text] of found) {
    const promised = story.items.get(number);
    if (promised !== undefined) expect(text).toBe(promised);
    // Counter and event are one: an item that is there has its value beside it, or a newer one.
    const value = text.slice(1).split('.').slice(0, 2).join('.');
    const key = `k${(Number(value.split('.')[0]) + Number(value.split('.')[1])) % 3}`;
    expect(order(values.get(key) ?? '-1')).toBeGreaterThanOrEqual(order(value));
  }
  // And it goes on from there.
  expect((await ledger.append({ put: [['k0', '99']], items: ['i99.0'] })).ok).toBe(true);
  await ledger.close();
};

describe('the end of the world', () => {
  test.each<Aftermath>(['killed', 'power-cut', 'power-cut-after-rename'])(
    'at any step, %s: nothing promised is lost, nothing is half',
    async (after) => {
      const whole = fragileDisk({});
      await play(whole);
      expect(whole.steps).toBeGreaterThan(60);
      for (let end = 1; end <= whole.steps; end++) {
        const disk = fragileDisk({ end });
        const story = await play(disk);
        expect(disk.over).toBe(true);
        await check(story, disk.next(after, {}));
      }
    },
  );

  test('twice: while it tidies up after the first end', async () => {
    for (let end = 20; end <= 100; end += 7) {
      const disk = fragileDisk({ end });
      const story = await play(disk);
      for (let then = 1; then <= 12; then++) {
        const second = disk.next('power-cut', { end: then });
        void open(second, small, '/d').then(({ ledger }) => ledger.append({ put: [['k1', '98']] }));
        for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
        await check(story, second.next('power-cut', {}));
      }
    }
  });

  test('a disk that fails at any step, for a while: what was promised is there, the rest may be repeated, and it goes on', async () => {
    const whole = fragileDisk({});
    await play(whole);
    for (let at = 1; at <= whole.steps; at++)
      for (const forSteps of [1, 3, 9]) {
        const disk = fragileDisk({ fail: { at, forSteps } });
        const story = await play(disk);
        await check(story, disk.next('killed', {}));
        await check(story, disk.next('power-cut', {}));
      }
  });
});

test('whatever is cut off or flipped in any file costs only what it touches', async () => {
  const { ledger } = await open();
  for (let n = 0; n < 30; n++)
    await append(ledger, { put: [[`k${n % 4}`, `${n}`]], items: [`item ${n} ${'.'.repeat(20)}`] });
  await ledger.close();
  const names = readdirSync(folder).sort();
  const originals = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.nat(),
      fc.record({ kind: fc.constantFrom('flip', 'cut', 'noise'), bit: fc.integer({ min: 0, max: 7 }) }),
      async (name, where, { kind, bit }) => {
        for (const [one, bytes] of originals) writeFileSync(join(folder, one), bytes);
        for (const one of readdirSync(folder)) if (!originals.has(one)) rmSync(join(folder, one));
        const bytes = Buffer.from(originals.get(name)!);
        const at = where % bytes.length;
        if (kind === 'cut') truncateSync(join(folder, name), at);
        else {
          if (kind === 'flip') bytes[at]! ^= 1 << bit;
          else bytes.fill(0x0a, at, Math.min(bytes.length, at + 40));
          writeFileSync(join(folder, name), bytes);
        }
        const again = await open();
        const items = await all(again.ledger);
        expect(items.every((item) => /^item \d+ \.{20}$/.test(item))).toBe(true);
        if (kind === 'flip') expect(items.length).toBeGreaterThanOrEqual(28);
        if (kind === 'flip' && again.ledger.tornBytes === 0) expect(again.ledger.damaged).toBeGreaterThan(0);
        expect((await again.ledger.append({ items: ['item 99 ....................'] })).ok).toBe(true);
        await again.ledger.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('any program of appends, notes, releases, readings and restarts gives what a list and a map would give', async () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        key: fc.constantFrom('a', 'b c', 'd\te'),
        items: fc.integer({ min: 0, max: 3 }),
        size: fc.integer({ min: 0, max: 90 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), by: fc.integer({ min: 0, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'note' as const, 'sweep' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const at = mkdtempSync(join(folder, 'm'));
      let { ledger } = await open(undefined, small, at);
      const values = new Map<string, string>();
      const items: string[] = [];
      let released = 0;
      for (const [n, one] of steps.entries()) {
        if (one.do === 'append') {
          const batch = {
            put: [[one.key, `${n}`.padEnd(one.size, '.')] as const],
            items: Array.from({ length: one.items }, (_, i) => `${n}/${i}`),
          };
          expect(await append(ledger, batch)).toBe(items.length);
          values.set(one.key, batch.put[0]![1]);
          items.push(...batch.items);
        } else if (one.do === 'release') {
          released = Math.min(items.length, released + one.by);
          ledger.release(released);
        } else if (one.do === 'note') {
          ledger.note('noted', String(n));
          values.set('noted', String(n));
        } else if (one.do === 'sweep') ledger.sweep();
        else {
          await ledger.close();
          const again = await open(undefined, small, at);
          ledger = again.ledger;
          expect(new Map([...again.values].sort())).toEqual(new Map([...values].sort()));
          ledger.release(released);
        }
        expect(await all(ledger)).toEqual(items.slice(released));
      }
      await ledger.close();
      const sizes = readdirSync(at).map((name) => statSync(join(at, name)).size);
      expect(Math.max(0, ...sizes)).toBeLessThan(200 + 500);
    }),
    { numRuns: 60 },
  );
});
