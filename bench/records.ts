// Records of an event's size through a durable queue: taken, synced, acknowledged, delivered, forgotten.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../src/base/problem.js';
import { openLedger, type OpenedLedger } from '../src/io/ledger.js';
import type { Bench } from './bench.js';

/** Resolves when the record is on disk for good. */
type Append = (record: string, number: number) => Promise<unknown>;
interface Queue {
  readonly append: Append;
  /** What lies before this number was delivered. */
  release(before: number): void;
  close(): Promise<void>;
}

const recordBytes = 310;
/** What no compression makes smaller, as keys and identifiers are; made once, so that nobody measures the making. */
const records = Array.from({ length: 4_096 }, () => randomBytes(recordBytes / 2).toString('hex'));

const ourQueue = async (folder: string): Promise<Queue> => {
  const ledger: OpenedLedger = must(await openLedger({ folder, take: () => undefined, log: () => undefined }));
  return {
    append: (record) => ledger.append({ items: [record] }).then(must),
    release: (before) => ledger.release(before),
    close: () => ledger.close(),
  };
};

/** classic-level with the same policy: the next batch is written and synced as soon as the last one has ended. */
const peerQueue = async (folder: string): Promise<Queue> => {
  const { ClassicLevel } = await import('classic-level');
  const db = new ClassicLevel<string, string>(folder);
  await db.open();
  const keyOf = (number: number): string => number.toString(16).padStart(12, '0');
  type Step = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };
  let steps: Step[] = [];
  let waiting: (() => void)[] = [];
  let released = 0;
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const [these, told] = [steps, waiting];
      [steps, waiting] = [[], []];
      await db.batch(these, { sync: true });
      for (const done of told) done();
      // Their acknowledgements bring the next ones.
      await Promise.resolve();
    }
    working = undefined;
  };
  return {
    append: (value, number) =>
      new Promise<void>((done) => {
        steps.push({ type: 'put', key: keyOf(number), value });
        waiting.push(done);
        working ??= Promise.resolve().then(work);
      }),
    release(before) {
      while (released < before) steps.push({ type: 'del', key: keyOf(released++) });
    },
    async close() {
      await working;
      await db.close();
    },
  };
};

/** Records a second with so many unacknowledged at any time. */
const rateOf = async (
  queue: Queue,
  how: { readonly outstanding: number; readonly sideMs: number },
): Promise<number> => {
  const began = performance.now();
  const end = began + how.sideMs;
  let [given, done] = [0, 0];
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const number = given++;
      await queue.append(records[number % records.length]!, number);
      queue.release(++done);
    }
  };
  await Promise.all(Array.from({ length: how.outstanding }, one));
  const rate = done / ((performance.now() - began) / 1000);
  await queue.close();
  return rate;
};

/** A bench of the ledger beside classic-level. */
export const ledgerBench = (id: string, outstanding: number, floor: number): Bench => {
  let folder = '';
  return {
    id,
    what: `records of ${recordBytes} bytes synced, then delivered and forgotten in order, ${outstanding} unacknowledged at a time`,
    peer: 'classic-level, batch with sync, the next as soon as the last has ended; the same disk',
    unit: 'records/s',
    floor,
    setup() {
      folder = mkdtempSync(join(tmpdir(), 'stellwerk-bench-'));
      return Promise.resolve();
    },
    async round({ sideMs }) {
      const place = (): string => mkdtempSync(join(folder, 'queue-'));
      const ours = await rateOf(await ourQueue(place()), { outstanding, sideMs });
      const peer = await rateOf(await peerQueue(place()), { outstanding, sideMs });
      return { ours, peer };
    },
    teardown() {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
};
