/** How many letters must be put in, taken out, changed or swapped with their neighbour to turn `a` into `b`. */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      // Two neighbours swapped are one slip of the fingers, not two.
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
};

// A long word from outside must not cost its length squared.
const longest = 64;

/**
 * The known words that somebody may have meant by `word`, best first; case, and a part in place of the whole, are forgiven.
 * At most `most` of them; empty when nothing is known.
 */
export const nearest = (word: string, known: readonly string[], most = 3): readonly string[] => {
  const asked = word.slice(0, longest).toLowerCase();
  const cost = (name: string): number => {
    const lower = name.toLowerCase();
    const apart = editDistance(asked, lower);
    return asked.length >= 3 && lower.includes(asked) ? Math.min(apart, 1) : apart;
  };
  return known
    .map((name) => ({ name, cost: cost(name) }))
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
};

/** The one known word that `word` is a slip of; undefined when none is close enough to be offered as such. */
export const slipOf = (word: string, known: readonly string[]): string | undefined => {
  const [best] = nearest(word, known, 1);
  if (best === undefined) return undefined;
  const apart = editDistance(word.slice(0, longest).toLowerCase(), best.toLowerCase());
  return apart <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined;
};
