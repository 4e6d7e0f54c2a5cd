import { dataRateText, type DataRate } from './radio.js';

/** A stretch of spectrum with one rule. */
export interface SubBand {
  readonly name: string;
  readonly fromHz: number;
  readonly toHz: number;
  /** Share of an hour that may be used: 0.01 is one percent, 1 is no limit. */
  readonly dutyCycle: number;
  readonly maxErpDbm: number;
}

export interface Channel {
  readonly freqHz: number;
  readonly minDr: number;
  readonly maxDr: number;
}

export interface DrRange {
  readonly min: number;
  readonly max: number;
}

/** What one value of ChMaskCntl makes of the sixteen bits of a ChMask; bits that it does not name are reserved. */
export type MaskRule =
  /** Bit i switches channel `first + i`, for `count` bits. With `below`, all channels below `first` go on or off as well. */
  | { readonly kind: 'bank'; readonly first: number; readonly count: number; readonly below?: boolean }
  /** Bit i switches the `size` channels from `size * i` on, and channel `wideFrom + i`, for `count` bits. */
  | { readonly kind: 'groups'; readonly size: number; readonly wideFrom: number; readonly count: number }
  /** Every channel that is defined goes on, whatever the mask says. */
  | { readonly kind: 'all-on' };

/** A region of LoRaWAN Regional Parameters (RP002) as data. */
export interface Region {
  readonly id: string;
  /**
   * `dynamic`: a network adds channels to the region's own, by NewChannelReq or by a CFList of frequencies (type 0).
   * `fixed`: all channels are known, a network only switches them, also by a CFList of masks (type 1); a device does not
   * answer NewChannelReq and DlChannelReq.
   */
  readonly channelPlan: 'dynamic' | 'fixed';
  readonly mostChannels: number;
  /** Frequencies in a CFList of type 0, and their data rates. */
  readonly cfList?: { readonly most: number; readonly minDr: number; readonly maxDr: number };
  /** By ChMaskCntl; undefined where the value is reserved. */
  readonly channelMasks: readonly (MaskRule | undefined)[];
  /** By number; undefined where none is defined. */
  readonly dataRates: readonly (DataRate | undefined)[];
  /** What a device may send with, and what it can receive. */
  readonly uplinkDrs: DrRange;
  readonly downlinkDrs: DrRange;
  /** The fastest data rate that ADR goes to: the last of LoRa in 125 kHz. */
  readonly adrMaxDr: number;
  /** Data rates of join requests. */
  readonly joinDrs: readonly number[];
  /** Largest application payload at each data rate, without FOpts (N of RP002); 0 where there is no such rate. */
  readonly maxPayload: readonly number[];
  /** Longest uplink; absent where there is no such rule. */
  readonly uplinkDwellMs?: number;
  /** Channels that every device knows and joins on. */
  readonly channels: readonly Channel[];
  /** Frequency of the first window: the uplink's own or the one of DlChannelReq, or channel index modulo `count` in a row. */
  readonly rx1Channels:
    | { readonly kind: 'uplink' }
    | { readonly kind: 'row'; readonly firstHz: number; readonly stepHz: number; readonly count: number };
  readonly rx2: { readonly freqHz: number; readonly dr: number };
  /** RX1 data rate by uplink data rate (row) and RX1DROffset (column). */
  readonly rx1DataRates: readonly (readonly number[])[];
  readonly receiveDelay1Ms: number;
  readonly joinAcceptDelay1Ms: number;
  readonly maxEirpDbm: number;
  /** By TXPower index: dB below the maximum. */
  readonly txPowerStepsDb: readonly number[];
  readonly subBands: readonly SubBand[];
}

/** The modulation of a data rate; undefined when the region does not define it. */
export const dataRateOf = (region: Region, dr: number): DataRate | undefined => region.dataRates[dr];

const isSameRate = (a: DataRate, b: DataRate): boolean =>
  a.kind === 'lora' && b.kind === 'lora'
    ? a.sf === b.sf && a.bwHz === b.bwHz
    : a.kind === b.kind && dataRateText(a) === dataRateText(b);

/** The number of a modulation; undefined when the region has no such data rate. */
export const drOf = (region: Region, rate: DataRate): number | undefined => {
  const dr = region.dataRates.findIndex((known) => known && isSameRate(known, rate));
  return dr < 0 ? undefined : dr;
};

const inRange = (region: Region, dr: number, { min, max }: DrRange): boolean =>
  dr >= min && dr <= max && region.dataRates[dr] !== undefined;

/** Whether a device of the region can send with a data rate. */
export const isUplinkDr = (region: Region, dr: number): boolean => inRange(region, dr, region.uplinkDrs);

/** Whether a device of the region can receive with a data rate. */
export const isDownlinkDr = (region: Region, dr: number): boolean => inRange(region, dr, region.downlinkDrs);

/** The data rate of the first window after an uplink. */
export const rx1DataRate = (region: Region, uplinkDr: number, offset: number): number => {
  const row = region.rx1DataRates[uplinkDr];
  return row?.[Math.min(offset, row.length - 1)] ?? region.rx2.dr;
};

/** Which sub-band a frequency lies in; -1 in the gaps, where nobody may send. */
export const subBandIndex = ({ subBands }: Region, freqHz: number): number => {
  for (let i = 0; i < subBands.length; i++) {
    const { fromHz, toHz } = subBands[i]!;
    if (freqHz >= fromHz && freqHz < toHz) return i;
  }
  return -1;
};

export const subBandOf = (region: Region, freqHz: number): SubBand | undefined =>
  region.subBands[subBandIndex(region, freqHz)];

/** What a gateway's transmitter is told for a downlink on a frequency, in dBm ERP: all that the sub-band allows. */
export const downlinkPowerDbm = (region: Region, freqHz: number): number => subBandOf(region, freqHz)?.maxErpDbm ?? 14;

/** Largest application payload in bytes at a data rate; 0 when there is no such rate. */
export const maxPayload = (region: Region, dr: number): number => region.maxPayload[dr] ?? 0;

/** What a device sends with at a TXPower index, in dBm EIRP; undefined when the region does not define the index. */
export const txPowerDbm = (region: Region, index: number): number | undefined => {
  const stepDb = region.txPowerStepsDb[index];
  return stepDb === undefined ? undefined : region.maxEirpDbm - stepDb;
};

/** SNR in dB that a receiver needs (SX1301 data sheet, ChirpStack, The Things Stack; +3 dB per doubling of bandwidth). */
export const requiredSnrDb = (rate: DataRate): number | undefined =>
  rate.kind === 'lora' ? 10 - 2.5 * rate.sf + 3 * Math.log2(rate.bwHz / 125_000) : undefined;
