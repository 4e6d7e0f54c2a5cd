import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { readCount, type SaidCount } from '../../src/dialects/city/counts.js';
import { steppedClock, wallClock } from '../../src/io/clock.js';
import countsCsv from '../../src/sources/counts-csv.js';
import countsHttp from '../../src/sources/counts-http.js';
import countsMqtt from '../../src/sources/counts-mqtt.js';
import type { SourceContext, SourceKind } from '../../src/sources/define.js';
import { startMosquitto } from '../peers/mosquitto.js';
import { havePeer } from '../peers/peer.js';
import { closers, listener } from '../sinks/stand.js';

/** A source of counts, and what it handed over; `keep` decides whether a count is durable. */
const stand = async (
  kind: SourceKind,
  config: object,
  how: {
    keep?(said: SaidCount): Promise<void> | undefined;
    readonly folder?: string;
    readonly clock?: SourceContext['clock'];
  } = {},
) => {
  const counts: SaidCount[] = [];
  const refused: string[] = [];
  const { log } = keptLog();
  const source = await kind.open(kind.config.parse({ type: kind.id, ...config }), {
    ...{ clock: how.clock ?? wallClock(), log, gateways: 'any', folder: how.folder ?? '.' },
    frame: () => undefined,
    gateway: () => undefined,
    refused: (why) => void refused.push(why),
    count(said) {
      counts.push(said as SaidCount);
      return how.keep ? how.keep(said as SaidCount) : Promise.resolve();
    },
  });
  if ('problem' in source) throw new Error(source.problem.code);
  closers.push(() => source.close());
  return { source, counts, refused };
};

describe('a count', () => {
  test.each([
    ['12', { counter: 'g', free: 12 }],
    ['{"free":12}', { counter: 'g', free: 12 }],
    [
      '{"counter":"other","occupied":3,"time":"2026-06-01T06:00:00Z"}',
      { counter: 'other', occupied: 3, atUs: 1_780_293_600_000_000 },
    ],
    ['{"in":1,"out":2}', { counter: 'g', in: 1, out: 2 }],
  ])('%s', (text, said) => expect(readCount(text, 'g')).toEqual({ ok: true, value: said }));

  test.each([
    '',
    '{}',
    '{"free":-1}',
    '{"free":1,"occupied":2}',
    '{"free":1,"in":2}',
    '{"free":1.5}',
    '{"free":1,"x":1}',
    '[]',
    'null',
    '{"free":1,"time":"today"}',
    'x'.repeat(5_000),
  ])('%s is refused', (text) => expect(readCount(text, 'g').ok).toBe(false));

  test('no text throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readCount(text, 'g')));
  });
});

test('by HTTP: 204 when it is durable, and 503 when it could not be', async () => {
  let full = false;
  const keep = () => (full ? Promise.reject(new Error('full')) : Promise.resolve());
  const { source, counts } = await stand(countsHttp, { port: 0 }, { keep });
  const post = async (path: string, body: string): Promise<number> =>
    (await fetch(`${source.address}${path}`, { method: 'POST', body })).status;
  expect(await post('/garage', '{"free":12}')).toBe(204);
  expect(await post('', '{"counter":"other","occupied":1}')).toBe(204);
  expect(counts).toEqual([
    { counter: 'garage', free: 12 },
    { counter: 'other', occupied: 1 },
  ]);
  full = true;
  expect(await post('/garage', '13')).toBe(503);
  expect(await post('/garage', 'many')).toBe(400);
  expect((await fetch(source.address)).status).toBe(405);
  expect(await post('/garage', 'x'.repeat(9_000))).toBe(413);
});

test('by HTTP beyond this machine only with a token', async () => {
  await expect(stand(countsHttp, { host: '0.0.0.0', port: 0 })).rejects.toThrow('config-watch-token');
});

test.skipIf(!havePeer('mosquitto'))(
  'by MQTT: what could not be kept is not acknowledged, and comes again',
  async () => {
    const broker = await startMosquitto();
    closers.push(() => broker.stop());
    let tries = 0;
    const keep = () => (++tries === 1 ? Promise.reject(new Error('full')) : Promise.resolve());
    const { counts, refused } = await stand(countsMqtt, { url: broker.url }, { keep });
    const { link } = await listener(broker.url, 'nothing');
    await expect
      .poll(
        () => {
          if (counts.length === 0)
            link.publish({ topic: 'stellwerk/counts/garage', payload: '12', qos: 1, retain: true });
          return counts.length;
        },
        { timeout: 15_000, interval: 200 },
      )
      .toBeGreaterThan(0);
    await expect.poll(() => tries, { timeout: 15_000 }).toBeGreaterThan(1);
    expect(counts[1]).toEqual({ counter: 'garage', free: 12 });
    link.publish({ topic: 'stellwerk/counts/garage', payload: 'many', qos: 1, retain: false });
    await expect.poll(() => refused, { timeout: 15_000 }).toContain('count-no-json');
  },
);

test('from a file: each line once, and again when the file has changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-counts-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const clock = steppedClock(0);
  const file = join(folder, 'counts.csv');
  writeFileSync(file, 'counter;free;time\ngarage;12;2026-06-01T06:00:00Z\nbad;many;\n');
  const { counts, refused } = await stand(countsCsv, { path: 'counts.csv', everyS: 10 }, { folder, clock });
  expect(counts).toEqual([{ counter: 'garage', free: 12, atUs: 1_780_293_600_000_000 }]);
  expect(refused).toEqual(['count-field']);
  writeFileSync(file, 'counter;free;time\ngarage;12;2026-06-01T06:00:00Z\ngarage;11;2026-06-01T06:05:00Z\n');
  clock.advance(11_000_000);
  await expect.poll(() => counts.length).toBe(2);
  expect(counts[1]).toMatchObject({ free: 11 });
});
