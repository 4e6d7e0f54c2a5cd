// How a ledger is written: lines of text, each with its own checksum, so that whatever tears or rots costs itself alone.
import { crc32 } from 'node:zlib';

/** What belongs together in a ledger. */
export interface LedgerBatch {
  /** The newest value of each key: texts without tab and line end, as `JSON.stringify` gives them. */
  readonly put?: readonly (readonly [key: string, value: string])[];
  /** Items for the queue, of the same kind. */
  readonly items?: readonly string[];
}

/** A batch as it stands in a file. */
export interface WrittenBatch {
  /** The number of its first item. */
  readonly first: number;
  readonly put: readonly (readonly [key: string, value: string])[];
  readonly items: readonly string[];
}

/** The first line of a file: the version of the format, and the number that its first item will have. */
export interface SegmentHead {
  readonly v: number;
  readonly first: number;
}

export const ledgerVersion = 1;

const sealBytes = 9;
const space = 0x20;
const lineEnd = 0x0a;

/** Lines as they stand in a file: eight hexadecimal digits of a checksum, a space, the text, a line end. */
export const sealedLines = (texts: readonly string[]): Uint8Array => {
  let most = 0;
  for (const text of texts) most += sealBytes + Buffer.byteLength(text) + 1;
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  for (const text of texts) {
    const from = at + sealBytes;
    const end = from + bytes.write(text, from);
    bytes.write(crc32(bytes.subarray(from, end)).toString(16).padStart(8, '0'), at, 'latin1');
    bytes[from - 1] = space;
    bytes[end] = lineEnd;
    at = end + 1;
  }
  return bytes;
};

/** Keys of which only one space has to be written otherwise, as most are. */
const plain = /^[\w.-]+ [\w.-]*$/;

/** The text of a batch's line: number of the first item, then what it puts and its items, with tabs between them. */
export const batchText = ({ put = [], items = [] }: LedgerBatch, first: number): string => {
  let text = String(first);
  for (const [key, value] of put)
    text += `\t=${plain.test(key) ? key.replace(' ', '%20') : encodeURIComponent(key)} ${value}`;
  for (const item of items) text += `\t+${item}`;
  return text;
};

/** About how many bytes a batch has. */
const weightOf = ({ put = [], items = [] }: LedgerBatch): number => {
  let bytes = 20;
  for (const [key, value] of put) bytes += key.length + value.length;
  for (const item of items) bytes += item.length;
  return bytes;
};

/** So much is written in one go. */
const mostGroupBytes = 4 << 20;

/** Takes from the front of a queue what is written in one go; one batch at least, if there is one. */
export const takeGroup = <Of extends { readonly batch: LedgerBatch }>(queue: Of[]): readonly Of[] => {
  let bytes = 0;
  let count = 0;
  while (count < queue.length && bytes < mostGroupBytes) bytes += weightOf(queue[count++]!.batch);
  return queue.splice(0, count);
};

export const headText = (first: number): string => JSON.stringify({ v: ledgerVersion, first });

/** The text of a line whose checksum fits. */
const unsealed = (line: string): string | undefined => {
  const text = line.slice(9);
  return line[8] === ' ' &&
    /^[0-9a-f]{8}$/.test(line.slice(0, 8)) &&
    crc32(text) === Number.parseInt(line.slice(0, 8), 16)
    ? text
    : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const keyOf = (written: string): string | undefined => {
  try {
    return decodeURIComponent(written);
  } catch {
    return undefined;
  }
};

const headIn = (text: string): { readonly head: SegmentHead } | undefined => {
  try {
    const { v, first } = JSON.parse(text) as Partial<SegmentHead>;
    return isCount(v) && isCount(first) ? { head: { v, first } } : undefined;
  } catch {
    return undefined;
  }
};

/** What a line, without its end, says; undefined when it is not as it was written. */
export const readLine = (
  line: string,
): { readonly head: SegmentHead } | { readonly batch: WrittenBatch } | undefined => {
  const text = unsealed(line);
  if (text === undefined) return undefined;
  if (text.startsWith('{')) return headIn(text);
  const [number = '', ...fields] = text.split('\t');
  const first = Number(number);
  if (!/^\d+$/.test(number) || !isCount(first)) return undefined;
  const put: (readonly [string, string])[] = [];
  const items: string[] = [];
  for (const field of fields) {
    if (field.startsWith('+')) items.push(field.slice(1));
    else {
      const space = field.indexOf(' ');
      const key = field.startsWith('=') && space > 0 ? keyOf(field.slice(1, space)) : undefined;
      if (key === undefined) return undefined;
      put.push([key, field.slice(space + 1)]);
    }
  }
  return { batch: { first, put, items } };
};

/** A whole line in a piece of a file: its text without the end, and where the next one begins. */
export interface CutText {
  readonly text: string;
  readonly end: number;
}

/** The whole lines of some bytes, with places counted from their beginning. */
export function* wholeLines(bytes: Uint8Array): Generator<CutText> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let from = 0, to = buffer.indexOf(lineEnd); to >= 0; from = to + 1, to = buffer.indexOf(lineEnd, from))
    yield { text: buffer.toString('utf8', from, to), end: to + 1 };
}
