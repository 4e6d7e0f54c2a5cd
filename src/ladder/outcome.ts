import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import type { TxVerdict } from '../lorawan/radio.js';

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
  'unknown-dev-addr',
  'mic-mismatch',
  'replay',
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
  'unknown-dev-addr': 'of a stranger, or of a device whose session was lost',
  'mic-mismatch': 'no key fits: keys differ, or the frame was altered',
  replay: 'its counter was passed by long ago',
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
  readonly bay?: string;
  /** Gateways that heard it, best first. */
  readonly gateways: readonly { readonly gateway: Eui; readonly rssiDbm: number; readonly snrDb?: number }[];
  /** How many parking events it caused. */
  readonly events: number;
  readonly simulated?: true;
}

/** How a downlink was to reach its device. */
export type DownlinkWindow = 'rx1' | 'rx2' | 'at-once';

/** Why a window of a gateway was not used: the gateway's own words, or ours before it was asked. */
export type WindowRefusal = Exclude<TxVerdict, 'ok'> | 'gateway-duty-cycle' | 'no-way';

/**
 * Why a downlink frame did not leave. `collision`: every gateway that could have sent it sends something else then.
 * `no-window`: the uplink told no counter, or its data rate has no answer.
 */
export const downlinkLosses = [
  'gateway-duty-cycle',
  'too-late',
  'collision',
  'gateway-refused',
  'no-answer',
  'no-gateway',
  'no-window',
  'not-stored',
] as const;
export type DownlinkLoss = (typeof downlinkLosses)[number];

/** What each of them means, for people. */
export const downlinkLossWords: Readonly<Record<DownlinkLoss, string>> = {
  'gateway-duty-cycle': 'no gateway may send any more within this hour on a frequency of its windows',
  'too-late': 'the windows were too near, or over, when it came to the gateways',
  collision: 'every gateway that could have sent it sends something else at that time',
  'gateway-refused': 'the gateways refused its frequency, power or time',
  'no-answer': 'the gateways did not answer the request to send',
  'no-gateway': 'no gateway that heard the device can be reached',
  'no-window': 'the uplink came without a counter value, or at a data rate that has no answer',
  'not-stored': 'its counter could not be written to disk',
};

/** Where a downlink frame ended on our side: one for each frame that was sealed. */
export interface DownlinkOutcome {
  /** The first 16 hexadecimal digits of SHA-256 over the PHYPayload. */
  readonly frame: string;
  readonly atUs: Us;
  readonly devEui: Eui;
  readonly devAddr?: string;
  readonly carries: 'join-accept' | 'acknowledgement' | 'commands' | 'application';
  /** The id of the uplink that it answers; absent for a class C downlink of its own. */
  readonly answers?: string;
  readonly result: 'sent' | 'failed';
  readonly why?: DownlinkLoss;
  readonly fCnt?: number;
  readonly fPort?: number;
  /** The queued downlink that it carried. */
  readonly downlinkId?: string;
  /** Kinds of the MAC commands in it. */
  readonly commands?: readonly string[];
  /** Every window that was tried or passed over, in order; the last one is `ok` when it was sent. */
  readonly attempts: readonly {
    readonly gateway: Eui;
    readonly window: DownlinkWindow;
    readonly freqHz: number;
    /** Such as `SF9BW125`. */
    readonly dataRate: string;
    readonly verdict: 'ok' | WindowRefusal;
  }[];
  readonly simulated?: true;
}
