// A broker of MQTT 5 that takes only a few messages at once and says so (§3.2.2.3.3); to send more is an error (§4.9).
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { generate, parser, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { openMqtt } from '../../src/io/mqtt.js';
import { closers, until } from './stand.js';

const strictBroker = async (receiveMaximum: number, { throwsOut = false } = {}) => {
  const granted: Packet = { cmd: 'connack', reasonCode: 0, sessionPresent: false, properties: { receiveMaximum } };
  const seen = { most: 0, ids: [] as number[], connects: 0, largest: 0 };
  const held: (() => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let open = 0;
    const say = (packet: Packet): void => void socket.write(generate(packet, { protocolVersion: 5 }));
    const reader = parser({ protocolVersion: 5 });
    reader.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        seen.connects++;
        seen.largest = packet.properties?.maximumPacketSize ?? Infinity;
        if (throwsOut) return void socket.end(generate(granted, { protocolVersion: 5 }));
        say(granted);
      }
      if (packet.cmd === 'subscribe') say({ cmd: 'suback', messageId: packet.messageId!, granted: [1] });
      if (packet.cmd !== 'publish' || packet.qos !== 1) return;
      seen.most = Math.max(seen.most, ++open);
      seen.ids.push(Number(packet.payload.toString()));
      held.push(() => {
        open--;
        say({ cmd: 'puback', messageId: packet.messageId!, reasonCode: 0 });
      });
    });
    socket.on('data', (bytes) => reader.parse(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, held, sockets };
};

const messages = Array.from({ length: 50 }, (_, n) => ({
  topic: `t/${n}`,
  payload: String(n),
  qos: 1 as const,
  retain: false,
}));

test('no more is underway than the broker takes, in order, and what waits for its turn comes again when it goes', async () => {
  const { url, seen, held, sockets } = await strictBroker(7);
  const link = openMqtt({ url, protocol: '5', pauseMs: 10 });
  closers.push(() => link.close());
  await until(() => link.connected);
  const sent = link.send(messages);
  while (seen.ids.length < messages.length) {
    await until(() => held.length > 0);
    held.shift()!();
  }
  for (const answer of held.splice(0)) answer();
  expect(await sent).toBe('delivered');
  expect(seen.most).toBe(7);
  expect(seen.ids).toEqual(messages.map((_, n) => n));

  const lost = link.send(messages);
  await until(() => held.length === 7);
  held.shift()!();
  await until(() => held.length === 7);
  for (const socket of sockets) socket.destroy();
  const ends = (await lost) as readonly string[];
  expect(ends[0]).toBe('delivered');
  expect(new Set(ends.slice(1))).toEqual(new Set(['again']));
});

test('a packet that nobody wants is not to be sent: the broker is told how long one may be', async () => {
  const { url, seen } = await strictBroker(7);
  const link = openMqtt({ url, protocol: '5', pauseMs: 10 });
  closers.push(() => link.close());
  await until(() => link.connected);
  expect(seen.largest).toBe(1 << 20);
});

test('who is thrown out as soon as it is in comes again more and more slowly', async () => {
  const { url, seen } = await strictBroker(7, { throwsOut: true });
  const link = openMqtt({ url, protocol: '5', pauseMs: 10 });
  closers.push(() => link.close());
  await until(() => seen.connects >= 3);
  await new Promise((resolve) => setTimeout(resolve, 500));
  // 20, 40, 80, 160 ... ms, each at least half of that: with the first pause each time it would be thirty and more.
  expect(seen.connects).toBeLessThan(12);
});
