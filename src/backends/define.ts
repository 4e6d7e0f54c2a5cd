import type { Problem } from '../base/problem.js';
import type { Log } from '../base/log.js';
import type { RxFrame, TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { LadderSettings } from '../ladder/ladder.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { Registry } from '../network/registry.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Clock } from '../io/clock.js';

/** What the embedded network needs when a backend runs it: our own devices, and ears for what becomes of their frames. */
export interface BackendNetwork {
  readonly settings: LadderSettings;
  readonly devices: Registry;
  outcome(outcome: Outcome): void;
  event(event: ParkingEvent): void;
  /** Where a downlink frame ended on the network's side. */
  descent?(descent: DownlinkOutcome): void;
}

/** What a backend is given: the simulated gateways it speaks for. */
export interface BackendContext {
  readonly clock: Clock;
  readonly log: Log;
  /** EUIs of the simulated gateways, with their place. */
  readonly gateways: readonly {
    readonly eui: string;
    readonly lat?: number;
    readonly lon?: number;
    readonly altM?: number;
  }[];
  /** A server asks one of our gateways to transmit; the answer is the simulated concentrator's. */
  downlink(tx: TxFrame): TxVerdict;
  /** Only for a backend that is a network itself (`loopback`). */
  readonly network?: BackendNetwork;
}

/** What a backend did so far. */
export interface BackendState {
  /** Frames handed to it; frames that the far end is known to have taken. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly downlinks: number;
}

/** The far side of the air: takes what simulated gateways hear and brings what they are to send. */
export interface OpenBackend {
  readonly address: string;
  /** Hands over one hearing; `rx.gateway` says whose. */
  uplink(rx: RxFrame): void;
  /** Resolves when the far end has taken all that was handed over, or after `withinMs`; says how many are still open. */
  settled(withinMs: number): Promise<number>;
  readonly state: BackendState;
  close(): Promise<void>;
}

/** A network that our simulated gateways report to: one file per kind in `src/backends`. */
export interface BackendKind {
  readonly id: string;
  readonly summary: string;
  /** Such as `udp://host:port`: how `--to` names it. */
  readonly form: string;
  /** Whether the text after `--to` means this backend. */
  accepts(to: string): boolean;
  /** Whether a network answers there: without one devices cannot join. */
  readonly answers: boolean;
  open(to: string, context: BackendContext): Promise<OpenBackend | { readonly problem: Problem }>;
}

export const defineBackend = (kind: BackendKind): BackendKind => kind;
