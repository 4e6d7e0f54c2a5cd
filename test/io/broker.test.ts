import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openBroker, type EmbeddedBroker } from '../../src/io/broker.js';
import { openMqtt } from '../../src/io/mqtt.js';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const open = async (options: Parameters<typeof openBroker>[0]): Promise<EmbeddedBroker> => {
  const broker = await openBroker(options);
  if ('problem' in broker) throw new Error(broker.problem.code);
  closers.push(() => broker.close());
  return broker;
};

test('a taken port: another one with fallback, a problem that names the holder without', async () => {
  const first = await open({ port: 0, fallback: false });
  expect(first.tookOther).toBe(false);
  const second = await open({ port: first.port, fallback: true });
  expect(second).toMatchObject({ tookOther: true, url: `mqtt://127.0.0.1:${second.port}` });
  expect(second.port).not.toBe(first.port);
  const third = await openBroker({ port: first.port, fallback: false });
  expect(third).toMatchObject({ problem: { code: 'port-taken', facts: { port: first.port } } });
});

test('an address of somebody else is a problem, with fallback too', async () => {
  expect(await openBroker({ host: '192.0.2.1', port: 0, fallback: true })).toMatchObject({
    problem: { code: 'address-not-here' },
  });
});

test('it closes although somebody connected and said nothing, or rubbish', async () => {
  const broker = await open({ port: 0, fallback: false });
  const visitors = ['', 'GET / HTTP/1.1\r\n\r\n', '\u0000'.repeat(100)].map((words) => {
    const socket = connect(broker.port, '127.0.0.1', () => socket.write(words));
    socket.on('error', () => undefined);
    return socket;
  });
  await Promise.all(visitors.map((socket) => new Promise((done) => socket.once('connect', done))));
  const link = openMqtt({ url: broker.url });
  closers.push(() => link.close());
  await link.subscribe('a');
  await broker.close();
  for (const socket of visitors) socket.destroy();
});
