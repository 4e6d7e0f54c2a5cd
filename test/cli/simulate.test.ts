import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { readRecord } from '../../src/trace/json-lines.js';
import { rxOfRecord } from '../../src/trace/rx.js';
import { jsonOf, stellwerk } from './stellwerk.js';

const folder = mkdtempSync(join(tmpdir(), 'stellwerk-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const play = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const ran = await stellwerk(['simulate', 'herrenberg-graben', '--for', '1h', '--json', ...args]);
  return { code: ran.code, ...(jsonOf(ran) as Readonly<Record<string, unknown>>) };
};

describe('stellwerk simulate', () => {
  test('same scenario, same seed, same digest; in memory or into a file; another seed, another digest', async () => {
    const first = await play();
    expect(first).toMatchObject({ code: 0, bays: 63, balanced: true, open: 0, speed: 'instant' });
    expect(first['digest']).toMatch(/^[0-9a-f]{64}$/);
    const file = join(folder, 'heard.jsonl');
    const written = await play('--to', `jsonl:${file}`);
    expect(written['digest']).toBe(first['digest']);
    expect((await play('--seed', '2'))['digest']).not.toBe(first['digest']);
    const heard = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => must(rxOfRecord(must(readRecord(line)))));
    expect(heard.length).toBeGreaterThan(200);
    expect(new Set(heard.map((rx) => rx.gateway)).size).toBe(2);
  });

  test('a state folder is an input: continued, then fresh again', async () => {
    const state = join(folder, 'state');
    const first = await play('--state', state);
    expect(first['joined']).toBeGreaterThan(60);
    const second = await play('--state', state);
    expect(second).toMatchObject({ code: 0, joined: 0, refused: {} });
    expect(second['digest']).not.toBe(first['digest']);
    expect((await play('--state', state, '--fresh'))['digest']).toBe(first['digest']);
    expect(await play('--state', state, '--seed', '9')).toMatchObject({
      code: 1,
      error: { code: 'state-of-other-run' },
    });
    expect(statSync(join(state, 'fleet.json')).mode & 0o077).toBe(0);
  });

  test('somebody else is never hurried: any speed but 1 is refused with a sentence, unless nobody is to answer', async () => {
    const to = ['--to', 'udp://127.0.0.1:9'];
    expect(await play(...to, '--speed', '60')).toMatchObject({ code: 2, error: { code: 'speed-needs-both-ends' } });
    expect(await play(...to, '--fresh')).toMatchObject({ code: 2, error: { code: 'fresh-needs-both-ends' } });
    const free = await play(...to, '--uplink-only', '--speed', 'instant');
    expect(free).toMatchObject({ code: 0, target: { acknowledged: 0 } });
  });

  test('a log that nobody watches is not filled with the time of day', async () => {
    const ran = await stellwerk(['simulate', 'herrenberg-graben', '--speed', '20', '--for', '30s']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  test('what cannot be is said in a sentence', async () => {
    expect(await play('--to', 'nowhere')).toMatchObject({ code: 2, error: { code: 'unknown-target' } });
    expect(await play('--for', 'never')).toMatchObject({ code: 2, error: { code: 'wrong-usage' } });
    expect(await play('--to', `jsonl:${join(folder, 'no', 'such', 'folder.jsonl')}`)).toMatchObject({ code: 1 });
    const missing = await stellwerk(['simulate', 'herenberg-graben']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('herrenberg-graben');
  });

  test('the list of devices is for its owner, and the gateway takes it only as simulated', async () => {
    const file = join(folder, 'devices.json');
    expect(await play('--devices', file)).toMatchObject({ code: 0, devices: 63 });
    expect(statSync(file).mode & 0o077).toBe(0);
    const devices = JSON.parse(readFileSync(file, 'utf8')) as { otaa: { appKey: string } }[];
    expect(devices).toHaveLength(63);
    expect(new Set(devices.map((device) => device.otaa.appKey)).size).toBe(63);
  });
});
