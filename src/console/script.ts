import type { LineSignals } from '../base/machine.js';
import { ok, failed, type Result } from '../base/result.js';
import type { Answer, Command, Dialect } from './dialect.js';
import type { BoardEvent } from './events.js';

/** What a conversation with a board is made of. */
export type Step =
  | { readonly kind: 'ask'; readonly command: Command }
  /** Waits for an event; events since the last question went out count as well. */
  | { readonly kind: 'await'; readonly withinMs: number; until(event: BoardEvent): boolean }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'baud'; readonly baud: number }
  /** Modem lines, one call after another: a board that has no words for it restarts that way. */
  | { readonly kind: 'signals'; readonly signals: LineSignals }
  /** The lines from now on are of this console. */
  | { readonly kind: 'use'; readonly dialect: Dialect }
  /** Bytes as they are, and what comes back until nothing came for `quietMs`, at most `withinMs`; no console is presumed. */
  | { readonly kind: 'say'; readonly bytes: string; readonly quietMs: number; readonly withinMs: number };

/** What came back, as lines and as it was: a blank line is a sign as well. */
export interface Heard {
  readonly lines: readonly string[];
  /** Latin-1, at most 4096 characters. */
  readonly raw: string;
}

/** What a step gives back. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'event'; readonly event: BoardEvent | undefined; readonly before: readonly BoardEvent[] }
  | { readonly kind: 'heard'; readonly heard: Heard }
  | { readonly kind: 'done' };

/**
 * A conversation, as a story: it yields steps and is told what came of them. Pure: whoever runs it has the clock and the
 * cable. When the cable is lost it is not told, it is ended, and so is a script whose board restarts in the middle.
 */
export type Script<T> = Generator<Step, Result<T>, Reply>;
export type Part<T> = Generator<Step, T, Reply>;

/** Asks and gives the answer, good or bad. */
export function* ask(command: Command): Part<Answer> {
  const reply = yield { kind: 'ask', command };
  return reply.kind === 'answer' ? reply.answer : { ok: true, lines: [] };
}

/** Asks and gives the answer's lines; the problem when the board refused. */
export function* must(command: Result<Command>): Part<Result<readonly string[]>> {
  if (!command.ok) return command;
  const answer = yield* ask(command.value);
  return answer.ok
    ? ok(answer.info === undefined ? answer.lines : [answer.info, ...answer.lines])
    : failed(answer.problem);
}

/** The event that was waited for, or undefined when the time was over; with all events that came before it. */
export function* awaitEvent(
  withinMs: number,
  until: (event: BoardEvent) => boolean,
): Part<{ readonly event: BoardEvent | undefined; readonly before: readonly BoardEvent[] }> {
  const reply = yield { kind: 'await', withinMs, until };
  return reply.kind === 'event' ? reply : { event: undefined, before: [] };
}

export function* pause(ms: number): Part<void> {
  yield { kind: 'pause', ms };
}

export function* setBaud(baud: number): Part<void> {
  yield { kind: 'baud', baud };
}

export function* setSignals(signals: LineSignals): Part<void> {
  yield { kind: 'signals', signals };
}

export function* useDialect(dialect: Dialect): Part<void> {
  yield { kind: 'use', dialect };
}

/** Sends bytes and gives what comes back; an open beginning of a line counts as a line. */
export function* say(bytes: string, how: { readonly quietMs: number; readonly withinMs: number }): Part<Heard> {
  const reply = yield { kind: 'say', bytes, ...how };
  return reply.kind === 'heard' ? reply.heard : { lines: [], raw: '' };
}

/** `{ [name]: value }`, or nothing when there is no value: facts that a board does not tell stay absent. */
export const present = <N extends string, V>(name: N, value: V | undefined): Partial<Record<N, V>> =>
  value === undefined ? {} : ({ [name]: value } as Record<N, V>);
