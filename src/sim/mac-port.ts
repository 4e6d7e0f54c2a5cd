import type { Dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate } from '../lorawan/radio.js';
import type { Region } from '../lorawan/region.js';
import type { SensorInput } from './behaviour.js';
import type { DownlinkHeard, Lock } from './downlink-air.js';
import type { MacMind, MacRow } from './mac-state.js';
import type { DeviceNote } from './run-types.js';

/** What a MAC tells whoever gives it orders, besides what it tells its sensor. */
export type MacReport =
  | { readonly kind: 'joined'; readonly devAddr: number; readonly netId: number }
  /** A join request had no accept in its windows. */
  | { readonly kind: 'join-failed' }
  /** An unconfirmed frame of the application is over. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'unanswered'; readonly what: 'link-check' | 'time' }
  | { readonly kind: 'heard'; readonly rssiDbm: number; readonly snrDb: number }
  | {
      readonly kind: 'downlink';
      readonly fPort: number;
      readonly bytes: Uint8Array;
      readonly window: 'rx1' | 'rx2' | 'rxc';
      readonly heard: DownlinkHeard;
      readonly pending: boolean;
    };

/** What the MAC can do beyond its own row and mind. */
export interface MacPort {
  readonly nowUs: Us;
  readonly dice: Dice;
  readonly region: Region;
  /** No downlink will ever come: windows are waited for and not opened. */
  readonly unanswered: boolean;
  /** What is left in the battery, 1 to 0. */
  readonly charge: number;
  /** Chance that follows from seed, bay and count alone, never the same twice: DevNonces. */
  nonce(count: number): number;
  /** A nonce, or a counter of a session that outlives the program, has been used: a save must follow in time. */
  used(): void;
  wake(atUs: Us): void;
  transmit(frame: {
    readonly phy: Uint8Array;
    readonly freqHz: number;
    readonly channel: number;
    readonly dataRate: DataRate;
    readonly eirpDbm: number;
    readonly endUs: Us;
    readonly privateNetwork: boolean | undefined;
  }): void;
  /** Locks on to what is in the air for a window that opens now. */
  tune(freqHz: number, dataRate: DataRate): Lock | undefined;
  /** What was received when it is over; undefined when something else spoiled it. */
  finish(lock: Lock): DownlinkHeard | undefined;
  tell(input: SensorInput): void;
  note(what: DeviceNote['what'], untilUs?: Us): void;
  /** Only of a device that somebody gives orders to: what a sensor would not be told. */
  report?(what: MacReport): void;
}

/** A device of one row: its numbers, its mind and its port. Valid during one step. */
export interface Mac {
  readonly row: MacRow;
  readonly mind: MacMind;
  readonly port: MacPort;
}
