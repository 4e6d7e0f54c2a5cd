import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { jsonOf, program, stellwerk } from './stellwerk.js';

/** A serial server on which somebody, or nobody, answers. */
const serialServer = async (heard: (socket: Socket, text: string) => void = () => undefined): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => heard(socket, bytes.toString('latin1')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'stellwerk-board-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

test.each(['SIGINT', 'SIGTERM'] as const)('a question that %s stops fails, and says so', async (signal) => {
  let stop = (): void => undefined;
  const port = await serialServer(() => stop());
  const child = spawn(process.execPath, [program, 'board', 'identify', port, '--json', '--no-log'], {
    timeout: 20_000,
  });
  stop = () => void child.kill(signal);
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(JSON.parse(said)).toMatchObject({ error: { code: 'board-stopped' } });
  expect(code).toBe(1);
});

test('rescue is wrong usage without --yes where nobody can be asked, and touches no port', async () => {
  let touched = false;
  const port = await serialServer(() => (touched = true));
  const ran = await stellwerk(['board', 'rescue', port, '--no-log', '--json']);
  expect(ran.code).toBe(2);
  expect(jsonOf(ran)).toMatchObject({ error: { code: 'wrong-usage' } });
  expect(touched).toBe(false);
});

test('a port that cannot be opened leaves no log behind', async () => {
  const state = folder();
  const ran = await stellwerk(['board', 'identify', '/dev/no-such-port', '--json'], { env: { XDG_STATE_HOME: state } });
  expect(ran.code).toBe(1);
  expect(jsonOf(ran)).toMatchObject({ error: { code: 'port-missing' } });
  expect(existsSync(join(state, 'stellwerk')) ? readdirSync(join(state, 'stellwerk', 'serial')) : []).toEqual([]);
});

test.each([
  [['virtual', 'board', 'rak3172', '--joined-to', 'ftp://x'], 'unknown-target'],
  [['virtual', 'board', 'rak9999'], 'unknown-virtual-board'],
  [['virtual', 'board', 'rak3172', '--fault', 'nope'], 'wrong-usage'],
  [['board', 'identify', 'http://x'], 'port-url'],
  [['board', 'identify', '/dev/null', '--console', 'nope'], 'unknown-entry'],
  [['board', 'send', '/dev/null'], 'wrong-usage'],
])('%j is called wrongly', async (args, code) => {
  const ran = await stellwerk([...args, '--json']);
  expect(jsonOf(ran)).toMatchObject({ error: { code } });
  expect(ran.code).toBe(2);
});

/** A virtual board on a TCP port; it ends with the test. */
const virtualBoard = async (...args: string[]): Promise<string> => {
  const child = spawn(process.execPath, [program, 'virtual', 'board', ...args, '--link', 'tcp', '--json'], {
    timeout: 25_000,
  });
  onTestFinished(() => void child.kill());
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString().split('\n')[0]!) as { readonly port: string }).port;
};

test('the whole of an answer of many lines is shown, where most commands have one', async () => {
  const port = await virtualBoard('rak4200');
  const ran = await stellwerk(['board', 'send', port, 'at+get_config=lora:status', '--json', '--no-log']);
  expect((jsonOf(ran) as { readonly lines: readonly string[] }).lines.length).toBeGreaterThan(10);
  expect(ran.code).toBe(0);
});

test('a board that restarts because it was told to has done what it was told', async () => {
  const port = await virtualBoard('rak3172');
  expect(await stellwerk(['board', 'send', port, 'ATZ', '--json', '--no-log'])).toMatchObject({ code: 0 });
});

test('a port at which nothing listens is said in words, with the next step', async () => {
  const ran = await stellwerk(['board', 'identify', 'tcp://127.0.0.1:1', '--json', '--no-log']);
  expect(jsonOf(ran)).toMatchObject({ error: { code: 'nothing-listens', hint: expect.any(String) as string } });
});

test.each([
  [['--console', 'nonsense'], /--console nonsense: there are .*rak-rui3/],
  [['--link', 'tcp', '--port', 'x'], /--port: expected is 0 to 65535/],
  [['--link', 'pty', '--port', '8'], /a pseudo-terminal has none/],
])('virtual board rak3172 %s is wrong usage', async (args, said) => {
  const ran = await stellwerk(['virtual', 'board', 'rak3172', ...args]);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) as string });
});
