import type { Us } from '../base/time.js';
import type { RestartCause } from '../codec/sensor.js';
import type { Finding } from './findings.js';

/** What a bay's message can say about its own trustworthiness. */
export const qualityFlags = [
  'first-report',
  'fault',
  'battery-low',
  'restarted',
  'late',
  'single-gateway',
  'weak-signal',
  'tamper',
  'restored',
  'out-of-order',
  'unsynced',
] as const;
export type QualityFlag = (typeof qualityFlags)[number];

/**
 * `occupied` and `freed` are changes; `confirmed` repeats what was known; `notice` says nothing about occupancy; `lost`:
 * nobody knows any more, since the sensor is silent.
 */
export const eventKinds = ['occupied', 'freed', 'confirmed', 'notice', 'lost'] as const;
export type EventKind = (typeof eventKinds)[number];

/** What happened at one bay, as one LoRaWAN frame told it. Instants are microseconds; `dialects` write them for the world. */
export interface ParkingEvent {
  /** Stable: the same frame gives the same id, so a consumer can drop what comes twice. */
  readonly id: string;
  readonly kind: EventKind;
  readonly bay: string;
  readonly lot: string;
  /** Undefined until the bay has said it once. */
  readonly occupied: boolean | undefined;
  /** Since when the bay is in this state, as far as its sensor told us. */
  readonly sinceUs: Us | undefined;
  /** When the sensor saw it (its frame's reception, less the age that the payload gives). */
  readonly sensorTimeUs: Us;
  /** When we asserted it: the moment this event was made. */
  readonly assertedTimeUs: Us;
  readonly batteryV?: number;
  readonly batteryPercent?: number;
  readonly batteryLow?: boolean;
  readonly temperatureC?: number;
  readonly distanceMm?: number;
  readonly count?: number;
  readonly fault?: string;
  readonly restart?: RestartCause;
  /** Pseudonyms (HMAC) of the drivers' tags and telephones that the frame names; only where the operator wants them. */
  readonly tags?: readonly string[];
  readonly radio?: {
    readonly gateway: string;
    readonly rssiDbm: number;
    readonly snrDb?: number;
    readonly gateways: number;
  };
  /** DevEUI of its sensor; absent where it may not be told. */
  readonly device?: string;
  readonly model: string;
  readonly frame: string;
  readonly fCnt?: number;
  readonly quality: readonly QualityFlag[];
  /** What is wrong with the bay or its sensor; absent when nothing is known to be. */
  readonly findings?: readonly Finding[];
  /** True for everything that a simulation or a replay made; carried end to end. */
  readonly simulated?: true;
}
