import { readFileSync } from 'node:fs';

/** What a host sends, and what comes: a transcript's `>` line and the `<` lines after it; `sent` is empty for what comes by itself. */
export interface Exchange {
  readonly sent: string;
  readonly bytes: string;
}

/** The exchanges of a file in test/console/transcripts, in order. A remark begins a new one. */
export const exchangesOf = (name: string): readonly Exchange[] => {
  const text = readFileSync(new URL(`./transcripts/${name}`, import.meta.url), 'utf8');
  const found: { sent: string; bytes: string }[] = [];
  let open: { sent: string; bytes: string } | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('> ')) found.push((open = { sent: line.slice(2), bytes: '' }));
    else if (line.startsWith('< ')) {
      if (!open) found.push((open = { sent: '', bytes: '' }));
      open.bytes += `${line.slice(2)}\r\n`;
    } else if (line !== '') open = undefined;
  }
  return found;
};
