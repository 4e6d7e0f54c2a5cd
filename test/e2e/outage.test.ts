import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { deliver, type StateKey } from '../../src/gateway/delivery.js';
import { openJournal } from '../../src/gateway/journal.js';
import { steppedClock } from '../../src/io/clock.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { OpenSink, StateUpdate } from '../../src/sinks/define.js';
import { heapBytes } from '../tools/heap.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-outage-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const startUs = 1_780_293_600_000_000;
const bays = 300;
const days = 7;
const perDay = 16;

const eventOf = (n: number): ParkingEvent => {
  const bay = (n * 7) % bays;
  const atUs = startUs + Math.floor((n * days * 86_400_000_000) / (bays * days * perDay));
  return {
    ...{ id: `e${n}`, kind: n % 2 === 0 ? 'occupied' : 'freed', bay: `b${bay}`, lot: 'graben', occupied: n % 2 === 0 },
    ...{
      sinceUs: atUs,
      sensorTimeUs: atUs,
      assertedTimeUs: atUs,
      device: 'd',
      model: 'm',
      frame: `f${n}`,
      quality: [],
    },
  };
};

test('a sink that is away for a week gets its events in order, the newest states before them, and no memory is taken', async () => {
  const clock = steppedClock(startUs);
  const store = must(await openJournal(folder, { nowUs: () => clock.nowUs() }));
  const newest = new Map<string, ParkingEvent>();
  const told: string[] = [];
  const far = { ready: false };
  const sink: OpenSink = {
    ...{ address: 'far:', link: { connected: true }, close: () => Promise.resolve() },
    get ready() {
      return far.ready;
    },
    stream: {
      ...{ batch: 1, window: 100 },
      deliver: ([event]) => Promise.resolve((told.push(event!.id), 'delivered' as const)),
    },
    states: {
      ...{ batch: 1, window: 100 },
      deliver: ([update]) =>
        Promise.resolve(
          (told.push(`state ${(update as StateUpdate & { kind: 'bay' }).event.id}`), 'delivered' as const),
        ),
    },
  };
  store.outbox.serve(['far']);
  const delivering = deliver({
    ...{ name: 'far', sink, outbox: store.outbox, clock, outward: (event) => event },
    current: (key: StateKey) => ({ kind: 'bay', event: newest.get(key)! }),
    all: () => newest.keys() as Iterable<StateKey>,
  });
  const count = bays * days * perDay;
  const say = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 50) {
      const events = Array.from({ length: Math.min(50, to - n) }, (_, i) => eventOf(n + i));
      await store.commit({ memories: [], events, emissions: [] });
      for (const event of events) {
        newest.set(`bay ${event.bay}`, event);
        delivering.tell(`bay ${event.bay}`);
      }
      clock.advance(events.at(-1)!.assertedTimeUs);
    }
  };
  // The first day fills what is bounded; the other six must take nothing more.
  const day = count / days;
  await say(0, 2 * day);
  const before = heapBytes();
  await say(2 * day, count);
  expect(heapBytes()).toBeLessThan(before * 1.2);
  expect(told).toEqual([]);
  expect(delivering.state).toMatchObject({ waiting: count, dropped: 0 });

  far.ready = true;
  delivering.changed();
  await expect.poll(() => delivering.state.waiting, { timeout: 60_000 }).toBe(0);
  const states = told.slice(0, bays).map((one) => Number(/^state e(\d+)$/.exec(one)?.[1]));
  expect(states).toEqual([...states].sort((a, b) => b - a));
  expect(states[0]).toBe(count - 1);
  expect(told.slice(bays)).toEqual(Array.from({ length: count }, (_, n) => `e${n}`));
  await delivering.close();
  await store.close();
}, 120_000);

// A file system of its own needs a user namespace, or root.
const mount = (script: string): ReturnType<typeof spawnSync> =>
  spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8', timeout: 60_000 });
const canMount =
  mount(`mount -t tmpfs -o size=1m none ${tmpdir()} && echo yes`).stdout?.toString().includes('yes') ?? false;
if (!canMount) process.stderr.write('skipped: a small disk needs unshare -rm, which is not allowed here\n');

test.skipIf(!canMount)(
  'a disk that is really full: nothing is promised, and it goes on when there is room',
  () => {
    const built = new URL('../../dist/src/index.js', import.meta.url).href;
    const script = join(folder, 'full.mjs');
    writeFileSync(
      script,
      `import { openJournal } from ${JSON.stringify(built)};
     import { rmSync, statfsSync, writeFileSync } from 'node:fs';
     const place = process.argv[2];
     const event = (n) => ({ id: 'e' + n, kind: 'occupied', bay: 'b', lot: 'l', occupied: true, sinceUs: n, sensorTimeUs: n,
       assertedTimeUs: n, device: 'd', model: 'm'.repeat(200), frame: 'f' + n, quality: [] });
     const open = async () => (await openJournal(place + '/state', { segmentBytes: 100000 })).value;
     let store = await open();
     store.outbox.serve(['a']);
     const promised = [];
     let refused = 0;
     const say = async (from, to) => { for (let n = from; n < to; n++) {
       try { await store.commit({ memories: [], events: [event(n)], emissions: [] }); promised.push(n); } catch { refused++; } } };
     await say(0, 500);
     // Somebody else takes the rest of the disk.
     const free = statfsSync(place);
     let size = free.bavail * free.bsize;
     for (; size > 0; size -= 4096) { try { writeFileSync(place + '/filler', Buffer.alloc(size)); break; } catch {} }
     await say(500, 5000);
     const whileFull = refused;
     rmSync(place + '/filler', { force: true });
     await say(5000, 5100);
     const afterwards = refused - whileFull;
     // Full of our own: what was delivered makes room, though nothing can be written.
     refused = 0;
     await say(5100, 60000);
     const own = refused;
     const last = store.outbox.next;
     const ids = [];
     for (let from = store.outbox.first; from < last;) { const read = await store.outbox.read(from, 500);
       if (read.length === 0) break; for (const { event } of read) ids.push(event.id); from = read.at(-1).number + 1; }
     store.outbox.acknowledge('a', last);
     refused = 0;
     for (let round = 0; round < 50 && (round === 0 || refused > 0); round++) { refused = 0; await say(60000 + round, 60001 + round); }
     const healed = refused === 0;
     await store.close();
     store = await open();
     console.log(JSON.stringify({ whileFull, afterwards, own, healed, next: store.outbox.next,
       lost: promised.filter((n) => n < 60000 && !ids.includes('e' + n)).length }));`,
    );
    const done = mount(`mount -t tmpfs -o size=4m none /mnt && ${process.execPath} ${script} /mnt`);
    const report = JSON.parse(String(done.stdout).trim() || '{}') as Record<string, unknown>;
    expect(report, String(done.stderr)).toMatchObject({ afterwards: 0, healed: true, lost: 0 });
    expect(report['whileFull']).toBeGreaterThan(100);
    expect(report['own']).toBeGreaterThan(100);
  },
  90_000,
);
