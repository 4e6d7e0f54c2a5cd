import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { hintOf, sentenceOf } from '../../src/base/problem.js';
import { holderOf } from '../../src/io/holder.js';
import { addressOf, hostPort, isLoopback } from '../../src/io/sockets.js';
import { sparseLog } from '../../src/io/sparse-log.js';
import { openUdp, type UdpSocket } from '../../src/io/udp.js';
import { mailbox } from './mailbox.js';

const bound = async (
  receive: (bytes: Uint8Array) => void = () => undefined,
  host = '127.0.0.1',
): Promise<UdpSocket> => {
  const socket = await openUdp({ host, port: 0, receive });
  if ('problem' in socket) throw new Error(sentenceOf(socket.problem));
  return socket;
};

test('datagrams arrive in order, also those sent just before closing', async () => {
  const letters = mailbox<number>();
  const there = await bound((bytes) => letters.put(bytes[0]!));
  const here = await bound();
  for (let i = 0; i < 50; i++) here.send(Uint8Array.of(i), there);
  await Promise.all([here.close(), here.close()]);
  here.send(Uint8Array.of(99), there);
  for (let i = 0; i < 50; i++) expect(await letters.next()).toBe(i);
  await there.close();
  expect(letters.size).toBe(0);
});

test('a taken port says who has it', async () => {
  const first = await bound();
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const second = await openUdp({ host, port: first.port, receive: () => undefined });
    if (!('problem' in second)) throw new Error('two sockets on one port');
    expect(second.problem.code).toBe('port-taken');
    expect(hintOf(second.problem)).toContain('another port');
    if (process.platform === 'linux') expect(sentenceOf(second.problem)).toContain(`(process ${process.pid})`);
  }
  await first.close();
});

test.runIf(process.platform === 'linux')('holders of TCP ports are found, free ports have none', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const asked = { protocol: 'tcp', host: '127.0.0.1', port } as const;
  expect(await holderOf(asked)).toMatchObject({ pid: process.pid });
  expect(await holderOf({ ...asked, host: '127.0.0.2' })).toBeUndefined();
  expect(await holderOf({ ...asked, protocol: 'udp' })).toBeUndefined();
  server.close();
  await once(server, 'close');
  expect(await holderOf(asked)).toBeUndefined();
});

test('an address of another machine, and a name that leads nowhere', async () => {
  const receive = (): void => undefined;
  expect(await openUdp({ host: '192.0.2.1', port: 0, receive })).toMatchObject({
    problem: { code: 'address-not-here' },
  });
  expect(await addressOf('127.0.0.1')).toEqual({ ok: true, value: { address: '127.0.0.1', family: 4 } });
  expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1', '0.0.0.0', '::', '128.0.0.1'].map(isLoopback)).toEqual([
    ...[true, true, true, true, false, false, false],
  ]);
  expect([hostPort('a', 1), hostPort('::1', 1)]).toEqual(['a:1', '[::1]:1']);
});

test('a flood fills no log: the first of a kind, then powers of ten with their count', () => {
  const { log, events } = keptLog();
  const say = sparseLog(log);
  for (let i = 0; i < 12_345; i++) say('refused', i === 77 ? 'odd' : 'flood', { from: 'x' });
  for (let i = 0; i < 5000; i++) say('refused', `kind ${i}`);
  expect(events.filter(({ fields }) => fields['why'] === 'flood').map(({ fields }) => fields['count'])).toEqual([
    ...[1, 10, 100, 1000, 10_000],
  ]);
  expect(events.length).toBeLessThan(1020);
});
