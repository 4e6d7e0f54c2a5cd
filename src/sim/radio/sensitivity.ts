import type { LoraRate } from '../../lorawan/radio.js';
import { requiredSnrDb } from '../../lorawan/region.js';

/** Thermal noise with a noise figure of 6 dB (brocaar/lorawan sensitivity test: -174 + 10 log10(BW) + NF). */
export const noiseDbm = (bwHz: number): number => -174 + 10 * Math.log10(bwHz) + 6;

/** Receivers report no more than this, however loud the sender is. */
export const mostSnrDb = 13;

// By spreading factor, SF7 to SF12 at 125 kHz.
const tables = {
  /** Orange ELoRa; agrees with the SX1301 data sheet's -139.5 dBm. */
  elora: [-126.5, -129, -131.5, -134, -136.5, -139.5],
  /** signetlabdei/lorawan. */
  'ns-3': [-130, -132.5, -135, -137.5, -140, -142.5],
  /** LoRaSim, measured. */
  lorasim: [-126.5, -127.25, -131.25, -132.75, -134.5, -133.25],
} as const;

export const sensitivities = ['snr-floor', 'elora', 'ns-3', 'lorasim'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** The weakest that a gateway still understands, in dBm; wider channels hear 3 dB less for each doubling. */
export const floorDbm = (of: Sensitivity, rate: LoraRate): number => {
  if (of === 'snr-floor') return noiseDbm(rate.bwHz) + requiredSnrDb(rate)!;
  const table = tables[of];
  const place = Math.min(table.length - 1, Math.max(0, rate.sf - 7));
  return table[place]! + 3 * Math.log2(rate.bwHz / 125_000);
};
