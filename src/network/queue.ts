import { fromHex, toHex } from '../base/hex.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';

/** What an application asks to be sent to a device. */
export interface DownlinkRequest {
  readonly devEui: Eui;
  /** 1 to 223. */
  readonly fPort: number;
  /** In clear, as the model's codec wrote it; sealed when its turn comes. */
  readonly payload: Uint8Array;
  /** Whether the device shall say that it has it. */
  readonly confirmed: boolean;
  /** The sender's own name for it, told back in every event; made by us when absent. At most 64 characters. */
  readonly id?: string;
  /** After this instant it is not sent any more. */
  readonly expiresUs?: Us;
}

/** A request in a device's queue. */
export interface QueuedDownlink extends DownlinkRequest {
  readonly id: string;
  readonly queuedUs: Us;
  /** How often it was sealed and handed to a gateway. */
  readonly tries: number;
  /** How often a gateway has taken it. */
  readonly sends: number;
}

/** The most that may wait for one device. */
export const mostQueued = 32;
/** So often a downlink is handed to gateways that then cannot send it. */
export const mostHandovers = 16;

/** Why a queued downlink will not reach its device. */
export const downlinkFailures = [
  'unknown-device',
  'queue-full',
  'bad-port',
  'duplicate-id',
  'payload-too-long',
  'expired',
  'not-acknowledged',
  'not-sent',
  'flushed',
  'counter-exhausted',
  'not-stored',
] as const;
export type DownlinkFailure = (typeof downlinkFailures)[number];

/** What a person reads for each of them. */
export const downlinkFailureWords: Readonly<Record<DownlinkFailure, string>> = {
  'unknown-device': 'no such device is registered here',
  'queue-full': 'as much waits for this device as may wait',
  'bad-port': 'an application port is 1 to 223',
  'duplicate-id': 'a downlink of this name waits already, or was asked for a short while ago',
  'payload-too-long': 'longer than the data rate of its device allows',
  expired: 'its time was over before the device gave an opportunity',
  'not-acknowledged': 'sent as often as it may be, and never acknowledged',
  'not-sent': 'the gateways could not send it, again and again',
  flushed: 'taken out of the queue before it was sent',
  'counter-exhausted': 'the session has no downlink counter left: the device must join anew',
  'not-stored': 'it could not be written to disk',
};

/** What became of a queued downlink, step by step. */
export interface DownlinkEvent {
  readonly id: string;
  readonly devEui: Eui;
  readonly atUs: Us;
  readonly state: 'queued' | 'sent' | 'acknowledged' | 'failed';
  readonly why?: DownlinkFailure;
  readonly fPort: number;
  readonly confirmed: boolean;
  /** From `sent` on: the counter and the id of the frame that carried it. */
  readonly fCnt?: number;
  readonly frame?: string;
  readonly simulated?: true;
}

/** A queued downlink as the store writes it. */
export interface SavedDownlink extends Omit<QueuedDownlink, 'payload' | 'devEui'> {
  readonly payload: string;
}

export const saveQueue = (queue: readonly QueuedDownlink[]): readonly SavedDownlink[] =>
  queue.map(({ devEui: _devEui, payload, ...rest }) => ({ ...rest, payload: toHex(payload) }));

/** The queue that was saved; what is no queued downlink is left out. */
export const loadQueue = (saved: unknown, devEui: Eui): QueuedDownlink[] =>
  (Array.isArray(saved) ? (saved as unknown[]) : []).flatMap((item) => {
    if (item === null || typeof item !== 'object') return [];
    const { id, fPort, payload, confirmed, expiresUs, queuedUs, tries, sends } = item as Record<string, unknown>;
    const bytes = typeof payload === 'string' ? fromHex(payload) : undefined;
    if (typeof id !== 'string' || typeof fPort !== 'number' || !bytes?.ok) return [];
    if (typeof queuedUs !== 'number' || typeof tries !== 'number') return [];
    const until = typeof expiresUs === 'number' ? { expiresUs } : {};
    const counts = { tries, sends: typeof sends === 'number' ? sends : 0 };
    return [{ id, devEui, fPort, payload: bytes.value, confirmed: confirmed === true, ...until, queuedUs, ...counts }];
  });
