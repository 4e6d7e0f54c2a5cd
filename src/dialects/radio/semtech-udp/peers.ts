import { usPerSecond, type Us } from '../../../base/time.js';
import type { Eui } from '../../../lorawan/ids.js';

/** How far a gateway is trusted: the protocol has no authentication, so its address and its pace must serve. */
export interface PeerLimits {
  /** Datagrams a second that are taken in the long run, and at once. */
  readonly datagramsPerSecond: number;
  readonly burst: number;
  /** How long after its last datagram an EUI keeps its IP address and its place in the table. */
  readonly holdUs: number;
  readonly most: number;
}

interface Peer {
  readonly address: string;
  heardUs: Us;
  left: number;
}

/** The gateways that spoke lately, the one that was silent longest first. `admit` writes into it. */
export interface Peers {
  readonly limits: PeerLimits;
  readonly known: Map<Eui, Peer>;
}

export const peers = (limits: PeerLimits): Peers => ({ limits, known: new Map() });

export type Admission = 'ok' | 'address-changed' | 'too-fast' | 'too-many-gateways';

/** Whether a datagram of this EUI from this IP address is taken now. Time and memory do not grow with what comes. */
export const admit = (
  { limits, known }: Peers,
  { gateway, address, nowUs }: { readonly gateway: Eui; readonly address: string; readonly nowUs: Us },
): Admission => {
  const before = known.get(gateway);
  const live = before !== undefined && nowUs - before.heardUs < limits.holdUs;
  if (live && before.address !== address) return 'address-changed';
  if (before === undefined && known.size >= limits.most) {
    const [oldest] = known;
    if (oldest === undefined || nowUs - oldest[1].heardUs < limits.holdUs) return 'too-many-gateways';
    known.delete(oldest[0]);
  }
  const peer = before?.address === address ? before : { address, heardUs: nowUs, left: limits.burst };
  const gained = ((nowUs - peer.heardUs) / usPerSecond) * limits.datagramsPerSecond;
  peer.left = Math.min(limits.burst, peer.left + gained);
  peer.heardUs = nowUs;
  // Taken out and put in again: the map then keeps the order in which they were last heard.
  known.delete(gateway);
  known.set(gateway, peer);
  if (peer.left < 1) return 'too-fast';
  peer.left--;
  return 'ok';
};

/** Packets that the forwarder fetches at once (NB_PKT_MAX of Lora-net/packet_forwarder): so many cost one datagram. */
const framesPerDatagram = 8;

/**
 * Takes from a gateway's pace what a datagram that was let in costs beyond its own place: a datagram holds up to 255
 * entries, each of which is more work than all the rest, and no radio hears that many at once.
 */
export const charge = ({ known }: Peers, gateway: Eui, frames: number): void => {
  const peer = known.get(gateway);
  if (peer) peer.left -= Math.max(0, Math.ceil(frames / framesPerDatagram) - 1);
};
