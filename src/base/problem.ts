import { oneLine } from './one-line.js';
import { failed, type Failed } from './result.js';
import { sentences, type Sentence, type SentenceId } from './sentences/index.js';

export type Fact = string | number;

/** Where in a user's file a problem lies; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The way to the value, such as `sinks.0.qos`; empty for the whole file. */
  readonly path?: string;
}

/** What is wrong, for machines (`code`, English for ever) and, through the sentence catalogue, for people. */
export interface Problem {
  readonly code: SentenceId;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly at?: Place;
}

/** The names in braces of a sentence: `{have} of {need} bytes` needs `have` and `need`. */
type Holes<S extends string> = S extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never;
type HolesOf<C extends SentenceId> =
  | Holes<(typeof sentences)[C]['text']>
  | ((typeof sentences)[C] extends { hint: infer H extends string } ? Holes<H> : never);
export type Facts<C extends SentenceId> = [HolesOf<C>] extends [never]
  ? [facts?: Readonly<Record<string, Fact>>]
  : [facts: Readonly<Record<HolesOf<C>, Fact> & Record<string, Fact>>];

/**
 * A problem by its code, with the facts that its sentence names.
 *
 * @example problem('too-short', { have: 1, need: 3 })
 */
export const problem = <C extends SentenceId>(code: C, ...[facts]: Facts<C>): Problem => ({
  code,
  facts: facts ?? {},
});

/** `failed(problem(...))` in one word: the usual way out of a parser. */
export const fail = <C extends SentenceId>(code: C, ...facts: Facts<C>): Failed => failed(problem(code, ...facts));

/** The same problem, with the place in a file where it lies. */
export const placed = (what: Problem, at: Place): Problem => ({ ...what, at });

/** Facts quote what others wrote: no character of theirs may begin a line of a log or give orders to a terminal. */
const fill = (text: string, facts: Readonly<Record<string, Fact>>): string =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => oneLine(String(facts[name] ?? hole)));

/** The sentence for people, without place or hint. */
export const sentenceOf = (what: Problem): string => fill(sentences[what.code].text, what.facts);

/** What a person can do next; undefined when the sentence already says it. */
export const hintOf = (what: Problem): string | undefined => {
  const hint = (sentences[what.code] as Sentence).hint;
  return hint === undefined ? undefined : fill(hint, what.facts);
};

/** The facts that a problem's sentence and hint name and that it does not have: none, unless we are at fault. */
export const missingFacts = ({ code, facts }: Problem): readonly string[] => {
  const { text, hint = '' } = sentences[code] as Sentence;
  return [...`${text}${hint}`.matchAll(/\{(\w+)\}/g)]
    .map((hole) => hole[1]!)
    .filter((name) => facts[name] === undefined);
};

/** `file:line:column: path: sentence`, or the sentence alone when no file is to blame. */
export const describe = (what: Problem): string => {
  const { at } = what;
  if (!at) return sentenceOf(what);
  const path = at.path ? `${at.path}: ` : '';
  return `${at.file}:${at.line}:${at.column}: ${path}${sentenceOf(what)}`;
};

/** A broken promise of ours, or a stop that a person must hear of: a code, a sentence and a hint. */
export class StellwerkError extends Error {
  readonly problem: Problem;
  readonly others: readonly Problem[];

  constructor(what: Problem, options: { cause?: unknown; others?: readonly Problem[] } = {}) {
    super(describe(what), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StellwerkError';
    this.problem = what;
    this.others = options.others ?? [];
  }

  get code(): SentenceId {
    return this.problem.code;
  }

  get hint(): string | undefined {
    return hintOf(this.problem);
  }
}

/** The command was called wrongly: exit code 2 instead of 1. */
export class UsageError extends StellwerkError {
  override readonly name = 'UsageError';
}

/** Throws the problem of a failed result; for callers whose input cannot be bad unless we are. */
export const must = <T>(result: { readonly ok: true; readonly value: T } | Failed): T => {
  if (result.ok) return result.value;
  throw new StellwerkError(result.problem);
};
