import type { Log } from '../base/log.js';
import type { Us } from '../base/time.js';
import type { Clock } from '../io/clock.js';
import type { WallTime } from '../io/wall.js';
import type { LadderSettings } from '../ladder/ladder.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { RxFrame } from '../lorawan/radio.js';
import type { Device } from '../network/device.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { BayState } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { LotSetup } from '../parking/lots.js';
import type { Family } from '../report/prometheus.js';
import type { SinkKind } from '../sinks/define.js';
import type { OpenSource, SourceKind } from '../sources/define.js';
import type { GatewayDoor } from './control.js';
import type { Delivering } from './delivery.js';
import type { CommandDesk } from './desk.js';
import type { Counts } from './metrics.js';
import type { StatesSetup } from './states.js';
import type { Store } from './store.js';

/** A source or sink of a configuration, with the file that knows it. */
export interface Fitting<K> {
  readonly kind: K;
  readonly config: unknown;
}

export interface GatewaySetup {
  readonly name: string;
  readonly settings: LadderSettings;
  readonly devices: readonly Device[];
  /** EUIs that may speak. */
  readonly gateways: ReadonlySet<string> | 'any';
  readonly sources: readonly Fitting<SourceKind>[];
  readonly sinks: readonly Fitting<SinkKind>[];
  /** Where paths in the configuration of sinks start; default: the working directory. */
  readonly folder?: string;
  /** What is known of lots beside their bays. */
  readonly lots?: readonly LotSetup[];
  /** So long events may be kept; default 30. */
  readonly retentionDays?: number;
  /** What of an event or a lot may leave; default: all of it. */
  readonly outward?: StatesSetup['outward'];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells how the wall clock stands, at once and whenever it was set; absent: our clock is the wall's. */
  wall?(told: (wall: WallTime, byUs: Us) => void): () => void;
  /** Hears of every outcome and event, after they are durable: views and ledgers. */
  readonly watch?: {
    outcome?(outcome: Outcome): void;
    event?(event: ParkingEvent): void;
    /** An event that a sink has delivered, as it left. */
    delivered?(event: ParkingEvent, where: { readonly sink: string; readonly atUs: Us }): void;
    /** Where a downlink frame ended, and what became of a queued downlink. */
    descent?(descent: DownlinkOutcome): void;
    downlink?(event: DownlinkEvent): void;
  };
}

/** A gateway that runs. */
export interface RunningGateway {
  readonly counts: Counts;
  /** All that is counted, for Prometheus. */
  figures(): readonly Family[];
  readonly bays: ReadonlyMap<string, BayState>;
  readonly sources: readonly OpenSource[];
  readonly sinks: readonly Delivering[];
  /** Takes a frame as a source would hand it over. */
  ingest(rx: RxFrame): void;
  /** Where commands to sensors come together: from the control socket, from sinks, from a program that embeds us. */
  readonly desk: CommandDesk;
  readonly door: GatewayDoor;
  /** Resolves when nothing is on its way: commits done, gateways have answered; or when `withinMs` is over. */
  settled(withinMs: number): Promise<void>;
  /** Stops listening, delivers what is waiting (at most `flushMs`), lets go of everything. */
  close(flushMs?: number): Promise<void>;
}
