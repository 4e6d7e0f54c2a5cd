import type { Command, CommandRow, Dialect, Ends } from './dialect.js';

const usualMs = 10_000;

/** The row that a person's line is spelt by: the longest word that it begins with. */
const rowOf = ({ commands, syntax }: Dialect, text: string): CommandRow | undefined => {
  const typed = text.toLowerCase();
  let best: CommandRow | undefined;
  let length = 0;
  for (const row of Object.values(commands)) {
    const word = syntax.run(row.word).toLowerCase();
    const next = typed[word.length];
    if (!typed.startsWith(word) || (next !== undefined && /[a-z0-9_]/.test(next))) continue;
    if (word.length >= length) [best, length] = [row, word.length];
  }
  return best;
};

/** How most commands of a console end: for a line that is in no table. */
const usualEnds = (dialect: Dialect): Ends => {
  const all = Object.values(dialect.commands).map(({ ends }) => ends);
  return all.includes('first') ? 'first' : all.includes('value') ? 'value' : all.includes('idle') ? 'idle' : 'status';
};

/** A line that a person typed, as a command: it ends as the row of the table does that it is spelt by. */
export const typedCommand = (dialect: Dialect, text: string): Command => {
  const row = rowOf(dialect, text);
  // A question about a command that restarts the board is an ordinary question.
  const asks = /\?\s*$/.test(text);
  const ends = row === undefined ? usualEnds(dialect) : (row.ends ?? 'status');
  return {
    name: '',
    text,
    ends: asks && ends === 'boot' ? 'status' : ends,
    withinMs: ends === 'boot' && row?.withinMs !== undefined ? row.withinMs : Math.max(usualMs, row?.withinMs ?? 0),
  };
};
