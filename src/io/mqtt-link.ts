import { Readable } from 'node:stream';
import type { MqttMessage } from './mqtt-queue.js';
import type { TlsMaterial } from './tls-files.js';

/** How sending ended: acknowledged; refused for good; or not known, because the connection went. */
export type Sent = 'delivered' | 'refused' | 'again';

export interface MqttSetup {
  readonly url: string;
  /** Default: `stellwerk_` and random digits. */
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  /** Default 30 s; a broker takes us for dead after one and a half times as long. */
  readonly keepaliveS?: number;
  /** A retained topic that says `online` while we are there; `offline` when we leave or, as last will, vanish. */
  readonly availability?: string;
  /** Messages of the stream that may wait while there is no connection; beyond it the oldest goes. Default 100 000. */
  readonly mostWaiting?: number;
  /** Unacknowledged messages on the way. Default 100: nine tenths of the throughput of 1000. */
  readonly inFlight?: number;
  /** Default 3.1.1. */
  readonly protocol?: '3.1.1' | '5';
  readonly tls?: TlsMaterial;
  /** The name that the broker's certificate must have; default: that of the URL. */
  readonly servername?: string;
  /** Keeps the broker from forgetting us: what is published to our subscriptions while we are away comes later. */
  readonly session?: boolean;
  /** First pause between two attempts, doubled up to half a minute. Default 500 ms. */
  readonly pauseMs?: number;
  /** Called once per change, not once per attempt; `lost` again only when the reason is new in this outage. */
  onState?(state: 'connected' | 'lost', why?: string): void;
  /** `retained`: the broker kept it, and gives it to everybody who comes. */
  onMessage?(topic: string, payload: string, about: { readonly retained: boolean }): void;
  /**
   * Must resolve before a message of QoS 1 is acknowledged, one message after the other; when it rejects, the connection
   * is closed, and the broker of a `session` sends the message again.
   */
  take?(topic: string, payload: Uint8Array, about: { readonly retained: boolean }): Promise<void>;
}

/** A connection that is tried for ever, and a queue in front of it. The counts are of the stream: not of states. */
export interface MqttLink {
  /** Takes a message. A retained one that still waits is replaced by a newer one of its topic; others keep their order. */
  publish(message: MqttMessage): void;
  /**
   * Sends messages now; `again` at once without a connection. Nothing that ends with `again` is sent later by itself. A
   * list, when they did not all end as `delivered`, says how each ended.
   */
  send(messages: readonly MqttMessage[]): Promise<Sent | readonly Sent[]>;
  /** Takes other certificates, with a connection of their own. */
  renewTls(material: TlsMaterial): void;
  /** Resolves when the broker has agreed; waits for a connection. Rejects when the broker forbids it. */
  subscribe(topic: string): Promise<void>;
  readonly connected: boolean;
  /** Acknowledged by the broker. */
  readonly delivered: number;
  /** In the queue or on the way. */
  readonly waiting: number;
  /** Given up: the queue was full, or the broker would not have it. */
  readonly dropped: number;
  /** Resolves when nothing waits, states included, or after `withinMs`. */
  flush(withinMs: number): Promise<void>;
  /** Says `offline` and lets go; what still waits is lost. Takes at most a second or two. */
  close(): Promise<void>;
}

/** A store that keeps nothing. */
export const noStore = {
  put(_packet: unknown, done: () => void) {
    done();
    return noStore;
  },
  del(packet: unknown, done?: (error: undefined, packet: unknown) => void) {
    done?.(undefined, packet);
    return noStore;
  },
  get: (_packet: unknown, done: (error: Error) => void) => done(new Error('nothing is kept')),
  createStream: () => Readable.from([], { objectMode: true }),
  close: (done?: () => void) => done?.(),
};
