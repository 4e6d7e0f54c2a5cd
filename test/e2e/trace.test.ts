import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import semtechUdp from '../../src/backends/semtech-udp/index.js';
import { silent } from '../../src/base/log.js';
import { must } from '../../src/base/problem.js';
import { wallClock } from '../../src/io/clock.js';
import { openMqtt } from '../../src/io/mqtt.js';
import { devAddrText } from '../../src/lorawan/ids.js';
import { readRecord, writeRecord } from '../../src/trace/json-lines.js';
import { rxOfRecord, rxRecord } from '../../src/trace/rx.js';
import { havePeer } from '../peers/peer.js';
import { startMosquitto } from '../peers/mosquitto.js';
import { appSKey, captures, frames, gatewayEui, nwkSKey } from '../traces/captures.js';

const traceFile = new URL('../traces/karlsruhe-bosch.jsonl', import.meta.url);
const made = (): string =>
  frames()
    .map((rx) => `${writeRecord(rxRecord(rx))}\n`)
    .join('');

test('the trace in the repository is what its captures make', () => {
  if (process.env['STELLWERK_UPDATE']) writeFileSync(traceFile, made());
  expect(readFileSync(traceFile, 'utf8')).toBe(made());
});

const config = (broker: string, folder: string): string => {
  const devices = [...new Map(captures.map((one) => [one.devAddr, one])).values()].map(({ bay, model, devAddr }) =>
    JSON.stringify({
      devEui: `0000000000${devAddr.toString(16).slice(-6)}`,
      bay,
      lot: 'trace',
      model,
      abp: { devAddr: devAddrText(devAddr), nwkSKey, appSKey, ...(bay === 'ka-2' && { fCntUp: 70_000 }) },
    }),
  );
  writeFileSync(join(folder, 'devices.yaml'), devices.map((device) => `- ${device}\n`).join(''));
  const file = join(folder, 'stellwerk.yaml');
  writeFileSync(
    file,
    `name: trace
gateways: [${gatewayEui}]
devices: devices.yaml
state: state
sources:
  - type: semtech-udp
    port: 0
sinks:
  - type: mqtt
    url: ${broker}
`,
  );
  return file;
};

/** Runs `stellwerk gateway` as users do, and reads its JSON log. */
const startGateway = async (file: string) => {
  const child = spawn(process.execPath, ['dist/src/cli.js', 'gateway', '-c', file, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  let text = '';
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const started = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const cut = text.split('\n');
      text = cut.pop()!;
      for (const line of cut) lines.push(JSON.parse(line) as Record<string, unknown>);
      const ready = lines.find((line) => line['event'] === 'gateway_started');
      if (ready) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`gateway ended with ${code}: ${complaint}${text}`)));
  });
  const ready = await started;
  return {
    source: (ready['sources'] as string[])[0]!,
    lines,
    stop: () =>
      new Promise<number | null>((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', (code) => resolve(code));
        child.kill('SIGINT');
      }),
  };
};

describe.skipIf(!havePeer('mosquitto'))(
  'stellwerk gateway, fed with real captures over UDP, and a real mosquitto',
  () => {
    test('publishes the events that the captures mean, once, in order, and remembers its counters', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'stellwerk-trace-'));
      const broker = await startMosquitto();
      const events: Record<string, unknown>[] = [];
      const retained = new Map<string, string>();
      let wanted = 0;
      let done: () => void = () => undefined;
      const listener = openMqtt({
        url: broker.url,
        onMessage(topic, payload) {
          if (topic !== 'stellwerk/events') return void retained.set(topic, payload);
          events.push(JSON.parse(payload) as Record<string, unknown>);
          if (events.length >= wanted) done();
        },
      });
      try {
        await listener.subscribe('stellwerk/#');
        const file = config(broker.url, folder);
        const rxs = readFileSync(traceFile, 'utf8')
          .trim()
          .split('\n')
          .map((line) => must(rxOfRecord(must(readRecord(line)))));
        const feed = async (source: string) => {
          const backend = await semtechUdp.open(source, {
            clock: wallClock(),
            log: silent,
            gateways: [{ eui: gatewayEui }],
            downlink: () => 'ok',
          });
          if ('problem' in backend) throw new Error(backend.problem.code);
          for (const rx of rxs) {
            backend.uplink(rx);
            await backend.settled(1_000);
          }
          await backend.close();
        };

        const first = await startGateway(file);
        wanted = captures.flatMap((capture) => capture.expect).length;
        const all = new Promise<void>((resolve) => (done = resolve));
        await feed(first.source);
        await all;
        const expected = captures.flatMap((capture) =>
          capture.expect.map((event) => ({ ...event, bay: capture.bay, fCnt: capture.fCnt })),
        );
        expect(events).toHaveLength(expected.length);
        expected.forEach((event, i) => expect(events[i]).toMatchObject(event));
        for (const event of events) {
          expect(event).toMatchObject({ v: 1, lot: 'trace' });
          expect(event).not.toHaveProperty('simulated');
        }
        expect(await first.stop()).toBe(0);
        expect(JSON.parse(retained.get('stellwerk/lot/trace/bay/ka-3')!)).toMatchObject({ occupied: false });
        expect(retained.get('stellwerk/gateway/trace/availability')).toBe('offline');

        // The same frames again, to a gateway that was restarted: nothing new, each refused for its reason.
        const second = await startGateway(file);
        await feed(second.source);
        const refused = (): unknown[] =>
          second.lines.filter((line) => line['event'] === 'uplink_refused').map((line) => line['why']);
        for (let tries = 0; refused().length < rxs.length && tries < 200; tries++)
          await new Promise((resolve) => setTimeout(resolve, 20));
        expect(new Set(refused())).toEqual(new Set(['retransmission', 'replay']));
        expect(refused()).toHaveLength(rxs.length);
        expect(events).toHaveLength(expected.length);
        expect(await second.stop()).toBe(0);
        const log = JSON.stringify([...first.lines, ...second.lines]) + readFileSync(file, 'utf8');
        expect(log).not.toContain(nwkSKey);
        expect(log).not.toContain(appSKey);
      } finally {
        await listener.close();
        await broker.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
