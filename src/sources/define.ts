import type { Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import type { RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { Us } from '../base/time.js';
import type { CountReading } from '../parking/lots.js';
import type { Clock } from '../io/clock.js';
import type { z } from 'zod';

/** What a source is given. */
export interface SourceContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Where paths in its configuration start; default: the working directory. */
  readonly folder?: string;
  /** EUIs of the gateways that may speak; `any` when nobody listed them (loopback only). */
  readonly gateways: ReadonlySet<string> | 'any';
  /** Takes a frame that a gateway heard. */
  frame(rx: RxFrame): void;
  /**
   * Takes what a counter of cars says; resolves when it is durable, and rejects when it could not be. Undefined when no lot
   * has such a counter. `atUs` is wall time; default: now.
   */
  count?(reading: Omit<CountReading, 'atUs'> & { readonly atUs?: Us }): Promise<void> | undefined;
  /** Counts what came and was no frame: `why` is a short stable word such as `not-allowed`, `bad-json`. */
  refused(why: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Says that a gateway came or went. */
  gateway(eui: string, state: 'online' | 'offline'): void;
}

/** A source that listens. */
export interface OpenSource {
  /** Where it listens, such as `udp://127.0.0.1:1700`. */
  readonly address: string;
  /** The gateways that this source can send through now. */
  reaches(gateway: string): boolean;
  /** Asks a gateway to transmit; resolves with its answer, or `no-answer`, and never rejects. */
  send(tx: TxFrame): Promise<TxVerdict>;
  close(): Promise<void>;
}

/** Where frames come from: one file per kind in `src/sources`, with its own configuration. */
export interface SourceKind<C = unknown> {
  readonly id: string;
  /** One line for `stellwerk ls sources` and the README. */
  readonly summary: string;
  /** Holds `type: z.literal(id)`. */
  readonly config: z.ZodType<C>;
  /** Opens it; a problem that a person can mend (port taken, address unsafe) comes back as a value. */
  open(config: C, context: SourceContext): Promise<OpenSource | { readonly problem: Problem }>;
}

export const defineSource = <C>(kind: SourceKind<C>): SourceKind => kind as unknown as SourceKind;
