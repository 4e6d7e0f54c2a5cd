import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import type { RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { DownlinkOutcome } from '../network/downlink-outcome.js';
import type { DownlinkEvent, DownlinkRequest } from '../network/queue.js';
import type { Entry } from '../network/registry.js';
import type { Emission } from '../network/scheduler.js';
import type { DeviceStatus } from '../network/session.js';
import type { BayState, Wall } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Outcome } from './outcome.js';

/** A bay as it is now, and as it was before a step; `revision` is what the step made of it. */
export interface ChangedBay {
  readonly bay: BayState;
  /** Undefined when nobody knew the bay. */
  readonly before: BayState | undefined;
  readonly revision: number;
}

/** What one step of the ladder leaves behind: to be made durable as one piece before anything else is done with it. */
export interface Batch {
  /** Where an uplink ended; absent for a downlink's later steps. */
  readonly outcome?: Outcome;
  /** Whose counters, nonces, sessions or queues changed. */
  readonly touched: readonly Entry[];
  readonly events: readonly ParkingEvent[];
  /** Bays that the events changed, and how each was before: for a batch that has to be taken back. */
  readonly bays?: readonly ChangedBay[];
  /** What became of queued downlinks. */
  readonly downlinks: readonly DownlinkEvent[];
  /** Where a downlink frame ended. */
  readonly descent?: DownlinkOutcome | undefined;
  /** What a device said of its battery and its reception. */
  readonly status?: (DeviceStatus & { readonly devEui: Eui }) | undefined;
  /** To be handed to its gateway once the batch is durable; its answer comes back as a `verdict`. */
  readonly send?: TxFrame | undefined;
  /** What `send` takes from its gateway's hour. */
  readonly emission?: Emission | undefined;
}

export type LadderInput =
  /** The clock runs: what waited when the process ended gets its turn. */
  | { readonly kind: 'start'; readonly atUs: Us }
  | { readonly kind: 'frame'; readonly rx: RxFrame }
  | { readonly kind: 'tick'; readonly atUs: Us }
  /** The wall clock against our own, which never jumps: told at the start, and whenever it was set. */
  | { readonly kind: 'clock'; readonly wall: Wall; readonly atUs: Us }
  /** The end: frames whose window is still open are taken as they are. */
  | { readonly kind: 'flush'; readonly atUs: Us }
  /** An application asks for a downlink; the answer is its first event, `queued` or `failed`. */
  | { readonly kind: 'downlink'; readonly request: DownlinkRequest; readonly atUs: Us }
  /** What waits for a device is taken back: all of it, or the one of that id because it could not be stored. */
  | { readonly kind: 'clear'; readonly devEui: Eui; readonly atUs: Us; readonly unstored?: string }
  /** The batch of an uplink was not made durable: its counter is as if it had never come, and its copy will be taken. */
  | { readonly kind: 'unstored'; readonly batch: Batch; readonly atUs: Us }
  /** What a gateway answered to `send`; `no-way` when nobody reaches it, `not-stored` when its batch was not durable. */
  | {
      readonly kind: 'verdict';
      readonly id: number;
      readonly verdict: TxVerdict | 'no-way' | 'not-stored';
      readonly atUs: Us;
    };

/** Where the ladder puts what it has done. */
export interface LadderOut {
  batch(batch: Batch): void;
  /** One hearing that gives no outcome of its own: another gateway's copy, in time or late. */
  copy(rx: RxFrame, when: 'in-time' | 'late'): void;
}
