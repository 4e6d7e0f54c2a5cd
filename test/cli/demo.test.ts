import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBroker } from '../../src/io/broker.js';
import { openMqtt } from '../../src/io/mqtt.js';
import { startMosquitto } from '../peers/mosquitto.js';
import { havePeer } from '../peers/peer.js';

interface Ended {
  readonly code: number | null;
  readonly records: readonly { readonly kind: string; readonly body: Readonly<Record<string, unknown>> }[];
  readonly talk: string;
}

/** Runs the demo as a user would; `onRecord` may end it with a signal. */
const demo = (
  args: readonly string[],
  onRecord?: (kind: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/src/cli.js', 'demo', '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const records: Ended['records'][number][] = [];
    let text = '';
    let talk = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        const record = JSON.parse(line) as Ended['records'][number];
        records.push(record);
        onRecord?.(record.kind, (signal) => child.kill(signal));
      }
    });
    child.stderr.on('data', (chunk: Buffer) => (talk += chunk.toString()));
    child.once('exit', (code) => resolve({ code, records, talk }));
  });

const summaryOf = ({ records }: Ended) => records.find(({ kind }) => kind === 'summary')!.body;

/** The equation of the summary, computed here and not by the demo. */
const expectBalance = (body: Readonly<Record<string, unknown>>): void => {
  const sum = (of: unknown): number => Object.values(of as Record<string, number>).reduce((a, b) => a + b, 0);
  const { sent, accepted, joined, refused, lost } = body as Record<string, number>;
  expect(sent).toBeGreaterThan(50);
  expect(sent).toBe(accepted! + joined! + sum(refused) + sum(lost));
  expect(body['open']).toBe(0);
};

describe('stellwerk demo', () => {
  test('Ctrl-C ends it cleanly, the sums balance, and every sensor has joined; twice in a row', async () => {
    for (let run = 0; run < 2; run++) {
      let events = 0;
      const ended = await demo(['--speed', '200'], (kind, kill) => {
        if (kind === 'event' && ++events === 60) kill('SIGINT');
      });
      expect(ended.code).toBe(0);
      const body = summaryOf(ended);
      expectBalance(body);
      expect(body['joined']).toBeGreaterThan(55);
      // A repeated frame whose acknowledgement was lost is acknowledged again; nothing else may be refused.
      const { retransmission: _again, ...refused } = body['refused'] as Readonly<Record<string, number>>;
      expect(refused).toEqual({});
      expect(body['waiting']).toBe(0);
    }
  });

  test('a taken port is said aloud, and another one is used', async () => {
    const taken = await openBroker({ port: 1883, fallback: true });
    if ('problem' in taken) throw new Error(taken.problem.code);
    try {
      const ended = await demo(['--for', '1s', '--speed', '200']);
      const started = ended.records.find(({ kind }) => kind === 'started')!.body;
      expect(started['tookOtherPort']).toBe(true);
      expect(started['broker']).not.toBe('mqtt://127.0.0.1:1883');
      expect(started['try']).toContain(`-p ${new URL(started['broker'] as string).port} `);
      expect(ended.code).toBe(0);
    } finally {
      await taken.close();
    }
  });

  test('--state continues, --fresh starts anew on both ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stellwerk-demo-'));
    const args = ['--for', '2s', '--speed', '200', '--state', join(folder, 'state')];
    try {
      // How far two seconds go depends on the machine; who joined in them must not join again.
      const joined = summaryOf(await demo(args))['joined'] as number;
      expect(joined).toBeGreaterThan(20);
      const again = await demo(args);
      expect(summaryOf(again)['refused']).toEqual({});
      expect(summaryOf(again)['joined']).toBeLessThan(joined / 2);
      expect(again.code).toBe(0);
      expect(summaryOf(await demo([...args, '--fresh']))['joined']).toBeGreaterThan(20);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe.skipIf(!havePeer('mosquitto'))('stellwerk demo --broker, with a real mosquitto', () => {
  test('events and retained states arrive, all of them marked as simulated', async () => {
    const broker = await startMosquitto();
    const events: Record<string, unknown>[] = [];
    const topics = new Set<string>();
    const listener = openMqtt({
      url: broker.url,
      onMessage(topic, payload) {
        topics.add(topic);
        if (topic.endsWith('/events')) events.push(JSON.parse(payload) as Record<string, unknown>);
      },
    });
    try {
      await listener.subscribe('#');
      const ended = await demo(['--broker', broker.url, '--for', '2s', '--speed', '200']);
      expect(ended.code).toBe(0);
      const body = summaryOf(ended);
      expect(body['delivered']).toBe(body['events']);
      for (let tries = 0; events.length < (body['events'] as number) && tries < 100; tries++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(events).toHaveLength(body['events'] as number);
      expect(events.every((event) => event['simulated'] === true)).toBe(true);
      expect([...topics].every((topic) => topic.startsWith('stellwerk-simulated/'))).toBe(true);
      expect([...topics].filter((topic) => topic.includes('/bay/')).length).toBeGreaterThan(40);
    } finally {
      await listener.close();
      await broker.stop();
    }
  });
});
