import { redacted } from '../base/secrets.js';

/** What a line may have before it is cut. */
export const mostLineBytes = 4_096;

/** What lies between the digits of a key as people and boards write it: `00:11`, `00 11`, `0x00, 0x11`, a correction. */
const between = String.raw`[\x00-\x20\x7f:;,._"'-]{0,3}(?:[0\\]x)?`;
const digits = (least: number): RegExp => new RegExp(`[0-9a-f](?:${between}[0-9a-f]){${least - 1},}`, 'gi');
const key = digits(32);
/** In a line whose end is not there, half a key may stand. */
const partOfKey = digits(8);

const escapeOf = (char: string): string =>
  char === '\\' ? '\\\\' : char === '\t' ? '\\t' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Characters that a terminal only shows stay; all others become escapes (`\x1b`), and a backslash two. */
const shown = (text: string): string => text.replace(/[^\x20-\x5b\x5d-\x7e]/g, escapeOf);

export interface LineKeeper {
  take(bytes: Uint8Array): void;
  /** No more will come: gives what is there. */
  end(): void;
}

/**
 * Makes lines of one direction of a console, without keys: what looks like 16 bytes or more in hex is taken out, and then
 * each passes `hide`. A line ends with CR, LF, or both; one that is too long is cut, and its rest is only counted.
 */
export const lineKeeper = (hide: (line: string) => string, line: (text: string) => void): LineKeeper => {
  let held: number[] = [];
  let more = 0;
  let cut = false;
  let before = 0;

  const give = (whole: boolean): void => {
    // A board that floods floods with line ends as well: there is no key in nothing.
    if (held.length === 0) return line('');
    const text = String.fromCharCode(...held).replace(whole ? key : partOfKey, redacted);
    held = [];
    line(shown(hide(text)));
  };
  const ended = (): void => {
    if (!cut) give(true);
    else if (more > 0) line(`(${more} bytes more)`);
    more = 0;
    cut = false;
  };
  return {
    take(bytes) {
      for (const byte of bytes) {
        const isEnd = byte === 10 || byte === 13;
        // The second of CR LF, or of LF CR.
        const isPair = isEnd && (before === 10 || before === 13) && before !== byte;
        before = isPair ? 0 : byte;
        if (isPair) continue;
        if (isEnd) ended();
        else if (cut) more++;
        else {
          held.push(byte);
          if (held.length < mostLineBytes) continue;
          give(false);
          cut = true;
        }
      }
    },
    end() {
      if (held.length > 0) give(false);
      else if (cut) ended();
    },
  };
};
