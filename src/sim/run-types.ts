import type { Us } from '../base/time.js';
import type { DataRate, RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Region } from '../lorawan/region.js';
import type { Air, Loss, Transmission } from './air.js';
import type { DownlinkResult } from './downlink-air.js';
import type { SensorBehaviour } from './behaviour.js';
import type { FleetState } from './fleet-state.js';
import type { Mac, MacReport } from './mac-port.js';
import type { Plan } from './plan.js';

/** Told what began here in a step, in the order of time, answers what began elsewhere. */
export type Exchange = (begun: readonly Transmission[], air: Pick<Air, 'meet'>) => readonly Transmission[];

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
  /**
   * No gateway will ever send: no device opens a window, and the air is judged after the devices have had a step. Within a
   * step of `advance` frames are told after all else, in the order of their ends, and what devices do is told some thousand
   * bays after the other. Every frame and verdict is the same either way.
   */
  readonly unanswered?: boolean;
  /**
   * The other parts of a city of which this run plays one, unanswered: all parts advance by the same steps. Which frames
   * are heard is the same as if one run played them all.
   */
  readonly exchange?: Exchange;
  /** Hears what the MACs tell beyond what they tell their sensors: for a device that is given orders. */
  readonly report?: (what: MacReport) => void;
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
  readonly lost?: Loss | undefined;
}

/** A downlink and when the server asked for it. */
export interface DownlinkInput {
  readonly atUs: Us;
  readonly tx: TxFrame;
}

/** What became of a downlink that a gateway had taken: one for each, once its time on the air is over. */
export interface DownlinkFate {
  /** `frameId` of its PHYPayload. */
  readonly id: string;
  readonly gateway: string;
  readonly startUs: Us;
  readonly endUs: Us;
  /** The bay whose sensor it was for, where that sensor was listening. */
  readonly bay?: string;
  /** `received` by the radio of its device; what the device made of it is not the air's business. */
  readonly result: DownlinkResult;
}

/** Why a message did not become a frame at once, or never will. */
export interface DeviceNote {
  readonly bay: string;
  readonly atUs: Us;
  readonly what:
    | 'not-joined'
    | 'waits-turn'
    | 'waits-duty-cycle'
    | 'waits-join-backoff'
    | 'waits-join-retry'
    | 'waits-retry'
    | 'given-up'
    | 'dropped-queue-full'
    | 'dropped-too-long'
    | 'dropped-restart'
    | 'nonces-exhausted'
    | 'counter-exhausted';
  /** Until when it waits, where that is known. */
  readonly untilUs?: Us;
}

/** Where a run puts what happens; everything in the order of time, then of the bay's name. */
export interface RunOut {
  sent?(frame: SentFrame): void;
  heard?(rx: RxFrame): void;
  /** The truth: a car came or left. */
  car?(change: { readonly bay: string; readonly lot: string; readonly atUs: Us; readonly present: boolean }): void;
  /** A downlink reached its device. */
  delivered?(downlink: { readonly bay: string; readonly atUs: Us }): void;
  /** The end of every downlink that a gateway took, with its reason; refused ones are the gateway's verdicts. */
  downlink?(fate: DownlinkFate): void;
  device?(note: DeviceNote): void;
}

/** Sums over all frames of a run. */
export interface RunFigures {
  sent: number;
  /** By at least one gateway. */
  heard: number;
  /** All hearings. */
  hearings: number;
  joins: number;
  readonly lost: Record<string, number>;
}

export interface LaneDigest {
  readonly lot: string;
  readonly digest: string;
}

export interface Run {
  readonly nowUs: Us;
  /** When something happens next if no downlink comes; Infinity when never. */
  readonly nextUs: Us;
  /** Moves to `untilUs`; downlinks in `inputs` are offered when their time comes. */
  advance(untilUs: Us, inputs: readonly DownlinkInput[], out: RunOut): void;
  /** A server asks a simulated gateway to transmit, now. */
  offer(tx: TxFrame): TxVerdict;
  /** What became of the frames that were sent so far. */
  readonly figures: RunFigures;
  /** The digest of each lot, for who puts the parts of a city together (`digestOf`). */
  lanes(): readonly LaneDigest[];
  /** SHA-256 over the lots' digests of every frame sent so far: (bay, time, frequency, data rate, bytes). */
  digest(): string;
  /**
   * What the devices carry into a next run. `clean` for the end of this one: exact values. Otherwise the run goes on and
   * may be killed: who loads such a state leaps ahead, so that no nonce and no counter of a key comes twice.
   */
  state(how: { readonly clean: boolean }): FleetState;
  /**
   * Whether time must stand still until a running save (`state({ clean: false })`) is on disk: true from the start, and
   * whenever a device has used up a third of its leap since the last one. One save at a time may be under way besides,
   * and no step may be longer than some ten seconds.
   */
  readonly mustSave: boolean;
  /** Gives the MAC of a bay's device an order, now; what it leaves to be done is done before this returns. */
  order<T>(bay: string, give: (mac: Mac) => T): T;
  /** The device of a bay loses power and has it again. */
  restart(bay: string, how: { readonly keepSession: boolean }): void;
  /** Whether a car stands in each bay: the truth. */
  taken(bay: string): boolean;
}
