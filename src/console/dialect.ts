import type { Problem } from '../base/problem.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { BoardEvent, Refusal } from './events.js';
import type { AnyParam, Param } from './params.js';
import type { Heard, Script } from './script.js';

/**
 * When a command is over: `status` at a status word; `first` at the first line that is no event; `value` when both a
 * status word and a value line are there; `idle` when nothing came for 150 ms after the status word; `boot` at the boot
 * text, or when `withinMs` is over without a word: a command that restarts the board has no status.
 */
export type Ends = 'status' | 'first' | 'value' | 'idle' | 'boot';

/** A command as it goes out. */
export interface Command {
  /** The row's name in the table; empty for what a person typed. */
  readonly name: string;
  /** Without the terminator. */
  readonly text: string;
  readonly ends: Ends;
  readonly withinMs: number;
}

/** One command of a console: what can be done with it. */
export interface CommandRow {
  /** As it is written, without `AT+` and the like. */
  readonly word: string;
  /** What it is, in a few words: documentation, and the help that some boards print. */
  readonly what: string;
  /** What an answer to a question for it looks like; absent when it cannot be asked. */
  readonly read?: readonly AnyParam[];
  /** What is written; absent when it cannot be. */
  readonly write?: readonly AnyParam[];
  /** It can be given without a value. */
  readonly run?: true;
  /** `status` and 2 s when absent. */
  readonly ends?: Ends;
  readonly withinMs?: number;
}
export type CommandTable = Readonly<Record<string, CommandRow>>;

/** How a console spells its commands. */
export interface Syntax {
  ask(word: string): string;
  set(word: string, values: readonly string[]): string;
  run(word: string): string;
  /** Takes the value out of a line of an answer; undefined when the line is no value of this word. */
  value(line: string, word: string): string | undefined;
  /** Between values; cut only as often as there are params. */
  readonly separator: string;
}

/** What a line means. */
export type Meaning =
  /** A part of the answer to the open command. */
  | { readonly kind: 'value' }
  | { readonly kind: 'ok'; readonly info?: string }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly code: string; readonly waitMs?: number }
  | { readonly kind: 'event'; readonly event: BoardEvent }
  /** Anything else: kept for the reader, never an error. */
  | { readonly kind: 'log' };

/** Understands the lines of one port, in their order; it may remember what belongs together. */
export interface LineReader {
  /** `open` is the command that waits for its answer. A line may mean several things, in order; none is `log`. */
  line(text: string, open: Command | undefined): readonly Meaning[];
}

/** Who a board says that it is, as far as its console tells; nothing is changed by asking. */
export interface BoardIdentity {
  readonly model?: string;
  readonly firmware?: string;
  readonly chip?: string;
  readonly serial?: string;
  readonly devEui?: string;
  readonly joinEui?: string;
  readonly region?: string;
  readonly mode?: string;
  readonly joined?: boolean;
  readonly batteryV?: number;
  /** What else it told, by the words of its console; no secret among them. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Lower-case hex. What is absent is not set, or cannot be read. */
export interface BoardKeys {
  readonly devEui?: string;
  readonly joinEui?: string;
  readonly appKey?: string;
  readonly devAddr?: string;
  readonly nwkSKey?: string;
  readonly appSKey?: string;
}

export interface JoinEnd {
  readonly joined: boolean;
  readonly why?: string;
  readonly devAddr?: string;
}

export interface SendOrder {
  readonly fPort: number;
  /** Lower-case hex. */
  readonly hex: string;
  readonly confirmed: boolean;
}
export interface SendEnd {
  /** `sent` when nobody was asked to acknowledge. */
  readonly end: 'sent' | 'acknowledged' | 'not-acknowledged';
  readonly why?: string;
  readonly downlinks: readonly (BoardEvent & { readonly kind: 'downlink' })[];
  /** Of the last downlink, where the board tells. */
  readonly rssiDbm?: number;
  readonly snrDb?: number;
}

/** What every board is asked for, in the words of its console. A script ends with a problem when the board refuses. */
export interface Verbs {
  identify(): Script<BoardIdentity>;
  readKeys(): Script<BoardKeys>;
  /** Sets what is given, switches to LoRaWAN and to joining where needed, and reads back what can be read. */
  setKeys(keys: BoardKeys): Script<BoardKeys>;
  join(how: { readonly attempts: number; readonly withinMs: number }): Script<JoinEnd>;
  send(uplink: SendOrder): Script<SendEnd>;
  restart(): Script<void>;
  /** Back to factory state, and to a console that answers: unlocks, leaves data modes, resets. Says what it did. */
  rescue(): Script<readonly string[]>;
}

/** A question that shows who is there. The same bytes may be a question of several consoles: they are sent once. */
export interface Hello {
  readonly baud: number;
  /** Empty for boards that talk and do not listen. */
  readonly bytes: string;
  /** How long is listened; 400 ms when absent. Long ones come last. */
  readonly withinMs?: number;
}

/** How sure a console is that it was heard; `locked` when it is there and does not talk. */
export type Recognised = 'yes' | 'maybe' | 'locked' | 'bootloader' | undefined;

/** The console of a firmware: one file, or a folder with index.ts, in devices/consoles. */
export interface Dialect {
  readonly id: string;
  /** For people, such as `RAK RUI3`. */
  readonly name: string;
  readonly source: string;
  /** Defined by us, not by a manufacturer. */
  readonly ours?: true;
  /** Likely first. */
  readonly bauds: readonly number[];
  /** What ends a command; empty where a pause does. */
  readonly terminator: '\r\n' | '\r' | '\n' | '';
  readonly commands: CommandTable;
  readonly syntax: Syntax;
  readonly hellos: readonly Hello[];
  /** Whether what was heard after a hello (or by itself, when it is undefined) is of this console. */
  recognise(heard: Heard, hello: Hello | undefined): Recognised;
  /** What is sent at the same speed to turn a `maybe` into a `yes`: `recognise` is asked again about what it brings. */
  readonly confirm?: string;
  /** Who a board is by what it said before it was asked: for boards that talk and do not listen. Undefined asks it. */
  overheard?(lines: readonly string[]): BoardIdentity | undefined;
  reader(): LineReader;
  /** Whether the open beginning of a line is a whole answer although no line end came. */
  bare?(open: string, command: Command | undefined): boolean;
  readonly verbs: Verbs;
  /** Why a verb is no use with this firmware, as a sentence; then the verb's script fails with it. */
  readonly cannot?: Partial<Readonly<Record<keyof Verbs, string>>>;
  /** Exchanges from documents: each is replayed through `reader`. */
  readonly examples: readonly DialectExample[];
}

export interface DialectExample {
  readonly what: string;
  readonly source: string;
  /** What the host sends, without terminator; absent for what comes by itself. */
  readonly command?: string;
  /** What comes, control characters included. */
  readonly bytes: string;
  /** What the lines mean, in order, without `log`. */
  readonly means: readonly Meaning[];
}

/** Checks a console's table against its type; the way every file in devices/consoles ends. */
export const defineConsole = <const D extends Dialect>(dialect: D): D => dialect;

type Text<P> = P extends readonly [...infer Q]
  ? { -readonly [K in keyof Q]: Q[K] extends Param<infer T> ? T : never }
  : never;
type NamesWith<T extends CommandTable, K extends 'read' | 'write' | 'run'> = {
  [N in keyof T]: T[N] extends Readonly<Record<K, unknown>> ? N : never;
}[keyof T];

/** The commands of a console, typed by its table. */
export interface Commands<T extends CommandTable> {
  ask<N extends NamesWith<T, 'read'>>(name: N): Command;
  /** Problem `console-value` when a value is out of its range: the board is not asked. */
  set<N extends NamesWith<T, 'write'>>(name: N, ...values: Text<T[N]['write']>): Result<Command>;
  run<N extends NamesWith<T, 'run'>>(name: N): Command;
  /** What a person typed. */
  typed(text: string): Command;
  /** The values of an answer; `console-value` when they are not what the table says. */
  values<N extends NamesWith<T, 'read'>>(name: N, lines: readonly string[]): Result<Text<T[N]['read']>>;
}

const usualMs = 2_000;

/** Cuts a text at a separator into at most `most` parts; the last one keeps the rest. */
export const cutValues = (whole: string, separator: string, most: number): readonly string[] => {
  const parts = whole.split(separator);
  return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
};

/** Reads values by a row's params; the first that does not fit is the problem. */
export const readValues = (params: readonly AnyParam[], parts: readonly string[]): Result<readonly unknown[]> => {
  const values: unknown[] = [];
  if (parts.length > params.length) return fail('console-values', { have: parts.length, most: params.length });
  for (const [i, param] of params.entries()) {
    const part = parts[i];
    if (part === undefined && param.optional) continue;
    const value = param.read(part ?? '');
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok(values);
};

/** The typed commands of a table in a console's spelling. */
export const commandsOf = <T extends CommandTable>(table: T, syntax: Syntax): Commands<T> => {
  const rowOf = (name: unknown): CommandRow => table[name as string]!;
  const made = (name: unknown, text: string): Command => ({
    name: name as string,
    text,
    ends: rowOf(name).ends ?? 'status',
    withinMs: rowOf(name).withinMs ?? usualMs,
  });
  return {
    ask(name) {
      const asked = made(name, syntax.ask(rowOf(name).word));
      // No question restarts a board: how the row ends is how its setting ends.
      return asked.ends === 'boot' ? { ...asked, ends: 'status', withinMs: usualMs } : asked;
    },
    run: (name) => made(name, syntax.run(rowOf(name).word)),
    set(name, ...values) {
      const params = rowOf(name).write ?? [];
      const texts: string[] = [];
      for (const [i, value] of (values as readonly unknown[]).entries()) {
        if (value === undefined) break;
        const text = params[i]!.write(value as never);
        const checked = params[i]!.read(text);
        if (!checked.ok) return checked;
        texts.push(text);
      }
      return ok(made(name, syntax.set(rowOf(name).word, texts)));
    },
    typed: (text) => ({ name: '', text, ends: 'status', withinMs: usualMs }),
    values(name, lines) {
      const { word, read = [] } = rowOf(name);
      // A torn line of something else may stand before the answer: lines with the command's own word are believed first.
      const named = lines.filter((line) => line.toUpperCase().includes(word.toUpperCase()));
      for (const line of [...named, ...lines]) {
        const whole = syntax.value(line, word);
        if (whole === undefined) continue;
        return readValues(read, cutValues(whole, syntax.separator, read.length)) as Result<never>;
      }
      return fail('console-no-value', { word });
    },
  };
};

/** The answer to a command. */
export type Answer =
  | { readonly ok: true; readonly lines: readonly string[]; readonly info?: string }
  | { readonly ok: false; readonly problem: Problem; readonly why?: Refusal; readonly lines: readonly string[] };
