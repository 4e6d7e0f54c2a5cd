/** Cuts what comes over a stream socket into lines. */
export interface LineCutter {
  /** The lines that end in this piece, without their ends. `tooLong`: the line after them has grown beyond the bound. */
  feed(piece: Uint8Array): { readonly lines: readonly string[]; readonly tooLong: boolean };
}

const lineFeed = 0x0a;

/**
 * A cutter that keeps at most `mostBytes` of an unfinished line. Bytes that are no UTF-8 become U+FFFD; empty lines are
 * left out. After `tooLong` the stream has no frame any more: let go of it.
 */
export const lineCutter = (mostBytes: number): LineCutter => {
  let open: Uint8Array[] = [];
  let size = 0;
  return {
    feed(piece) {
      const lines: string[] = [];
      let rest = piece;
      for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
        if (size + end > mostBytes) return { lines, tooLong: true };
        const line = Buffer.concat([...open, rest.subarray(0, end)])
          .toString('utf8')
          .trim();
        if (line !== '') lines.push(line);
        open = [];
        size = 0;
        rest = rest.subarray(end + 1);
      }
      size += rest.length;
      if (size > mostBytes) return { lines, tooLong: true };
      // Copied: the socket's buffer may be a small view into a large slab.
      if (rest.length > 0) open.push(Uint8Array.from(rest));
      return { lines, tooLong: false };
    },
  };
};
