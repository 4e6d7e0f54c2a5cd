import type { Dice } from '../base/dice.js';
import type { Result } from '../base/result.js';
import type { Codec, Field } from './codec.js';

/** Why a sensor started anew. */
export const restartCauses = [
  'power-on',
  'watchdog',
  'brownout',
  'external-pin',
  'lockup',
  'request',
  'rejoin',
  'other',
] as const;
export type RestartCause = (typeof restartCauses)[number];

/**
 * What a sensor says about one bay, in nobody's vendor words. A field is absent when the message does not say.
 * This is all that the rest of the program sees of a payload.
 */
export interface Reading {
  /** Which head of a sensor with several (four heads are four bays), counted from 1. */
  readonly head?: number;
  /** How long before the uplink this was true, when the payload says so. */
  readonly ageMs?: number;
  readonly occupied?: boolean;
  readonly batteryV?: number;
  /** 0 to 100. */
  readonly batteryPercent?: number;
  readonly batteryLow?: boolean;
  readonly temperatureC?: number;
  readonly humidityPercent?: number;
  /** Distance to whatever is in front of a distance sensor; occupancy is derived from it in `src/parking`. */
  readonly distanceMm?: number;
  /** Vehicles counted since the counter began. */
  readonly count?: number;
  /** The sensor doubts itself: a short stable word such as `error-register`. */
  readonly fault?: string;
  readonly tamper?: boolean;
  readonly restart?: RestartCause;
  readonly firmware?: string;
}

/** A decoded payload; `type` names its layout, the rest is in the vendor's terms with units in the names. */
export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** One sourced payload and what it means; a law tests each in both directions. */
export interface Example {
  readonly what: string;
  readonly fPort: number;
  readonly hex: string;
  readonly message: Message;
  /** The readings that follow, when the source or the issue fixes them. */
  readonly readings?: readonly Reading[];
  /** Data sheet page, captured frame or published test. */
  readonly source: string;
  /** `downlink` for a command to the sensor. */
  readonly direction?: 'uplink' | 'downlink';
  /** Set where the bytes cannot be made again from the message (reserved bits, several encodings): why. */
  readonly oneWay?: string;
}

/** The layouts that travel on each port: `{ 1: { status }, 2: { heartbeat } }`; `any` is a sensor that names no port. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each codec has its own message type; `defineSensor` checks them together
export type Ports = Readonly<Record<number | 'any', Readonly<Record<string, Codec<any>>>>> | PortsOfNumbers;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
type PortsOfNumbers = Readonly<Record<number, Readonly<Record<string, Codec<any>>>>>;

/** What a user may say about one device of a model, beyond its identity; parsed by the model's own zod schema. */
export type SensorOptions = Readonly<Record<string, unknown>>;

/** A sensor model as the ladder and the simulator use it. Made by `defineSensor`, one per file in `devices/sensors`. */
export interface SensorModel {
  /** Equals the file name: `<vendor>-<model>`. */
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  /** Where the payload format is published. */
  readonly source: string;
  /** A port that this model sends its messages on when its format names none. */
  readonly defaultFPort: number;
  /** Ports an uplink may come on; `any` when the format names none. */
  readonly fPorts: readonly number[] | 'any';
  readonly messageTypes: readonly string[];
  readonly commandTypes: readonly string[];
  readonly examples: readonly Example[];
  /** A zod schema of the options, when the model has some; `defaults` are the options of a device that says nothing. */
  readonly options?: { safeParse(value: unknown): { success: boolean; data?: unknown; error?: unknown } };
  readonly defaults: SensorOptions;

  /** The message in an uplink's application payload; tries the layouts of its port in the order of their declaration. */
  decode(fPort: number, bytes: Uint8Array, options?: SensorOptions): Result<Message>;
  /** The payload that carries a message, and the port it travels on. */
  encode(message: Message): Result<{ readonly fPort: number; readonly bytes: Uint8Array }>;
  decodeCommand(fPort: number, bytes: Uint8Array): Result<Message>;
  encodeCommand(message: Message): Result<{ readonly fPort: number; readonly bytes: Uint8Array }>;
  annotate(fPort: number, bytes: Uint8Array, options?: SensorOptions): readonly Field[];
  /** What the message says about the bay, oldest first: none, one, or several (several heads, several moments). */
  toReadings(message: Message, options?: SensorOptions): readonly Reading[];
  /** Any message of a type that the model sends (or understands, for a command type). */
  sample(type: string, dice: Dice): Message;
}
