import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { must } from '../../src/base/problem.js';
import { openStreet, startUs } from '../gateway/door.js';
import { interrupted, jsonOf, stellwerk } from './stellwerk.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A gateway's door, found by its configuration: which names no device and refers to secrets that nobody here has. */
const stand = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stw-cli-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'stellwerk.yaml');
  writeFileSync(
    config,
    'name: yard\nstate: keep\ndevices: absent.yaml\nsinks: [{ type: mqtt, url: "mqtt://b", password: env:NOT_SET }]\n',
  );
  const street = await openStreet(join(folder, 'keep', 'control.sock'));
  closers.push(() => street.server.close());
  const run = (...args: string[]) => stellwerk([...args, '-c', config]);
  return { ...street, run, config, folder };
};
const bay = '02000000000000a1';
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('stellwerk downlink', () => {
  test('bytes for a bay', async () => {
    const { run, requests } = await stand();
    const ran = await run('downlink', 'og-01', '--fport', '15', '--hex', '01 ff', '--id', 'a', '--expires', '1h');
    expect(ran).toEqual({ code: 0, stdout: '06:00:00 queued        port 15, id a\n', stderr: '' });
    expect(requests).toEqual([
      { devEui: bay, fPort: 15, payload: Uint8Array.of(1, 255), confirmed: false, id: 'a', expiresUs: startUs + 3.6e9 },
    ]);
  });

  test("a message, which the gateway's codec writes; for a program", async () => {
    const { run, requests } = await stand();
    const ran = await run('downlink', bay, '--message', '{"type":"setHeartbeat","interval":"long"}', '--json');
    expect(jsonOf(ran)).toMatchObject({ state: 'queued', device: bay, fPort: requests[0]!.fPort });
    const written = must(bosch.encodeCommand({ type: 'setHeartbeat', interval: 'long' }));
    expect(requests).toMatchObject([{ fPort: written.fPort, payload: written.bytes }]);
  });

  test('waits and tells each step', async () => {
    const { run, say, requests } = await stand();
    const running = run('downlink', 'og-01', '--fport', '15', '--hex', '01', '--confirmed', '--wait', '--json');
    await expect.poll(() => requests.length, { timeout: 10_000, interval: 5 }).toBe(1);
    const event = { id: 'made-1', devEui: bay, fPort: 15, confirmed: true, atUs: startUs, fCnt: 3, frame: 'f' };
    say({ ...event, state: 'sent' });
    say({ ...event, state: 'acknowledged' });
    const ran = await running;
    expect(ran.code).toBe(0);
    expect(lines(ran.stdout)).toMatchObject([
      { state: 'queued' },
      { state: 'sent', fCnt: 3 },
      { state: 'acknowledged' },
    ]);
  });

  test('a failure is told with its reason, exit code 1', async () => {
    const { run, say, requests } = await stand();
    const running = run('downlink', 'og-01', '--fport', '15', '--hex', '01', '--wait', 'sent');
    await expect.poll(() => requests.length, { timeout: 10_000, interval: 5 }).toBe(1);
    const event = { id: 'made-1', devEui: bay, fPort: 15, confirmed: false, atUs: startUs };
    say({ ...event, state: 'failed', why: 'payload-too-long' });
    expect(await running).toEqual({
      code: 1,
      stdout: '06:00:00 queued        port 15, id made-1\n06:00:00 failed        port 15, payload-too-long\n',
      stderr: `stellwerk: the downlink made-1 did not reach ${bay}: longer than the data rate of its device allows\n`,
    });
  });

  test('does not wait for ever, and says what to do', async () => {
    const { run } = await stand();
    const ran = await run('downlink', 'og-01', '--fport', '15', '--hex', '01', '--wait', '--within', '100ms', '--json');
    expect(ran.code).toBe(1);
    expect(lines(ran.stdout)).toMatchObject([
      { state: 'queued' },
      {
        error: { code: 'downlink-still-waiting', message: /after 0.1s the downlink made-1 is still queued, not sent/ },
      },
    ]);
  });

  test('whoever stops waiting is told what goes on without them', async () => {
    const { config } = await stand();
    const given = ['--fport', '15', '--hex', '01', '--id', 'a', '--wait'];
    const ran = await interrupted(['downlink', 'og-01', ...given, '-c', config], 'SIGINT', /queued/);
    expect(ran.code).toBe(1);
    expect(ran.said).toContain('stopped while the downlink a was queued, not sent');
    expect(ran.said).toContain('--flush');
  });

  test('what waits, and away with it', async () => {
    const { run } = await stand();
    await run('downlink', 'og-01', '--fport', '15', '--hex', '01ff', '--id', 'a', '--confirmed');
    expect((await run('downlink', 'og-01', '--list')).stdout.split('\n').map((line) => line.split(/\s+/))).toEqual([
      ['id', 'port', 'bytes', 'confirmed', 'queued', 'sent', 'expires'],
      ['a', '15', '01ff', 'yes', '2026-06-01T06:00:00.000Z', '0'],
      [''],
    ]);
    await run('downlink', 'og-01', '--flush');
    await run('downlink', 'og-01', '--fport', '15', '--hex', '00'.repeat(200));
    const long = (await run('downlink', 'og-01', '--list')).stdout;
    expect(long).toContain(`${'00'.repeat(16)}... (200 bytes)`);
    for (const line of long.split('\n')) expect(line.length).toBeLessThan(120);
    expect((await run('downlink', 'og-01', '--flush')).stdout).toBe(`1 taken out of the queue of ${bay}\n`);
    expect((await run('downlink', 'og-01', '--list')).stdout).toBe(`nothing waits for ${bay}\n`);
    expect(jsonOf(await run('downlink', 'og-01', '--list', '--json'))).toEqual({ device: bay, queue: [] });
  });

  test('an unknown bay is told the nearest', async () => {
    const { run } = await stand();
    const ran = await run('downlink', 'og-1', '--fport', '1', '--hex', '00');
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no device, bay or name is og-1 here\n {2}Nearest: og-01/) as unknown,
    });
  });

  test.each([
    [[], 'give one of'],
    [['--hex', '00'], '--hex needs --fport'],
    [['--fport', '0', '--hex', '00'], '--fport 0'],
    [['--fport', '1', '--hex', '00', '--list'], 'give one of'],
    [['--fport', '1', '--hex', '00', '--wait', 'soon'], '--wait soon'],
    [['--fport', '1', '--hex', '00', '--wait', 'acknowledged'], 'nobody acknowledges'],
    [['--fport', '1', '--hex', '00', '--within', '1h'], '--within says'],
    [['--fport', '1', '--hex', '00', '--expires', 'soon'], '--expires soon'],
    [['--message', '[]'], 'a message is a JSON object'],
  ])('%j is wrong usage, whether a gateway runs or not', async (args, said) => {
    const ran = await stellwerk(['downlink', 'og-01', ...args, '--control', '/nowhere/c.sock']);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(said) as unknown });
  });

  test('a slip in the bytes is shown where it is', async () => {
    const ran = await stellwerk(['downlink', 'og-01', '--fport', '1', '--hex', '0x', '--json']);
    expect(ran.code).toBe(1);
    expect(jsonOf(ran)).toMatchObject({ error: { code: 'bad-digit' } });
  });
});

describe('stellwerk status', () => {
  test('for people and for programs, by configuration and by socket', async () => {
    const { run, server } = await stand();
    const ran = await run('status');
    expect(ran.code).toBe(0);
    expect(ran.stdout.split('\n').map((line) => line.split(/\s{2,}/))).toEqual([
      ['name', 'yard'],
      ['runningS', '2h 05m'],
      ['simulated', 'no'],
      ['devices.registered', '3'],
      ['devices.heard', '2'],
      [''],
    ]);
    expect(jsonOf(await stellwerk(['status', '--json', '--control', server.path]))).toMatchObject({ name: 'yard' });
  });

  test('no gateway: how to start one', async () => {
    const { run, server } = await stand();
    await server.close();
    const ran = await run('status');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /no gateway runs here: nothing answers on .*control\.sock\n {2}Start it with stellwerk gateway/,
    );
  });

  test('a configuration that says off, or is not there', async () => {
    const { run, config } = await stand();
    writeFileSync(config, 'control: off\n');
    expect(jsonOf(await run('status', '--json'))).toMatchObject({ error: { code: 'control-off' } });
    rmSync(config);
    expect(jsonOf(await run('status', '--json'))).toMatchObject({ error: { code: 'file-missing' } });
  });

  test('a path that no socket can have', async () => {
    const ran = await stellwerk(['status', '--json', '--control', `/tmp/${'x'.repeat(200)}`]);
    expect(jsonOf(ran)).toMatchObject({ error: { code: 'control-path-long' } });
  });
});
