import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openJournal } from '../../src/gateway/journal.js';
import type { Store, StoreBatch } from '../../src/gateway/store.js';
import { batchText, sealedLines } from '../../src/io/ledger/lines.js';
import { machineFiles, type LogFiles } from '../../src/io/log-files.js';
import { lockFolder } from '../../src/io/lock.js';
import { emptyMemory, newSession, saveMemory, type Memory } from '../../src/network/session.js';
import { emptyBay } from '../../src/parking/bay.js';
import type { ParkingEvent } from '../../src/parking/event.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-journal-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const logFolder = (): string => join(folder, 'log');
/** The newest file of the log. */
const file = (): string =>
  join(
    logFolder(),
    readdirSync(logFolder())
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1)!,
  );
const lines = (): string[] => readFileSync(file(), 'utf8').trim().split('\n').slice(1);

const memory = (n: number, fCnt: number): Memory => ({
  ...emptyMemory(n.toString(16).padStart(16, '0')),
  joinNonce: n,
  devNonces: new Set([n, 7]),
  session: {
    ...newSession(n, { nwkSKey: new Uint8Array(16).fill(n), appSKey: new Uint8Array(16).fill(9) }),
    nextFCntUp: fCnt,
    nextFCntDown: 3,
  },
});
const batch = (...memories: readonly Memory[]): StoreBatch => ({ memories, events: [], emissions: [] });
const remembered = async (): Promise<readonly Memory[]> => {
  const store = must(await openJournal(folder));
  await store.close();
  return store.memories;
};

describe('the journal', () => {
  test('gives back the newest state of every device', async () => {
    const store = must(await openJournal(folder));
    for (let fCnt = 1; fCnt <= 50; fCnt++) await store.commit(batch(memory(1, fCnt), memory(2, fCnt * 2)));
    await store.close();
    const [one, two] = await remembered();
    expect(one).toMatchObject({
      joinNonce: 1,
      devNonces: new Set([1, 7]),
      session: { nextFCntUp: 50, nextFCntDown: 3 },
    });
    expect(two).toMatchObject({ session: { nextFCntUp: 100 } });
  });

  test('a commit is on disk when its promise resolves; commits made together share a sync', async () => {
    const store = must(await openJournal(folder));
    await Promise.all(Array.from({ length: 200 }, async (_, i) => store.commit(batch(memory(1, i + 1)))));
    expect(lines()).toHaveLength(200);
    await store.close();
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(200);
  });

  test('cut at any byte, what stood before the cut is there', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.commit(batch(memory(1, 2)));
    await store.close();
    const text = readFileSync(file(), 'utf8');
    const firstBatch = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
    for (let end = firstBatch; end <= text.length; end += 7) {
      writeFileSync(file(), text.slice(0, end));
      expect((await remembered())[0]?.session?.nextFCntUp).toBe(end === text.length ? 2 : 1);
    }
  });

  test('strangers in the file are passed over', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(3, 4)));
    await store.close();
    const strange = [
      ['d 1', '{"devEui":1}'],
      ['d zz', 'null'],
      ['x', '[]'],
      ['n 3', '{'],
      ['e 1', '7'],
      ['s mqtt', '"x"'],
    ];
    for (const [key, value] of strange)
      appendFileSync(file(), sealedLines([batchText({ put: [[key!, value!]], items: ['{'] }, 0)]));
    appendFileSync(file(), '\u0000\u0000\n');
    expect(await remembered()).toHaveLength(1);
  });

  test('a torn batch is lost whole: the counter with its emission', async () => {
    const emission = { gateway: '0253544b47570001', freqHz: 869_525_000, startUs: 5_000_000, airtimeUs: 1_155_072 };
    const store = must(await openJournal(folder));
    await store.commit({ ...batch(memory(1, 1)), emissions: [emission] });
    await store.commit({ ...batch(memory(1, 2)), emissions: [{ ...emission, startUs: 9_000_000 }] });
    await store.close();
    writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, -9));
    const again = must(await openJournal(folder));
    expect(again.memories[0]?.session?.nextFCntUp).toBe(1);
    expect(again.emissions).toEqual([emission]);
    await again.close();
    const third = must(await openJournal(folder));
    expect(third.emissions).toEqual([emission]);
    await third.close();
  });

  test('used nonces are written when they change, and stay known', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.commit(batch(memory(1, 2)));
    expect(lines()[0]).toContain('=n%20');
    expect(lines()[1]).not.toContain('=n%20');
    await store.close();
    expect((await remembered())[0]).toMatchObject({ devNonces: new Set([1, 7]), session: { nextFCntUp: 2 } });
  });

  test('is written anew while it runs, with nonces, and with the emissions of two hours', async () => {
    const hourUs = 3_600_000_000;
    const store = must(await openJournal(folder, { slackBytes: 3_000, segmentBytes: 2_000 }));
    const emission = (i: number) => ({
      gateway: '0253544b47570001',
      freqHz: 868_100_000,
      startUs: i * (hourUs / 20),
      airtimeUs: 1000 + i,
    });
    let largest = 0;
    for (let i = 1; i <= 400; i++) {
      const one = memory(i % 3, i);
      one.devNonces = i % 3 === 0 ? new Set([i]) : new Set(Array.from({ length: 1 + (i >> 6) }, (_, n) => n));
      await store.commit({ ...batch(one), emissions: [emission(i)] });
      largest = Math.max(largest, store.bytes);
    }
    // Forty lines of two hours' emissions and three devices, three times, and the slack: 400 lines are three times more.
    expect(largest).toBeLessThan(50_000);
    await store.close();
    const again = must(await openJournal(folder));
    expect(again.emissions).toEqual(Array.from({ length: 40 }, (_, i) => emission(361 + i)));
    const [zero, one, two] = [...again.memories].sort((a, b) => a.joinNonce - b.joinNonce);
    expect(zero).toMatchObject({ devNonces: new Set([399]), session: { nextFCntUp: 399 } });
    expect(one).toMatchObject({ devNonces: new Set([0, 1, 2, 3, 4, 5, 6]), session: { nextFCntUp: 400 } });
    expect(two).toMatchObject({ devNonces: new Set([0, 1, 2, 3, 4, 5, 6]), session: { nextFCntUp: 398 } });
    await again.close();
  });

  test('a nonce that the disk refused is written with the next line', async () => {
    let full = false;
    const files: LogFiles = {
      ...machineFiles,
      async create(path) {
        const real = await machineFiles.create(path);
        return {
          ...real,
          write: (bytes, at) => (full ? Promise.reject(new Error('the disk is full')) : real.write(bytes, at)),
        };
      },
    };
    mkdirSync(logFolder());
    const store = must(await openJournal(folder, { files }));
    await store.commit(batch({ ...memory(1, 1), devNonces: new Set([1]) }));
    full = true;
    await expect(store.commit(batch({ ...memory(1, 1), devNonces: new Set([1, 2]) }))).rejects.toThrow('cannot be');
    full = false;
    await store.commit(batch({ ...memory(1, 2), devNonces: new Set([1, 2]) }));
    await store.close();
    expect(await remembered()).toMatchObject([{ devNonces: new Set([1, 2]), session: { nextFCntUp: 2 } }]);
  });

  test('a power cut within a letter of two bytes is a torn line like any other', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.close();
    appendFileSync(file(), Uint8Array.from([...Buffer.from('{"memories":[{"queue":[{"id":"'), 0xc3]));
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(1);
  });

  test('is for its owner only', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.close();
    expect(statSync(file()).mode & 0o077).toBe(0);
  });

  test('fresh forgets', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.close();
    const fresh = must(await openJournal(folder, { fresh: true }));
    expect(fresh.memories).toEqual([]);
    await fresh.close();
  });
});

describe('what the first version left', () => {
  const old = (): string => join(folder, 'network.jsonl');
  const line = (one: Memory): string =>
    `${JSON.stringify({ memories: [saveMemory(one)], emissions: [emission(one.joinNonce)] })}\n`;
  const emission = (n: number) => ({
    gateway: '0253544b47570001',
    freqHz: 868_100_000,
    startUs: n * 1000,
    airtimeUs: 10,
  });

  test('is taken over, and its file goes', async () => {
    writeFileSync(old(), line(memory(1, 4)) + line(memory(2, 9)) + line(memory(1, 5)));
    const store = must(await openJournal(folder));
    expect(store.memories.map(({ session }) => session?.nextFCntUp).sort()).toEqual([5, 9]);
    expect(store.emissions).toHaveLength(3);
    await store.commit({ ...batch(memory(1, 6)), emissions: [emission(4)] });
    await store.close();
    expect(existsSync(old())).toBe(false);
    const again = must(await openJournal(folder));
    expect(again.memories.map(({ session }) => session?.nextFCntUp).sort()).toEqual([6, 9]);
    expect(again.memories[0]?.devNonces).toEqual(new Set([1, 7]));
    expect(again.emissions).toHaveLength(4);
    await again.close();
  });

  test('is taken over again when a kill came before its file was gone', async () => {
    writeFileSync(old(), line(memory(1, 4)));
    await must(await openJournal(folder)).close();
    writeFileSync(old(), line(memory(1, 4)));
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(4);
  });
});

describe('events on their way', () => {
  const event = (n: number, atUs = n): ParkingEvent => ({
    ...{ id: `e${n}`, kind: 'occupied', bay: 'og-01', lot: 'graben', occupied: true, sinceUs: 1_000 * n },
    ...{ sensorTimeUs: 1_000 * n, assertedTimeUs: 1_000 * atUs, device: '0000000000000001', model: 'bosch-tps110' },
    ...{ frame: `f${n}`, fCnt: n, quality: ['late'] },
  });
  const say = async (store: Store, from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) await store.commit({ ...batch(memory(1, n)), events: [event(n)] });
  };
  const ids = async (store: Store, from: number, most = 1_000): Promise<readonly string[]> =>
    (await store.outbox.read(from, most)).map(({ event: { id } }) => id);

  test('wait for each sink from its cursor on, over restarts, and are the same events', async () => {
    const store = must(await openJournal(folder));
    store.outbox.serve(['fast', 'slow']);
    await say(store, 0, 10);
    store.outbox.acknowledge('fast', 10);
    store.outbox.acknowledge('slow', 4);
    await store.close();
    const again = must(await openJournal(folder));
    expect(again.recovered).toEqual({ devices: 1, bays: 0, events: 6, tornBytes: 0, damaged: 0 });
    expect([...again.outbox.cursors]).toEqual([
      ['fast', 10],
      ['slow', 4],
    ]);
    again.outbox.serve(['fast', 'slow']);
    expect(await again.outbox.read(4, 2)).toEqual([4, 5].map((n) => ({ number: n, event: event(n) })));
    expect(await ids(again, 6)).toEqual(['e6', 'e7', 'e8', 'e9']);
    await say(again, 10, 12);
    expect(await ids(again, 10)).toEqual(['e10', 'e11']);
    expect(await ids(again, 8)).toEqual(['e8', 'e9', 'e10', 'e11']);
    await again.close();
  });

  test('are seen by nobody before they are durable', async () => {
    let waiting: (() => void)[] | undefined;
    const files: LogFiles = {
      ...machineFiles,
      async create(path) {
        const real = await machineFiles.create(path);
        return {
          ...real,
          async sync() {
            await real.sync();
            if (waiting) await new Promise<void>((resolve) => waiting!.push(resolve));
          },
        };
      },
    };
    mkdirSync(logFolder());
    const store = must(await openJournal(folder, { files }));
    store.outbox.serve(['a']);
    let heard = 0;
    store.outbox.watch(() => heard++);
    waiting = [];
    const committed = store.commit({ ...batch(memory(1, 1)), events: [event(0)] });
    await expect.poll(() => waiting!.length).toBe(1);
    expect([store.outbox.next, heard, await ids(store, 0)]).toEqual([0, 0, []]);
    waiting[0]!();
    waiting = undefined;
    await committed;
    expect([store.outbox.next, heard, await ids(store, 0)]).toEqual([1, 1, ['e0']]);
    await store.close();
  });

  test('whoever looks at any moment finds every event that is counted', async () => {
    let look: () => void = () => undefined;
    const files: LogFiles = {
      ...machineFiles,
      async create(path) {
        const real = await machineFiles.create(path);
        return {
          ...real,
          async sync() {
            await real.sync();
            // At each of the next steps of whoever waited for it.
            let steps = 0;
            const chain = (): void => {
              look();
              if (++steps < 30) queueMicrotask(chain);
            };
            chain();
          },
        };
      },
    };
    mkdirSync(logFolder());
    const store = must(await openJournal(folder, { files }));
    store.outbox.serve(['a']);
    const seen: string[] = [];
    look = () => {
      const { next } = store.outbox;
      const found = store.outbox.read(0, 1_000);
      seen.push(`${next} ${found instanceof Promise ? 'a promise' : found.length}`);
    };
    await say(store, 0, 20);
    expect([...new Set(seen)]).toEqual(Array.from({ length: 21 }, (_, n) => `${n} ${n}`));
    await store.close();
  });

  test('a sink that is new begins with the next event; what one that is gone had to come is said', async () => {
    const store = must(await openJournal(folder));
    store.outbox.serve(['old']);
    await say(store, 0, 3);
    expect(store.outbox.serve(['new'])).toEqual(new Map([['old', 3]]));
    expect(store.outbox.cursors.get('new')).toBe(3);
    await store.close();
    const again = must(await openJournal(folder));
    expect([...again.outbox.cursors]).toEqual([['new', 3]]);
    await again.close();
  });

  test('beyond the bound the oldest go, and their sinks are told how many', async () => {
    const { log, events: said } = keptLog();
    const store = must(await openJournal(folder, { segmentBytes: 2_000, log, outbox: { maxBytes: 10_000 } }));
    store.outbox.serve(['a', 'b']);
    await say(store, 0, 20);
    store.outbox.acknowledge('b', 20);
    await say(store, 20, 60);
    expect(store.bytes).toBeLessThan(16_000);
    const gone = store.outbox.dropped('a');
    expect(gone).toBeGreaterThan(10);
    expect(store.outbox.dropped('b')).toBeLessThan(gone);
    expect(store.outbox.cursors.get('a')).toBe(gone);
    expect((await ids(store, 0))[0]).toBe(`e${store.outbox.first}`);
    expect(said.filter(({ event: name }) => name === 'outbox_dropped')[0]?.fields).toMatchObject({
      sink: 'a',
      why: 'size',
    });
    await store.close();
  });

  test('or nothing more is taken, until there is room', async () => {
    const bounds = { maxBytes: 6_000, whenFull: 'refuse' } as const;
    const store = must(await openJournal(folder, { segmentBytes: 2_000, outbox: bounds }));
    store.outbox.serve(['a']);
    await expect(say(store, 0, 100)).rejects.toThrow('is the bound');
    const taken = store.outbox.next;
    expect(taken).toBeGreaterThan(5);
    // A counter alone is still kept.
    await store.commit(batch(memory(2, 1)));
    store.outbox.acknowledge('a', taken);
    await store.commit(batch(memory(2, 2)));
    await say(store, 100, 101);
    expect(store.outbox.next).toBe(taken + 1);
    await store.close();
  });

  test('older than they may become, they go, whoever has not had them', async () => {
    let nowUs = 0;
    const day = 24 * 3_600_000_000;
    const store = must(await openJournal(folder, { nowUs: () => nowUs, outbox: { maxAgeMs: day / 1000 } }));
    store.outbox.serve(['a']);
    for (let n = 0; n < 10; n++) {
      nowUs = n * (day / 8);
      await store.commit({ ...batch(), events: [event(n, nowUs / 1_000)] });
    }
    nowUs += 2 * 60_000_000;
    await store.commit({ ...batch(), events: [event(10, nowUs / 1_000)] });
    await expect.poll(() => store.outbox.dropped('a')).toBe(2);
    expect((await ids(store, 0))[0]).toBe('e2');
    await store.close();
  });

  test('what was delivered is gone from the disk a day later', async () => {
    let nowUs = 0;
    const store = must(await openJournal(folder, { nowUs: () => nowUs }));
    store.outbox.serve(['a']);
    await store.commit({ ...batch(memory(1, 1)), events: [{ ...event(0), bay: 'private-bay' }] });
    store.outbox.acknowledge('a', 1);
    nowUs = 25 * 3_600_000_000;
    for (let n = 0; n < 4; n++) await store.commit(batch(memory(1, 2 + n)));
    const text = readdirSync(logFolder())
      .map((name) => readFileSync(join(logFolder(), name), 'latin1'))
      .join('');
    expect(text).not.toContain('private-bay');
    await store.close();
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(5);
  });

  test('a long queue of them needs no memory', async () => {
    const store = must(await openJournal(folder));
    store.outbox.serve(['a']);
    const before = process.memoryUsage().heapUsed;
    const many = Array.from({ length: 500 }, (_, n) => event(n));
    for (let n = 0; n < 40; n++) await store.commit({ ...batch(), events: many });
    expect(store.outbox.next).toBe(20_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6);
    let count = 0;
    for (let from = 0; from < store.outbox.next; from += 200) count += (await store.outbox.read(from, 200)).length;
    expect(count).toBe(20_000);
    await store.close();
  });

  test('bays and counters come back', async () => {
    const store = must(await openJournal(folder));
    const bay = { ...emptyBay('og-01', 'graben'), occupied: true, sinceUs: 5, sensorTimeUs: 6 };
    await store.commit({ ...batch(), bays: [bay], counters: [{ counter: 'garage', occupied: 3, sensorTimeUs: 9 }] });
    await store.close();
    const again = must(await openJournal(folder));
    expect(again.bays).toMatchObject([{ bay: 'og-01', occupied: true, sensorTimeUs: 6 }]);
    expect(again.counters).toEqual([{ counter: 'garage', occupied: 3, sensorTimeUs: 9 }]);
    await again.close();
  });
});

describe('one folder, one process', () => {
  test('a second taker is told who has it, and touches nothing', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    const second = await openJournal(folder, { fresh: true });
    expect(second).toMatchObject({ ok: false, problem: { code: 'folder-in-use', facts: { pid: process.pid } } });
    await store.commit(batch(memory(1, 2)));
    await store.close();
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(2);
  });

  test('the lock of a process that was killed is taken over, also when its number lives again', async () => {
    const child = spawn('true');
    await new Promise((resolve) => child.once('exit', resolve));
    for (const left of [`${child.pid} 1`, 'rubbish', '', `${process.ppid} 1`]) {
      writeFileSync(join(folder, 'lock'), left);
      const lock = await lockFolder(folder);
      if (left.startsWith(String(process.ppid)) && process.platform !== 'linux') continue;
      await must(lock).release();
    }
  });

  test.skipIf(process.platform !== 'linux')('also when nobody has buried it', async () => {
    // A shell that becomes `sleep` never waits for its child, so the child stays a zombie.
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
    );
    for (let tries = 0; tries < 200 && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); tries++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(join(folder, 'lock'), pid);
    await must(await lockFolder(folder)).release();
    parent.kill('SIGKILL');
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written to is a problem', async () => {
    chmodSync(folder, 0o500);
    expect(await openJournal(folder)).toMatchObject({ ok: false, problem: { code: 'file-unwritable' } });
    chmodSync(folder, 0o700);
  });
});
