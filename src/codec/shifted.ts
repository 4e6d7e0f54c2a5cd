import type { Problem } from '../base/problem.js';

/** The problem of a part of the payload, told from the payload's own beginning: the part begins at byte `by`. */
export const shifted = (what: Problem, by: number): Problem => ({
  ...what,
  facts: { ...what.facts, at: Number(what.facts['at'] ?? 0) + by },
});
