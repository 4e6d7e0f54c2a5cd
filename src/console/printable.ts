/** What was heard at one speed. */
export interface Sample {
  readonly baud: number;
  readonly bytes: Uint8Array;
}

export type BaudVerdict =
  | { readonly kind: 'silent' }
  /** Something came, too little to tell text from noise. */
  | { readonly kind: 'too-little'; readonly bytes: number }
  | { readonly kind: 'text'; readonly baud: number; readonly ratio: number }
  /** At no speed it was text. */
  | { readonly kind: 'noise'; readonly bestBaud: number; readonly ratio: number };

/** Speeds at which boards talk, the likely ones first; 74880 is that of the boot log of an ESP with a 26 MHz crystal. */
export const talkBauds: readonly number[] = [115_200, 9_600, 57_600, 38_400, 19_200, 74_880, 230_400, 460_800, 921_600];

/** Fewer bytes than these can be of one kind by chance. */
export const enoughBytes = 16;
const textRatio = 0.9;

const isPrintable = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x1b;

/**
 * How much of it is text, 0 to 1: printable ASCII, line ends, tabs and escapes. 0 for no bytes. A byte that is read at a
 * wrong speed is anything, so a long stretch of text at the wrong speed comes to a third and less.
 */
export const printableRatio = (bytes: Uint8Array): number => {
  let good = 0;
  for (const byte of bytes) if (isPrintable(byte)) good++;
  return bytes.length === 0 ? 0 : good / bytes.length;
};

/** Whether this is text beyond doubt, so that nobody needs to listen at another speed. */
export const isText = (bytes: Uint8Array): boolean => bytes.length >= enoughBytes && printableRatio(bytes) >= textRatio;

/** The speed at which what was heard is text; among equals the one with more of it, then the earlier one. */
export const judgeBauds = (samples: readonly Sample[]): BaudVerdict => {
  const most = Math.max(0, ...samples.map(({ bytes }) => bytes.length));
  if (most === 0) return { kind: 'silent' };
  if (most < enoughBytes) return { kind: 'too-little', bytes: most };
  const [best] = samples
    .filter(({ bytes }) => bytes.length >= enoughBytes)
    .map(({ baud, bytes }) => ({ baud, ratio: printableRatio(bytes), good: printableRatio(bytes) * bytes.length }))
    .sort((a, b) => b.ratio - a.ratio || b.good - a.good);
  const { baud, ratio } = best!;
  return ratio >= textRatio ? { kind: 'text', baud, ratio } : { kind: 'noise', bestBaud: baud, ratio };
};
