import type { Memory } from '../network/session.js';

/** Where nonces, counters and sessions survive. */
export interface Store {
  /** What was there when the store was opened. */
  readonly memories: readonly Memory[];
  /** Keeps the new state of devices; nothing that follows from it may leave before this is done. `undefined`: done at once. */
  commit(changed: readonly Memory[]): Promise<void> | undefined;
  close(): Promise<void>;
}

/** A store that forgets with the process. */
export const memoryStore = (memories: readonly Memory[] = []): Store => ({
  memories,
  commit: () => undefined,
  close: () => Promise.resolve(),
});
