import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { openJournal } from '../../src/gateway/journal.js';
import type { StoreBatch } from '../../src/gateway/store.js';
import { machineFiles, type LogFiles } from '../../src/io/log-files.js';
import { lockFolder } from '../../src/io/lock.js';
import { emptyMemory, newSession, type Memory } from '../../src/network/session.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-journal-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (): string => join(folder, 'network.jsonl');

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
  test('gives back the newest state of every device, and shrinks to it at the next start', async () => {
    const store = must(await openJournal(folder));
    for (let fCnt = 1; fCnt <= 50; fCnt++) await store.commit(batch(memory(1, fCnt), memory(2, fCnt * 2)));
    await store.close();
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(50);
    const [one, two] = await remembered();
    expect(one).toMatchObject({
      joinNonce: 1,
      devNonces: new Set([1, 7]),
      session: { nextFCntUp: 50, nextFCntDown: 3 },
    });
    expect(two).toMatchObject({ session: { nextFCntUp: 100 } });
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('a commit is on disk when its promise resolves; commits made together share a sync', async () => {
    const store = must(await openJournal(folder));
    await Promise.all(Array.from({ length: 200 }, async (_, i) => store.commit(batch(memory(1, i + 1)))));
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(200);
    await store.close();
    expect((await remembered())[0]?.session?.nextFCntUp).toBe(200);
  });

  test('cut at any byte, what stood before the cut is there', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(1, 1)));
    await store.commit(batch(memory(1, 2)));
    await store.close();
    const text = readFileSync(file(), 'utf8');
    const firstLine = text.indexOf('\n') + 1;
    for (let end = firstLine; end <= text.length; end += 7) {
      writeFileSync(file(), text.slice(0, end));
      expect((await remembered())[0]?.session?.nextFCntUp).toBe(end >= text.length - 1 ? 2 : 1);
    }
  });

  test('strangers in the file are passed over', async () => {
    const store = must(await openJournal(folder));
    await store.commit(batch(memory(3, 4)));
    await store.close();
    appendFileSync(file(), '{"devEui":1}\nnull\n[]\n{"devEui":"zz"}\n\u0000\u0000\n');
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
    const last = readFileSync(file(), 'utf8').trim().split('\n').at(-1)!;
    expect(last).not.toContain('devNonces');
    await store.close();
    expect((await remembered())[0]).toMatchObject({ devNonces: new Set([1, 7]), session: { nextFCntUp: 2 } });
  });

  test('is written anew while it runs, with nonces, and with the emissions of two hours', async () => {
    const hourUs = 3_600_000_000;
    const { log, events } = keptLog();
    const store = must(await openJournal(folder, { slackBytes: 3_000, log }));
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
      largest = Math.max(largest, statSync(file()).size);
    }
    expect(events.map(({ event }) => event)).toContain('store_compacted');
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
