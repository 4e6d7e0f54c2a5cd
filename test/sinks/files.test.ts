import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Decoder } from 'cbor-x';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventJson } from '../../src/dialects/city/stellwerk-json.js';
import { steppedClock } from '../../src/io/clock.js';
import cbor from '../../src/sinks/cbor.js';
import jsonl from '../../src/sinks/jsonl.js';
import { eventOf, served } from './served.js';

const dayUs = 24 * 3_600_000_000;
const startUs = Date.now() * 1000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-file-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lines = (name = 'events.jsonl'): { id: string }[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: string });

describe('a file of lines', () => {
  const config = { path: 'events.jsonl' };
  test('has every event, in order, and goes on where it was', async () => {
    for (let run = 0; run < 2; run++) {
      const { say, delivered, delivering } = await served(jsonl, { config, clock: steppedClock(startUs), folder });
      for (let n = 0; n < 1_200; n++) say(eventOf(run * 1_200 + n));
      await delivered(1_200);
      await delivering.close();
    }
    expect(lines().map(({ id }) => id)).toEqual(Array.from({ length: 2_400 }, (_, n) => `${n}-0`));
    expect(lines()[3]).toEqual(eventJson(eventOf(3)));
  });

  test('a line that a kill tore is cut off, and nothing before it', async () => {
    writeFileSync(join(folder, 'events.jsonl'), '{"id":"a"}\n{"id":"b"}\n{"id":"to');
    const { say, delivered, said } = await served(jsonl, { config, clock: steppedClock(startUs), folder });
    say(eventOf(1));
    await delivered(1);
    expect(lines().map(({ id }) => id)).toEqual(['a', 'b', '1-0']);
    expect(said[0]).toMatchObject({ event: 'file_tail_cut', fields: { bytes: 9 } });
  });

  test('is closed when it is large or the day is over, packed, and deleted when it is old', async () => {
    const clock = steppedClock(startUs);
    const how = { ...config, maxMB: 0.002, gzip: true, keepDays: 3 };
    const { say, delivered } = await served(jsonl, { config: how, clock, folder });
    for (let n = 0; n < 30; n++) {
      say(eventOf(n));
      await delivered(n + 1);
    }
    const closed = readdirSync(folder).filter((name) => name.endsWith('.gz'));
    expect(closed.length).toBeGreaterThan(2);
    const packed = closed
      .sort((a, b) => Number(/-(\d+)\.jsonl/.exec(a)?.[1] ?? 1) - Number(/-(\d+)\.jsonl/.exec(b)?.[1] ?? 1))
      .map((name) => gunzipSync(readFileSync(join(folder, name))).toString());
    const all = [...packed.join('').split('\n').slice(0, -1), ...lines().map((line) => JSON.stringify(line))];
    expect(all.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
      Array.from({ length: 30 }, (_, n) => `${n}-0`),
    );
    clock.advance(startUs + 4 * dayUs);
    say(eventOf(30));
    await delivered(31);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(lines().map(({ id }) => id)).toEqual(['30-0']);
  });

  test('a folder that cannot be made is a problem at the start', async () => {
    writeFileSync(join(folder, 'plain'), '');
    await expect(
      served(jsonl, { config: { path: 'plain/x.jsonl' }, clock: steppedClock(startUs), folder }),
    ).rejects.toThrow('file-unwritable');
  });
});

describe('a file of CBOR', () => {
  const config = { path: 'events.cbor' };
  const read = (): unknown[] => {
    const all: unknown[] = [];
    new Decoder({ mapsAsObjects: true }).decodeMultiple(readFileSync(join(folder, 'events.cbor')), (one) => {
      all.push(one);
    });
    return all;
  };

  test('is a sequence that another reader takes for the same events', async () => {
    const { say, delivered } = await served(cbor, { config, clock: steppedClock(startUs), folder });
    const events = [eventOf(1), eventOf(2, { occupied: undefined, sinceUs: undefined, batteryV: 3.6, tags: ['a'] })];
    events.forEach(say);
    await delivered(2);
    expect(read()).toEqual(events.map((event) => JSON.parse(JSON.stringify(eventJson(event))) as unknown));
  });

  test('what a kill tore is cut off; what is damaged in the middle is left alone', async () => {
    const first = await served(cbor, { config, clock: steppedClock(startUs), folder });
    first.say(eventOf(1));
    await first.delivered(1);
    await first.delivering.close();
    const whole = readFileSync(join(folder, 'events.cbor'));
    appendFileSync(join(folder, 'events.cbor'), whole.subarray(0, 40));
    const second = await served(cbor, { config, clock: steppedClock(startUs), folder });
    second.say(eventOf(2));
    await second.delivered(1);
    expect((read() as { id: string }[]).map(({ id }) => id)).toEqual(['1-0', '2-0']);
    await second.delivering.close();
    writeFileSync(join(folder, 'events.cbor'), Buffer.concat([Buffer.alloc(70_000, 0xff), whole]));
    const third = await served(cbor, { config, clock: steppedClock(startUs), folder });
    await third.delivering.close();
    expect(readFileSync(join(folder, 'events.cbor')).length).toBe(70_000 + whole.length);
  });
});
