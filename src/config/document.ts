import { LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import type { z } from 'zod';
import { placed, problem, type Place, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';

/** A user's YAML or JSON file: its values, all scalars as text, and the place of each. */
export interface TextDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands; the nearest one that is there when it is missing. */
  at(path: readonly PropertyKey[]): Place;
}

const mostBytes = 16 * 1024 * 1024;
/** References to one anchor: more is an attack ("a billion laughs"), not a configuration. */
const mostAliases = 100;

/** A document from its text. Scalars stay text: YAML would read the DevAddr 2601E123 as a number with 126 digits. */
export const readDocument = (text: string, file: string): Result<TextDocument> => {
  const start: Place = { file, line: 1, column: 1 };
  if (text.length > mostBytes)
    return { ok: false, problem: placed(problem('file-too-large', { most: mostBytes }), start) };
  const lines = new LineCounter();
  const place = (offset: number, path?: string): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...(path && { path }) };
  };
  let document: YamlDocument;
  let value: unknown;
  try {
    document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const [error] = document.errors;
    if (error)
      return {
        ok: false,
        problem: placed(problem('yaml-invalid', { why: firstLine(error.message) }), place(error.pos[0])),
      };
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    return { ok: false, problem: placed(problem('yaml-invalid', { why: firstLine((error as Error).message) }), start) };
  }
  return ok({
    file,
    value,
    at(path) {
      const words = path.map(String);
      for (let length = words.length; length > 0; length--) {
        const node = document.getIn(words.slice(0, length), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return place(node.range[0], words.join('.'));
      }
      return place(document.range?.[0] ?? 0, words.join('.'));
    },
  });
};

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

/** A number as JSON writes it; everything else that looks like one (0x10, 1e5, 012, an empty text) is text. */
const numberOf = (text: string): number | undefined =>
  /^-?(0|[1-9]\d{0,14})?(\.\d{1,15})?$/.test(text) && /\d/.test(text) ? Number(text) : undefined;
const truthOf = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);

const getIn = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (inner: unknown, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

const setIn = (value: unknown, path: readonly PropertyKey[], to: unknown): void => {
  const owner = getIn(value, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  owner[path.at(-1)!] = to;
};

type Issue = z.core.$ZodIssue;

/** What a text must become for the schema to take it; undefined when no conversion helps. */
const converted = (text: string, issue: Issue): number | boolean | null | undefined => {
  if (issue.code === 'invalid_type') {
    if (issue.expected === 'number' || issue.expected === 'int') return numberOf(text);
    if (issue.expected === 'boolean') return truthOf(text);
  }
  // A literal of numbers, such as the QoS 0 or 1.
  if (issue.code === 'invalid_value' && issue.values.some((known) => typeof known === 'number')) return numberOf(text);
  return undefined;
};

/**
 * The document as a schema wants it: the schema says which scalars are numbers or truth values, and only those are
 * converted. All problems at once, each with file, line and column.
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
      const value = getIn(draft, ['root', ...issue.path]);
      const to = typeof value === 'string' ? converted(value, issue) : undefined;
      if (to === undefined) continue;
      setIn(draft, ['root', ...issue.path], to);
      helped = true;
    }
    if (!helped) return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(document, issue)) };
  }
};

/** A union tells its members' issues inside its own; conversions may help one of them. */
const innermost = (issue: Issue): readonly Issue[] =>
  issue.code === 'invalid_union'
    ? issue.errors
        .flatMap((member) => member.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })))
        .flatMap(innermost)
    : [issue];

/** Of a union's members the one that the writer meant: whose issues lie deepest in the value. */
const meant = (issue: Issue & { code: 'invalid_union' }): readonly Issue[] => {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));
  const [best] = [...issue.errors].filter((issues) => issues.length > 0).sort((a, b) => depth(b) - depth(a));
  return (best ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

const problemsOf = (document: TextDocument, issue: Issue): readonly Problem[] => {
  if (issue.code === 'invalid_union' && issue.errors.some((issues) => issues.length > 0))
    return meant(issue).flatMap((inner) => problemsOf(document, inner));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => placed(problem('config-unknown-key', { key }), document.at([...issue.path, key])));
  const carried = issue.code === 'custom' ? (issue.params as { problem?: Problem } | undefined)?.problem : undefined;
  return [placed(carried ?? problem('config-invalid', { why: issue.message }), document.at(issue.path))];
};

/** A custom issue that carries a problem of ours through zod. */
export const carry = (what: Problem): { code: 'custom'; message: string; params: { problem: Problem } } => ({
  code: 'custom',
  message: what.code,
  params: { problem: what },
});
