import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';

/**
 * Why a frame was not accepted: every way out of the ladder has one of these names, and each is counted.
 * `retransmission` is a frame that was accepted before and came again: acknowledged, without a second event.
 */
export const refusals = [
  'crc-bad',
  'not-lorawan',
  'frame-too-short',
  'frame-bad-length',
  'unsupported-major',
  'unsupported-type',
  'unknown-device',
  'join-eui-mismatch',
  'dev-nonce-used',
  'join-flood',
  'unknown-dev-addr',
  'mic-mismatch',
  'replay',
  'counter-jump',
  'retransmission',
  'unknown-port',
  'bad-payload',
  'not-stored',
] as const;
export type Refusal = (typeof refusals)[number];

/** What each refusal means, for the README and for people who ask why. */
export const outcomeWords: Readonly<Record<Refusal, string>> = {
  'crc-bad': 'every gateway that heard it found its checksum wrong',
  'not-lorawan': 'these bytes are no LoRaWAN frame',
  'frame-too-short': 'shorter than its type allows',
  'frame-bad-length': 'not of the length that its type has',
  'unsupported-major': 'of a LoRaWAN major version that is not defined',
  'unsupported-type': "a type that is not taken here: somebody's downlink, a rejoin, a proprietary frame",
  'unknown-device': 'a join request of a device that is not in the devices file',
  'join-eui-mismatch': 'a join request with another JoinEUI than the devices file says',
  'dev-nonce-used': 'a join request that was seen before, or a device that lost its memory',
  'join-flood': 'a device that joins again and again: one accept in a minute is enough',
  'unknown-dev-addr': 'of a stranger, or of a device whose session was lost',
  'mic-mismatch': 'no key fits: keys differ, or the frame was altered',
  replay: 'its counter was passed by long ago',
  'counter-jump': 'its counter is more than 16384 ahead, which LoRaWAN up to 1.0.3 forbids: the device must join anew',
  retransmission: 'accepted before and sent again: acknowledged again, no second event',
  'unknown-port': 'its model sends nothing on this port',
  'bad-payload': 'its model cannot read the payload',
  'not-stored': 'its counter could not be written to disk: no event, no acknowledgement',
};

/** Where a frame ended: one per frame, however many gateways heard it. */
export interface Outcome {
  /** The first 16 hexadecimal digits of SHA-256 over the PHYPayload: the same on both sides of the air. */
  readonly frame: string;
  readonly atUs: Us;
  readonly result: 'accepted' | 'joined' | 'refused';
  readonly why?: Refusal;
  /** One plain fact more, such as the port's number; never a key. */
  readonly detail?: string;
  readonly devEui?: Eui;
  readonly devAddr?: string;
  readonly fCnt?: number;
  readonly fPort?: number;
  /** Frames of its session before this one that never came, by its counter; absent: none. */
  readonly missed?: number;
  readonly bay?: string;
  /** Gateways that heard it, best first. */
  readonly gateways: readonly { readonly gateway: Eui; readonly rssiDbm: number; readonly snrDb?: number }[];
  /** How many parking events it caused. */
  readonly events: number;
  readonly simulated?: true;
}

export {
  downlinkLosses,
  downlinkLossWords,
  type DownlinkLoss,
  type DownlinkOutcome,
  type DownlinkWindow,
  type WindowRefusal,
} from '../network/downlink-outcome.js';
