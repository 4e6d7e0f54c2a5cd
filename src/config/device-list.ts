import { placed, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { readDocument, type TextDocument } from './yaml.js';

// The tree that the YAML reader builds takes some seventy times the memory of its text, so a list of a hundred thousand
// devices is read in pieces of whole items.
const usual = { wholeChars: 1 << 20, itemsInPiece: 2_000 };

interface Piece {
  readonly first: number;
  readonly count: number;
  readonly text: string;
  /** Lines of the file above the piece's first line; -1 more where a bracket of ours stands on it. */
  readonly linesAbove: number;
}

/** Things that reach from one item into another. */
const reaching = /^(---|\.\.\.|%)|(^|[\s[{,:])[&*][A-Za-z]/m;

/** Offsets where the items of a block list at the left edge begin; undefined when the text is written otherwise. */
const blockStarts = (text: string): number[] | undefined => {
  const starts: number[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const char = text.charAt(at);
    if (char === '-' && /[\s]/.test(text.charAt(at + 1))) starts.push(at);
    else if (starts.length === 0 && !/[#\r\n]/.test(char)) return undefined;
    else if (!/[\s#]/.test(char)) return undefined;
    at = end < 0 ? text.length : end + 1;
  }
  return starts;
};

const countLines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

const blockPieces = (text: string, itemsInPiece: number): Piece[] | undefined => {
  const starts = blockStarts(text);
  if (!starts) return undefined;
  const pieces: Piece[] = [];
  let linesAbove = 0;
  for (let first = 0; first < starts.length; first += itemsInPiece) {
    const next = starts[first + itemsInPiece];
    const piece = text.slice(first === 0 ? 0 : starts[first], next);
    pieces.push({ first, count: Math.min(itemsInPiece, starts.length - first), text: piece, linesAbove });
    linesAbove += countLines(piece);
  }
  return pieces;
};

/** A JSON list with one object on each line, as `devices export` writes simulated fleets. */
const linePieces = (text: string, itemsInPiece: number): Piece[] | undefined => {
  const lines = text.trimEnd().split('\n');
  if (lines[0]?.trim() !== '[' || lines.at(-1)?.trim() !== ']') return undefined;
  const items = lines.slice(1, -1);
  if (!items.every((line, i) => (i < items.length - 1 ? /^\s*\{.*\},\s*$/ : /^\s*\{.*\}\s*$/).test(line)))
    return undefined;
  const pieces: Piece[] = [];
  for (let first = 0; first < items.length; first += itemsInPiece) {
    const piece = items.slice(first, first + itemsInPiece);
    const last = piece.length - 1;
    piece[last] = piece[last]!.trimEnd().replace(/,$/, '');
    pieces.push({ first, count: piece.length, text: `[\n${piece.join('\n')}\n]`, linesAbove: first });
  }
  return pieces;
};

const shifted = (what: Problem, lines: number): Problem => {
  const { at, facts } = what;
  // Of all facts only this one is a line of the same file.
  const moved =
    what.code === 'option-twice' ? { ...what, facts: { ...facts, line: Number(facts['line']) + lines } } : what;
  return at ? placed(moved, { ...at, line: at.line + lines }) : moved;
};

/**
 * The document in a text, as `readDocument` reads it; a long list with one item after the other costs a small part of the
 * memory: texts from `wholeChars` on are read `itemsInPiece` at a time. Never throws.
 */
export const readListDocument = (
  text: string,
  file: string,
  { wholeChars, itemsInPiece } = usual,
): Result<TextDocument> => {
  if (text.length < wholeChars || reaching.test(text)) return readDocument(text, file);
  const pieces = blockPieces(text, itemsInPiece) ?? linePieces(text, itemsInPiece);
  if (!pieces || pieces.length === 0) return readDocument(text, file);
  const value: unknown[] = [];
  for (const piece of pieces) {
    const read = readDocument(piece.text, file);
    if (!read.ok) return { ok: false, problem: shifted(read.problem, piece.linesAbove) };
    // Cut in the wrong place: then the whole is read, and its reader says what is wrong.
    if (!Array.isArray(read.value.value) || read.value.value.length !== piece.count) return readDocument(text, file);
    for (const item of read.value.value) value.push(item);
  }
  const opened: { piece?: Piece; document?: TextDocument } = {};
  return ok({
    file,
    value,
    at(path, part) {
      const index = Number(path[0] ?? 0);
      const piece = pieces.find(({ first, count }) => index >= first && index < first + count) ?? pieces[0]!;
      if (opened.piece !== piece) {
        const read = readDocument(piece.text, file);
        opened.piece = piece;
        if (read.ok) opened.document = read.value;
      }
      const place = opened.document!.at(path.length === 0 ? [] : [index - piece.first, ...path.slice(1)], part);
      return { ...place, line: place.line + piece.linesAbove, ...(place.path && { path: path.map(String).join('.') }) };
    },
  });
};
