import { afterEach, describe, expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { keptLog } from '../../src/base/log.js';
import { sentenceOf } from '../../src/base/problem.js';
import kind from '../../src/backends/semtech-udp/index.js';
import type { BackendContext, OpenBackend } from '../../src/backends/define.js';
import { rxFramesOf, txpkOf, writeDatagram, type Datagram } from '../../src/dialects/radio/semtech-udp/index.js';
import { steppedClock, type SteppedClock } from '../../src/io/clock.js';
import type { UdpPeer } from '../../src/io/udp.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import source from '../../src/sources/semtech-udp.js';
import type { OpenSource } from '../../src/sources/define.js';
import { farEnd, type FarEnd } from '../io/far-end.js';
import { mailbox, type Mailbox } from '../io/mailbox.js';

const euis = ['0016c001f153a19e', '0016c001f153a19f'] as const;
const startUs = 1_780_293_600_000_000;
const second = 1_000_000;
const heard = (i: number, gateway: string = euis[0]): RxFrame => ({
  phy: Uint8Array.of(0x40, i & 0xff, i >> 8, ...hex('7dbe4900020001954378762b11ff0d')),
  atUs: startUs,
  gateway,
  tmst: 1000 + i,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  codingRate: '4/5',
  rssiDbm: -97,
  snrDb: 7.5,
  crc: 'ok',
  channel: 0,
  rfChain: 1,
});
const down = (id: number): TxFrame => ({
  phy: hex('60f17dbe49200500696b33be'),
  gateway: euis[0],
  when: { kind: 'tmst', tmst: 1_001_000 },
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  codingRate: '4/5',
  powerDbm: 14,
  invertPolarity: true,
  rfChain: 0,
  id,
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Yard {
  readonly backend: OpenBackend;
  readonly clock: SteppedClock;
  readonly asked: TxFrame[];
  readonly log: ReturnType<typeof keptLog>;
}
const forwarders = async (
  to: string,
  {
    verdict = 'ok',
    gateways = [{ eui: euis[0] }],
    clock = steppedClock(startUs),
  }: { verdict?: TxVerdict; gateways?: BackendContext['gateways']; clock?: SteppedClock } = {},
): Promise<Yard> => {
  const asked: TxFrame[] = [];
  const log = keptLog();
  const backend = await kind.open(to, {
    clock,
    log: log.log,
    gateways,
    downlink(tx) {
      asked.push(tx);
      return verdict;
    },
  });
  if ('problem' in backend) throw new Error(sentenceOf(backend.problem));
  closers.push(backend.close);
  return { backend, clock, asked, log };
};
const server = async (): Promise<FarEnd> => {
  const far = await farEnd();
  closers.push(far.socket.close);
  return far;
};
const urlOf = ({ socket }: FarEnd): string => `udp://${socket.address}:${socket.port}`;

/** A server that a test plays by hand: opens the backend and answers its first PULL_DATA. */
const greeted = async (
  far: FarEnd,
  options: Parameters<typeof forwarders>[1] = {},
): Promise<{ yard: Yard; path: UdpPeer }> => {
  const opening = forwarders(urlOf(far), options);
  const { datagram, from } = await far.nextOf('pull-data');
  far.send({ type: 'pull-ack', version: 2, token: datagram.token }, from);
  return { yard: await opening, path: from };
};

describe('against our own source', () => {
  const listening = async (
    clock: SteppedClock,
    gateways: ReadonlySet<string>,
  ): Promise<{ source: OpenSource; frames: Mailbox<RxFrame>; refused: string[] }> => {
    const frames = mailbox<RxFrame>();
    const refused: string[] = [];
    const opened = await source.open(source.config.parse({ type: 'semtech-udp', port: 0 }), {
      clock,
      log: keptLog().log,
      gateways,
      frame: frames.put,
      refused: (why) => refused.push(why),
      gateway: () => undefined,
    });
    if ('problem' in opened) throw new Error(sentenceOf(opened.problem));
    closers.push(opened.close);
    return { source: opened, frames, refused };
  };

  test('frames arrive whole and in order, settled when all are acknowledged', async () => {
    const clock = steppedClock(startUs);
    const there = await listening(clock, new Set(euis));
    const { backend } = await forwarders(there.source.address, { clock, gateways: euis.map((eui) => ({ eui })) });
    expect(euis.map(there.source.reaches)).toEqual([true, true]);
    const sent = Array.from({ length: 1000 }, (_, i) => heard(i, euis[i % 2]));
    for (const rx of sent) backend.uplink(rx);
    expect(await backend.settled(20_000)).toBe(0);
    expect(backend.state).toEqual({ sent: 1000, acknowledged: 1000, downlinks: 0 });
    const came = await Promise.all(sent.map(() => there.frames.next()));
    for (const eui of euis)
      expect(came.filter(({ gateway }) => gateway === eui)).toEqual(sent.filter(({ gateway }) => gateway === eui));
    expect(there.frames.size).toBe(0);
    expect(there.refused).toEqual([]);
  });

  test.each(['ok', 'too-late', 'collision-packet', 'tx-freq', 'tx-power', 'gps-unlocked'] as const)(
    'a downlink and its verdict %s',
    async (verdict) => {
      const clock = steppedClock(startUs);
      const there = await listening(clock, new Set(euis));
      const { asked, backend } = await forwarders(there.source.address, { clock, verdict });
      expect(await there.source.send(down(77))).toBe(verdict);
      expect(asked).toEqual([down(77)]);
      expect(backend.state.downlinks).toBe(1);
    },
  );

  test('keep-alives on the clock keep the way down open', async () => {
    const clock = steppedClock(startUs);
    const there = await listening(clock, new Set(euis));
    const { backend } = await forwarders(there.source.address, { clock });
    for (let passed = 5; passed <= 300; passed += 5) {
      clock.advance(startUs + passed * second);
      expect(await backend.settled(20_000)).toBe(0);
    }
    expect(there.source.reaches(euis[0])).toBe(true);
    expect(there.refused).toEqual([]);
  });

  test('a gateway that the other side does not know is never acknowledged', async () => {
    const clock = steppedClock(startUs);
    const there = await listening(clock, new Set([euis[0]]));
    const { backend, log } = await forwarders(there.source.address, { clock, gateways: [{ eui: euis[1] }] });
    expect(log.events.map(({ event }) => event)).toContain('server_silent');
    backend.uplink(heard(1, euis[1]));
    expect(await backend.settled(50)).toBe(1);
    expect(new Set(there.refused)).toEqual(new Set(['not-allowed']));
    // It is written off: the next one who asks need not wait for it again.
    expect(await backend.settled(20_000)).toBe(0);
  });
});

describe('as the server sees it', () => {
  test('two sockets, what is heard in one breath in one datagram, none beyond 1412 bytes', async () => {
    const far = await server();
    const { yard, path } = await greeted(far);
    for (let i = 0; i < 20; i++) yard.backend.uplink(heard(i));
    const frames: RxFrame[] = [];
    let datagrams = 0;
    for (; frames.length < 20; datagrams++) {
      const { datagram, from } = await far.nextOf('push-data');
      expect(from.port).not.toBe(path.port);
      expect(writeDatagram(datagram).length).toBeLessThanOrEqual(1412);
      frames.push(...rxFramesOf(datagram, startUs).frames);
      far.send({ type: 'push-ack', version: 2, token: datagram.token }, from);
    }
    expect(frames).toEqual(Array.from({ length: 20 }, (_, i) => heard(i)));
    expect(datagrams).toBeLessThan(6);
    expect(await yard.backend.settled(20_000)).toBe(0);
  });

  test('a report every 30 s, with the place and the counts of the interval', async () => {
    const far = await server();
    const { yard } = await greeted(far, { gateways: [{ eui: euis[0], lat: 52.5, lon: 13.4, altM: 34.6 }] });
    yard.backend.uplink(heard(1));
    yard.backend.uplink({ ...heard(2), crc: 'bad' });
    const { datagram, from } = await far.nextOf('push-data');
    far.send({ type: 'push-ack', version: 2, token: datagram.token }, from);
    expect(await yard.backend.settled(20_000)).toBe(0);
    yard.clock.advance(startUs + 30 * second);
    expect((await far.nextOf('push-data')).datagram).toEqual({
      ...{ type: 'push-data', version: 2, token: expect.any(Number), gateway: euis[0], rxpk: [] },
      stat: {
        ...{ time: '2026-06-01 06:00:30 GMT', lati: 52.5, long: 13.4, alti: 35 },
        ...{ rxnb: 2, rxok: 1, rxfw: 2, ackr: 100, dwnb: 0, txnb: 0 },
      },
    });
    yard.clock.advance(startUs + 60 * second);
    expect((await far.nextOf('push-data')).datagram.stat).toMatchObject({ rxnb: 0, rxfw: 0, ackr: 0 });
  });

  test('a malformed or overlong request to send is dropped without an answer, and logged', async () => {
    const far = await server();
    const { yard, path } = await greeted(far);
    const respond = (token: number, txpk: object): Datagram => ({
      type: 'pull-resp',
      version: 2,
      token,
      txpk: { ...txpk },
    });
    const good = txpkOf(down(0));
    far.send(respond(1, { ...good, freq: undefined }), path);
    far.send(respond(2, { ...good, note: 'x'.repeat(1000) }), path);
    far.raw(hex('02000003ff'), path);
    far.raw(hex('ff'), path);
    far.send(respond(5, good), path);
    expect((await far.nextOf('tx-ack')).datagram).toEqual({
      type: 'tx-ack',
      version: 2,
      token: 5,
      gateway: euis[0],
      ack: {},
    });
    expect(yard.asked).toHaveLength(1);
    expect(yard.log.events.map(({ event, fields }) => `${event} ${String(fields['why'])}`)).toEqual([
      ...['downlink_malformed bad-txpk', 'downlink_malformed too-long'],
      ...['downlink_malformed datagram-json', 'downlink_malformed datagram-short'],
    ]);
  });

  test('who is not the server is not heard', async () => {
    const far = await server();
    const { yard, path } = await greeted(far);
    const stranger = await server();
    stranger.send({ type: 'pull-resp', version: 2, token: 1, txpk: { ...txpkOf(down(0)) } }, path);
    far.send({ type: 'pull-resp', version: 2, token: 2, txpk: { ...txpkOf(down(0)) } }, path);
    expect((await far.nextOf('tx-ack')).datagram.token).toBe(2);
    expect(yard.asked).toHaveLength(1);
    expect(yard.log.events.map(({ event }) => event)).toEqual(['stranger_ignored']);
  });

  test('a server that never answers: opened after a second, and said; frames stay open', async () => {
    const far = await server();
    const yard = await forwarders(urlOf(far));
    expect(yard.log.events[0]).toMatchObject({ event: 'server_silent', fields: { gateways: 1 } });
    for (let i = 0; i < 3; i++) yard.backend.uplink(heard(i));
    yard.backend.uplink(heard(9, 'ffffffffffffffff'));
    expect(await yard.backend.settled(10)).toBe(3);
    expect(yard.backend.state).toEqual({ sent: 3, acknowledged: 0, downlinks: 0 });
  });
});

test('what it accepts, and what is no address', async () => {
  expect(['udp://a:1700', 'udp:x', 'tcp://a', 'loopback'].map(kind.accepts)).toEqual([true, true, false, false]);
  const context: BackendContext = {
    clock: steppedClock(startUs),
    log: keptLog().log,
    gateways: [],
    downlink: () => 'ok',
  };
  for (const to of ['udp:x', 'udp://', 'udp://a:0', 'udp://a:70000', 'udp://a b:1'])
    expect(await kind.open(to, context)).toMatchObject({ problem: { code: 'bad-target', facts: { to } } });
  for (const [to, address] of [
    ['udp://127.0.0.1', 'udp://127.0.0.1:1700'],
    ['udp://[::1]:1701/', 'udp://[::1]:1701'],
  ] as const) {
    const opened = await kind.open(to, context);
    if ('problem' in opened) throw new Error(sentenceOf(opened.problem));
    expect(opened.address).toBe(address);
    await opened.close();
  }
});
