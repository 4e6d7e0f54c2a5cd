import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutLines, lastLine, noLines, type CutLine, type LineTail } from '../../src/trace/lines.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const show = (out: readonly CutLine[]): readonly string[] =>
  out.map((one) => (one.kind === 'line' ? `${one.line} ${one.text}` : `${one.line} ${one.problem.code}`));

const cutAll = (pieces: readonly Uint8Array[], most?: number): readonly string[] => {
  let tail: LineTail = noLines;
  const out: CutLine[] = [];
  for (const piece of pieces) {
    const cut = cutLines(tail, piece, most);
    out.push(...cut.out);
    tail = cut.tail;
  }
  return show([...out, ...lastLine(tail)]);
};

test('lines are numbered, empty ones counted and left out, the last needs no end', () =>
  expect(cutAll([bytes('a\r\n\nb\nc')])).toEqual(['1 a', '3 b', '4 c']));

test('an overlong line is one problem, and the next line is read', () =>
  expect(cutAll([bytes('abc\n'), bytes('0123'), bytes('4567'), bytes('89\nxyz\n')], 5)).toEqual([
    '1 abc',
    '2 record-too-long',
    '3 xyz',
  ]));

test('memory stays bounded while an overlong line goes on', () => {
  let tail: LineTail = noLines;
  for (let i = 0; i < 100; i++) tail = cutLines(tail, new Uint8Array(1000).fill(0x61), 5000).tail;
  expect(tail.open).toHaveLength(0);
  expect(tail.skipping).toBe(true);
});

test('what was cut off does not change with the piece it came from', () => {
  const piece = bytes('open');
  const { tail } = cutLines(noLines, piece);
  piece.fill(0);
  expect(show(cutLines(tail, bytes('\n')).out)).toEqual(['1 open']);
});

test('any split of the bytes gives the same lines', () =>
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('é', '車', 'x'.repeat(30))), { maxLength: 8 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      (lines, cuts) => {
        const all = bytes(lines.join('\n'));
        const places = [0, ...cuts.map((at) => at % (all.length + 1)), all.length].sort((a, b) => a - b);
        const pieces = places.slice(1).map((to, i) => all.slice(places[i], to));
        expect(cutAll(pieces, 20)).toEqual(cutAll([all], 20));
      },
    ),
  ));
