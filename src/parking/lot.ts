import type { Us } from '../base/time.js';

/** What a sign in front of a lot shows; `unknown` when too little is known to say. */
export const lotSigns = ['free', 'few', 'full', 'unknown'] as const;
export type LotSign = (typeof lotSigns)[number];

/** How a lot stands: free + occupied + unknown = capacity. */
export interface LotState {
  readonly lot: string;
  readonly capacity: number;
  readonly free: number;
  readonly occupied: number;
  readonly unknown: number;
  readonly sign: LotSign;
  /** Where the numbers come from: from sensors in bays, or from a counter at the gate. */
  readonly from: 'bays' | 'counter';
  /** The oldest sensor time among what was counted: no number here is older; undefined when nothing is known. */
  readonly freshUs: Us | undefined;
  /** When this was asserted. */
  readonly assertedTimeUs: Us;
  readonly simulated?: true;
}

/** What is kept of a counter of cars. */
export interface SavedCounter {
  readonly counter: string;
  readonly occupied: number;
  readonly sensorTimeUs: Us;
}
