import type { Us } from '../base/time.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import type { RunOut } from './run-types.js';

/** The keys and names of a modem, as its console shows and sets them; most significant byte first. */
export interface ModemIdentity {
  readonly devEui: string;
  readonly joinEui: string;
  readonly appKey: Uint8Array;
  readonly devAddr: number;
  readonly nwkSKey: Uint8Array;
  readonly appSKey: Uint8Array;
}

/** What a console can set of a modem's LoRaWAN. What the network changes (ADR, joins) shows here as well. */
export interface ModemSettings {
  activation: 'otaa' | 'abp';
  deviceClass: 'A' | 'C';
  /** Data rate of the next uplink: ADR moves it when it is on. */
  dataRate: number;
  adr: boolean;
  /** TXPower index, 0 is full power. */
  txPower: number;
  /** Whether the device keeps the duty cycle of its sub-bands. */
  dutyCycle: boolean;
  /** False: a private sync word, which no public gateway hears. */
  publicNetwork: boolean;
  rx1DelayS: number;
  rx2Hz: number;
  rx2DataRate: number;
  joinAcceptDelay1S: number;
}

/** What a modem tells by itself. */
export type ModemEvent =
  | { readonly kind: 'joined'; readonly devAddr: number; readonly netId: number }
  /** A join request had no accept in its windows. One for each request; the console decides about the next one. */
  | { readonly kind: 'join-failed'; readonly why: 'rx-timeout' }
  /** An unconfirmed uplink is over: sent, and its windows are past. */
  | { readonly kind: 'sent' }
  /** A confirmed uplink is over. */
  | { readonly kind: 'delivered'; readonly acknowledged: boolean }
  /** A frame with a payload for the application. */
  | {
      readonly kind: 'downlink';
      readonly fPort: number;
      readonly bytes: Uint8Array;
      readonly window: 'rx1' | 'rx2' | 'rxc';
      readonly rssiDbm: number;
      readonly snrDb: number;
      readonly dataRate: number;
      /** The network has more. */
      readonly pending: boolean;
    }
  | { readonly kind: 'link-checked'; readonly marginDb: number; readonly gateways: number }
  /** No answer came to a link check or to a question for the time. */
  | { readonly kind: 'unanswered'; readonly what: 'link-check' | 'time' }
  | { readonly kind: 'time'; readonly networkUs: Us };

/** Why a modem does not do at once what it was asked; `wait` is the duty cycle or the join back-off. */
export type ModemRefusal =
  | { readonly kind: 'busy' }
  | { readonly kind: 'not-joined' }
  | { readonly kind: 'not-otaa' }
  | { readonly kind: 'too-long'; readonly most: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** The real device MAC of one device, on its own, as the console of its board sees it. */
export interface Modem {
  readonly nowUs: Us;
  /** When something happens next by itself; Infinity when never. */
  readonly nextUs: Us;
  /** Moves on; `event` hears the modem, the rest of `out` the air. */
  advance(untilUs: Us, out: RunOut & { event?(event: ModemEvent, atUs: Us): void }): void;
  /** A server asks the simulated gateway to send, now. */
  offer(tx: TxFrame): TxVerdict;

  identity: ModemIdentity;
  /**
   * Read and write; a write takes effect from the next frame on, `activation` and `identity` at the next join. What is
   * written is also what a join or a restart begins with; an accept may say otherwise.
   */
  readonly settings: ModemSettings;
  readonly joined: boolean;
  readonly busy: boolean;
  /** The session's address; with ABP the identity's own. */
  readonly devAddr: number | undefined;
  readonly netId: number;
  /** The next counters, 0 without a session. */
  readonly fCntUp: number;
  readonly fCntDown: number;
  /** How the last downlink was heard. */
  readonly lastHeard: { readonly rssiDbm: number; readonly snrDb: number } | undefined;
  /** Most bytes of a payload at the data rate of now. */
  readonly mostBytes: number;

  /** One join request; undefined when it is on its way, or will be once its data rate's turn has come. With ABP it begins the session. */
  join(how?: { readonly dataRate?: number }): ModemRefusal | undefined;
  send(uplink: {
    readonly fPort: number;
    readonly bytes: Uint8Array;
    readonly confirmed: boolean;
    /** Transmissions of a confirmed uplink at most, up to LoRaWAN 1.0.3; else, and of an unconfirmed one, always NbTrans. */
    readonly tries?: number;
  }): ModemRefusal | undefined;
  /** Rides with the next uplink. */
  ask(what: 'link-check' | 'time'): void;
  /**
   * Power-on reset. A session of a join is forgotten unless it is to be kept, a personalised one is kept unless it is to be
   * forgotten; nonces and counters stay, settings are the console's to restore.
   */
  restart(how?: { readonly keepSession?: boolean }): void;
  /** Whether a save is due: at the start, and whenever it has used so many nonces or counters of its own keys. */
  readonly mustSave: boolean;
  /** Keys, nonces, counters, session: what the flash of a board holds. Not `clean`: the modem goes on after it. */
  save(how: { readonly clean: boolean }): unknown;
}
