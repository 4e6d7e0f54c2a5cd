// A file of records that was cut anywhere, by a kill or by a power cut, and how much of it still stands.

/** Looks through a file of records, piece by piece and from its start. */
export interface WholeReader {
  /** Takes the next bytes; false when nothing that follows can count any more. */
  take(bytes: Uint8Array): boolean;
  /** So many bytes from the start are whole records once `add` stands behind them; what follows is to be cut off. */
  end(): { readonly keep: number; readonly add?: Uint8Array };
}

const newline = 10;
const mostTail = 1 << 20;
const strict = new TextDecoder('utf-8', { fatal: true });

const isObject = (bytes: Uint8Array): boolean => {
  try {
    const value: unknown = JSON.parse(strict.decode(bytes));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
};

/**
 * Reads lines of JSON objects. A last line without its end stays when it is an object: no beginning of one is one. A byte
 * of zero is where a power cut left a hole in the file: JSON has none, and what stands behind it was never synced.
 */
export const wholeLines = (): WholeReader => {
  let whole = 0;
  let place = 0;
  let hole = false;
  /** What stands behind the last end of a line. */
  let tail: Uint8Array[] = [];
  let tailBytes = 0;
  return {
    take(bytes) {
      if (hole) return false;
      const zero = bytes.indexOf(0);
      hole = zero >= 0;
      const good = hole ? bytes.subarray(0, zero) : bytes;
      const last = good.lastIndexOf(newline);
      if (last >= 0) {
        whole = place + last + 1;
        tail = [];
        tailBytes = 0;
      }
      const rest = good.subarray(last + 1);
      tailBytes += rest.length;
      // Longer than any line of ours: only counted.
      if (tailBytes > mostTail) tail = [];
      else tail.push(rest.slice());
      place += good.length;
      return !hole;
    },
    end() {
      if (hole || tailBytes === 0 || tailBytes > mostTail) return { keep: whole };
      const line = new Uint8Array(tailBytes);
      let at = 0;
      for (const piece of tail) {
        line.set(piece, at);
        at += piece.length;
      }
      return isObject(line) ? { keep: whole + tailBytes, add: Uint8Array.of(newline) } : { keep: whole };
    },
  };
};
