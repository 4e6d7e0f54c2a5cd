import { problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import type { TextDocument } from './yaml.js';

/** Variables that other things of ours read. */
const otherVariables = /^STELLWERK_(APP_KEY|NWK_S_KEY|APP_S_KEY|UPDATE)$/;

type Owner = Record<string, unknown>;
const isOwner = (value: unknown): value is Owner => typeof value === 'object' && value !== null;
const own = (owner: Owner, name: string): unknown => (Object.hasOwn(owner, name) ? owner[name] : undefined);

/** `['state', 'topic']` is `stateTopic`. */
const camel = (words: readonly string[]): string =>
  words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');

/** The option that a variable's words lead to: as far down as there are groups and lists of that name. */
const find = (root: Owner, words: readonly string[]): { owner: Owner; path: readonly string[] } | undefined => {
  let owner = root;
  let left = words;
  const path: string[] = [];
  for (;;) {
    // A group may have a name of several words, too; the shortest that is there is taken.
    const length =
      left.findIndex((_, i) => i < left.length - 1 && isOwner(own(owner, camel(left.slice(0, i + 1))))) + 1;
    if (length === 0) break;
    const name = camel(left.slice(0, length));
    owner = own(owner, name) as Owner;
    path.push(name);
    left = left.slice(length);
  }
  if (left.some((word) => word === '') || (Array.isArray(owner) && !/^\d+$/.test(camel(left)))) return undefined;
  if (Array.isArray(owner) && Number(camel(left)) > owner.length) return undefined;
  return { owner, path: [...path, camel(left)] };
};

/**
 * The document with what the environment says instead: `STELLWERK_NAME` sets `name`, `STELLWERK_SINKS_0_URL` sets
 * `sinks.0.url`, `STELLWERK_SINKS_0_IN_FLIGHT` sets `sinks.0.inFlight`. A problem with such a value names the
 * variable in place of the file. Problem: `config-environment` for a variable that leads nowhere.
 */
export const withEnvironment = (
  document: TextDocument,
  env: Readonly<Record<string, string | undefined>>,
): Result<TextDocument> => {
  const root: unknown = structuredClone(document.value ?? {});
  const variables = new Map<string, string>();
  // In the order of their names, so that the first item of a list comes before the second.
  for (const [variable, value] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!variable.startsWith('STELLWERK_') || otherVariables.test(variable) || value === undefined) continue;
    const words = variable.slice('STELLWERK_'.length).toLowerCase().split('_');
    const found = isOwner(root) ? find(root, words) : undefined;
    if (!found) return failed(problem('config-environment', { variable, why: 'there is nothing of that name' }));
    found.owner[found.path.at(-1)!] = value;
    variables.set(found.path.join('.'), variable);
  }
  return ok({
    ...document,
    value: root,
    at(path, part) {
      const lengths = path.map((_, i) => path.length - i);
      const variable = lengths.map((n) => variables.get(path.slice(0, n).join('.'))).find((one) => one !== undefined);
      if (variable === undefined) return document.at(path, part);
      return { file: variable, line: 1, column: 1, path: path.join('.') };
    },
  });
};
