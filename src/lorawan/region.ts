import { dataRateText, type DataRate } from './radio.js';

/** A stretch of spectrum with one rule. */
export interface SubBand {
  readonly name: string;
  readonly fromHz: number;
  readonly toHz: number;
  /** Share of an hour that may be used: 0.01 is one percent. */
  readonly dutyCycle: number;
  readonly maxErpDbm: number;
}

export interface Channel {
  readonly freqHz: number;
  readonly minDr: number;
  readonly maxDr: number;
}

/** A region of LoRaWAN Regional Parameters (RP002) as data. */
export interface Region {
  readonly id: string;
  /** By number; undefined where none is defined. */
  readonly dataRates: readonly (DataRate | undefined)[];
  /** Largest application payload at each data rate, without FOpts (N of RP002). */
  readonly maxPayload: readonly number[];
  /** Channels that every device knows and joins on. */
  readonly channels: readonly Channel[];
  readonly rx2: { readonly freqHz: number; readonly dr: number };
  /** RX1 data rate by uplink data rate (row) and RX1DROffset (column). */
  readonly rx1DataRates: readonly (readonly number[])[];
  readonly receiveDelay1Ms: number;
  readonly joinAcceptDelay1Ms: number;
  readonly maxEirpDbm: number;
  /** By TXPower index: dB below the maximum. */
  readonly txPowerStepsDb: readonly number[];
  readonly subBands: readonly SubBand[];
  /** What a gateway's transmitter is told for a downlink on a frequency, in dBm ERP. */
  readonly downlinkPowerDbm: (freqHz: number) => number;
}

/** The modulation of a data rate; undefined when the region does not define it. */
export const dataRateOf = (region: Region, dr: number): DataRate | undefined => region.dataRates[dr];

/** The number of a modulation; undefined when the region has no such data rate. */
export const drOf = (region: Region, rate: DataRate): number | undefined => {
  const text = dataRateText(rate);
  const dr = region.dataRates.findIndex((known) => known && dataRateText(known) === text);
  return dr < 0 ? undefined : dr;
};

/** The data rate of the first window after an uplink. */
export const rx1DataRate = (region: Region, uplinkDr: number, offset: number): number => {
  const row = region.rx1DataRates[uplinkDr];
  return row?.[Math.min(offset, row.length - 1)] ?? region.rx2.dr;
};

/** Which sub-band a frequency lies in; -1 in the gaps, where nobody may send. */
export const subBandIndex = (region: Region, freqHz: number): number =>
  region.subBands.findIndex(({ fromHz, toHz }) => freqHz >= fromHz && freqHz < toHz);

export const subBandOf = (region: Region, freqHz: number): SubBand | undefined =>
  region.subBands[subBandIndex(region, freqHz)];

/** Largest application payload in bytes at a data rate; 0 when there is no such rate. */
export const maxPayload = (region: Region, dr: number): number => region.maxPayload[dr] ?? 0;

/** SNR in dB that a receiver needs (SX1301 data sheet, ChirpStack, The Things Stack; +3 dB per doubling of bandwidth). */
export const requiredSnrDb = (rate: DataRate): number | undefined =>
  rate.kind === 'lora' ? 10 - 2.5 * rate.sf + 3 * Math.log2(rate.bwHz / 125_000) : undefined;
