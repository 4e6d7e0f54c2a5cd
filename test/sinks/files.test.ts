import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Decoder } from 'cbor-x';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wholeLines } from '../../src/base/whole.js';
import { eventJson } from '../../src/dialects/city/stellwerk-json.js';
import { eventText } from '../../src/dialects/city/event-text.js';
import { steppedClock } from '../../src/io/clock.js';
import type { SinkContext } from '../../src/sinks/define.js';
import cbor from '../../src/sinks/cbor.js';
import jsonl from '../../src/sinks/jsonl.js';
import { openFileSink, type FileOptions } from '../../src/sinks/files/file-sink.js';
import { fragileFolder } from '../io/fragile-folder.js';
import { eventOf, serve, until } from './served.js';

const dayUs = 24 * 3_600_000_000;
const startUs = Date.now() * 1000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-file-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = async (kind: typeof jsonl, more: Record<string, unknown> = {}, clock = steppedClock(startUs)) => {
  const path = kind.id === 'cbor' ? 'events.cborseq' : 'events.jsonl';
  const one = await serve(kind, { path, ...more }, { clock, folder });
  return {
    ...one,
    clock,
    delivered: (count: number) => until(() => one.delivering.state.delivered === count, { sink: one.sink, clock }),
  };
};
const range = (to: number): string[] => Array.from({ length: to }, (_, n) => `e${n}`);
const ids = (text: string): string[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { id: string }).id);
const text = (name: string): string => {
  const bytes = readFileSync(join(folder, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};
/** Names of events in the closed files and in the open one, oldest first. */
const all = (): string[] => {
  const closed = readdirSync(folder).filter((name) => /Z\.jsonl(\.gz)?$/.test(name));
  return [...closed.sort(), 'events.jsonl'].flatMap((name) => ids(text(name)));
};
const decoded = (): unknown[] => {
  const found: unknown[] = [];
  new Decoder({ mapsAsObjects: true }).decodeMultiple(readFileSync(join(folder, 'events.cborseq')), (one) => {
    found.push(one);
  });
  return found;
};

describe('a file of lines', () => {
  test('has every event, in order, and goes on where it was', async () => {
    for (let run = 0; run < 2; run++) {
      const { write, delivered, delivering } = await open(jsonl);
      for (let n = 0; n < 1_200; n++) write(eventOf(run * 1_200 + n));
      await delivered(1_200);
      await delivering.close();
    }
    expect(all()).toEqual(range(2_400));
    expect(JSON.parse(text('events.jsonl').split('\n')[3]!)).toEqual(eventJson(eventOf(3)));
  });

  test('a line that a kill tore is cut off, and nothing before it', async () => {
    writeFileSync(join(folder, 'events.jsonl'), '{"id":"a"}\n{"id":"b"}\n{"id":"to');
    const { write, delivered, said } = await open(jsonl);
    write(eventOf(1));
    await delivered(1);
    expect(all()).toEqual(['a', 'b', 'e1']);
    expect(said[0]).toMatchObject({ event: 'file_mended', fields: { cutBytes: 9 } });
  });

  test('is closed when it is large or the day is over, packed, and deleted when it is old', async () => {
    const { write, delivered, clock } = await open(jsonl, { maxMB: 0.002, gzip: true, keepDays: 3 });
    for (let n = 0; n < 30; n++) {
      write(eventOf(n));
      await delivered(n + 1);
    }
    // While a file is packed, both of it are there.
    await expect.poll(all).toEqual(range(30));
    const packed = (): number => readdirSync(folder).filter((name) => name.endsWith('.gz')).length;
    await expect.poll(packed).toBeGreaterThan(2);
    clock.advance(startUs + 5 * dayUs);
    write(eventOf(30));
    await delivered(31);
    await expect.poll(() => ids(text('events.jsonl'))).toEqual(['e30']);
    clock.advance(startUs + 10 * dayUs);
    await expect.poll(() => readdirSync(folder).filter((name) => name.includes('Z'))).toEqual([]);
  });

  test('a folder that cannot be made is a problem at the start', async () => {
    writeFileSync(join(folder, 'plain'), '');
    await expect(open(jsonl, { path: 'plain/x.jsonl' })).rejects.toThrow('file-unwritable');
  });

  test('two sinks in one file are a problem at the start', async () => {
    await open(jsonl);
    await expect(open(jsonl)).rejects.toThrow('file-in-use');
  });

  test('a disk that is full: said once, waited for longer and longer, and then it goes on with nothing lost', async () => {
    const files = fragileFolder({ fail: { at: 6, forSteps: 40 } }, startUs);
    const kind = {
      ...jsonl,
      open: (options: unknown, context: SinkContext) =>
        openFileSink(options as FileOptions, context, {
          encode: (event) => new TextEncoder().encode(`${eventText(event)}\n`),
          whole: wholeLines,
          files,
        }),
    };
    const { write, delivering, delivered, clock, words, said } = await open(kind, { path: '/data/events.jsonl' });
    for (let n = 0; n < 50; n++) {
      write(eventOf(n));
      if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await delivered(50);
    expect(delivering.state).toMatchObject({ waiting: 0, connected: true });
    expect(ids(await files.text('/data/events.jsonl'))).toEqual(range(50));
    expect(words()).toEqual(['sink_waits', 'sink_delivers']);
    expect(said[0]!.fields).toMatchObject({ why: 'the disk is full' });
    expect(clock.nowUs() - startUs).toBeGreaterThan(10_000_000);
  });
});

describe('a file of CBOR', () => {
  test('is a sequence that another reader takes for the same events', async () => {
    const { write, delivered } = await open(cbor);
    const events = [eventOf(1), eventOf(2, { occupied: undefined, sinceUs: undefined, batteryV: 3.6, tags: ['a'] })];
    write(...events);
    await delivered(2);
    expect(decoded()).toEqual(events.map((event) => JSON.parse(JSON.stringify(eventJson(event))) as unknown));
  });

  test('what a kill tore is cut off', async () => {
    const first = await open(cbor);
    first.write(eventOf(1));
    await first.delivered(1);
    await first.delivering.close();
    appendFileSync(join(folder, 'events.cborseq'), readFileSync(join(folder, 'events.cborseq')).subarray(0, 40));
    const second = await open(cbor);
    second.write(eventOf(2));
    await second.delivered(1);
    expect((decoded() as { id: string }[]).map(({ id }) => id)).toEqual(['e1', 'e2']);
  });

  test('what is damaged in the middle is put aside as it is', async () => {
    const damaged = Buffer.concat([Buffer.alloc(70_000, 0xff), Buffer.from('and more')]);
    writeFileSync(join(folder, 'events.cborseq'), damaged);
    const { write, delivered, words } = await open(cbor);
    write(eventOf(1));
    await delivered(1);
    const aside = readdirSync(folder).find((name) => name.includes('Z'))!;
    expect(readFileSync(join(folder, aside)).equals(damaged)).toBe(true);
    expect((decoded() as { id: string }[]).map(({ id }) => id)).toEqual(['e1']);
    expect(words()).toEqual(['file_set_aside']);
  });

  test('opens a large file in a moment: the time grows with the size, and not faster', async () => {
    const first = await open(cbor);
    first.write(...Array.from({ length: 500 }, (_, n) => eventOf(n)));
    await first.delivered(500);
    await first.delivering.close();
    const block = readFileSync(join(folder, 'events.cborseq'));
    writeFileSync(join(folder, 'events.cborseq'), Buffer.concat(Array.from({ length: 100 }, () => block)));
    const second = await open(cbor);
    second.write(eventOf(0));
    await second.delivered(1);
    expect(readFileSync(join(folder, 'events.cborseq')).length).toBeGreaterThan(100 * block.length);
  });

  test('an event that CBOR cannot say is refused, and the others are there', async () => {
    const { write, delivering, sink, clock, said } = await open(cbor);
    write(eventOf(0), eventOf(1, { fault: 'half a letter: \ud800' }), eventOf(2));
    await until(() => delivering.state.waiting === 0, { sink, clock });
    expect((decoded() as { id: string }[]).map(({ id }) => id)).toEqual(['e0', 'e2']);
    expect(said).toMatchObject([{ event: 'event_refused', fields: { event: 'e1' } }]);
  });
});

test.each([jsonl, cbor])('$id: what is written and closed anywhere reads as what was written', (kind) =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0.001, 0.005, 1),
      async (runs, maxMB) => {
        folder = mkdtempSync(join(tmpdir(), 'stellwerk-file-'));
        let n = 0;
        for (const count of runs) {
          const { write, delivered, delivering } = await open(kind, { maxMB, sync: false });
          write(...Array.from({ length: count }, () => eventOf(n++)));
          await delivered(count);
          await delivering.close();
        }
        const names = readdirSync(folder)
          .filter((name) => name.includes('Z.'))
          .sort();
        const bytes = Buffer.concat(
          [...names, kind.id === 'cbor' ? 'events.cborseq' : 'events.jsonl'].map((name) =>
            readFileSync(join(folder, name)),
          ),
        );
        const found =
          kind.id === 'cbor'
            ? (new Decoder({ mapsAsObjects: true }).decodeMultiple(bytes) as { id: string }[]).map(({ id }) => id)
            : ids(bytes.toString());
        expect(found).toEqual(range(n));
        rmSync(folder, { recursive: true });
      },
    ),
    { numRuns: 10 },
  ),
);
