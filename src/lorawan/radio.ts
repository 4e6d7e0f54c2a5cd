import type { Us } from '../base/time.js';

export interface LoraRate {
  readonly kind: 'lora';
  /** Spreading factor, 5 to 12. */
  readonly sf: number;
  readonly bwHz: number;
}
export interface FskRate {
  readonly kind: 'fsk';
  readonly bitRate: number;
}
/** LR-FHSS as Semtech UDP writes it, such as `M0CW137`. */
export interface LrFhssRate {
  readonly kind: 'lr-fhss';
  readonly text: string;
}
export type DataRate = LoraRate | FskRate | LrFhssRate;

/** One gateway's hearing of one frame. */
export interface RxFrame {
  /** PHYPayload, MHDR to MIC. */
  readonly phy: Uint8Array;
  /** When it came to us, on the clock of whoever runs the ladder. */
  readonly atUs: Us;
  /** The gateway's EUI: 16 lower-case hexadecimal digits. */
  readonly gateway: string;
  /** The concentrator's 32-bit microsecond counter at the end of the frame; wraps every 71.6 minutes. */
  readonly tmst?: number;
  /** GPS-disciplined time of the end of the frame, where the gateway has it. */
  readonly gatewayTimeUs?: Us;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  /** Such as `4/5`. */
  readonly codingRate?: string;
  readonly rssiDbm: number;
  /** Absent for FSK. */
  readonly snrDb?: number;
  readonly crc: 'ok' | 'bad' | 'none';
  readonly channel?: number;
  readonly rfChain?: number;
}

/** When a gateway is to send: at its counter's value, at once (class C), or at a GPS time. */
export type TxWhen =
  | { readonly kind: 'tmst'; readonly tmst: number }
  | { readonly kind: 'now' }
  | { readonly kind: 'gps'; readonly gpsMs: number };

/** One transmission that a gateway is asked for. */
export interface TxFrame {
  readonly phy: Uint8Array;
  readonly gateway: string;
  readonly when: TxWhen;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  readonly codingRate: string;
  readonly powerDbm: number;
  /** True for every ordinary LoRaWAN downlink: inverted polarisation. */
  readonly invertPolarity: boolean;
  readonly rfChain: number;
  /** Our own number for it, so that the gateway's answer finds its request. */
  readonly id: number;
}

/**
 * What a gateway answered to a request to send; the words are those of Semtech's TX_ACK, and one more for gateways that keep
 * a duty cycle of their own.
 */
export type TxVerdict =
  | 'ok'
  | 'too-late'
  | 'too-early'
  | 'collision-packet'
  | 'collision-beacon'
  | 'tx-freq'
  | 'tx-power'
  | 'gps-unlocked'
  | 'gateway-duty-cycle'
  | 'unknown'
  | 'no-answer';

/** A LoRa data rate. */
export const loraRate = (sf: number, bwHz: number): LoraRate => ({ kind: 'lora', sf, bwHz });

/** `SF7BW125` and its relatives. */
export const dataRateText = (rate: DataRate): string =>
  rate.kind === 'lora' ? `SF${rate.sf}BW${rate.bwHz / 1000}` : rate.kind === 'fsk' ? `FSK${rate.bitRate}` : rate.text;
