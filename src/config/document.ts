import type { z } from 'zod';
import type { Problem } from '../base/problem.js';
import { withoutKeys } from './hide.js';
import { problemsOf, valueAt } from './issues.js';
import type { TextDocument } from './yaml.js';

export { readDocument, type TextDocument } from './yaml.js';

/** A number as JSON writes it; everything else that looks like one (0x10, 1e5, 012, an empty text) is text. */
const numberOf = (text: string): number | undefined =>
  /^-?(0|[1-9]\d{0,14})?(\.\d{1,15})?$/.test(text) && /\d/.test(text) ? Number(text) : undefined;
const truthOf = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);

type Issue = z.core.$ZodIssue;

/** What a text must become for the schema to take it; undefined when no conversion helps. */
const converted = (text: string, issue: Issue): number | boolean | undefined => {
  if (issue.code === 'invalid_type') {
    if (issue.expected === 'number' || issue.expected === 'int') return numberOf(text);
    if (issue.expected === 'boolean') return truthOf(text);
  }
  // A literal of numbers, such as the QoS 0 or 1.
  if (issue.code === 'invalid_value' && issue.values.some((known) => typeof known === 'number')) return numberOf(text);
  return undefined;
};

const setAt = (value: unknown, path: readonly PropertyKey[], to: unknown): void => {
  const owner = valueAt(value, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  owner[path.at(-1)!] = to;
};

/** A union tells its members' issues inside its own; conversions may help one of them. */
const innermost = (issue: Issue): readonly Issue[] =>
  issue.code === 'invalid_union'
    ? issue.errors
        .flatMap((member) => member.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })))
        .flatMap(innermost)
    : [issue];

/** From the top of a file to its end, as a person mends it. */
const byPlace = ({ at: a }: Problem, { at: b }: Problem): number =>
  a && b ? a.line - b.line || a.column - b.column : 0;

/**
 * The document as a schema wants it: the schema says which scalars are numbers or truth values, and only those are
 * converted. All problems at once, each with file, line and column; no key is in any of them.
 */
export const readAs = <T>(
  document: TextDocument,
  schema: z.ZodType<T>,
): { ok: true; value: T } | { ok: false; problems: readonly Problem[] } => {
  const draft: { root: unknown } = { root: structuredClone(document.value) };
  for (;;) {
    const result = schema.safeParse(draft.root);
    if (result.success) return { ok: true, value: result.data };
    let helped = false;
    for (const issue of result.error.issues.flatMap(innermost)) {
      const value = valueAt(draft, ['root', ...issue.path]);
      const to = typeof value === 'string' ? converted(value, issue) : undefined;
      if (to === undefined) continue;
      setAt(draft, ['root', ...issue.path], to);
      helped = true;
    }
    if (helped) continue;
    const reading = { document, schema, value: draft.root };
    const problems = result.error.issues.flatMap((issue) => problemsOf(reading, issue)).map(withoutKeys);
    return { ok: false, problems: problems.sort(byPlace) };
  }
};

/** A custom issue that carries a problem of ours through zod. */
export const carry = (what: Problem): { code: 'custom'; message: string; params: { problem: Problem } } => ({
  code: 'custom',
  message: what.code,
  params: { problem: what },
});
