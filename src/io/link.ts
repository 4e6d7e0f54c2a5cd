import type { LineSettings, LineSignals } from '../base/machine.js';
import type { Problem } from '../base/problem.js';

/** What a link tells its owner, in the order in which it happens; nothing before its `start`. */
export interface LinkEars {
  /** The other end is there: at once for a port that we open, at each client for one that we offer. */
  opened(line: LineSettings): void;
  bytes(bytes: Uint8Array): void;
  /** The other end is gone. A link that we opened is dead then; one that we offer waits for the next client. */
  lost(why: Problem): void;
  /** Only on a link that we offer: what its client has set, where the link can show it. */
  line?(line: LineSettings): void;
  signals?(signals: LineSignals): void;
}

/** A serial line, or what stands for one. What is asked of it is done in order; what it cannot do it leaves out. */
export interface Link {
  /** As a person names it: a path, `COM3`, `tcp://host:port`, `rfc2217://host:port`. */
  readonly address: string;
  /** Whether the speed and the modem lines reach the other end. */
  readonly can: { readonly line: boolean; readonly signals: boolean };
  /** A far end that we offer: it outlives its clients. */
  readonly offers?: true;
  /** From now on its ears hear; once. */
  start(): void;
  write(bytes: Uint8Array): void;
  setLine(line: LineSettings): void;
  setSignals(signals: LineSignals): void;
  /** Resolves when all that was written has left, or after `withinMs`. */
  drained(withinMs: number): Promise<void>;
  /** Lets go; the port is free when it resolves. Never rejects. */
  close(): Promise<void>;
}
