import type { Dice } from '../base/dice.js';
import type { Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Field, FormatRow } from './codec.js';

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
  /** The sensor doubts itself: a short stable word such as `radar-failed`; several are joined by commas. */
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
  /** Options of the device, for a payload that reads differently with them. */
  readonly options?: SensorOptions;
  /** Set where the bytes cannot be made again from the message (reserved bits, several encodings): why. */
  readonly oneWay?: string;
}

/** What a user may say about one device of a model, beyond its identity; parsed by the model's own zod schema. */
export type SensorOptions = Readonly<Record<string, unknown>>;

/** What is known beside the bytes: what the user says about the device, and when the frame was heard. */
export interface Context {
  readonly options?: SensorOptions;
  readonly heardUs?: Us;
}

/**
 * How a distance sensor hangs over its bay. A bay is taken when what stands in it is higher than `thresholdMm`; inside
 * `hysteresisMm` around that it stays what it was.
 */
export interface Mounting {
  /** From the sensor to the ground. */
  readonly heightMm: number;
  readonly thresholdMm: number;
  readonly hysteresisMm: number;
}

/** One payload of a model, as documentation. */
export interface Format {
  readonly type: string;
  readonly fPort: number | 'any';
  readonly direction: 'uplink' | 'downlink';
  readonly rows: readonly FormatRow[];
}

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
  /** Seconds between two signs of life, as its maker sets it; a day when nothing is said. */
  readonly heartbeatS?: number;
  readonly messageTypes: readonly string[];
  readonly commandTypes: readonly string[];
  readonly examples: readonly Example[];
  /** A zod schema of the options, when the model has some; `defaults` are the options of a device that says nothing. */
  readonly options?: { safeParse(value: unknown): { success: boolean; data?: unknown; error?: unknown } };
  readonly defaults: SensorOptions;

  /** The message in an uplink's application payload; tries the layouts of its port in the order of their declaration. */
  decode(fPort: number, bytes: Uint8Array, context?: Context): Result<Message>;
  /** The payload that carries a message, and the port it travels on. */
  encode(message: Message): Result<{ readonly fPort: number; readonly bytes: Uint8Array }>;
  decodeCommand(fPort: number, bytes: Uint8Array, context?: Context): Result<Message>;
  encodeCommand(message: Message): Result<{ readonly fPort: number; readonly bytes: Uint8Array }>;
  annotate(fPort: number, bytes: Uint8Array, context?: Context): readonly Field[];
  annotateCommand(fPort: number, bytes: Uint8Array, context?: Context): readonly Field[];
  /** What the message says about the bay, oldest first: none, one, or several (several heads, several moments). */
  toReadings(message: Message, context?: Context): readonly Reading[];
  /** What in the message tells a person or their telephone apart: never in a reading, a log or an event as it is. */
  identifiers(message: Message): readonly string[];
  /** Every payload in both directions, as documentation. */
  readonly formats: readonly Format[];
  /** Any message of a type that the model sends (or understands, for a command type). */
  sample(type: string, dice: Dice): Message;
}
