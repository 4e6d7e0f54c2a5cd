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
  'unknown-dev-addr',
  'mic-mismatch',
  'replay',
  'retransmission',
  'unknown-model',
  'unknown-port',
  'bad-payload',
] as const;
export type Refusal = (typeof refusals)[number];

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
