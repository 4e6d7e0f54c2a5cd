import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ParkingEvent } from '../../src/parking/event.js';
import { openStreet, startUs } from '../gateway/door.js';
import { program, stellwerk } from './stellwerk.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const stand = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stw-walk-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'c.sock');
  const street = await openStreet(path);
  closers.push(() => street.server.close());
  return { ...street, path };
};

const occupied = (bay: string, more: Partial<ParkingEvent> = {}): ParkingEvent => ({
  ...{ id: `${bay}-0`, kind: 'occupied', bay, lot: 'lot', occupied: true, sinceUs: startUs, sensorTimeUs: startUs },
  ...{ assertedTimeUs: startUs, device: '02000000000000a1', model: 'm', frame: 'f', quality: [] },
  radio: { gateway: '0253544b47570001', rssiDbm: -97, gateways: 2, snrDb: 8.5 },
  ...more,
});

const stop = (): void => undefined;
const goAway = (): void => undefined;

/** A walk whose every call is answered: with the bay that becomes occupied when one is parked on, or with an end before its time. */
const walk = async (lies: Readonly<Record<string, string | (() => unknown)>>, ...args: string[]) => {
  const { path, followers, server } = await stand();
  const child = spawn(process.execPath, [program, 'commission', ...args, '--control', path], { timeout: 25_000 });
  let [out, talk] = ['', ''];
  let called = 0;
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => {
    talk += text.toString();
    const calls = [...talk.matchAll(/park on (\S+) now/g)];
    for (; called < calls.length; called++) {
      const answer = lies[calls[called]![1]!];
      for (const tell of followers) {
        tell(occupied('elsewhere', { lot: 'other' }));
        tell(occupied('og-01', { kind: 'freed', occupied: false }));
        if (typeof answer === 'string') tell(occupied(answer));
      }
      if (answer === stop) child.kill('SIGINT');
      if (answer === goAway) void server.close();
    }
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, talk, followers };
};

test('each bay that answers is said with how well it was heard', async () => {
  const { code, out, talk } = await walk({ 'og-01': 'og-01', 'k-1': 'k-1' }, 'og-01', 'k-1');
  expect(talk).toMatch(
    /park on og-01 now, within 3m 00s\n {2}og-01 answers: -97 dBm, SNR 8.5 dB, 2 gateways\npark on k-1/,
  );
  expect(out).toMatch(/^right {2}og-01 {2}its sensor answered after .*\nright {2}k-1 .*\n$/);
  expect(code).toBe(0);
});

test('two that were swapped, and one that is silent, fail with what was found', async () => {
  const lies = { 'og-01': 'og-02', 'og-02': 'og-01' };
  const { code, out, talk, followers } = await walk(lies, 'og-01', 'og-02', 'k-1', '--within', '1s', '--json');
  expect(JSON.parse(out)).toMatchObject({
    bays: [
      { bay: 'og-01', verdict: 'swapped', with: 'og-02' },
      { bay: 'og-02', verdict: 'swapped', with: 'og-01' },
      { bay: 'k-1', verdict: 'silent' },
    ],
    error: { code: 'commission-wrong' },
  });
  expect(talk).toContain('og-02 became occupied instead');
  expect(code).toBe(1);
  expect(followers.size).toBe(0);
});

test.each([
  ['Ctrl-C', stop, 'commission-stopped'],
  ['a gateway that goes away', goAway, 'control-lost'],
])('%s ends the walk, and what is known is told', async (_name, end, code) => {
  const ran = await walk({ 'og-01': 'og-01', 'og-02': end }, 'og-01', 'og-02', 'k-1', '--json');
  expect(JSON.parse(ran.out)).toMatchObject({ bays: [{ bay: 'og-01', verdict: 'right' }], error: { code } });
  expect((JSON.parse(ran.out) as { bays: unknown[] }).bays.length).toBe(1);
  expect(ran.code).toBe(1);
  expect(ran.followers.size).toBe(0);
});

test('a bay that nobody knows, and a gateway that is not there, are said at once', async () => {
  const { path } = await stand();
  const unknown = await stellwerk(['commission', 'og-09', '--control', path]);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('og-09');
  const nobody = await stellwerk(['commission', 'og-01', '--control', `${path}.x`, '--json']);
  expect(JSON.parse(nobody.stdout)).toMatchObject({ error: { code: 'control-nobody' } });
  expect((await stellwerk(['commission'])).code).toBe(2);
  expect((await stellwerk(['commission', 'og-01', '--control', path, '--within', '5'])).code).toBe(2);
});
