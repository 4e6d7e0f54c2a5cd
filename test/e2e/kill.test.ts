import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

// Both sides of a street in processes of their own, in real time, and each of them killed without a word.

const program = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const bays = 8;
let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stellwerk-kill-'))));
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A process of ours; `lines` grows with every JSON line that it says on standard output. */
const start = (...args: string[]): { readonly lines: Line[]; end(signal: NodeJS.Signals): Promise<void> } => {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: Line[] = [];
  let open = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const [...whole] = (open + text).split('\n');
    open = whole.pop()!;
    for (const line of whole) lines.push(JSON.parse(line) as Line);
  });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    lines,
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
};

/** Waits until `test` holds, at most so long. */
const until = async (what: string, holds: () => boolean, mostMs = 25_000): Promise<void> => {
  for (const end = Date.now() + mostMs; !holds();) {
    if (Date.now() > end) throw new Error(`this never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

const scenario = `
name: kill
start: 2026-06-01T10:00:00+02:00
zone: Europe/Berlin
bootWithin: 1s
lots: [{ id: a, name: a, bays: ${bays}, prefix: a, at: [48.59502, 8.87029], spacingM: 5, bearingDeg: 90 }]
sensors: [{ model: bosch-tps110, share: 1 }, { model: nwave-nps405, share: 1 }]
gateways: [{ name: g, eui: 0253544b47570001, at: [48.5962, 8.8708], heightM: 20, antennaGainDb: 3 }]
demand:
  weekday: [${new Array(24).fill('.5').join()}]
  saturday: [${new Array(24).fill('.5').join()}]
  sunday: [${new Array(24).fill('.5').join()}]
  dwell: [{ share: 1, median: 1m, sigma: .5 }]
air: { ideal: true }
`;

test('after kill -9 of either side all join, and no counter comes twice under one key', async () => {
  const port = await freePort();
  writeFileSync(join(folder, 'kill.yaml'), scenario);
  writeFileSync(
    join(folder, 'stellwerk.yaml'),
    `name: kill\nsimulation: true\ncontrol: off\nstate: net\ndevices: devices.yaml\nnetwork: { dutyCycle: ignore }\n` +
      `sources: [{ type: semtech-udp, port: ${port} }]\nsinks: [{ type: mqtt, url: 'mqtt://127.0.0.1:1' }]\n`,
  );
  await start('simulate', 'kill.yaml', '--devices', 'devices.yaml', '--json').end('SIGCONT');
  const simulate = () =>
    start('simulate', 'kill.yaml', '--seed', '1', '--to', `udp://127.0.0.1:${port}`, '--state', 'sim', '--json');
  const gateway = () => start('gateway', '-c', 'stellwerk.yaml', '--json');
  const all: Line[][] = [];
  const joined = (lines: readonly Line[]): number =>
    new Set(lines.filter(({ event }) => event === 'device_joined').map(({ devEui }) => devEui)).size;
  const heard = (lines: readonly Line[]): number =>
    new Set(lines.filter(({ event }) => event === 'uplink_accepted').map(({ devEui }) => devEui)).size;

  // Both new; then the street is killed and comes back.
  const first = gateway();
  all.push(first.lines);
  await until('the gateway', () => first.lines.some(({ event }) => event === 'gateway_started'));
  const street = simulate();
  await until('every device has joined and spoken', () => joined(first.lines) === bays && heard(first.lines) === bays);
  await street.end('SIGKILL');
  const from = first.lines.length;
  const again = simulate();
  await until('every device has joined once more', () => joined(first.lines.slice(from)) === bays);
  await until('and has spoken', () => heard(first.lines.slice(from)) === bays);

  // The network is killed while the street goes on.
  await first.end('SIGKILL');
  const second = gateway();
  all.push(second.lines);
  await until('some are heard under the sessions of before', () => heard(second.lines) > 0);
  await again.end('SIGINT');

  // A clean end: the third run continues where the second was.
  const third = simulate();
  const here = second.lines.length;
  await until('the third run is heard', () => heard(second.lines.slice(here)) > 0);
  await third.end('SIGINT');
  expect(joined(second.lines)).toBe(0);

  // The same seed without a memory, as if every sensor had been built anew: used nonces are refused, the next ones are not.
  const anew = second.lines.length;
  const fourth = start('simulate', 'kill.yaml', '--seed', '1', '--to', `udp://127.0.0.1:${port}`, '--json');
  await until('every device has joined without a memory', () => joined(second.lines.slice(anew)) === bays, 80_000);
  await fourth.end('SIGINT');
  await second.end('SIGTERM');

  const frames = new Map<string, unknown>();
  const said = all.flat();
  for (const { event, devAddr, fCnt, frame } of said) {
    if (event !== 'uplink_accepted' && event !== 'uplink_refused') continue;
    if (devAddr === undefined || fCnt === undefined) continue;
    const name = `${String(devAddr)} ${String(fCnt)}`;
    expect(frames.get(name) ?? frame, `counter ${name} came twice`).toBe(frame);
    frames.set(name, frame);
  }
  const refused = said.filter(({ event, why }) => event === 'uplink_refused' && why !== 'retransmission');
  expect(refused.map(({ why }) => why).filter((why) => why !== 'dev-nonce-used')).toEqual([]);
  const downCounters = said.filter(({ event, fCnt }) => event === 'downlink_sent' && fCnt !== undefined);
  const down = downCounters.map(({ devAddr, fCnt }) => `${String(devAddr)} ${String(fCnt)}`);
  expect(new Set(down).size).toBe(down.length);
}, 200_000);
