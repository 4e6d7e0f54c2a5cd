import type { Verdict } from './life-verdict.js';

const counted = (words: readonly (string | undefined)[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
};

/** `dev-nonce-used x 14, mic-mismatch x 1`: reasons with their counts, the most frequent first. */
export const tally = (words: readonly (string | undefined)[]): string =>
  counted(words)
    .map(([word, count]) => `${word} x ${count}`)
    .join(', ');

/** One of the verdicts with the most frequent reason; undefined when none has one. */
export const mostOf = (verdicts: readonly Verdict[]): Verdict | undefined => {
  const [first] = counted(verdicts.map(({ why }) => why));
  return first && verdicts.findLast(({ why }) => why === first[0]);
};
