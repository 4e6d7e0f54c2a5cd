import type { Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import type { DownlinkCommand } from '../dialects/city/downlink-json.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { ParkingEvent } from '../parking/event.js';
import type { LotState } from '../parking/lot.js';
import type { Clock } from '../io/clock.js';
import type { z } from 'zod';

/** What a sink is given. */
export interface SinkContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Name of this gateway process, for topics and availability. */
  readonly name: string;
  readonly simulated: boolean;
  /** Where paths in its configuration start. */
  readonly folder: string;
  /** So long events may be kept. */
  readonly retentionDays: number;
  /** Says that `ready` has changed: deliveries go on, or wait. */
  changed(): void;
  /** Says that the far end may have forgotten the states: all of them are handed over anew. */
  renew(): void;
  /**
   * Takes a command to a device, named by its DevEUI. What becomes of it comes back through `downlink`; only when it
   * cannot become a downlink at all is the answer a problem, and the sink tells its sender. Never throws. Absent where
   * nobody takes commands.
   */
  command?(device: string, command: DownlinkCommand): Problem | undefined;
}

/**
 * How a delivery ended. `delivered`: the far end has it for good. `refused`: it will never take it; this is counted and
 * passed over. `again`: it is not known whether it has it; the same comes again, in order, when the sink is ready.
 */
export type Delivery = 'delivered' | 'refused' | 'again';

/** The newest of a bay or of a lot. A bay's is the event that tells of it; `occupied` is undefined when nobody knows. */
export type StateUpdate =
  { readonly kind: 'bay'; readonly event: ParkingEvent } | { readonly kind: 'lot'; readonly lot: LotState };

/** One way into a sink. */
export interface Lane<T> {
  /**
   * At most so many in one delivery, and so many deliveries underway at once: more than one only where the far end takes
   * them in order, so that none is delivered behind one that comes again.
   */
  readonly batch: number;
  readonly window: number;
  /**
   * Called only while the sink is ready, with at least one; deliveries end in any order. Never rejects. A list says how
   * each of them ended; `again` among them means all.
   */
  deliver(these: readonly T[]): Promise<Delivery | readonly Delivery[]>;
}

/** How the far end stands. */
export interface LinkState {
  readonly connected: boolean;
  /** Why not, in a few words without credentials. */
  readonly why?: string;
  /** Commands that came in through it, where it takes some: handed on, and refused at once. */
  readonly commands?: { readonly taken: number; readonly refused: number };
}

/** A sink that takes events. It keeps nothing: what it has not delivered stays in the outbox. */
export interface OpenSink {
  /** Where it delivers, without credentials, such as `mqtt://127.0.0.1:1883`. */
  readonly address: string;
  /** Whether it can deliver now; a sink that waits (for a connection, for Retry-After) is not ready. */
  readonly ready: boolean;
  readonly link: LinkState;
  /** Takes every event, oldest first. Absent where nobody wants them. */
  readonly stream?: Lane<ParkingEvent>;
  /** Takes the newest state of bays and lots. `reassertMs`: what has not changed for so long is told again. */
  readonly states?: Lane<StateUpdate> & { readonly reassertMs?: number };
  /** Takes what became of a downlink, whoever asked for it. Never throws, never blocks. */
  downlink?(event: DownlinkEvent): void;
  /** Ends; deliveries that are underway end with `again`. */
  close(): Promise<void>;
}

/** Where events go: one file per kind in `src/sinks`, with its own configuration. */
export interface SinkKind<C = unknown> {
  readonly id: string;
  readonly summary: string;
  /** Holds `type: z.literal(id)`. */
  readonly config: z.ZodType<C>;
  open(config: C, context: SinkContext): Promise<OpenSink | { readonly problem: Problem }>;
}

export const defineSink = <C>(kind: SinkKind<C>): SinkKind => kind as unknown as SinkKind;
