import type { Us } from '../base/time.js';
import type { DataRate, RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Region } from '../lorawan/region.js';
import type { Loss } from './air.js';
import type { SensorBehaviour } from './behaviour.js';
import type { FleetState } from './fleet-state.js';
import type { Plan } from './plan.js';

/** All that a run is a function of, but its downlinks. */
export interface RunSetup {
  readonly plan: Plan;
  readonly seed: string;
  /** The behaviour of every sensor id that the plan names. */
  readonly behaviours: ReadonlyMap<string, SensorBehaviour>;
  readonly region: Region;
  /** `abp` when nobody will answer a join: sessions then follow from the seed. */
  readonly activation: 'otaa' | 'abp';
  readonly state?: FleetState;
}

/** A frame that a device sent, and how it fared in the air. */
export interface SentFrame {
  readonly id: string;
  readonly bay: string;
  readonly lot: string;
  readonly sensor: string;
  readonly kind: 'join' | 'data';
  readonly startUs: Us;
  readonly endUs: Us;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  readonly phy: Uint8Array;
  readonly heardBy: number;
  /** Set when no gateway heard it. */
  readonly lost?: Loss;
}

/** A downlink and when the server asked for it. */
export interface DownlinkInput {
  readonly atUs: Us;
  readonly tx: TxFrame;
}

/** Where a run puts what happens; everything in the order of time, then of the bay's name. */
export interface RunOut {
  sent?(frame: SentFrame): void;
  heard?(rx: RxFrame): void;
  /** The truth: a car came or left. */
  car?(change: { readonly bay: string; readonly lot: string; readonly atUs: Us; readonly present: boolean }): void;
  /** A downlink reached its device. */
  delivered?(downlink: { readonly bay: string; readonly atUs: Us }): void;
}

export interface Run {
  readonly nowUs: Us;
  /** When something happens next if no downlink comes; Infinity when never. */
  readonly nextUs: Us;
  /** Moves to `untilUs`; downlinks in `inputs` are offered when their time comes. */
  advance(untilUs: Us, inputs: readonly DownlinkInput[], out: RunOut): void;
  /** A server asks a simulated gateway to transmit, now. */
  offer(tx: TxFrame): TxVerdict;
  /** SHA-256 over the lots' digests of every frame sent so far: (bay, time, frequency, data rate, bytes). */
  digest(): string;
  /** What the devices carry into a next run. */
  state(): FleetState;
  /** Whether a car stands in each bay: the truth. */
  taken(bay: string): boolean;
}
