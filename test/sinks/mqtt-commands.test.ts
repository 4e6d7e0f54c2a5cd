import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem } from '../../src/base/problem.js';
import type { DownlinkCommand } from '../../src/dialects/city/downlink-json.js';
import { openBroker } from '../../src/io/broker.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import { freePort, startMosquitto } from '../peers/mosquitto.js';
import { havePeer } from '../peers/peer.js';
import { aedes, brokers, closers, listener, mosquitto, sinkOn, until } from './stand.js';

const device = '0200000000000001';
const commandTopic = `stellwerk/device/${device}/command/down`;
const resultTopic = `stellwerk/device/${device}/event/down`;
const event: DownlinkEvent = {
  id: 'a',
  devEui: device,
  atUs: 1_780_293_600_000_000,
  state: 'queued',
  fPort: 15,
  confirmed: false,
};

const parked: ParkingEvent = {
  ...{ id: '1-0', kind: 'occupied', bay: 'og-01', lot: 'graben', occupied: true, sinceUs: 1, sensorTimeUs: 1 },
  ...{ assertedTimeUs: 1, device, model: 'some-model', frame: '1', quality: [] },
};

/** A sink that takes commands, and what it was given; with somebody who hears everything and says what he likes. */
const street = async (url: string, options: Record<string, unknown> = {}) => {
  const taken: [string, DownlinkCommand][] = [];
  const answers: (ReturnType<typeof problem> | undefined)[] = [];
  const made = await sinkOn(url, { commands: true, ...options }, (to, command) => {
    taken.push([to, command]);
    return answers.shift();
  });
  const { link, heard } = await listener(url);
  await until(() => made.words().includes('commands_open'));
  const say = (topic: string, what: unknown, retain = false): void =>
    link.publish({ topic, payload: typeof what === 'string' ? what : JSON.stringify(what), qos: 1, retain });
  const results = (topic = resultTopic): unknown[] =>
    heard.filter(([where]) => where === topic).map(([, what]) => JSON.parse(what) as unknown);
  return { ...made, taken, answers, say, results, heard };
};

describe.each(brokers)('commands through %s', (_name, open, there) => {
  test.skipIf(!there)('one is taken for its device; what becomes of it is told, and not kept', async () => {
    const { url } = await open();
    const { sink, taken, say, results } = await street(url);
    say(commandTopic, { fPort: 15, hex: '01ff', confirmed: true, id: 'a' });
    await until(() => taken.length === 1);
    expect(taken[0]).toEqual([
      device,
      { fPort: 15, content: { kind: 'bytes', bytes: Uint8Array.of(1, 255) }, confirmed: true, id: 'a' },
    ]);
    sink.downlink!(event);
    sink.downlink!({ ...event, state: 'sent', fCnt: 4, frame: '00112233445566aa' });
    sink.downlink!({ ...event, state: 'failed', why: 'expired' });
    await until(() => results().length === 3);
    expect(results()).toEqual([
      { v: 1, id: 'a', device, state: 'queued', fPort: 15, confirmed: false, time: '2026-06-01T06:00:00.000Z' },
      expect.objectContaining({ state: 'sent', fCnt: 4, frame: '00112233445566aa' }),
      expect.objectContaining({ why: 'expired', reason: expect.stringMatching(/its time was over/) as unknown }),
    ]);
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ waiting: 0, commands: { taken: 1, refused: 0 } });
    const late = await listener(url);
    await until(() => late.heard.some(([topic]) => topic.endsWith('/availability')));
    expect(late.heard.map(([topic]) => topic)).toEqual(['stellwerk/gateway/yard/availability']);
  });

  test.skipIf(!there)('what cannot be taken is told with its reason, counted, and logged sparsely', async () => {
    const { url } = await open();
    const { sink, taken, say, results, answers, said } = await street(url, { simulated: true, prefix: 'stellwerk' });
    say(commandTopic, 'on!');
    say(commandTopic, { id: 'b', fPort: 0, hex: '00' });
    answers.push(problem('unknown-device', { devEui: device }));
    say(commandTopic, { id: 'c', fPort: 1, hex: '00' });
    say('stellwerk/device/og%2F01/command/down', { id: 'd', fPort: 1, hex: '00' });
    for (let n = 0; n < 9; n++) say(commandTopic, 'on!');
    await until(() => results().length === 12);
    expect(results().slice(0, 3)).toEqual([
      { v: 1, device, state: 'failed', why: 'command-no-json', reason: anyText, time: anyText, simulated: true },
      { v: 1, id: 'b', device, state: 'failed', why: 'command-field', reason: anyText, time: anyText, simulated: true },
      {
        v: 1,
        id: 'c',
        device,
        state: 'failed',
        why: 'unknown-device',
        reason: anyText,
        time: anyText,
        simulated: true,
      },
    ]);
    await until(() => results('stellwerk/device/og%2F01/event/down').length === 1);
    expect(results('stellwerk/device/og%2F01/event/down')).toMatchObject([
      { id: 'd', device: 'og/01', why: 'bad-eui' },
    ]);
    expect(taken).toHaveLength(1);
    expect(sink.state.commands).toEqual({ taken: 0, refused: 13 });
    expect(said.filter(({ event: word }) => word === 'command_refused').map(({ fields }) => fields)).toEqual([
      { device, why: 'command-no-json', count: 1 },
      { device, why: 'command-field', count: 1 },
      { device, why: 'unknown-device', count: 1 },
      { device: 'og/01', why: 'bad-eui', count: 1 },
      { device, why: 'command-no-json', count: 10 },
    ]);
  });

  test.skipIf(!there)('a retained one is refused, and taking it away is no command', async () => {
    const { url } = await open();
    const writer = await listener(url, 'nothing');
    writer.link.publish({ topic: commandTopic, payload: '{"fPort":1,"hex":"00","id":"old"}', qos: 1, retain: true });
    await writer.link.flush(5_000);
    const { taken, results, say, sink } = await street(url);
    await until(() => sink.state.commands?.refused === 1);
    say(commandTopic, '', true);
    say(commandTopic, { id: 'new', fPort: 1, hex: '00' });
    await until(() => taken.length === 1);
    expect(taken[0]![1]).toMatchObject({ id: 'new' });
    expect(sink.state.commands).toEqual({ taken: 1, refused: 1 });
    // Who was not there yet when it was told hears nothing of it: results are not kept.
    expect(results().length).toBeLessThanOrEqual(1);
  });

  test.skipIf(!there)('unless the configuration says so, nobody commands anything', async () => {
    const { url } = await open();
    const { sink } = await sinkOn(url, {}, () => {
      throw new Error('nobody may');
    });
    const { link, heard } = await listener(url);
    link.publish({ topic: commandTopic, payload: '{"fPort":1,"hex":"00"}', qos: 1, retain: false });
    await until(() => heard.some(([topic]) => topic === commandTopic));
    sink.downlink!(event);
    await until(() => heard.some(([topic]) => topic === resultTopic));
    expect(sink.state).not.toHaveProperty('commands');
  });
});

const anyText = expect.any(String) as unknown;

test('a result where a command should be is counted, and not answered: no conversation without an end', async () => {
  const { url } = await aedes();
  const { sink, say, results, taken } = await street(url);
  sink.downlink!(event);
  await until(() => results().length === 1);
  say(commandTopic, results()[0]);
  say(commandTopic, { fPort: 1, hex: '00' });
  await until(() => taken.length === 1);
  expect(sink.state.commands).toEqual({ taken: 1, refused: 1 });
  expect(results()).toHaveLength(1);
});

test('any text on any topic of ours: the sink lives', async () => {
  const { url } = await aedes();
  const { say, taken } = await street(url);
  const name = fc
    .string({ minLength: 1, maxLength: 20 })
    .map((text) => encodeURIComponent(text.replace(/[^ -~]/g, 'x')));
  const text = fc.oneof(fc.string(), fc.json(), fc.constant('{"message":{"type":"x"}}'));
  const messages = fc.sample(fc.tuple(fc.oneof(name, fc.constant(device)), text), 300);
  for (const [to, what] of messages) say(`stellwerk/device/${to}/command/down`, what);
  say(commandTopic, { fPort: 1, hex: '00', id: 'last' });
  await until(() => taken.at(-1)?.[1].id === 'last');
});

describe('a broker that comes and goes', () => {
  test('one that is away at the start', async () => {
    const port = await freePort();
    const taken: string[] = [];
    const { words } = await sinkOn(`mqtt://127.0.0.1:${port}`, { commands: true }, (to) => void taken.push(to));
    await until(() => words().includes('broker_lost'));
    const broker = await openBroker({ port, fallback: false });
    if ('problem' in broker) throw new Error(broker.problem.code);
    closers.push(() => broker.close());
    await until(() => words().includes('commands_open'));
    const { link } = await listener(broker.url);
    link.publish({ topic: commandTopic, payload: '{"fPort":1,"hex":"00"}', qos: 1, retain: false });
    await until(() => taken.length === 1);
  });

  test.skipIf(!havePeer('mosquitto'))('one that comes back', async () => {
    const port = await freePort();
    const first = await startMosquitto({ port });
    const { taken, say, words } = await street(first.url);
    await first.stop();
    await until(() => words().includes('broker_lost'));
    await mosquitto({ port });
    await until(() => words().filter((word) => word === 'broker_connected').length === 2);
    // Connected is not yet subscribed: somebody who repeats himself is heard.
    await until(() => {
      say(commandTopic, { fPort: 1, hex: '00' });
      return taken.length > 0;
    });
  });

  test('one that forbids us to listen: said, and events go on', async () => {
    const url = await forbidding();
    const { sink, said, words } = await sinkOn(url, { commands: true }, () => undefined);
    await until(() => words().includes('commands_forbidden'));
    expect(said.find(({ event: word }) => word === 'commands_forbidden')).toMatchObject({
      fields: { topic: 'stellwerk/device/+/command/down' },
    });
    sink.write(parked);
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ connected: true, delivered: 1 });
  });
});

/** A broker that takes everything and refuses every subscription (MQTT 3.1.1 §3.9.3: return code 0x80). */
const forbidding = async (): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let open = Buffer.alloc(0);
    const answer = (kind: number, body: Buffer): void => {
      // CONNECT, SUBSCRIBE, PUBLISH with QoS 1 whose packet identifier follows the topic.
      if (kind >> 4 === 1) socket.write(Buffer.of(0x20, 2, 0, 0));
      if (kind >> 4 === 8) socket.write(Buffer.of(0x90, 3, body[0]!, body[1]!, 0x80));
      const id = 2 + (kind >> 4 === 3 ? body.readUInt16BE(0) : 0);
      if (kind >> 4 === 3 && (kind & 2) !== 0) socket.write(Buffer.of(0x40, 2, body[id]!, body[id + 1]!));
    };
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        open = Buffer.concat([open, bytes]);
        for (;;) {
          // Remaining length: seven bits a byte, the lowest first (§2.2.3); two bytes are enough here.
          const long = (open[1] ?? 0) > 0x7f;
          const head = long ? 3 : 2;
          const end = head + (long ? (open[1]! & 0x7f) + 128 * (open[2] ?? 0) : (open[1] ?? Infinity));
          if (open.length < end) return;
          answer(open[0]!, open.subarray(head, end));
          open = open.subarray(end);
        }
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
