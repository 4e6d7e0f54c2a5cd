import type { Problem } from '../../base/problem.js';
import {
  parseDatagram,
  rxpkOf,
  statJson,
  txAckOf,
  txFrameOf,
  writeDatagram,
  type Rxpk,
  type PullResp,
} from '../../dialects/radio/semtech-udp/index.js';
import type { Clock } from '../../io/clock.js';
import { factFields } from '../../io/sparse-log.js';
import { openUdp, type UdpPeer, type UdpSocket } from '../../io/udp.js';
import type { RxFrame, TxFrame, TxVerdict } from '../../lorawan/radio.js';
import type { Traffic } from './traffic.js';

export interface ForwarderSetup {
  readonly gateway: { readonly eui: string; readonly lat?: number; readonly lon?: number; readonly altM?: number };
  readonly server: UdpPeer;
  /** Address that its sockets are bound to. */
  readonly from: string;
  readonly clock: Clock;
  readonly traffic: Traffic;
  say(event: string, kind: string, fields?: Readonly<Record<string, unknown>>): void;
  downlink(tx: TxFrame): TxVerdict;
}

/** A gateway's packet forwarder, as far as its server can tell. */
export interface Forwarder {
  readonly eui: string;
  uplink(rx: RxFrame): void;
  /** Sends a PULL_DATA: the keep-alive that also opens the way down. */
  pull(): void;
  /** Reports the counts since the last report. */
  report(): void;
  /** Whether the server ever answered a PULL_DATA. */
  readonly answered: boolean;
  /** Counts what is on the wire as lost, so that nobody waits for it again; what is not yet sent stays. */
  giveUp(): void;
  close(): Promise<void>;
}

/** A PUSH_DATA without its PUSH_ACK. */
interface OnTheWire {
  readonly frames: number;
  /** How much it counts in `traffic.open`: its frames, a report as one. */
  readonly weight: number;
  /** Gives its place on the wire back; the second time does nothing. */
  free(): void;
}

// Room for the IPv6 and UDP headers and the 12 bytes of ours below the 1500 of Ethernet.
const mostJsonBytes = 1_400;
const jsonFrameBytes = '{"rxpk":[]}'.length;
// push_timeout_ms of the reference forwarder: after that it sends the next datagram, acknowledged or not.
const pushTimeoutMs = 100;
// lora_pkt_fwd.c reads a PULL_RESP into a buffer of this size; what is longer is cut and no longer parses.
const mostPullRespBytes = 1_000;
const mostQueued = 10_000;
// Of what a silent server never acknowledges, only so much is remembered.
const mostUnanswered = 1_000;
const tokens = 0x1_0000;
const version = 2;

/** Opens a forwarder's two sockets, one up and one down as the real one has them; nothing is sent yet. */
export const openForwarder = async (setup: ForwarderSetup): Promise<Forwarder | { readonly problem: Problem }> => {
  const { gateway, server, clock, traffic, say } = setup;
  const { eui } = gateway;
  const queue: { readonly rxpk: Rxpk; readonly bytes: number }[] = [];
  const pushes = new Map<number, OnTheWire>();
  const sockets: { up?: UdpSocket; down?: UdpSocket } = {};
  const interval = { rxReceived: 0, rxOk: 0, rxForwarded: 0, pushes: 0, acks: 0, txReceived: 0, txEmitted: 0 };
  let token = 0;
  let pullToken: number | undefined;
  let answered = false;
  let scheduled = false;
  let closed = false;

  const isServer = (from: UdpPeer): boolean => from.port === server.port && from.address === server.address;
  const nextToken = (): number => (token = (token + 1) % tokens);

  /** Takes a PUSH_DATA off the books: it has its answer, or nobody waits for it any more. */
  const settle = (id: number | undefined): void => {
    const push = id === undefined ? undefined : pushes.get(id);
    if (id === undefined || !push) return;
    pushes.delete(id);
    // The place first: what waits for it is then on the wire before anybody believes that all is settled.
    push.free();
    traffic.closed(push.weight);
  };

  const receiveUp = (bytes: Uint8Array, from: UdpPeer): void => {
    if (!isServer(from)) return say('stranger_ignored', 'up', { gateway: eui, address: from.address });
    const read = parseDatagram(bytes);
    if (!read.ok || read.value.type !== 'push-ack') return say('answer_ignored', 'up', { gateway: eui });
    const frames = pushes.get(read.value.token)?.frames;
    if (frames === undefined) return;
    interval.acks++;
    traffic.counts.acknowledged += frames;
    settle(read.value.token);
  };

  const push = (json: { readonly rxpk: readonly Rxpk[]; readonly stat?: unknown }): void => {
    const id = nextToken();
    if (pushes.size >= mostUnanswered) settle(pushes.keys().next().value);
    const frames = json.rxpk.length;
    let held = true;
    const free = (): void => {
      clearTimeout(timer);
      if (!held) return;
      held = false;
      traffic.give();
    };
    const timer = setTimeout(free, pushTimeoutMs);
    pushes.set(id, { frames, weight: Math.max(1, frames), free });
    interval.pushes++;
    interval.rxForwarded += frames;
    sockets.up?.send(writeDatagram({ type: 'push-data', version, token: id, gateway: eui, ...json }), server);
  };

  /** Sends what waits, as many frames in a datagram as fit, as long as there are places on the wire. */
  const pump = (): void => {
    while (!closed && queue.length > 0) {
      if (!traffic.take(pump)) return;
      let room = mostJsonBytes - jsonFrameBytes;
      let take = 0;
      for (const { bytes } of queue) {
        if (take > 0 && bytes > room) break;
        room -= bytes;
        take++;
      }
      push({ rxpk: queue.splice(0, take).map(({ rxpk }) => rxpk) });
    }
  };

  const transmit = (datagram: PullResp): void => {
    interval.txReceived++;
    const { txpk, token: id } = datagram;
    const tx = txFrameOf(txpk, { gateway: eui, id });
    if (!tx.ok) return say('downlink_malformed', tx.problem.code, { gateway: eui, ...factFields(tx.problem) });
    traffic.counts.downlinks++;
    const verdict = setup.downlink(tx.value);
    if (verdict === 'ok') interval.txEmitted++;
    if (verdict === 'no-answer' || datagram.version === 1) return;
    sockets.down?.send(
      writeDatagram({ type: 'tx-ack', version, token: id, gateway: eui, ack: txAckOf(verdict) }),
      server,
    );
  };

  const receiveDown = (bytes: Uint8Array, from: UdpPeer): void => {
    if (!isServer(from)) return say('stranger_ignored', 'down', { gateway: eui, address: from.address });
    const read = parseDatagram(bytes);
    if (!read.ok) return say('downlink_malformed', read.problem.code, { gateway: eui, ...factFields(read.problem) });
    const datagram = read.value;
    if (datagram.type === 'pull-ack' && datagram.token === pullToken) {
      pullToken = undefined;
      answered = true;
      traffic.closed(1);
    } else if (datagram.type === 'pull-resp') {
      if (bytes.length > mostPullRespBytes)
        return say('downlink_malformed', 'too-long', { gateway: eui, have: bytes.length, most: mostPullRespBytes });
      transmit(datagram);
    } else if (datagram.type !== 'pull-ack') say('answer_ignored', 'down', { gateway: eui });
  };

  const up = await openUdp({ host: setup.from, port: 0, receive: receiveUp });
  if ('problem' in up) return up;
  const down = await openUdp({ host: setup.from, port: 0, receive: receiveDown });
  if ('problem' in down) {
    await up.close();
    return down;
  }
  Object.assign(sockets, { up, down });

  return {
    eui,
    get answered() {
      return answered;
    },
    uplink(rx) {
      interval.rxReceived++;
      if (rx.crc === 'ok') interval.rxOk++;
      traffic.counts.sent++;
      if (queue.length >= mostQueued) return say('uplink_dropped', 'queue-full', { gateway: eui });
      const rxpk = rxpkOf(rx);
      queue.push({ rxpk, bytes: JSON.stringify(rxpk).length + 1 });
      traffic.opened(1);
      if (scheduled) return;
      scheduled = true;
      // After the caller's turn: what a gateway hears in one breath travels in one datagram.
      queueMicrotask(() => {
        scheduled = false;
        pump();
      });
    },
    pull() {
      // Only the latest counts: an older one without an answer is lost, or its answer says the same.
      if (pullToken === undefined) traffic.opened(1);
      pullToken = nextToken();
      sockets.down?.send(writeDatagram({ type: 'pull-data', version, token: pullToken, gateway: eui }), server);
    },
    report() {
      const { pushes: sent, acks, ...counts } = interval;
      const { lat, lon, altM } = gateway;
      const acknowledgedPercent = sent === 0 ? 0 : (100 * acks) / sent;
      Object.assign(interval, {
        rxReceived: 0,
        rxOk: 0,
        rxForwarded: 0,
        pushes: 0,
        acks: 0,
        txReceived: 0,
        txEmitted: 0,
      });
      const place = lat === undefined || lon === undefined ? {} : { lat, lon, ...(altM === undefined ? {} : { altM }) };
      const stat = statJson({ atUs: clock.nowUs(), ...place, ...counts, acknowledgedPercent });
      traffic.opened(1);
      const go = (): void => {
        if (!closed && traffic.take(go)) push({ rxpk: [], stat });
      };
      go();
    },
    giveUp() {
      for (const id of [...pushes.keys()]) settle(id);
      if (pullToken === undefined) return;
      pullToken = undefined;
      traffic.closed(1);
    },
    async close() {
      closed = true;
      for (const { free } of pushes.values()) free();
      pushes.clear();
      await Promise.all([up.close(), down.close()]);
    },
  };
};
