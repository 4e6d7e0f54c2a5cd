import type { Dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate } from '../lorawan/radio.js';
import type { Region } from '../lorawan/region.js';
import type { SensorInput } from './behaviour.js';
import type { DownlinkHeard, Lock } from './downlink-air.js';
import type { MacMind, MacRow } from './mac-state.js';
import type { DeviceNote } from './run-types.js';

/** What the MAC can do beyond its own row and mind. */
export interface MacPort {
  readonly nowUs: Us;
  readonly dice: Dice;
  readonly region: Region;
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
  }): void;
  /** Locks on to what is in the air for a window that opens now. */
  tune(freqHz: number, dataRate: DataRate): Lock | undefined;
  /** What was received when it is over; undefined when something else spoiled it. */
  finish(lock: Lock): DownlinkHeard | undefined;
  tell(input: SensorInput): void;
  note(what: DeviceNote['what'], untilUs?: Us): void;
}

/** A device of one row: its numbers, its mind and its port. Valid during one step. */
export interface Mac {
  readonly row: MacRow;
  readonly mind: MacMind;
  readonly port: MacPort;
}
