import type { Emission } from '../network/scheduler.js';
import type { Memory } from '../network/session.js';
import type { BayState } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { SavedCounter } from '../parking/lot.js';
import { memoryOutbox, type Outbox } from './outbox.js';

/** What belongs together: a frame's counter, its events, what they made of bays, and what its answer takes from a gateway's hour. */
export interface StoreBatch {
  /** The new state of devices. */
  readonly memories: readonly Memory[];
  /** Join the outbox in this order. */
  readonly events: readonly ParkingEvent[];
  readonly emissions: readonly Emission[];
  /** The new state of bays. */
  readonly bays?: readonly BayState[];
  /** The new state of counters of cars. */
  readonly counters?: readonly SavedCounter[];
}

/** What a store found when it was opened. */
export interface Recovered {
  readonly devices: number;
  readonly bays: number;
  /** Events that some sink has not had yet. */
  readonly events: number;
  /** Bytes of a last record that a kill or a power cut left unfinished: nobody was promised anything about it. */
  readonly tornBytes: number;
  /** Records that were whole once and are not any more. */
  readonly damaged: number;
}

/** Where nonces, counters, sessions, bays and events that are on their way survive. */
export interface Store {
  /** What was there when the store was opened. */
  readonly memories: readonly Memory[];
  readonly bays: readonly BayState[];
  readonly counters: readonly SavedCounter[];
  /** What the gateways have sent within the hour before the store was opened, and perhaps more. */
  readonly emissions: readonly Emission[];
  readonly recovered: Recovered;
  readonly outbox: Outbox;
  /** Keeps a batch, all of it or nothing; what follows from it may not leave before this is done. `undefined`: done at once. */
  commit(batch: StoreBatch): Promise<void> | undefined;
  /** Bytes on disk; 0 for a store that has none. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** A store that forgets with the process. */
export const memoryStore = (memories: readonly Memory[] = []): Store => {
  const outbox = memoryOutbox();
  return {
    memories,
    bays: [],
    counters: [],
    emissions: [],
    recovered: { devices: memories.length, bays: 0, events: 0, tornBytes: 0, damaged: 0 },
    outbox,
    commit(batch) {
      outbox.add(batch.events);
      return undefined;
    },
    bytes: 0,
    close: () => Promise.resolve(),
  };
};
