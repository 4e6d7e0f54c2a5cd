import { spawn } from 'node:child_process';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventFromJson } from '../../src/dialects/city/stellwerk-json.js';
import { openBroker } from '../../src/io/broker.js';
import { openMqtt } from '../../src/io/mqtt.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import mqttSink from '../../src/sinks/mqtt/index.js';
import { freePort, startMosquitto } from '../peers/mosquitto.js';
import { havePeer } from '../peers/peer.js';
import { brokers, closers, listener, mosquitto, sinkOn, until } from './stand.js';

const event = (n: number, more: Partial<ParkingEvent> = {}): ParkingEvent => ({
  id: `${n}-0`,
  kind: 'occupied',
  bay: 'og-01',
  lot: 'graben',
  occupied: true,
  sinceUs: n * 1_000_000,
  sensorTimeUs: n * 1_000_000,
  assertedTimeUs: n * 1_000_000,
  device: '0200000000000001',
  model: 'some-model',
  frame: `${n}`,
  quality: [],
  ...more,
});

describe.each(brokers)('the MQTT sink and %s', (_name, open, there) => {
  test.skipIf(!there)('an event goes into the stream and, retained, into the state of its bay', async () => {
    const { url } = await open();
    const { sink, words } = await sinkOn(url);
    const before = await listener(url);
    sink.write(event(1));
    sink.write(event(2, { kind: 'notice', bay: 'og-02', occupied: undefined, sinceUs: undefined }));
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ connected: true, taken: 2, delivered: 2, waiting: 0, dropped: 0 });
    await until(() => before.heard.filter(([topic]) => topic === 'stellwerk/events').length === 2);
    const [first] = before.heard.filter(([topic]) => topic === 'stellwerk/events');
    expect(eventFromJson(JSON.parse(first![1]))).toEqual({ ok: true, value: event(1) });
    const after = await listener(url);
    await until(() => after.heard.length === 2);
    expect(after.heard.map(([topic]) => topic).sort()).toEqual([
      'stellwerk/gateway/yard/availability',
      'stellwerk/lot/graben/bay/og-01',
    ]);
    expect(words()).toEqual(['broker_connected']);
  });

  test.skipIf(!there)('says online, and offline when it leaves', async () => {
    const { url } = await open();
    const { heard } = await listener(url);
    const { sink } = await sinkOn(url, { simulated: true });
    await until(() => heard.length === 1);
    await sink.close();
    await until(() => heard.length === 2);
    const topic = 'stellwerk-simulated/gateway/yard/availability';
    expect(heard).toEqual([
      [topic, 'online'],
      [topic, 'offline'],
    ]);
  });

  test.skipIf(!there)('a process that is killed is said to be offline by the broker', async () => {
    const { url } = await open();
    const { heard } = await listener(url);
    const folder = mkdtempSync(join(tmpdir(), 'stellwerk-will-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'sink.mjs');
    const built = new URL('../../dist/src/sinks/mqtt/index.js', import.meta.url).href;
    writeFileSync(
      script,
      `import sink from ${JSON.stringify(built)};
       const config = sink.config.parse({ type: 'mqtt', url: ${JSON.stringify(url)} });
       await sink.open(config, { log() {}, changed() {}, renew() {}, clock: { nowUs: () => 0 }, name: 'doomed', simulated: false, folder: '.' });`,
    );
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    closers.push(() => child.kill('SIGKILL'));
    const topic = 'stellwerk/gateway/doomed/availability';
    await until(() => heard.some(([where, what]) => where === topic && what === 'online'));
    child.kill('SIGKILL');
    await until(() => heard.some(([where, what]) => where === topic && what === 'offline'));
  });

  test.skipIf(!there)('a late will of an earlier process is corrected', async () => {
    const { url } = await open();
    const { sink } = await sinkOn(url);
    const { heard, link } = await listener(url);
    const topic = 'stellwerk/gateway/yard/availability';
    await until(() => heard.length === 1 && sink.state.connected);
    link.publish({ topic, payload: 'offline', qos: 1, retain: true });
    await until(() => heard.length === 3);
    expect(heard.map(([, what]) => what)).toEqual(['online', 'offline', 'online']);
  });
});

describe('a broker that is away', () => {
  test('at the start: said once, events wait, states keep their newest version, the stream keeps all', async () => {
    const port = await freePort();
    const { sink, words, said } = await sinkOn(`mqtt://127.0.0.1:${port}`);
    for (let n = 1; n <= 50; n++) sink.write(event(n));
    await until(() => words().length === 1);
    expect(said[0]).toMatchObject({ event: 'broker_lost', fields: { why: 'nothing listens there' } });
    expect(sink.state).toMatchObject({ connected: false, taken: 50, delivered: 0, waiting: 50, dropped: 0 });
    const broker = await openBroker({ port, fallback: false });
    if ('problem' in broker) throw new Error(broker.problem.code);
    closers.push(() => broker.close());
    const { heard } = await listener(broker.url);
    await until(() => sink.state.connected);
    await sink.flush(10_000);
    expect(sink.state).toMatchObject({ delivered: 50, waiting: 0, dropped: 0 });
    await until(() => heard.filter(([topic]) => topic.endsWith('/events')).length === 50);
    const ids = heard.filter(([topic]) => topic.endsWith('/events')).map(([, body]) => JSON.parse(body).id as string);
    expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 1}-0`));
    const states = heard.filter(([topic]) => topic.endsWith('/bay/og-01'));
    expect(states).toHaveLength(1);
    expect(JSON.parse(states[0]![1])).toMatchObject({ id: '50-0' });
    expect(words()).toEqual(['broker_lost', 'broker_connected']);
  });

  test.skipIf(!havePeer('mosquitto'))('in between: once lost, once back, nothing missing', async () => {
    const port = await freePort();
    const first = await startMosquitto({ port });
    const { sink, words } = await sinkOn(first.url);
    sink.write(event(1));
    await sink.flush(5_000);
    await first.stop();
    await until(() => words().includes('broker_lost'));
    sink.write(event(2));
    const second = await mosquitto({ port });
    const { heard } = await listener(second.url);
    await until(() => heard.some(([topic, body]) => topic === 'stellwerk/events' && body.includes('"2-0"')));
    await sink.flush(5_000);
    expect(sink.state).toMatchObject({ taken: 2, delivered: 2, waiting: 0, dropped: 0 });
    expect(words()).toEqual(['broker_connected', 'broker_lost', 'broker_connected']);
  });

  test('flush and close do not wait for it', async () => {
    const { sink } = await sinkOn(`mqtt://127.0.0.1:${await freePort()}`);
    sink.write(event(1));
    await sink.flush(10);
    expect(sink.state.waiting).toBe(1);
    await sink.close();
  });

  test.skipIf(!havePeer('mosquitto'))('one that stands still cannot keep us', async () => {
    const broker = await mosquitto();
    const { sink } = await sinkOn(broker.url);
    await until(() => sink.state.connected);
    broker.freeze();
    sink.write(event(1));
    await sink.flush(10);
    expect(sink.state).toMatchObject({ delivered: 0, waiting: 1 });
    await sink.close();
  });

  test('something that is no broker: said once in words, and tried again', async () => {
    let visits = 0;
    const server = createServer((socket) => {
      visits++;
      socket.on('error', () => undefined).resume();
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closers.push(() => new Promise((done) => server.close(done)));
    const said: string[] = [];
    const { port } = server.address() as AddressInfo;
    const link = openMqtt({
      url: `mqtt://127.0.0.1:${port}`,
      pauseMs: 5,
      onState: (state, why) => said.push(`${state} ${why}`),
    });
    closers.push(() => link.close());
    await until(() => visits >= 4);
    expect(said).toEqual(['lost it answers, but not as an MQTT broker']);
  });
});

// "right", hashed by mosquitto_passwd 2.0.11 (PBKDF2, SHA-512).
const passwordLine = [
  'yard:$7$101$cxbHkfxxokUZxfTB$',
  'ndTV05RVhFW+yLe7IKIiyQIZ7HQDtVFqAuWVr0axrwVh4s8zYMpa//NQloLPGbqJe4YoPZU1qz7f2SNHLVPQWA==',
].join('');

describe.skipIf(!havePeer('mosquitto'))('a broker that wants a password', () => {
  const guarded = async (port?: number) => {
    const folder = mkdtempSync(join(tmpdir(), 'stellwerk-passwd-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'passwd');
    writeFileSync(file, `${passwordLine}\n`, { mode: 0o600 });
    return mosquitto({
      ...(port !== undefined && { port }),
      config: ['allow_anonymous false', `password_file ${file}`, 'user root'],
    });
  };

  test('the wrong one is said in words, once, and never shown; the right one is taken', async () => {
    const { url } = await guarded();
    const wrong = await sinkOn(url, { username: 'yard', password: 'wrong-secret' });
    await until(() => wrong.said.length > 0);
    expect(wrong.said).toEqual([
      { event: 'broker_lost', fields: { url, why: 'it refuses this user name and password' } },
    ]);
    expect(JSON.stringify(wrong.said)).not.toContain('wrong-secret');
    const right = await sinkOn(url, { username: 'yard', password: 'right' });
    await until(() => right.sink.state.connected);
    right.sink.write(event(1));
    await right.sink.flush(5_000);
    expect(right.sink.state).toMatchObject({ delivered: 1 });
  });

  test('a refusal is not the end: the next broker on that port is found', async () => {
    const port = await freePort();
    const strict = await guarded(port);
    const { sink, said, words } = await sinkOn(strict.url);
    await until(() => said.length === 1);
    await strict.stop();
    await mosquitto({ port });
    await until(() => sink.state.connected);
    expect(words().at(-1)).toBe('broker_connected');
  });
});

describe('what a sink may be told', () => {
  const issue = (more: Record<string, unknown>): unknown => {
    const read = mqttSink.config.safeParse({ type: 'mqtt', url: 'mqtt://host', ...more });
    return read.error?.issues.map((one) => (one.code === 'custom' ? one.message : one.code));
  };
  test.each([
    [{ url: 'mqtt://user:pass@host' }, ['broker-credentials-in-url']],
    [{ url: 'mqtt://user@host' }, ['broker-credentials-in-url']],
    [{ url: 'http://host' }, ['broker-url']],
    [{ url: 'host:1883' }, ['broker-url']],
    [{ url: 'mqtt://' }, ['broker-url']],
    [{ qos: 2 }, ['invalid_value']],
    [{ prefix: 'a/#' }, ['topic-wildcard']],
    [{ stateTopic: '{prefix}/{bays}' }, ['topic-hole']],
    [{ commandTopic: '{prefix}/commands' }, ['topic-needs']],
    [{ downlinkEventTopic: '{prefix}/lot/{lot}/{device}' }, ['topic-hole']],
    [{ commands: true, eventTopic: '{prefix}/{lot}/{bay}/command/down' }, ['topic-loop']],
    [{ commands: true, downlinkEventTopic: '{prefix}/device/{device}/command/down' }, ['topic-loop']],
    [{ commands: true, availabilityTopic: 'stellwerk-simulated/device/a/command/down' }, ['topic-loop']],
    [{ pasword: 'x' }, ['unrecognized_keys']],
  ])('%j is refused', (more, codes) => expect(issue(more)).toEqual(codes));
});
