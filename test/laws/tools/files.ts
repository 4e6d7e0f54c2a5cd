import ts from 'typescript';
import { parsed, walk, whereIs, type SourceText } from './tree.js';

/** A file is split when it does not fit on a few screens (DESIGN rule 1). */
export const mostLines = 300;

/** Files that are too long, as `file: n lines`. */
export const longFiles = (files: readonly SourceText[]): readonly string[] =>
  files.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > mostLines ? [`${path}: ${lines} lines, at most ${mostLines}`] : [];
  });

/** Every `process.exit` or `process.abort`: only the end of the work ends the process (DESIGN rule 3). */
export const exits = (files: readonly SourceText[]): readonly string[] =>
  files.flatMap((source) => {
    const file = parsed(source);
    const found: string[] = [];
    walk(file, (node) => {
      if (!ts.isPropertyAccessExpression(node) || !['exit', 'abort', 'reallyExit'].includes(node.name.text)) return;
      if (ts.isIdentifier(node.expression) && node.expression.text === 'process') found.push(whereIs(file, node));
    });
    return found;
  });

// Put together here so that this file does not break its own law.
const places = [
  ['..', 'shared'],
  ['', 'work', 'main'],
  ['', 'work', 'shared'],
  ['', 'tmp', 'brief'],
].map((parts) => parts.join('/'));

/** Lines that name a place on the machine of whoever wrote them. */
export const foreignPlaces = (files: readonly SourceText[]): readonly string[] =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, i) => (places.some((place) => line.includes(place)) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );

/** Every text that a file holds as a literal. */
export const literalsOf = (files: readonly SourceText[]): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const source of files)
    walk(parsed(source), (node) => {
      if (ts.isStringLiteralLike(node)) found.add(node.text);
    });
  return found;
};
