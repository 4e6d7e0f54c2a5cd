import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { figuresOf } from '../../src/gateway/figures.js';
import { metrics } from '../../src/gateway/metrics.js';
import { gatewayStatus } from '../../src/gateway/status.js';
import { notReady, openWatchPort } from '../../src/gateway/watch-port.js';
import { exposition, histogram, histogramSamples } from '../../src/report/prometheus.js';
import type { HttpServer } from '../../src/io/http-server.js';

const open: HttpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const meter = metrics();
meter.hearing();
meter.rubbish('bad-json');
const seen = { kind: 'occupied', sensorTimeUs: 0, quality: [] };
meter.delivered('mqtt://h:1883', seen as never, { wallUs: 2_500_000, synced: true });
let failing = false;
const status = () =>
  gatewayStatus({
    ...{
      name: 'yard',
      pid: 7,
      startedUs: 0,
      nowUs: 90_000_000,
      simulated: false,
      devices: { registered: 4, heard: 2 },
    },
    sources: [{ address: 'udp://127.0.0.1:1700' }],
    sinks: [
      {
        address: 'mqtt://h:1883',
        state: {
          connected: false,
          commands: { taken: 5, refused: 6 },
          taken: 3,
          delivered: 2,
          waiting: 1,
          dropped: 0,
          refused: 0,
          repeated: 0,
          states: { delivered: 1, waiting: 0 },
        },
      },
    ],
    store: failing
      ? { state: 'failing', why: 'the disk is full', failures: 3, bytes: 10 }
      : { state: 'ok', failures: 0, bytes: 10 },
    counts: meter.counts,
  });
const figures = () =>
  figuresOf({
    ...{ status: status(), meter, bays: { occupied: 1, free: 2, unknown: 0 }, findings: new Map([['flapping', 1]]) },
    lots: [
      {
        lot: 'a "b"\\',
        capacity: 3,
        free: 2,
        occupied: 1,
        unknown: 0,
        sign: 'free',
        from: 'bays',
        freshUs: 1,
        assertedTimeUs: 2,
      },
    ],
    process: { rssBytes: 1, cpuS: 2 },
  });
const port = async (token?: string): Promise<string> => {
  const server = await openWatchPort({
    host: '127.0.0.1',
    port: 0,
    ...(token !== undefined && { token }),
    status,
    figures,
  });
  if ('problem' in server) throw new Error(server.problem.code);
  open.push(server);
  return server.address;
};

test('health, readiness, status and figures', async () => {
  const at = await port();
  expect(await (await fetch(`${at}/health`)).json()).toEqual({ status: 'ok' });
  const ready = await fetch(`${at}/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ready: true, reasons: [], away: [{ address: 'mqtt://h:1883', waiting: 1 }] });
  expect(await (await fetch(`${at}/status`)).json()).toMatchObject({ name: 'yard' });
  failing = true;
  expect((await fetch(`${at}/ready`)).status).toBe(503);
  failing = false;
  expect((await fetch(`${at}/nothing`)).status).toBe(404);
  expect((await fetch(`${at}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
});

test('with a token only health is for everybody', async () => {
  const at = await port('a-token-that-is-long');
  expect((await fetch(`${at}/health`)).status).toBe(200);
  expect((await fetch(`${at}/metrics`)).status).toBe(401);
  expect((await fetch(`${at}/metrics`, { headers: { authorization: 'Bearer a-token-that-is-long' } })).status).toBe(
    200,
  );
});

test('figures are what Prometheus reads: names, help, types, and no bay or device in a label', async () => {
  const text = exposition(figures());
  const name = /^[a-z_]+(_bucket|_sum|_count)?(\{([a-z_]+="([^"\\\n]|\\\\|\\"|\\n)*",?)+\})? (\+Inf|-?[\d.e+-]+)$/;
  for (const line of text.trim().split('\n')) if (!line.startsWith('#')) expect(line).toMatch(name);
  expect(text).toContain('stellwerk_rubbish_total{why="bad-json"} 1\n');
  expect(text).toContain('stellwerk_sink_commands_total{sink="mqtt://h:1883",at="0",result="refused"} 6\n');
  expect(text).toContain('stellwerk_event_age_seconds_bucket{sink="mqtt://h:1883",le="2"} 0\n');
  expect(text).toContain('stellwerk_event_age_seconds_bucket{sink="mqtt://h:1883",le="5"} 1\n');
  expect(text).toContain('stellwerk_lot_bays{lot="a \\"b\\"\\\\",state="free"} 2\n');
  const families = text
    .split('\n')
    .filter((line) => line.startsWith('# TYPE'))
    .map((line) => line.split(' ')[2]);
  expect(new Set(families).size).toBe(families.length);
  expect(notReady(status())).toEqual([]);
});

test('a histogram counts upwards', () => {
  const of = histogram([1, 2]);
  for (const value of [0.5, 1, 1.5, 9]) of.add(value);
  expect(histogramSamples(of).map(({ value }) => value)).toEqual([2, 3, 4, 12, 4]);
});

test('rubbish on the port is answered or cut, and harms nothing', async () => {
  const at = await port();
  const { port: number } = new URL(at);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(number), '127.0.0.1', () => socket.write('\u0000\u0001 nonsense\r\n\r\n'));
    socket
      .on('close', () => resolve())
      .on('error', () => undefined)
      .resume();
  });
  expect((await fetch(`${at}/health`)).status).toBe(200);
  expect((await fetch(`${at}/status`, { method: 'PUT', body: 'x'.repeat(10_000) })).status).toBe(413);
});
