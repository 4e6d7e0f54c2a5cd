import { z } from 'zod';
import { slipOf } from '../base/nearest.js';
import { placed, problem, type Problem } from '../base/problem.js';
import { isSecretName } from '../base/secrets.js';
import { hideKeys } from './hide.js';
import type { TextDocument } from './yaml.js';

type Issue = z.core.$ZodIssue;

/** What was read, with what, and from where. */
export interface Reading {
  readonly document: TextDocument;
  readonly schema: z.ZodType;
  /** The value as the schema saw it at last, with its texts converted. */
  readonly value: unknown;
}

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of options',
  record: 'a group of options',
};

export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (inner: unknown, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );

/** What stands there, for a sentence; nothing of what must stay secret. */
const have = (value: unknown, path: readonly PropertyKey[]): string => {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of options';
  if (path.some((step) => isSecretName(String(step)))) return 'something else';
  const text = hideKeys(String(value));
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return typeof value === 'string' ? `"${short}"` : short;
};

const listed = (values: readonly unknown[]): string =>
  [values.slice(0, -1).map(String).join(', '), String(values.at(-1))].filter(Boolean).join(' or ');

/** A bound in words: `at least 1`, `more than 0`, `a text of at most 100 characters`. */
const bound = (issue: Issue & { readonly code: 'too_small' | 'too_big' }): string => {
  const small = issue.code === 'too_small';
  const limit = String(small ? issue.minimum : issue.maximum);
  const inclusive = issue.inclusive !== false;
  const range = `${small ? (inclusive ? 'at least' : 'more than') : inclusive ? 'at most' : 'less than'} ${limit}`;
  if (issue.origin === 'string') return limit === '1' && small ? 'a text' : `a text of ${range} characters`;
  return issue.origin === 'array' ? `a list with ${range}` : range;
};

/** What the schema wants at the place of an issue; undefined when only its message tells. */
const expected = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return listed(issue.values);
    case 'invalid_union': {
      const all = issue.errors.flatMap((issues) => issues.map(expected)).filter((one) => one !== undefined);
      return listed('options' in issue && Array.isArray(issue.options) ? issue.options : all);
    }
    case 'too_small':
    case 'too_big':
      return bound(issue);
    default:
      return undefined;
  }
};

/** zod's own words; what does not begin so was written by us for people. */
const zodsOwn = /^(Invalid|Too (small|big)|Unrecognized)/;

interface Json {
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly items?: Json;
  readonly prefixItems?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
}

/** The options that a schema knows at a path; of several kinds of group those of the kind that stands there. */
const knownAt = ({ schema, value }: Reading, path: readonly PropertyKey[]): readonly string[] => {
  const fits = (one: Json, here: unknown): boolean => {
    const kind = one.properties?.['type']?.const;
    return kind === undefined || kind === valueAt(here, ['type']);
  };
  const members = (one: Json, here: unknown): readonly Json[] => {
    const inner = one.anyOf ?? one.oneOf;
    return inner ? inner.flatMap((member) => members(member, here)).filter((member) => fits(member, here)) : [one];
  };
  let nodes = members(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json, value);
  for (const [index, step] of path.entries()) {
    const here = valueAt(value, path.slice(0, index + 1));
    nodes = nodes
      .map((node) =>
        typeof step === 'number' ? (node.prefixItems?.[step] ?? node.items) : node.properties?.[String(step)],
      )
      .flatMap((node) => (node ? members(node, here) : []));
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
};

const unknownOption = (reading: Reading, path: readonly PropertyKey[], option: string): Problem => {
  const near = slipOf(option, knownAt(reading, path));
  const what = near === undefined ? problem('option-unknown', { option }) : problem('option-slip', { option, near });
  return placed(what, reading.document.at([...path, option], 'name'));
};

/** Of a union's members the one that the writer meant: whose issues lie deepest in the value. */
const meant = (issue: Issue & { readonly code: 'invalid_union' }): readonly Issue[] => {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));
  const [best] = issue.errors.filter((issues) => issues.length > 0).sort((a, b) => depth(b) - depth(a));
  return (best ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** What an issue of a schema says to a person, with its place. */
export const problemsOf = (reading: Reading, issue: Issue): readonly Problem[] => {
  const { document, value } = reading;
  const { path } = issue;
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const inner = meant(issue);
    if (inner.some((one) => one.path.length > path.length)) return inner.flatMap((one) => problemsOf(reading, one));
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownOption(reading, path, key));
  const carried = issue.code === 'custom' ? (issue.params as { problem?: Problem } | undefined)?.problem : undefined;
  if (carried) return [placed(carried, document.at(path))];
  const wanted = zodsOwn.test(issue.message) ? expected(issue) : undefined;
  const here = valueAt(value, path);
  const what =
    wanted === undefined
      ? problem('config-invalid', { why: issue.message })
      : here === undefined && path.length > 0
        ? problem('option-missing', { option: String(path.at(-1)), expected: wanted })
        : problem('option-wrong', { have: have(here, path), expected: wanted });
  return [placed(what, document.at(path))];
};
