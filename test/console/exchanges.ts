import { readFileSync } from 'node:fs';
import { lineCutter } from '../../src/base/cut.js';
import { ok, type Result } from '../../src/base/result.js';
import type { Dialect, Meaning } from '../../src/console/dialect.js';
import type { Script } from '../../src/console/script.js';
import type { Bench } from './bench.js';

/** What a host sends, and the lines that come; `sent` is empty for what comes by itself. */
export interface Exchange {
  readonly sent: string;
  readonly lines: readonly string[];
}

/** The exchanges of a file in test/console/transcripts, in order; a remark parts what comes after it from what was sent. */
export const exchangesIn = (name: string): readonly Exchange[] => {
  const text = readFileSync(new URL(`./transcripts/${name}`, import.meta.url), 'utf8');
  const found: { sent: string; lines: string[] }[] = [];
  let open: { sent: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('> ')) found.push((open = { sent: line.slice(2), lines: [] }));
    else if (/^<( |$)/.test(line)) {
      if (!open) found.push((open = { sent: '', lines: [] }));
      open.lines.push(line.slice(2));
    } else if (line !== '') open = undefined;
  }
  return found;
};

/** What a console makes of lines that come while `sent` is open, without `log`. */
export const meaningsOf = (dialect: Dialect, { sent, lines }: Exchange): readonly Meaning[] => {
  const reader = dialect.reader();
  const open = sent === '' ? undefined : ({ name: '', text: sent, ends: 'status', withinMs: 1_000 } as const);
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''));
  return lineCutter()
    .feed(bytes)
    .flatMap((cut) => ('line' in cut ? [...reader.line(cut.line, open)] : []))
    .filter(({ kind }) => kind !== 'log');
};

function* nothing(): Script<undefined> {
  return ok(undefined);
}

/** Runs a conversation while something happens to the board `afterMs` after its beginning; what it came to. */
export const withNews = <T>(
  b: Bench,
  script: Script<T>,
  { afterMs = 1_000, news }: { readonly afterMs?: number; news(): void },
): Result<T> | undefined => {
  let result: Result<T> | undefined;
  function* kept(): Script<T> {
    result = yield* script;
    return result;
  }
  b.run(kept(), afterMs);
  news();
  // It waits until the one before it is over.
  b.run(nothing(), 600_000);
  return result;
};
