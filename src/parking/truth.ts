// What truly happened, as a simulation knows it: what everybody's view of the bays is measured against.
import type { Us } from '../base/time.js';

/** A bay as it was when the story began. */
export interface TruthBay {
  readonly bay: string;
  readonly lot: string;
  readonly lat: number;
  readonly lon: number;
  /** Id of its sensor's model. */
  readonly sensor: string;
  readonly present: boolean;
}

export interface TruthGateway {
  readonly eui: string;
  readonly lat: number;
  readonly lon: number;
}

/** One record of a truth stream. */
export type Truth =
  | { readonly kind: 'bay'; readonly us: Us; readonly bay: TruthBay }
  | { readonly kind: 'gateway'; readonly us: Us; readonly gateway: TruthGateway }
  /** A car came or left. */
  | { readonly kind: 'car'; readonly us: Us; readonly bay: string; readonly present: boolean }
  | {
      readonly kind: 'sent';
      readonly us: Us;
      readonly bay: string;
      /** Spreading factor; 0 for what is no LoRa. */
      readonly sf: number;
      readonly heardBy: number;
      readonly lost?: string;
    }
  /** The story is over. */
  | { readonly kind: 'end'; readonly us: Us };
