import type { Us } from '../base/time.js';
import type { Clock } from '../io/clock.js';
import type { ParkingEvent } from '../parking/event.js';
import type { LinkState, OpenSink, StateUpdate } from '../sinks/define.js';
import type { Outbox } from './outbox.js';

/** Names a state: `bay og-01`, `lot oberer-graben`. */
export type StateKey = `bay ${string}` | `lot ${string}`;

/** How a sink stands. */
export interface SinkState extends LinkState {
  /** Events: that came since the start, that the far end has, that wait, that were given up as too old or too many. */
  readonly taken: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dropped: number;
  /** Events and states that the far end would not have. */
  readonly refused: number;
  /** Deliveries that had to be repeated, because it was not known whether they had arrived. */
  readonly repeated: number;
  /** Newest states of bays and lots: delivered, and still to be told. */
  readonly states: { readonly delivered: number; readonly waiting: number };
}

export interface DeliverySetup {
  /** Its cursor's name in the outbox. */
  readonly name: string;
  readonly sink: OpenSink;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** What of an event may leave; undefined: nothing. */
  outward(event: ParkingEvent): ParkingEvent | undefined;
  /** A state as it is now; undefined when there is nothing to tell or nothing may leave. */
  current(key: StateKey): StateUpdate | undefined;
  /** Every state that there is. */
  all(): Iterable<StateKey>;
  /** Hears of each event that the far end has, with the time it was acknowledged. */
  delivered?(event: ParkingEvent, atUs: Us): void;
}

/** A sink being served. */
export interface Delivering {
  readonly address: string;
  readonly state: SinkState;
  /** Look again: the sink may be ready now, or not any more. */
  changed(): void;
  /** The far end may have forgotten all states. */
  renew(): void;
  /** This state is another one now. */
  tell(key: StateKey): void;
  /** Resolves when everything is delivered, or after `withinMs`; sooner when the far end stays away. */
  flush(withinMs: number): Promise<void>;
  close(): Promise<void>;
}
