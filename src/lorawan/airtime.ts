import type { DataRate } from './radio.js';

export type CodingRate = '4/5' | '4/6' | '4/7' | '4/8';

/** Semtech's low data rate optimisation is on when a symbol lasts longer than this (SX1276 data sheet §4.1.1.6). */
const slowSymbolMs = 16;

/**
 * How long a frame is on the air, in whole microseconds (Semtech AN1200.13; FSK as in The Things Stack `pkg/toa`).
 *
 * @example airtimeUs({ dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, phyBytes: 13 })   // 46336
 */
export const airtimeUs = (frame: {
  readonly dataRate: DataRate;
  /** MHDR to MIC. */
  readonly phyBytes: number;
  /** On for uplinks, off for downlinks. */
  readonly crc?: boolean;
  readonly codingRate?: CodingRate;
  readonly preambleSymbols?: number;
  readonly explicitHeader?: boolean;
  readonly lowDataRateOptimize?: boolean;
}): number => {
  const { dataRate: rate, phyBytes } = frame;
  // Preamble 5, sync word 3, length 1, payload, CRC 2.
  if (rate.kind === 'fsk') return Math.round((8 * (5 + 3 + 1 + phyBytes + 2) * 1_000_000) / rate.bitRate);
  // LR-FHSS: header repetitions and fragments are not modelled here; 162 bit/s is its slow rate, an upper bound.
  if (rate.kind === 'lr-fhss') return Math.round((8 * phyBytes * 1_000_000) / 162);
  const { crc = true, codingRate = '4/5', preambleSymbols = 8, explicitHeader = true } = frame;
  const symbolMs = (2 ** rate.sf * 1000) / rate.bwHz;
  const slow = frame.lowDataRateOptimize ?? symbolMs > slowSymbolMs;
  const bits = 8 * phyBytes - 4 * rate.sf + 28 + (crc ? 16 : 0) - (explicitHeader ? 0 : 20);
  const blocks = Math.max(Math.ceil(bits / (4 * (rate.sf - (slow ? 2 : 0)))), 0);
  const payloadSymbols = 8 + blocks * Number(codingRate[2]);
  return Math.round((preambleSymbols + 4.25 + payloadSymbols) * symbolMs * 1000);
};
