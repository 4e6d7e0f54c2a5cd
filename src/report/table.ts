/** Columns of a table in a terminal stand this far apart. */
const gap = '  ';

/** How many columns a terminal gives to a text; control sequences for colours take none. */
export const textWidth = (text: string): number => [...text.replace(/\u001b\[[0-9;]*m/g, '')].length;

/**
 * Lines of text in aligned columns, without trailing spaces; a row may be shorter than the others.
 * `right` names the columns, from 0, whose values stand at the right edge.
 */
export const textTable = (
  rows: readonly (readonly string[])[],
  { indent = '', right = [] }: { readonly indent?: string; readonly right?: readonly number[] } = {},
): readonly string[] => {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, textWidth(cell))));
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const space = ' '.repeat(widths[i]! - textWidth(cell));
      return right.includes(i) ? space + cell : cell + space;
    });
    return (indent + cells.join(gap)).trimEnd();
  });
};
