import type { Us } from '../base/time.js';
import type { Chip } from './radio/demodulators.js';
import type { InterferenceModel } from './radio/interference.js';
import type { LossModel } from './radio/loss.js';
import type { Sensitivity } from './radio/sensitivity.js';

/** One bay and the sensor in it. */
export interface BayPlan {
  /** Names the bay everywhere: its dice, its keys, its events. */
  readonly id: string;
  readonly lot: string;
  readonly lat: number;
  readonly lon: number;
  /** Id of the sensor's behaviour, which is the id of its model. */
  readonly sensor: string;
}

export interface GatewayPlan {
  readonly eui: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly heightM: number;
  readonly antennaGainDb: number;
  /** Its concentrator: how many frames it can follow at once; SX1302 when absent. */
  readonly chip?: Chip;
  /** When it hears nothing and sends nothing. */
  readonly outages?: readonly { readonly fromUs: Us; readonly toUs: Us }[];
}

/** One kind of stay and its share of all stays. */
export type DwellPlan = { readonly share: number } & (
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: 'normal'; readonly meanMs: number; readonly deviationMs: number }
  | { readonly kind: 'weibull'; readonly scaleMs: number; readonly shape: number }
  | { readonly kind: 'gamma'; readonly scaleMs: number; readonly shape: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  | { readonly kind: 'fixed'; readonly meanMs: number }
);

/** How many of the bays are taken when, and how long cars stay. */
export interface DemandPlan {
  /** IANA zone in which the hours below are meant. */
  readonly zone: string;
  /** Share of bays taken in each hour of the day, 0 to 1: 24 numbers for Monday to Friday, Saturday, Sunday. */
  readonly weekday: readonly number[];
  readonly saturday: readonly number[];
  readonly sunday: readonly number[];
  readonly dwell: readonly DwellPlan[];
}

/** Radio between the kerb and the roof. */
export interface AirPlan {
  /** Everybody hears everything: for laws and for tests of what comes after the air. */
  readonly ideal: boolean;
  /** A named path loss instead of the two numbers below. */
  readonly model?: LossModel;
  /** Height of the sensors' antennas, for models that ask: 0.1 when absent. */
  readonly sensorHeightM?: number;
  /** Path loss in dB: `referenceDb + 10 * exponent * log10(metres)`. */
  readonly referenceDb: number;
  readonly exponent: number;
  /** Deviation of the lasting loss between one sensor and one gateway (houses, trees), in dB. */
  readonly shadowingDb: number;
  /** Places nearer to each other than this have nearly the same; 110 when absent, 0 for none. */
  readonly correlationM?: number;
  /** Deviation from frame to frame, in dB. */
  readonly fadingDb: number;
  /** What a car over the sensor takes away, in dB. */
  readonly carLossDb: number;
  readonly carLossDeviationDb: number;
  /** A sensor's frames are judged at so many gateways, those that hear it best: 8 when absent. Ideal air: at all. */
  readonly hearers?: number;
  /** How frames spoil each other: `croce` when absent. */
  readonly interference?: InterferenceModel;
  /** Others that end before the fifth last symbol of a frame's preamble do not spoil it; false when absent. */
  readonly preambleLock?: boolean;
  /** What gateways still understand: `snr-floor` when absent. */
  readonly sensitivity?: Sensitivity;
}

/** A place and its day, ready to run. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly startUs: Us;
  /** Sensors are switched on within this time after the start, each at a moment of its own. */
  readonly bootSpreadMs: number;
  readonly bays: readonly BayPlan[];
  readonly gateways: readonly GatewayPlan[];
  readonly demand: DemandPlan;
  readonly air: AirPlan;
}

/** Metres between two places that are less than some 100 km apart (equirectangular, mean earth radius). */
export const metresBetween = (
  a: { readonly lat: number; readonly lon: number },
  b: { readonly lat: number; readonly lon: number },
): number => {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * 6_371_000;
};
