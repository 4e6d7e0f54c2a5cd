import { readFileSync } from 'node:fs';

/** One line of a transcript; `note` begins with what its author wrote after `# `. */
export interface Entry {
  readonly who: 'host' | 'board' | 'note';
  readonly text: string;
}

/** A transcript of test/console/transcripts, line by line; where it shows control characters, they are put in. */
export const transcript = (name: string, { escaped = false } = {}): readonly Entry[] =>
  readFileSync(new URL(`./transcripts/${name}.txt`, import.meta.url), 'latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Entry => {
      const who = line.startsWith('> ') ? 'host' : line.startsWith('< ') ? 'board' : 'note';
      const text = line.slice(2);
      return { who, text: escaped && who !== 'note' ? unescape(text) : text };
    });

const controls: Readonly<Record<string, string>> = { r: '\r', n: '\n', 0: '\0' };
const unescape = (text: string): string => text.replace(/\\([rn0])/g, (_, letter: string) => controls[letter]!);
