// Everything bad at once, beside good sensors: nothing of theirs may suffer, and neither log nor memory may grow with it.
import { spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import mqtt from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { must } from '../../src/base/problem.js';
import { openGateway } from '../../src/gateway/gateway.js';
import { openJournal } from '../../src/gateway/journal.js';
import { wallClock } from '../../src/io/clock.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import { usualNetwork } from '../../src/network/settings.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import mqttSink from '../../src/sinks/mqtt/index.js';
import semtechUdp from '../../src/sources/semtech-udp.js';
import { havePeer } from '../peers/peer.js';
import { brokers, closers } from '../sinks/stand.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapBytes = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

/** A frame that comes so much later is no copy of one that was heard (network/dedup). */
const lateMs = 1_300;
const sensors = 12;
const each = 8;
const keyOf = (n: number, what: number): Uint8Array => new Uint8Array(16).fill(n * 4 + what + 1);
const addrOf = (n: number): number => 0x0200_0000 + n;
const joiner = { devEui: '02000000000000ff', appKey: aesKey(keyOf(40, 0)) };
const devices: readonly Device[] = [
  ...Array.from({ length: sensors }, (_, n): Device => ({
    devEui: (0x0200_0000_0000_0000n + BigInt(n)).toString(16).padStart(16, '0'),
    ...{ name: `s${n}`, bay: `s${n}`, lot: 'graben', lorawan: '1.0.3', model: bosch, options: bosch.defaults },
    activation: { kind: 'abp', devAddr: addrOf(n), nwkSKey: keyOf(n, 0), appSKey: keyOf(n, 1) },
  })),
  {
    devEui: joiner.devEui,
    ...{ name: 'joiner', bay: 'joiner', lot: 'graben', lorawan: '1.0.3', model: bosch, options: bosch.defaults },
    activation: { kind: 'otaa', appKey: joiner.appKey },
  },
];

const uplink = (n: number, fCnt: number, keys = n): Uint8Array =>
  sealData({
    ...{ uplink: true, confirmed: true, adr: true, devAddr: addrOf(n), fCnt, fPort: 1 },
    payload: Uint8Array.of(fCnt & 1),
    ...{ nwkSKey: aesKey(keyOf(keys, 0)), appSKey: aesKey(keyOf(keys, 1)) },
  });

const pushData = (gateway: number, token: number, json: string): Buffer =>
  Buffer.concat([
    Buffer.from([2, token >> 8, token & 255, 0, 2, 0x53, 0x54, 0x4b, 0x47, 0x57, 0, gateway]),
    Buffer.from(json),
  ]);
const rxpk = (phy: Uint8Array, tmst: number): string =>
  JSON.stringify({
    rxpk: [
      {
        ...{ tmst: tmst >>> 0, freq: 868.1, chan: 0, rfch: 0, stat: 1, modu: 'LORA', datr: 'SF7BW125', codr: '4/5' },
        ...{ rssi: -90, lsnr: 7, size: phy.length, data: Buffer.from(phy).toString('base64') },
      },
    ],
  });

/** Bad datagrams without end, every kind in turn. */
const badDatagram = (i: number): Buffer => {
  const ofStorm = 2 + (i % 5);
  const frame = (phy: Uint8Array): Buffer => pushData(ofStorm, i & 0xffff, rxpk(phy, i * 1000));
  const n = i % sensors;
  switch (i % 14) {
    case 0:
      return Buffer.from([2, 1]);
    case 1:
      return pushData(ofStorm, 1, '{"rxpk":[').fill(9, 0, 1);
    case 2:
      return pushData(ofStorm, 1, `{"rxpk":[{"data":"${'A'.repeat(60_000)}"`);
    case 3:
      return pushData(ofStorm, 1, '{"rxpk":{"tmst":"yesterday"}}');
    case 4:
      return pushData(ofStorm, 1, JSON.stringify({ rxpk: [{ tmst: -1, freq: 'x', data: '!!' }, null, 7] }));
    case 5:
      return frame(Uint8Array.from({ length: 1 + (i % 11) }, (_, at) => (i * 31 + at) & 255));
    case 6: // somebody else's sensor
      return frame(
        sealJoinRequest({
          joinEui: '00'.repeat(8),
          devEui: `0300${(i % 65_536).toString(16).padStart(12, '0')}`,
          devNonce: i & 0xffff,
          appKey: joiner.appKey,
        }),
      );
    case 7: // ours, again and again
      return frame(
        sealJoinRequest({
          joinEui: '00'.repeat(8),
          devEui: joiner.devEui,
          devNonce: i & 0xffff,
          appKey: joiner.appKey,
        }),
      );
    case 8: // ours, with another key
      return frame(
        sealJoinRequest({
          joinEui: '00'.repeat(8),
          devEui: joiner.devEui,
          devNonce: i & 0xffff,
          appKey: aesKey(keyOf(50, 0)),
        }),
      );
    case 9: // what our sensors have said before
      return frame(uplink(n, 0));
    case 10: // in their names, without their keys
      return frame(uplink(n, 100 + (i % 1000), 60));
    case 11:
      return frame(
        sealData({
          uplink: true,
          confirmed: false,
          devAddr: 0x0777_0000 + i,
          fCnt: 1,
          nwkSKey: aesKey(keyOf(60, 0)),
          appSKey: aesKey(keyOf(60, 1)),
        }),
      );
    case 12:
      return Buffer.concat([pushData(ofStorm, 1, ''), Buffer.alloc(1_200, i & 255)]);
    default:
      return Buffer.from([2, 1, 2, 7 + (i % 200), 1, 2, 3, 4, 5, 6, 7, 8]);
  }
};

const commandText = (i: number): string | Buffer =>
  [
    'x'.repeat(100_000),
    '{"fPort":',
    JSON.stringify({ fPort: 300, payload: 'zz' }),
    Buffer.from([0xff, 0xfe, 0x00]),
    JSON.stringify({ id: `flood-${i}`, fPort: 1, payload: '00' }),
    '[]',
  ][i % 6]!;

const aside = (server: { close(done: () => void): unknown }): void =>
  void closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** A TLS port whose certificate nobody has signed. */
const wrongCertificate = async (folder: string): Promise<number> => {
  const made = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'k.pem',
      '-out',
      'c.pem',
      '-subj',
      '/CN=nobody',
      '-days',
      '2',
    ],
    { cwd: folder },
  );
  if (made.status !== 0) throw new Error('openssl made no certificate');
  const [key, cert] = ['k.pem', 'c.pem'].map((name) => readFileSync(join(folder, name)));
  const server = createTlsServer({ key: key!, cert: cert! }, (socket) => socket.on('error', () => undefined));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  aside(server);
  return (server.address() as AddressInfo).port;
};

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => socket.close());
  return socket;
};
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 15_000; !holds(); await wait(5))
    if (Date.now() > end) throw new Error(`this never came: ${what}`);
};

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const [, openBrokerHere] = brokers.filter(([, , there]) => there).at(-1)!;

/** Lets every good sensor say all it has to say while `perFrame` bad datagrams come between two of its frames. */
const weather = async (perFrame: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'stellwerk-storm-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const { url } = await openBrokerHere();
  const clock = wallClock();
  let lines = 0;
  const heard: ParkingEvent[] = [];
  let setWall: ((hours: number) => void) | undefined;
  const fit = (config: Readonly<Record<string, unknown>>) => ({
    kind: mqttSink,
    config: mqttSink.config.parse({ type: 'mqtt', ...config }),
  });
  const hasOpenssl = havePeer('openssl');
  const gateway = await openGateway({
    ...{ name: 'yard', settings: { ...usualNetwork(eu868), simulated: false }, devices, gateways: 'any' },
    sources: [{ kind: semtechUdp, config: semtechUdp.config.parse({ type: 'semtech-udp', port: 0 }) }],
    sinks: [
      fit({ url, commands: true }),
      ...(hasOpenssl ? [fit({ url: `mqtts://127.0.0.1:${await wrongCertificate(folder)}` })] : []),
    ],
    store: must(await openJournal(join(folder, 'state'))),
    ...{ clock, folder, log: () => void lines++ },
    wall: (told) => {
      told({ offsetUs: 0, synced: true }, 0);
      setWall = (hours) => told({ offsetUs: hours * 3_600_000_000, synced: true }, hours * 3_600_000_000);
      return () => undefined;
    },
    watch: { event: (event) => void heard.push(event) },
  });
  closers.push(() => gateway.close(500));
  const port = Number(new URL(gateway.sources[0]!.address).port);

  const reader = await mqtt.connectAsync(url);
  closers.push(() => reader.endAsync(true));
  const arrived: { readonly id: string; readonly bay: string }[] = [];
  reader.on('message', (_topic, payload) =>
    arrived.push(JSON.parse(payload.toString()) as { id: string; bay: string }),
  );
  await reader.subscribeAsync('stellwerk/events', { qos: 1 });
  const attacker = await mqtt.connectAsync(url);
  closers.push(() => attacker.endAsync(true));

  const good = await bound();
  const acks = new Set<number>();
  let answers = 0;
  good.on('message', (bytes) => {
    if (bytes[3] === 1) acks.add(bytes.readUInt16BE(1));
    // A downlink: an acknowledgement for one of the good sensors.
    if (bytes[3] === 3) answers++;
  });
  good.on('error', () => undefined);
  const bad = await bound();
  bad.on('error', () => undefined);
  const pull = (): void =>
    good.send(Buffer.from([2, 0xff, 0xff, 2, 2, 0x53, 0x54, 0x4b, 0x47, 0x57, 0, 1]), port, '127.0.0.1');
  pull();

  let i = 0;
  let token = 0;
  const before = heapBytes();
  for (let fCnt = 0; fCnt < each; fCnt++)
    for (let n = 0; n < sensors; n++) {
      for (let k = 0; k < perFrame; k++) bad.send(badDatagram(i++), port, '127.0.0.1');
      if (perFrame > 0) {
        for (let k = 0; k < 4; k++)
          attacker.publish(`stellwerk/device/s${n}/command/down`, commandText(i + k), { qos: 0 });
        setWall!([0, 26_280, -26_280, 1, -1][n % 5]!);
      }
      // A forwarder repeats what was not acknowledged: the system's buffer for datagrams is everybody's.
      const mine = ++token;
      for (let tries = 0; !acks.has(mine); tries++) {
        if (tries > 100) throw new Error(`datagram ${mine} was never acknowledged`);
        good.send(pushData(1, mine, rxpk(uplink(n, fCnt), clock.nowUs())), port, '127.0.0.1');
        for (let turn = 0; turn < 10 && !acks.has(mine); turn++) await wait(2);
      }
    }
  setWall!(0);
  await until('all events', () => new Set(arrived.map(({ id }) => id)).size >= sensors * each);
  await gateway.settled(5_000);
  await until('an answer', () => answers > 0);
  if (perFrame > 0) {
    // Later than any copy: what was heard before, the last of it and what came before that.
    await wait(lateMs);
    for (let n = 0; n < sensors; n++)
      for (const fCnt of [0, each - 1])
        good.send(pushData(1, ++token, rxpk(uplink(n, fCnt), clock.nowUs())), port, '127.0.0.1');
    await until('the replays', () => (gateway.counts.refused['retransmission'] ?? 0) >= sensors);
  }
  const { counts } = gateway;
  const states = gateway.sinks.map(({ state }) => state);
  const grown = heapBytes() - before;
  return { counts, states, lines, arrived, heard, grown, answers, hasOpenssl, sent: i };
};

test(
  'a storm of everything harms no good sensor, is counted, and fills neither log nor memory',
  { timeout: 120_000 },
  async () => {
    const calm = await weather(0);
    const breeze = await weather(14);
    const storm = await weather(56);
    for (const { arrived, heard, counts } of [calm, breeze, storm]) {
      // Each frame's event once, in the order of its bay: as it would be without the storm.
      for (let n = 0; n < sensors; n++) {
        const mine = heard.filter(({ bay }) => bay === `s${n}`);
        expect(mine.map(({ fCnt }) => fCnt)).toEqual(Array.from({ length: each }, (_, fCnt) => fCnt));
        const ids = arrived.filter(({ bay }) => bay === `s${n}`).map(({ id }) => id);
        expect([...new Set(ids)]).toEqual(mine.map(({ id }) => id));
      }
      expect(counts.accepted).toBe(sensors * each);
    }
    expect(calm.heard.map(({ id }) => id).sort()).toEqual(storm.heard.map(({ id }) => id).sort());
    for (const { counts, states, hasOpenssl } of [breeze, storm]) {
      for (const why of [
        'mic-mismatch',
        'unknown-device',
        'join-flood',
        'unknown-dev-addr',
        'replay',
        'retransmission',
      ])
        expect(counts.refused[why], why).toBeGreaterThan(0);
      expect(Object.keys(counts.rubbish).length).toBeGreaterThan(3);
      expect(states[0]!.commands!.refused).toBeGreaterThan(0);
      if (hasOpenssl) {
        expect(states[1]).toMatchObject({ connected: false, delivered: 0 });
        expect(states[1]!.waiting).toBeGreaterThanOrEqual(sensors * each);
      }
    }
    // Four times as much of it is hardly more to read, and nothing that stays.
    expect(storm.sent).toBe(4 * breeze.sent);
    expect(storm.lines).toBeLessThan(breeze.lines * 1.5 + 100);
    expect(storm.grown).toBeLessThan(Math.max(breeze.grown, 0) + 8e6);
  },
);
