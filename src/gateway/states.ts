import type { LotState } from '../parking/lot.js';
import type { ParkingEvent } from '../parking/event.js';
import type { StateUpdate } from '../sinks/define.js';
import type { StateKey } from './delivery.js';

export interface StatesSetup {
  /** The newest of a bay, as it is now; undefined when nobody ever said anything of it. */
  bay(name: string): ParkingEvent | undefined;
  lot(name: string): LotState | undefined;
  /** Names, the one that changed last at the end. */
  bays(): Iterable<string>;
  lots(): Iterable<string>;
  /** What of it may leave. */
  readonly outward: { event(event: ParkingEvent): ParkingEvent | undefined; lot(lot: LotState): LotState | undefined };
}

/** What state sinks ask for, made at the moment in which it is sent: a state that has grown too old is not told as current. */
export const currentStates = (
  setup: StatesSetup,
): { current(key: StateKey): StateUpdate | undefined; all(): Iterable<StateKey> } => ({
  current(key) {
    const name = key.slice(key.indexOf(' ') + 1);
    if (key.startsWith('lot ')) {
      const state = setup.lot(name);
      const lot = state && setup.outward.lot(state);
      return lot && { kind: 'lot', lot };
    }
    const newest = setup.bay(name);
    const event = newest && setup.outward.event(newest);
    return event && { kind: 'bay', event };
  },
  *all() {
    for (const name of setup.bays()) yield `bay ${name}`;
    // Last, and so told first: signs in front of lots count most.
    for (const name of setup.lots()) yield `lot ${name}`;
  },
});
