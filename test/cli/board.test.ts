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
