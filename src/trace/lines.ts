import type { Problem } from '../base/problem.js';
import { problem } from '../base/problem.js';
import { mostLineBytes } from './json-lines.js';

/** What a cutter remembers between two pieces of a stream. A new stream starts with `noLines`. */
export interface LineTail {
  /** Lines that ended so far. */
  readonly lines: number;
  /** Bytes of the line that is still open; empty while an overlong line is being skipped. */
  readonly open: Uint8Array;
  /** Whether the open line grew beyond the bound: it is skipped to its end and reported once. */
  readonly skipping: boolean;
}

/** A line, or the problem that stands in its place; `line` counts from 1. */
export type CutLine =
  | { readonly kind: 'line'; readonly line: number; readonly text: string }
  | { readonly kind: 'problem'; readonly line: number; readonly problem: Problem };

export const noLines: LineTail = { lines: 0, open: new Uint8Array(0), skipping: false };

const newLine = 0x0a;
const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/**
 * Cuts a stream of bytes into lines of UTF-8, whatever the pieces: pass the tail of the last call with every new piece.
 * LF and CR LF end a line, empty lines are counted and left out, a byte that is no UTF-8 becomes U+FFFD.
 * Memory stays within `most` bytes; a longer line becomes one problem and the cutter goes on behind it.
 */
export const cutLines = (
  tail: LineTail,
  arrived: Uint8Array,
  most = mostLineBytes,
): { readonly out: readonly CutLine[]; readonly tail: LineTail } => {
  const out: CutLine[] = [];
  let { lines, open, skipping } = tail;
  const tooLong = (): void => {
    out.push({ kind: 'problem', line: lines + 1, problem: problem('record-too-long', { line: lines + 1, most }) });
  };
  let from = 0;
  for (let end = arrived.indexOf(newLine); end >= 0; end = arrived.indexOf(newLine, from)) {
    const bytes = join(open, arrived.subarray(from, end));
    if (!skipping) {
      if (bytes.length > most) tooLong();
      else if (bytes.length > 0) {
        const text = new TextDecoder().decode(bytes).replace(/\r$/, '');
        if (text !== '') out.push({ kind: 'line', line: lines + 1, text });
      }
    }
    lines++;
    open = noLines.open;
    skipping = false;
    from = end + 1;
  }
  if (!skipping) {
    open = join(open, arrived.slice(from));
    if (open.length > most) {
      tooLong();
      open = noLines.open;
      skipping = true;
    }
  }
  return { out, tail: { lines, open, skipping } };
};

/** The last line of a stream that does not end with a line end. */
export const lastLine = (tail: LineTail): readonly CutLine[] =>
  tail.open.length === 0 ? [] : cutLines(tail, Uint8Array.of(newLine), Infinity).out;
