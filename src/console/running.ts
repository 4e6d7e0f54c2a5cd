import { problem } from '../base/problem.js';
import type { Us } from '../base/time.js';
import type { Answer, Command } from './dialect.js';
import { refusalWords, type BoardEvent, type Refusal } from './events.js';
import { hideKeys } from './hide.js';
import type { Script, Step } from './script.js';

/** A conversation under way. */
export interface Running {
  readonly id: number;
  readonly script: Script<unknown>;
  step: Step | undefined;
  /** Of the step: when it is over, what was heard. */
  untilUs: Us;
  /** When a question is over although lines keep coming. */
  latestUs: Us;
  lines: string[];
  raw: string;
  status: { readonly ok: true; readonly info?: string } | undefined;
  again: boolean;
  /** The port has gone, as it may while this step lasts. */
  gone: boolean;
  /** Since the last question. */
  events: BoardEvent[];
}

export const newRun = (what: Pick<Running, 'id' | 'script'>): Running => ({
  ...what,
  step: undefined,
  untilUs: Infinity,
  latestUs: Infinity,
  lines: [],
  raw: '',
  status: undefined,
  again: false,
  gone: false,
  events: [],
});

/** Whether a command has all of its answer. */
export const isOver = ({ ends }: Command, { status, lines }: Running): boolean =>
  ends === 'first' || (status !== undefined && (ends === 'status' || (ends === 'value' && lines.length > 0)));

/** The answer of a board that says no. */
export const refusedAnswer = (
  command: Command,
  { why, code }: { readonly why: Refusal; readonly code: string },
  lines: readonly string[],
): Answer => ({
  ok: false,
  why,
  lines,
  problem: problem('board-refused', {
    command: hideKeys(command.text),
    code: hideKeys(code),
    why: refusalWords[why],
  }),
});
