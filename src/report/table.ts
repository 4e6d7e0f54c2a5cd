import { textWidth, wrapped } from './wrap.js';

/** Columns of a table in a terminal stand this far apart. */
const gap = '  ';

/** A last column that would be narrower than this is not broken into lines. */
const leastBroken = 12;

/**
 * Lines of text in aligned columns, without trailing spaces; a row may be shorter than the others.
 * `right` names the columns, from 0, whose values stand at the right edge. With a `width` the text in the last column
 * goes on below itself where the line would be longer.
 */
export const textTable = (
  rows: readonly (readonly string[])[],
  {
    indent = '',
    right = [],
    width = Infinity,
  }: { readonly indent?: string; readonly right?: readonly number[]; readonly width?: number } = {},
): readonly string[] => {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, textWidth(cell))));
  const last = widths.length - 1;
  const before = indent.length + widths.slice(0, last).reduce((sum, one) => sum + one + gap.length, 0);
  return rows.flatMap((row) => {
    const broken = row.length > last && width - before >= leastBroken;
    const [shown, ...below] = broken ? wrapped(row[last]!, width - before, '') : [row[last] ?? ''];
    const cells = [...row.slice(0, last), ...(row.length > last ? [shown!] : [])].map((cell, i) => {
      const space = ' '.repeat(widths[i]! - textWidth(cell));
      return right.includes(i) ? space + cell : cell + space;
    });
    return [(indent + cells.join(gap)).trimEnd(), ...below.map((more) => ' '.repeat(before) + more)];
  });
};
