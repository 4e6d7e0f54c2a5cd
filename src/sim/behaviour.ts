import type { Dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { Message, Mounting, RestartCause, SensorModel, SensorOptions } from '../codec/sensor.js';
import type { ColumnSpec, Row } from './columns.js';

/** What happens to a sensor. */
export type SensorInput =
  /** It has power and a program; its columns are zero. The MAC joins by itself and says so with `joined`. */
  | { readonly kind: 'boot'; readonly cause: RestartCause }
  | { readonly kind: 'joined' }
  /** A car came to stand over it, or left. The sensor does not know yet: detection takes its time. */
  | { readonly kind: 'car'; readonly present: boolean }
  /** An appointment made with `wakeInMs` has come. */
  | { readonly kind: 'wake'; readonly slot: number }
  /** The network's answer to `ask('link-check')`: decibels above what is needed, and how many gateways heard it. */
  | { readonly kind: 'link-checked'; readonly marginDb: number; readonly gateways: number }
  /** The network's answer to `ask('time')`: what its clock shows now. */
  | { readonly kind: 'time'; readonly networkUs: Us }
  /** A command from the application. */
  | { readonly kind: 'downlink'; readonly fPort: number; readonly bytes: Uint8Array }
  /** The last confirmed uplink was acknowledged, or given up after all its tries. */
  | { readonly kind: 'delivered'; readonly acknowledged: boolean };

/** What a sensor can do. One object serves every row; it is only valid during the step. */
export interface SensorPort {
  readonly nowUs: Us;
  /** The row's own dice. */
  readonly dice: Dice;
  /** What a thermometer in the road shows now, in degrees Celsius. */
  readonly temperatureC: number;
  /** What is left in the battery, 1 when fresh to 0 when empty; see `battery.ts` for volts. */
  readonly charge: number;
  /** Whether a car stands over the sensor now: the truth, for `boot` and for a sensor that looks. */
  readonly carPresent: boolean;
  /** Hands a message to the MAC; it waits its turn (join, duty cycle, acknowledgements). At most 16 wait, then the oldest goes. */
  send(message: Message, options?: { readonly confirmed?: boolean; readonly tries?: number }): void;
  /** Puts a question to the network; it goes with the next uplink, and the answer may never come. */
  ask(what: 'link-check' | 'time'): void;
  /** Makes or moves an appointment; slots 0 to 3. */
  wakeInMs(slot: number, ms: number): void;
  cancel(slot: number): void;
  /** Starts anew: columns are zeroed, the MAC joins again, `boot` comes with this cause. */
  reboot(cause: RestartCause): void;
}

/** How a model uses LoRaWAN. */
export interface MacProfile {
  /** Decides how DevNonce is made: at random up to 1.0.3, increasing from 1.0.4. */
  readonly lorawan: '1.0.2' | '1.0.3' | '1.0.4';
  /** Data rates of successive join attempts, the last one repeated. */
  readonly joinDataRates: readonly number[];
  /** Data rate of the first uplink after a join. */
  readonly dataRate: number;
  /** TXPower index of the first uplink after a join; 0, full power, when absent. */
  readonly txPower?: number;
  /** Transmissions of a confirmed uplink before it is given up; from 1.0.4 on the network's NbTrans says so instead. */
  readonly confirmedTries: number;
  /** The most that it can do: conducted power plus antenna gain. */
  readonly eirpDbm: number;
  /** Whether the network may choose data rate and power; true when absent. */
  readonly adr?: boolean;
  /** A when absent. C listens whenever it does not send. */
  readonly deviceClass?: 'A' | 'C';
  /** `battery` when absent. */
  readonly power?: 'battery' | 'external';
}

/**
 * How a sensor lives: what it sends when a car comes, every hour, when it starts. One file per model in
 * `simulators/sensors`, named like the model's file in `devices/sensors`.
 * `step` writes into its row and calls its port, nothing else; chance comes from the port's dice.
 */
export interface SensorBehaviour<S extends ColumnSpec = ColumnSpec> {
  readonly id: string;
  readonly model: SensorModel;
  readonly mac: MacProfile;
  /** Where the habits are described. */
  readonly source: string;
  readonly columns: S;
  /** How it hangs over its bay, for a sensor that measures distances: the network must know it as well. */
  readonly mounting?: Mounting;
  /** How it is set up, where that is not the model's default: the network must know it as well. */
  readonly options?: SensorOptions;
  step(row: Row<S>, input: SensorInput, port: SensorPort): void;
}

/** Checks a behaviour's row against its columns; the way every file in `simulators/sensors` ends. */
export const defineBehaviour = <const S extends ColumnSpec>(behaviour: SensorBehaviour<S>): SensorBehaviour =>
  behaviour as unknown as SensorBehaviour;
