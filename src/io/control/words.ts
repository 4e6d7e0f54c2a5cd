import { describe, hintOf, missingFacts, problem, type Fact, type Problem } from '../../base/problem.js';
import { redactText } from '../../base/secrets.js';
import { sentences, type SentenceId } from '../../base/sentences/index.js';

/** A problem as it travels over the control socket. */
export interface SpokenProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly facts?: Readonly<Record<string, Fact>>;
}

/** The problem in words, and its facts, so that the other end can say it in its own. */
export const speak = (what: Problem): SpokenProblem => {
  const hint = hintOf(what);
  const facts = Object.entries(what.facts).map(([name, fact]) => [
    name,
    typeof fact === 'string' ? redactText(fact) : fact,
  ]);
  return {
    code: what.code,
    message: redactText(describe(what)),
    ...(hint !== undefined && { hint: redactText(hint) }),
    ...(facts.length > 0 && { facts: Object.fromEntries(facts) as Record<string, Fact> }),
  };
};

export type Json = Readonly<Record<string, unknown>>;
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFact = (value: unknown): value is Fact => typeof value === 'string' || typeof value === 'number';

/** The problem that was spoken; one that this version does not know, or knows otherwise, comes as `control-refused`. */
export const hear = (spoken: unknown): Problem => {
  const { code, message, facts } = isJson(spoken) ? spoken : ({} as Json);
  const known = isJson(facts) ? Object.fromEntries(Object.entries(facts).filter(([, fact]) => isFact(fact))) : {};
  if (typeof code === 'string' && Object.hasOwn(sentences, code)) {
    const what: Problem = { code: code as SentenceId, facts: known as Record<string, Fact> };
    if (missingFacts(what).length === 0) return what;
  }
  const short = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 400) : 'it does not say why');
  return problem('control-refused', { message: short(message), code: typeof code === 'string' ? code : 'unknown' });
};

/** A line of JSON that is an object; undefined when it is anything else. */
export const jsonLine = (line: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
