import { toHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import { ok, type Failed, type Result } from '../base/result.js';
import { cborDouble, cborHead, mostDepth } from './cbor-write.js';

/** One data item of CBOR, with its place in the payload. */
export interface CborItem {
  readonly kind: 'number' | 'text' | 'bytes' | 'list' | 'map' | 'simple';
  readonly at: number;
  readonly end: number;
  /** The items of a list; of a map key, value, key, value. */
  readonly items: readonly CborItem[];
  /** The value of a whole number or of a text. */
  readonly said?: number | string;
  /** The bytes of a byte string. */
  readonly content?: Uint8Array;
}

export interface Scanned {
  readonly item: CborItem;
  /** The same value in few words: definite lengths, no tags, whole numbers beyond a double as the text of their digits. */
  readonly simple: Uint8Array;
}

const bad = (at: number, what: string, expected: string): Failed => fail('bad-cbor', { at, what, expected });
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of some bytes; undefined when they are no UTF-8. */
const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
};

/** The double that is this number and no other; undefined when there is none. */
const exactly = (value: bigint): number | undefined => {
  const double = Number(value);
  return Number.isFinite(double) && BigInt(double) === value ? double : undefined;
};

interface Head {
  readonly major: number;
  /** The five bits behind the major type. */
  readonly info: number;
  /** The argument; for 64 bits the nearest double. */
  readonly value: number;
  readonly next: number;
}

const indefinite = 31;

/**
 * Walks through the first data item (RFC 8949) before anything else reads it: every length is held against the bytes that
 * are there, the depth is bounded, and what a message in JSON cannot say ends here with its place.
 */
class Scanner {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The item at a place; its simple form is appended to `out`. */
  item(at: number, depth: number, out: number[]): Result<CborItem> {
    const head = this.head(at);
    if (!head.ok) return head;
    const { major, info, value, next } = head.value;
    if (info === indefinite && (major < 2 || major > 5)) return bad(at, 'an end that ends nothing', 'a data item');
    switch (major) {
      case 0:
      case 1:
        return this.integer(at, head.value, out);
      case 2:
      case 3:
        return this.string(at, head.value, out);
      case 4:
      case 5:
        return this.container(at, head.value, { depth: depth + 1, out });
      case 6:
        return this.tagged(at, head.value, { depth: depth + 1, out });
      default:
        if (info < 25) {
          if (info < 20 || info > 23) return bad(at, `the simple value ${value}`, 'true, false or null');
          // Undefined is what JSON has no word for: null.
          out.push(info === 23 ? 0xf6 : 0xe0 | info);
          return ok({ kind: 'simple', at, end: next, items: [] });
        }
        for (let i = at; i < next; i++) out.push(this.bytes[i]!);
        return ok({ kind: 'number', at, end: next, items: [] });
    }
  }

  private head(at: number): Result<Head> {
    const { bytes } = this;
    const first = bytes[at];
    if (first === undefined) return bad(at, 'the end of the payload', 'a data item');
    const info = first & 31;
    if (info < 24 || info === indefinite) return ok({ major: first >> 5, info, value: info, next: at + 1 });
    if (info > 27) return bad(at, `the reserved head ${toHex(bytes.subarray(at, at + 1))}`, 'a data item');
    const next = at + 1 + 2 ** (info - 24);
    if (next > bytes.length) return bad(at, 'cut short', `${next - at} bytes`);
    let value = 0;
    for (let i = at + 1; i < next; i++) value = value * 256 + bytes[i]!;
    return ok({ major: first >> 5, info, value, next });
  }

  private number(at: number, end: number, value: bigint, out: number[]): Result<CborItem> {
    const said = exactly(value);
    if (said === undefined) {
      // An id of 64 bits must not cost the rest of the frame, nor its last digits.
      const digits = new TextEncoder().encode(String(value));
      for (const byte of [...cborHead(3, digits.length), ...digits]) out.push(byte);
      return ok({ kind: 'number', at, end, items: [] });
    }
    if (!Number.isSafeInteger(said)) out.push(...cborDouble(said));
    else out.push(...(said < 0 ? cborHead(1, -1 - said) : cborHead(0, said)));
    return ok({ kind: 'number', at, end, items: [], said });
  }

  private integer(at: number, { major, info, value, next }: Head, out: number[]): Result<CborItem> {
    const exact = info === 27 ? BigInt(`0x${toHex(this.bytes.subarray(at + 1, next))}`) : BigInt(value);
    return this.number(at, next, major === 0 ? exact : -1n - exact, out);
  }

  private string(at: number, head: Head, out: number[]): Result<CborItem> {
    const { major, info } = head;
    const content: number[] = [];
    const chunk = (from: number, { value, next }: Head): Failed | number => {
      const what = major === 3 ? 'text' : 'byte string';
      const left = this.bytes.length - next;
      if (value > left) return bad(from, `a ${what} of ${value} bytes`, `at most the ${left} that are left`);
      const part = this.bytes.subarray(next, next + value);
      if (major === 3 && textOf(part) === undefined) return bad(from, 'a text that is not UTF-8', 'a text in UTF-8');
      for (const byte of part) content.push(byte);
      return next + value;
    };
    let end = info === indefinite ? head.next : chunk(at, head);
    while (info === indefinite && typeof end === 'number' && this.bytes[end] !== 0xff) {
      const part = this.head(end);
      if (!part.ok) return part;
      if (part.value.major !== major || part.value.info === indefinite)
        return bad(end, 'no piece of the string around it', 'a piece of the same kind, or its end');
      end = chunk(end, part.value);
    }
    if (typeof end !== 'number') return end;
    if (info === indefinite) end++;
    const bytes = Uint8Array.from(content);
    for (const byte of cborHead(major, bytes.length)) out.push(byte);
    for (const byte of bytes) out.push(byte);
    if (major === 2) return ok({ kind: 'bytes', at, end, items: [], content: bytes });
    const said = textOf(bytes)!;
    // A byte order mark is lost on the way through most readers, cbor-x among them.
    if (said.startsWith('\ufeff')) return bad(at, 'a text with a byte order mark', 'a text without one');
    return ok({ kind: 'text', at, end, items: [], said });
  }

  private container(at: number, head: Head, { depth, out }: { depth: number; out: number[] }): Result<CborItem> {
    const { major, info, value, next } = head;
    const kind = major === 4 ? 'list' : 'map';
    const per = major === 4 ? 1 : 2;
    if (depth > mostDepth) return bad(at, `a ${kind} inside ${depth - 1} others`, `a depth of at most ${mostDepth}`);
    const left = this.bytes.length - next;
    if (info !== indefinite && value * per > left)
      return bad(at, `a ${kind} of ${value}`, `at most what the ${left} bytes that are left can hold`);
    const items: CborItem[] = [];
    const inner: number[] = [];
    const keys = new Set<string>();
    let end = next;
    const more = (): boolean => (info === indefinite ? this.bytes[end] !== 0xff : items.length < value * per);
    while (more()) {
      for (let i = 0; i < per; i++) {
        const item = this.item(end, depth, inner);
        if (!item.ok) return item;
        const wrong = per === 2 && i === 0 ? this.wrongKey(item.value, keys) : undefined;
        if (wrong) return wrong;
        items.push(item.value);
        end = item.value.end;
      }
    }
    if (info === indefinite) end++;
    for (const byte of cborHead(major, items.length / per)) out.push(byte);
    for (const byte of inner) out.push(byte);
    return ok({ kind, at, end, items });
  }

  private wrongKey({ at, said }: CborItem, keys: Set<string>): Failed | undefined {
    const safe = typeof said === 'string' || (said !== undefined && Number.isSafeInteger(said));
    if (!safe) return bad(at, 'a key of another kind', 'a text or a whole number as key');
    const key = String(said);
    if (key === '__proto__') return bad(at, 'the key __proto__', 'a key that names a value');
    if (keys.has(key)) return bad(at, 'a key that was there before', 'each key once');
    keys.add(key);
    return undefined;
  }

  /** Big numbers and decimal fractions become numbers; for a reader of JSON other tags change nothing (RFC 8949 section 6.1). */
  private tagged(at: number, { value: tag, next }: Head, to: { depth: number; out: number[] }): Result<CborItem> {
    const { depth, out } = to;
    if (depth > mostDepth) return bad(at, `a tag inside ${depth - 1} others`, `a depth of at most ${mostDepth}`);
    const inner: number[] = [];
    const content = this.item(next, depth, inner);
    if (!content.ok) return content;
    const { kind, end, items } = content.value;
    if (tag === 0 && kind !== 'text') return bad(next, 'no time', 'a time as text');
    if (tag === 1 && kind !== 'number') return bad(next, 'no time', 'a time as number');
    if (tag < 2 || tag > 4) {
      for (const byte of inner) out.push(byte);
      return ok({ ...content.value, at });
    }
    if (tag === 2 || tag === 3) {
      if (!content.value.content) return bad(next, 'no big number', 'a byte string');
      const big = BigInt(`0x0${toHex(content.value.content)}`);
      return this.number(at, end, tag === 2 ? big : -1n - big, out);
    }
    // A decimal fraction (RFC 8428 section 6 allows it): exponent and mantissa.
    const [exponent, mantissa] = kind === 'list' && items.length === 2 ? items.map(({ said }) => said) : [];
    const number = typeof exponent === 'number' && typeof mantissa === 'number' ? `${mantissa}e${exponent}` : '';
    const double = number === '' ? Number.NaN : Number(number);
    if (!Number.isFinite(double)) return bad(next, 'no decimal fraction', 'a list of two whole numbers');
    out.push(...cborDouble(double));
    return ok({ kind: 'number', at, end, items: [] });
  }
}

/** The first data item of a payload and its places, or why it cannot be read. */
export const scanCbor = (bytes: Uint8Array): Result<Scanned> => {
  if (bytes.length === 0) return fail('too-short', { have: 0, need: 1, at: 0 });
  const simple: number[] = [];
  const item = new Scanner(bytes).item(0, 0, simple);
  return item.ok ? ok({ item: item.value, simple: Uint8Array.from(simple) }) : item;
};
