import type { Emission } from '../network/scheduler.js';
import type { Memory } from '../network/session.js';
import type { ParkingEvent } from '../parking/event.js';

/** What belongs together: a frame's counter, its events, and what its answer takes from a gateway's hour. */
export interface StoreBatch {
  /** The new state of devices. */
  readonly memories: readonly Memory[];
  readonly events: readonly ParkingEvent[];
  readonly emissions: readonly Emission[];
}

/** Where nonces, counters and sessions survive. */
export interface Store {
  /** What was there when the store was opened. */
  readonly memories: readonly Memory[];
  /** What the gateways have sent within the hour before the store was opened, and perhaps more. */
  readonly emissions: readonly Emission[];
  /** Keeps a batch, all of it or nothing; what follows from it may not leave before this is done. `undefined`: done at once. */
  commit(batch: StoreBatch): Promise<void> | undefined;
  close(): Promise<void>;
}

/** A store that forgets with the process. */
export const memoryStore = (memories: readonly Memory[] = []): Store => ({
  memories,
  emissions: [],
  commit: () => undefined,
  close: () => Promise.resolve(),
});
