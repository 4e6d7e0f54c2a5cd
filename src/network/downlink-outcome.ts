import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import type { TxVerdict } from '../lorawan/radio.js';

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
