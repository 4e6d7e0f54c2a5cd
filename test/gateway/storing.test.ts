import { expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { steppedClock } from '../../src/io/clock.js';
import { memoryStore, type Store, type StoreBatch } from '../../src/gateway/store.js';
import { storing } from '../../src/gateway/storing.js';

const batch: StoreBatch = {
  memories: [],
  events: [],
  emissions: [],
  counters: [{ counter: 'g', occupied: 1, sensorTimeUs: 0 }],
};
const empty: StoreBatch = { memories: [], events: [], emissions: [] };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store whose commits end when they are told to. */
const stand = () => {
  const open: { readonly batch: StoreBatch; done(): void; fail(): void }[] = [];
  const store: Store = {
    ...memoryStore(),
    commit: (batch) =>
      new Promise((resolve, reject) =>
        open.push({ batch, done: resolve, fail: () => reject(new Error('the disk is full')) }),
      ),
  };
  const clock = steppedClock(1_780_293_600_000_000);
  const { log, events } = keptLog();
  const work: Promise<unknown>[] = [];
  const took: number[] = [];
  const disk = storing({ store, clock, log, track: (one) => void work.push(one), took: (us) => void took.push(us) });
  const told: string[] = [];
  return {
    open,
    work,
    clock,
    events,
    told,
    took,
    disk,
    keep: (name: string) =>
      disk.keep(
        batch,
        () => told.push(`${name} kept`),
        () => told.push(`${name} taken back`),
      ),
    ended: () => Promise.all(work),
  };
};

test('what follows from a batch follows when it is durable, in order', async () => {
  const { open, keep, told, ended, clock, took } = stand();
  keep('a');
  await turn();
  keep('b');
  await turn();
  expect(told).toEqual([]);
  clock.advance(clock.nowUs() + 3_000);
  for (const { done } of open) done();
  await ended();
  expect(told).toEqual(['a kept', 'b kept']);
  expect(took).toEqual([3_000, 3_000]);
});

test('what one turn brings is one commit, up to a bound, and is kept or taken back as one', async () => {
  const { open, keep, told, ended, disk } = stand();
  for (let n = 0; n < 100; n++) keep(String(n));
  await turn();
  expect(open.map(({ batch: { counters } }) => counters!.length)).toEqual([64, 36]);
  open[0]!.done();
  open[1]!.fail();
  await ended();
  expect(told.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, n) => `${n} kept`));
  expect(told.slice(64)).toEqual(Array.from({ length: 36 }, (_, n) => `${99 - n} taken back`));
  expect(disk.state.failures).toBe(36);
});

test('what has no events is not refused with what has some', async () => {
  const { open, disk } = stand();
  const events = [{ id: 'e' }] as unknown as StoreBatch['events'];
  for (const one of [batch, batch, { ...batch, events }, { ...batch, events }, batch])
    disk.keep(
      one,
      () => undefined,
      () => undefined,
    );
  await turn();
  expect(open.map(({ batch: { events, counters } }) => [events.length, counters!.length])).toEqual([
    [0, 2],
    [2, 2],
    [0, 1],
  ]);
});

test('one that throws takes nothing from those that became durable with it', async () => {
  const { open, disk, work } = stand();
  const told: string[] = [];
  disk.keep(
    batch,
    () => {
      throw new Error('a slip');
    },
    () => undefined,
  );
  disk.keep(
    batch,
    () => told.push('kept'),
    () => told.push('taken back'),
  );
  await turn();
  open[0]!.done();
  await expect(work[0]).rejects.toThrow('a slip');
  expect(told).toEqual(['kept']);
});

test('work is underway from the moment in which a batch is handed over', () => {
  const { keep, work } = stand();
  keep('a');
  expect(work.length).toBe(1);
});

test('an empty batch needs no disk', () => {
  const { disk, open, told } = stand();
  disk.keep(
    empty,
    () => told.push('kept'),
    () => undefined,
  );
  expect([open.length, told]).toEqual([0, ['kept']]);
});

test('batches that fail together are taken back newest first, and the store says that it fails until one is kept', async () => {
  const { open, keep, told, ended, disk, events } = stand();
  for (const name of ['a', 'b', 'c']) {
    keep(name);
    await turn();
  }
  for (const { fail } of open.splice(0)) fail();
  await ended();
  expect(told).toEqual(['c taken back', 'b taken back', 'a taken back']);
  expect(disk.state).toEqual({
    ...{ state: 'failing', since: '2026-06-01T06:00:00.000Z', why: 'the disk is full', failures: 3, bytes: 0 },
  });
  keep('d');
  await turn();
  open[0]!.done();
  await ended();
  expect(told.at(-1)).toBe('d kept');
  expect(disk.state).toEqual({ state: 'ok', failures: 3, bytes: 0 });
  expect(events.map(({ event }) => event)).toEqual(['store_recovered']);
});
