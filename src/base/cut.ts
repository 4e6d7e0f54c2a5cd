// Cutting a stream into the pieces that it is made of, however it arrives.

/** What cutting gives: a line without its end, or how many bytes of an endless one were thrown away. */
export type Cut = { readonly line: string } | { readonly lost: number };

export interface LineCutter {
  /** Takes the next bytes and gives the lines that they complete. Any cutting of the same bytes gives the same lines. */
  feed(bytes: Uint8Array): readonly Cut[];
  /** The beginning of a line that has not ended yet. */
  readonly open: string;
  /** Takes the open beginning as a line after all: for answers that come without an end. */
  flush(): string;
}

const cr = 13;
const lf = 10;

/**
 * Lines of a serial console: CR and LF both end one, empty ones and NUL bytes are dropped, bytes are Latin-1 so that none
 * is lost. A line longer than `most` bytes is thrown away to its end and counted: at a wrong speed there is no end at all.
 */
export const lineCutter = (most = 4096): LineCutter => {
  let open = '';
  let lost = 0;
  return {
    feed(bytes) {
      const cuts: Cut[] = [];
      for (const byte of bytes) {
        if (byte === 0) continue;
        if (byte === cr || byte === lf) {
          if (lost > 0) cuts.push({ lost });
          else if (open !== '') cuts.push({ line: open });
          open = '';
          lost = 0;
          continue;
        }
        if (lost > 0) {
          lost++;
          // An endless line is reported while it goes on, so that a flood is seen and not only its end.
          if (lost >= 16 * most) cuts.push({ lost: lost - 1 });
          if (lost >= 16 * most) lost = 1;
          continue;
        }
        open += String.fromCharCode(byte);
        if (open.length > most) {
          lost = open.length;
          open = '';
        }
      }
      return cuts;
    },
    get open() {
      return open;
    },
    flush() {
      const line = open;
      open = '';
      lost = 0;
      return line;
    },
  };
};
