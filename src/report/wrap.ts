/** How many columns a terminal gives to a text; control sequences for colours take none. */
export const textWidth = (text: string): number => [...text.replace(/\u001b\[[0-9;]*m/g, '')].length;

/**
 * The line in pieces that fit into `width` columns, broken at spaces; what follows the first piece is indented.
 * A word that is longer than a line stays whole.
 */
export const wrapped = (line: string, width: number, indent: string): readonly string[] => {
  if (textWidth(line) <= width) return [line];
  const pieces: string[] = [];
  let piece = '';
  // Spaces that align columns stay with the word before them.
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    if (piece.trim() !== '' && textWidth((piece + word).trimEnd()) > width) {
      pieces.push(piece.trimEnd());
      piece = indent;
    }
    piece += word;
  }
  return [...pieces, piece.trimEnd()];
};
