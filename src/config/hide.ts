import type { Fact, Problem } from '../base/problem.js';

/** The text without what may be a key: 24 hexadecimal digits or more, in groups or not. An EUI has 16. */
export const hideKeys = (text: string): string => text.replace(/[0-9a-f](?:[\s:-]?[0-9a-f]){23,}/gi, '[hidden]');

/** The problem without keys, in whatever field somebody wrote them. */
export const withoutKeys = (what: Problem): Problem => {
  const hidden = ([name, fact]: [string, Fact]): [string, Fact] => [
    name,
    typeof fact === 'string' ? hideKeys(fact) : fact,
  ];
  const facts = Object.fromEntries(Object.entries(what.facts).map(hidden));
  const { at } = what;
  return { ...what, facts, ...(at && { at: { ...at, ...(at.path && { path: hideKeys(at.path) }) } }) };
};
