import type { Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import type { DownlinkCommand } from '../dialects/city/downlink-json.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Clock } from '../io/clock.js';
import type { z } from 'zod';

/** What a sink is given. */
export interface SinkContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Name of this gateway process, for topics and availability. */
  readonly name: string;
  readonly simulated: boolean;
  /**
   * Takes a command to a device, named by its DevEUI. What becomes of it comes back through `downlink`; only when it
   * cannot become a downlink at all is the answer a problem, and the sink tells its sender. Never throws. Absent where
   * nobody takes commands.
   */
  command?(device: string, command: DownlinkCommand): Problem | undefined;
}

/** How a sink stands. */
export interface SinkState {
  readonly connected: boolean;
  /**
   * Events and results of downlinks: taken, delivered (acknowledged by the far end), still waiting, and given up because
   * the bound was reached.
   */
  readonly taken: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dropped: number;
  /** Commands that came in through it, where it takes some: handed on, and refused at once. */
  readonly commands?: { readonly taken: number; readonly refused: number };
}

/** A sink that takes events. */
export interface OpenSink {
  /** Where it delivers, without credentials, such as `mqtt://127.0.0.1:1883`. */
  readonly address: string;
  /** Takes an event; delivery follows in order. Never throws, never blocks. */
  write(event: ParkingEvent): void;
  /** Takes what became of a downlink, whoever asked for it. Never throws, never blocks. */
  downlink?(event: DownlinkEvent): void;
  readonly state: SinkState;
  /** Resolves when all that was taken is delivered or `withinMs` is over. */
  flush(withinMs: number): Promise<void>;
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
