import { z } from 'zod';
import { problem, type Problem } from '../base/problem.js';
import { pacers, turnOf, type Pace } from '../base/pace.js';
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import {
  admit,
  charge,
  parseDatagram,
  parseHead,
  peers,
  rxFramesOf,
  statOf,
  txpkOf,
  verdictOf,
  writeDatagram,
  type PushData,
  type TxAckDatagram,
  type Version,
} from '../dialects/radio/semtech-udp/index.js';
import { hostPort, isLoopback } from '../io/sockets.js';
import { factFields, sparseLog } from '../io/sparse-log.js';
import { openUdp, type UdpPeer, type UdpSocket } from '../io/udp.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import { defineSource, type OpenSource, type SourceContext } from './define.js';

/** The way down to a gateway: where its latest PULL_DATA came from (PROTOCOL.md v1.6 §5.2). */
interface Path {
  readonly to: UdpPeer;
  readonly version: Version;
  readonly pulledUs: Us;
}
interface Waiting {
  readonly gateway: string;
  finish(verdict: TxVerdict): void;
}

const silentAfterUs = 60_000 * usPerMs;
const answerWithinUs = 2_000 * usPerMs;
const mostGateways = 10_000;
// A forwarder reports every 30 s (`stat_interval` of the reference forwarder's sample configuration).
const ofReports: Pace = { burst: 8, everyUs: 15 * usPerSecond };
const mostWaiting = 0x8000;
const tokens = 0x1_0000;

const config = z.strictObject({
  type: z.literal('semtech-udp'),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on; beyond this machine only with a list of gateways'),
  port: z.int().min(0).max(65_535).default(1700).describe('UDP port; 0 lets the system choose'),
  datagramsPerSecond: z
    .number()
    .positive()
    .max(1e6)
    .default(200)
    .describe(
      'Datagrams a second taken from one gateway, in the time of the clock that runs the gateway; every 8 frames in one count as a datagram',
    ),
  burst: z.int().min(1).max(1e6).default(400).describe('Datagrams taken from one gateway at once'),
});

const open = async (
  { host, port, datagramsPerSecond, burst }: z.infer<typeof config>,
  context: SourceContext,
): Promise<OpenSource | { readonly problem: Problem }> => {
  const { clock, gateways } = context;
  if (!isLoopback(host) && gateways === 'any') return { problem: problem('open-to-all', { host }) };
  const say = sparseLog(context.log);
  // The pace is measured on the injected clock: when simulated time runs fast so does the allowance, and while it stands
  // still between two steps only the burst counts.
  const known = peers({ datagramsPerSecond, burst, holdUs: silentAfterUs, most: mostGateways });
  const reports = pacers(ofReports, mostGateways);
  const paths = new Map<string, Path>();
  const watches = new Map<string, () => void>();
  const waiting = new Map<number, Waiting>();
  let unanswerable = 0;
  let closed = false;
  const wire: { socket?: UdpSocket } = {};

  const refuse = (why: string, fields: Readonly<Record<string, unknown>>): void => {
    context.refused(why, fields);
    say('semtech_udp_refused', why, fields);
  };

  const watch = (gateway: string, untilUs: Us): void => {
    watches.set(
      gateway,
      clock.at(untilUs, () => {
        const path = paths.get(gateway);
        if (!path) return;
        const stillUs = path.pulledUs + silentAfterUs;
        if (stillUs > clock.nowUs()) return watch(gateway, stillUs);
        paths.delete(gateway);
        watches.delete(gateway);
        context.gateway(gateway, 'offline');
      }),
    );
  };

  const pulled = (gateway: string, version: Version, to: UdpPeer): void => {
    const isNew = !paths.has(gateway);
    const pulledUs = clock.nowUs();
    paths.set(gateway, { to, version, pulledUs });
    if (!isNew) return;
    watch(gateway, pulledUs + silentAfterUs);
    context.gateway(gateway, 'online');
  };

  const pushed = (push: PushData): void => {
    const { gateway } = push;
    charge(known, gateway, push.rxpk.length);
    if (push.stat !== undefined) {
      const stat = statOf(push.stat);
      const leftOut = stat.ok ? turnOf(clock.nowUs(), reports(gateway)) : undefined;
      if (stat.ok && leftOut !== undefined)
        context.log('gateway_stat', { gateway, ...stat.value, ...(leftOut > 0 && { leftOut }) });
      if (!stat.ok) refuse(stat.problem.code, { gateway, ...factFields(stat.problem) });
    }
    const { frames, refused } = rxFramesOf(push, clock.nowUs());
    for (const { problem: wrong } of refused) refuse(wrong.code, { gateway, ...factFields(wrong) });
    for (const rx of frames) context.frame(rx);
  };

  const answered = ({ gateway, token, ack }: TxAckDatagram): void => {
    const asked = waiting.get(token);
    if (asked?.gateway !== gateway) {
      context.refused('tx-ack-stray', { gateway });
      return say('tx_ack_stray', gateway, { gateway });
    }
    if (ack.warn !== undefined) say('tx_ack_warning', ack.warn, { gateway, value: ack.value });
    asked.finish(verdictOf(ack));
  };

  const receive = (bytes: Uint8Array, from: UdpPeer): void => {
    // Rubbish and strangers are told apart before any JSON is read, and never get an answer.
    const { address } = from;
    const head = parseHead(bytes);
    if (!head.ok) return refuse(head.problem.code, { address, ...factFields(head.problem) });
    const { type, gateway, version, token } = head.value;
    if (gateway === undefined) return refuse('wrong-direction', { address, type });
    if (gateways !== 'any' && !gateways.has(gateway)) return refuse('not-allowed', { address, gateway });
    const admission = admit(known, { gateway, address, nowUs: clock.nowUs() });
    if (admission !== 'ok') return refuse(admission, { address, gateway });
    const read = parseDatagram(bytes);
    if (!read.ok) return refuse(read.problem.code, { address, gateway, ...factFields(read.problem) });
    const datagram = read.value;
    switch (datagram.type) {
      case 'push-data':
        // At once: a forwarder waits 100 ms at most (push_timeout_ms), then counts the datagram as lost.
        wire.socket?.send(writeDatagram({ type: 'push-ack', version, token }), from);
        return pushed(datagram);
      case 'pull-data':
        wire.socket?.send(writeDatagram({ type: 'pull-ack', version, token }), from);
        return pulled(gateway, version, from);
      case 'tx-ack':
        return answered(datagram);
      case 'push-ack':
      case 'pull-ack':
      case 'pull-resp':
        return;
    }
  };

  /** The frame's own number where it is free, else the next one that is. */
  const freeToken = (id: number): number => {
    let token = id & (tokens - 1);
    while (waiting.has(token)) token = (token + 1) % tokens;
    return token;
  };

  const send = (tx: TxFrame): Promise<TxVerdict> => {
    const path = paths.get(tx.gateway);
    if (closed || !wire.socket || !path || waiting.size >= mostWaiting) return Promise.resolve('no-answer');
    const { version, to } = path;
    const token = version === 1 ? 0 : freeToken(tx.id);
    wire.socket.send(writeDatagram({ type: 'pull-resp', version, token, txpk: { ...txpkOf(tx) } }), to);
    // A version 1 gateway has no TX_ACK. It is waited for all the same: a second window tried at once would be a second
    // transmission of a frame that the first has already sent.
    const key = version === 1 ? --unanswerable : token;
    return new Promise((resolve) => {
      const finish = (verdict: TxVerdict): void => {
        waiting.delete(key);
        off();
        resolve(verdict);
      };
      const off = clock.at(clock.nowUs() + answerWithinUs, () => finish('no-answer'));
      waiting.set(key, { gateway: tx.gateway, finish });
    });
  };

  const opened = await openUdp({ host, port, receive, log: context.log });
  if ('problem' in opened) return opened;
  wire.socket = opened;

  return {
    address: `udp://${hostPort(opened.address, opened.port)}`,
    reaches: (gateway) => paths.has(gateway),
    send,
    async close() {
      closed = true;
      for (const off of watches.values()) off();
      for (const { finish } of [...waiting.values()]) finish('no-answer');
      watches.clear();
      paths.clear();
      await opened.close();
    },
  };
};

/** Gateways that run Semtech's packet forwarder, or anything that speaks its UDP protocol, versions 1 and 2. */
export default defineSource({
  id: 'semtech-udp',
  summary: 'gateways with a Semtech UDP packet forwarder (or a bridge that speaks its protocol)',
  config,
  open,
});
