import { readFileSync } from 'node:fs';

/** One thing that a host says, and what comes of it until it says the next. */
export interface Exchange {
  /** Undefined for what a board says by itself before anybody asked. */
  readonly command: string | undefined;
  readonly answers: readonly string[];
}

/** The exchanges of a transcript: `> ` is the host, `< ` the board, `# ` a note. */
export const exchangesOf = (name: string): readonly Exchange[] => {
  const file = readFileSync(new URL(`./transcripts/${name}.txt`, import.meta.url), 'latin1');
  const all: { command: string | undefined; answers: string[] }[] = [];
  for (const line of file.split('\n')) {
    if (line.startsWith('> ')) all.push({ command: line.slice(2), answers: [] });
    if (!line.startsWith('< ')) continue;
    if (all.length === 0) all.push({ command: undefined, answers: [] });
    all.at(-1)!.answers.push(line.slice(2));
  }
  return all;
};
