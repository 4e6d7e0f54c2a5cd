// The one door to the package uqr: a text becomes a matrix (ISO/IEC 18004), nothing else.
import { encode } from 'uqr';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';

/** A QR code: rows of modules, true is dark; the quiet zone is part of it. */
export type QrMatrix = readonly (readonly boolean[])[];

/** ISO/IEC 18004 §6.3.8: four light modules on every side, or readers do not find it. */
const quietZone = 4;

/**
 * The code of a text, as small as it can be with error correction M (15 %) or better. Upper case, digits and
 * `$ % * + - . / :` make smaller codes than small letters do. Problem: `qr-too-long`.
 */
export const qrMatrix = (text: string): Result<QrMatrix> => {
  try {
    return ok(encode(text, { ecc: 'M', boostEcc: true, border: quietZone }).data);
  } catch {
    // It throws for one thing alone: more than the largest code holds.
    return fail('qr-too-long', { have: text.length });
  }
};

const blocks = { both: '\u2588', upper: '\u2580', lower: '\u2584', none: ' ' } as const;

/**
 * Lines of half blocks, two rows of modules in each. With `colour` the code is black on white whatever the terminal is;
 * without, light modules are drawn and dark ones left free, which is right on a dark terminal, and `invert` is for a
 * light one.
 */
export const qrLines = (
  matrix: QrMatrix,
  { colour, invert = false }: { readonly colour: boolean; readonly invert?: boolean },
): readonly string[] => {
  const drawn = colour || invert;
  const lines: string[] = [];
  for (let y = 0; y < matrix.length; y += 2) {
    const [upper = [], lower = []] = [matrix[y], matrix[y + 1]];
    const text = upper
      .map((dark, x) => {
        const top = dark === drawn;
        // Below the last row lies nothing; in colour it is as white as the quiet zone.
        const bottom = lower[x] === undefined ? !drawn : lower[x] === drawn;
        return top ? (bottom ? blocks.both : blocks.upper) : bottom ? blocks.lower : blocks.none;
      })
      .join('');
    lines.push(colour ? `\u001b[38;5;16;48;5;231m${text}\u001b[0m` : text);
  }
  return lines;
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

/** An SVG image of the code, black on white, `sizeMm` wide when printed; `title` is what a person or a screen reader is told. */
export const qrSvg = (
  matrix: QrMatrix,
  { title, sizeMm = 30 }: { readonly title: string; readonly sizeMm?: number },
): string => {
  const size = matrix.length;
  const runs: string[] = [];
  matrix.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      runs.push(`M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${sizeMm}mm" height="${sizeMm}mm" shape-rendering="crispEdges" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/>`,
    `<path fill="#000" d="${runs.join('')}"/>`,
    '</svg>',
    '',
  ].join('\n');
};
