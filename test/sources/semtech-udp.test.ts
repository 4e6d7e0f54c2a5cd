import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { sentenceOf } from '../../src/base/problem.js';
import { hex } from '../../src/base/hex.js';
import { txFrameOf, type Datagram } from '../../src/dialects/radio/semtech-udp/index.js';
import { steppedClock, type SteppedClock } from '../../src/io/clock.js';
import type { UdpPeer } from '../../src/io/udp.js';
import type { RxFrame, TxFrame } from '../../src/lorawan/radio.js';
import kind from '../../src/sources/semtech-udp.js';
import type { OpenSource } from '../../src/sources/define.js';
import samples from '../vectors/semtech-udp.json' with { type: 'json' };
import { farEnd, type FarEnd } from '../io/far-end.js';
import { mailbox, type Mailbox } from '../io/mailbox.js';

const gateway = samples.gatewayId;
const startUs = 1_780_293_600_000_000;
const second = 1_000_000;
const rxpk = samples.pushData.json.rxpk[0]!;
const pull = (token = 1, version: 1 | 2 = 2): Datagram => ({ type: 'pull-data', version, token, gateway });
const push = (token: number, ...list: readonly unknown[]): Datagram => ({
  type: 'push-data',
  version: 2,
  token,
  gateway,
  rxpk: list,
});
const tx: TxFrame = {
  phy: hex('60f17dbe49200500696b33be'),
  gateway,
  when: { kind: 'tmst', tmst: 3_513_348_611 },
  freqHz: 868_500_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  codingRate: '4/5',
  powerDbm: 14,
  invertPolarity: true,
  rfChain: 0,
  id: 0x4d3c,
};

interface Desk {
  readonly source: OpenSource;
  readonly at: UdpPeer;
  readonly clock: SteppedClock;
  readonly frames: Mailbox<RxFrame>;
  readonly refused: string[];
  readonly states: Mailbox<string>;
  readonly log: ReturnType<typeof keptLog>;
}
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const opened = async ({
  config = {},
  gateways = 'any',
}: { config?: object; gateways?: ReadonlySet<string> | 'any' } = {}): Promise<Desk> => {
  const clock = steppedClock(startUs);
  const frames = mailbox<RxFrame>();
  const states = mailbox<string>();
  const refused: string[] = [];
  const log = keptLog();
  const source = await kind.open(kind.config.parse({ type: 'semtech-udp', port: 0, ...config }), {
    clock,
    log: log.log,
    gateways,
    frame: frames.put,
    refused: (why) => refused.push(why),
    gateway: (eui, state) => states.put(`${eui} ${state}`),
  });
  if ('problem' in source) throw new Error(sentenceOf(source.problem));
  closers.push(source.close);
  const { hostname, port } = new URL(source.address);
  return { source, at: { address: hostname, port: Number(port) }, clock, frames, refused, states, log };
};
const end = async (host?: string): Promise<FarEnd> => {
  const far = await farEnd(host);
  closers.push(far.socket.close);
  return far;
};
/** What was sent before has been read when the answer to a PULL_DATA sent after it is here. */
const passed = async (far: FarEnd, { at }: Desk): Promise<void> => {
  far.send(pull(0xbeef), at);
  for (;;) if ((await far.nextOf('pull-ack')).datagram.token === 0xbeef) return;
};

describe('uplinks', () => {
  test('a PUSH_DATA is acknowledged with its token, its frames come with the time of the clock', async () => {
    const desk = await opened();
    const far = await end();
    far.raw(hex(samples.pushData.hex), desk.at);
    expect((await far.next()).datagram).toEqual({ type: 'push-ack', version: 2, token: 0x1a2b });
    expect(await desk.frames.next()).toMatchObject({ gateway, atUs: startUs, tmst: 3512348611, rssiDbm: -56 });
    far.send({ ...push(7, rxpk), version: 1 }, desk.at);
    expect((await far.next()).datagram).toEqual({ type: 'push-ack', version: 1, token: 7 });
  });

  test('a bad rxpk is counted, its neighbours are taken, the datagram is acknowledged', async () => {
    const desk = await opened();
    const far = await end();
    far.send(push(1, { ...rxpk, data: '*' }, rxpk, { ...rxpk, tmst: 5 }), desk.at);
    expect((await far.next()).datagram).toMatchObject({ type: 'push-ack' });
    expect((await desk.frames.next()).tmst).toBe(rxpk.tmst);
    expect((await desk.frames.next()).tmst).toBe(5);
    expect(desk.refused).toEqual(['bad-rxpk']);
  });

  test('a stat becomes an event', async () => {
    const desk = await opened();
    const far = await end();
    far.raw(hex(samples.pushDataStat.hex), desk.at);
    await far.nextOf('push-ack');
    await passed(far, desk);
    const stat = desk.log.events.find(({ event }) => event === 'gateway_stat');
    expect(stat?.fields).toMatchObject({ gateway, rxReceived: 2, lat: 46.24 });
  });

  test('a gateway that reports without an end has no line for each report', async () => {
    const desk = await opened();
    const far = await end();
    for (let i = 0; i < 100; i++) far.raw(hex(samples.pushDataStat.hex), desk.at);
    await passed(far, desk);
    const reports = () => desk.log.events.filter(({ event }) => event === 'gateway_stat');
    expect(reports()).toHaveLength(8);
    desk.clock.advance(startUs + 30 * second);
    far.raw(hex(samples.pushDataStat.hex), desk.at);
    await passed(far, desk);
    expect(reports().at(-1)?.fields).toMatchObject({ leftOut: 92 });
  });
});

describe('who is not heard', () => {
  test('rubbish is counted by its kind, never answered, and does not flood the log', async () => {
    const desk = await opened();
    const far = await end();
    for (let i = 0; i < 30; i++) far.raw(hex('00'), desk.at);
    for (const rubbish of ['09000000', '02000009', '0200000300', '02000001', '02000004', '020000000016c001f153a19e7b'])
      far.raw(hex(rubbish), desk.at);
    far.send(pull(), desk.at);
    expect((await far.next()).datagram.type).toBe('pull-ack');
    expect(desk.refused.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'datagram-short'));
    expect(desk.refused.slice(30)).toEqual([
      ...[
        'datagram-version',
        'datagram-type',
        'wrong-direction',
        'wrong-direction',
        'wrong-direction',
        'datagram-json',
      ],
    ]);
    const lines = desk.log.events.filter(({ fields }) => fields['why'] === 'datagram-short');
    expect(lines.map(({ fields }) => fields['count'])).toEqual([1, 10]);
  });

  test('an EUI that is not on the list', async () => {
    const desk = await opened({ gateways: new Set([gateway]) });
    const far = await end();
    far.send({ ...pull(1), gateway: '0016c001f153a19f' } as Datagram, desk.at);
    far.send(pull(2), desk.at);
    expect((await far.next()).datagram.token).toBe(2);
    expect(desk.refused).toEqual(['not-allowed']);
  });

  test('more than its pace: refused until the clock moves on', async () => {
    const desk = await opened({ config: { datagramsPerSecond: 2, burst: 3 } });
    const far = await end();
    for (const token of [1, 2, 3, 4, 5]) far.send(pull(token), desk.at);
    for (const token of [1, 2, 3]) expect((await far.next()).datagram.token).toBe(token);
    // The fourth and fifth are read before the clock moves: another gateway's answer says so.
    far.send({ ...pull(9), gateway: '0016c001f153a19f' } as Datagram, desk.at);
    expect((await far.next()).datagram.token).toBe(9);
    desk.clock.advance(startUs + second / 2);
    far.send(pull(6), desk.at);
    expect((await far.next()).datagram.token).toBe(6);
    expect(desk.refused).toEqual(['too-fast', 'too-fast']);
  });

  test('a datagram full of frames counts for as many as a radio would have needed for them', async () => {
    const desk = await opened({ config: { datagramsPerSecond: 2, burst: 40 } });
    const far = await end();
    far.send(push(1, ...Array.from({ length: 255 }, () => 0)), desk.at);
    for (const token of [2, 3, 4, 5, 6, 7, 8, 9, 10]) far.send(pull(token), desk.at);
    far.send({ ...pull(0xbeef), gateway: '0016c001f153a19f' } as Datagram, desk.at);
    while ((await far.next()).datagram.token !== 0xbeef);
    expect(desk.refused.filter((why) => why === 'bad-rxpk')).toHaveLength(255);
    expect(desk.refused.filter((why) => why === 'too-fast')).toHaveLength(1);
  });

  test.runIf(process.platform === 'linux')('the same EUI from another address while the first is live', async () => {
    const desk = await opened({ config: { host: '127.0.0.1' } });
    const first = await end();
    const thief = await end('127.0.0.2');
    await passed(first, desk);
    thief.send(pull(1), desk.at);
    await passed(first, desk);
    expect(desk.refused).toEqual(['address-changed']);
    // Another port of the same address is the gateway's other socket.
    await passed(await end(), desk);
    desk.clock.advance(startUs + 60 * second);
    thief.send(pull(2), desk.at);
    expect((await thief.next()).datagram.token).toBe(2);
    expect(desk.refused).toEqual(['address-changed']);
  });
});

describe('downlinks', () => {
  let desk: Desk;
  let far: FarEnd;
  beforeEach(async () => {
    desk = await opened();
    far = await end();
  });
  const ack = (token: number, error?: string): Datagram => ({
    type: 'tx-ack',
    version: 2,
    token,
    gateway,
    ack: error === undefined ? {} : { error },
  });

  test('go to where the latest PULL_DATA came from, and bring the verdict of the TX_ACK', async () => {
    expect(desk.source.reaches(gateway)).toBe(false);
    await passed(await end(), desk);
    await passed(far, desk);
    expect(desk.source.reaches(gateway)).toBe(true);
    for (const [error, verdict] of [
      [undefined, 'ok'],
      ['TOO_LATE', 'too-late'],
      ['COLLISION_PACKET', 'collision-packet'],
      ['WHATEVER', 'unknown'],
    ] as const) {
      const sent = desk.source.send(tx);
      const { datagram, from } = await far.nextOf('pull-resp');
      expect(datagram.token).toBe(tx.id);
      expect(txFrameOf(datagram.txpk, { gateway, id: datagram.token })).toEqual({ ok: true, value: tx });
      far.send(ack(datagram.token, error), from);
      expect(await sent).toBe(verdict);
    }
  });

  test('several at once keep their answers apart', async () => {
    await passed(far, desk);
    const sent = [desk.source.send(tx), desk.source.send(tx)];
    const tokens = [await far.nextOf('pull-resp'), await far.nextOf('pull-resp')].map(({ datagram }) => datagram.token);
    expect(tokens).toEqual([tx.id, tx.id + 1]);
    far.send(ack(tokens[1]!, 'TOO_EARLY'), desk.at);
    // An answer in the name of another gateway settles nothing.
    far.send({ ...ack(tokens[0]!, 'TX_FREQ'), gateway: '0016c001f153a19f' } as Datagram, desk.at);
    far.send(ack(tokens[0]!), desk.at);
    expect(await Promise.all(sent)).toEqual(['ok', 'too-early']);
  });

  test('no TX_ACK within 2 s of the clock: no-answer; a late one is a stray', async () => {
    await passed(far, desk);
    const sent = desk.source.send(tx);
    const { datagram } = await far.nextOf('pull-resp');
    desk.clock.advance(startUs + 2 * second);
    expect(await sent).toBe('no-answer');
    far.send(ack(datagram.token), desk.at);
    await passed(far, desk);
    expect(desk.log.events.map(({ event }) => event)).toContain('tx_ack_stray');
    expect(desk.refused).toEqual(['tx-ack-stray']);
  });

  test('version 1 has a token of 0 and never answers', async () => {
    far.send(pull(1, 1), desk.at);
    expect((await far.next()).datagram).toEqual({ type: 'pull-ack', version: 1, token: 1 });
    const sent = desk.source.send(tx);
    expect((await far.nextOf('pull-resp')).datagram).toMatchObject({ version: 1, token: 0 });
    desk.clock.advance(startUs + 2 * second);
    expect(await sent).toBe('no-answer');
  });

  test('nobody there, or closed: no-answer at once', async () => {
    expect(await desk.source.send(tx)).toBe('no-answer');
    await passed(far, desk);
    const sent = desk.source.send(tx);
    await desk.source.close();
    expect(await sent).toBe('no-answer');
    expect(desk.clock.nextUs).toBe(Infinity);
  });

  test('online with the first PULL_DATA, offline after 60 s without one', async () => {
    await passed(far, desk);
    expect(await desk.states.next()).toBe(`${gateway} online`);
    desk.clock.advance(startUs + 59 * second);
    await passed(far, desk);
    desk.clock.advance(startUs + 118 * second);
    expect(desk.source.reaches(gateway)).toBe(true);
    desk.clock.advance(startUs + 119 * second);
    expect(await desk.states.next()).toBe(`${gateway} offline`);
    expect(desk.source.reaches(gateway)).toBe(false);
    expect(desk.states.size).toBe(0);
  });
});
