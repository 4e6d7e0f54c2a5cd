import { fail } from '../base/problem.js';
import { fromHex } from '../base/hex.js';
import { failed, ok, type Failed, type Result } from '../base/result.js';

/** What CBOR says, in what JSON can say: byte strings are `{ hex: '0a1b' }`, a map's whole numbers as keys are digits. */
export type Plain = number | string | boolean | null | readonly Plain[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: Plain;
}

/** Lists and maps in each other: SenML needs two, a home-made map a few. */
export const mostDepth = 16;

/** The first bytes of an item: its major type and a whole number up to 2^53, as short as possible. */
export const cborHead = (major: number, value: number): number[] => {
  const bytes = value < 24 ? 0 : value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 8;
  if (bytes === 0) return [(major << 5) | value];
  const out = [(major << 5) | (24 + Math.log2(bytes))];
  for (let i = bytes - 1; i >= 0; i--) out.push(Math.floor(value / 256 ** i) % 256);
  return out;
};

const view = (size: number, fill: (to: DataView) => void): number[] => {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return [...bytes];
};

/** The 16 bits of a number that is exact in half precision; undefined when it is not. `bits` are those of its float32. */
const halfOf = (bits: number): number | undefined => {
  const exponent = ((bits >>> 23) & 255) - 127;
  const sign = (bits >>> 16) & 0x8000;
  const mantissa = bits & 0x7fffff;
  if (exponent >= -14 && exponent <= 15)
    return mantissa & 0x1fff ? undefined : sign | ((exponent + 15) << 10) | (mantissa >>> 13);
  if (exponent < -24 || exponent > 15) return undefined;
  const shift = -1 - exponent;
  const full = mantissa | 0x800000;
  return full & ((1 << shift) - 1) ? undefined : sign | (full >>> shift);
};

/** A finite number as eight bytes behind their head. */
export const cborDouble = (value: number): number[] => [0xfb, ...view(8, (to) => to.setFloat64(0, value))];

/** A number as RFC 8949 section 4.2 wants it: a whole number as one, else the shortest float that is exact. */
const writeNumber = (value: number): number[] => {
  if (Number.isSafeInteger(value)) return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value + 0);
  if (Math.fround(value) !== value) return cborDouble(value);
  const single = view(4, (to) => to.setFloat32(0, value));
  const half = halfOf(single.reduce((bits, byte) => (bits << 8) | byte, 0));
  return half === undefined ? [0xfa, ...single] : [0xf9, half >> 8, half & 255];
};

const bad = (field: string, why: string): Failed => fail('bad-message', { field, why });

const writeText = (text: string, field: string): Result<number[]> => {
  if (/\p{Cs}/u.test(text)) return bad(field, 'half a surrogate pair is no text');
  if (text.startsWith('\ufeff')) return bad(field, 'a text must not begin with a byte order mark');
  const bytes = new TextEncoder().encode(text);
  return ok([...cborHead(3, bytes.length), ...bytes]);
};

/** The whole number that stands as digits in a map's key; undefined when the key is a text. */
const numberKey = (key: string): number | undefined => {
  const value = /^(0|-?[1-9]\d{0,15})$/.test(key) ? Number(key) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
};

const join = (parts: readonly (readonly number[])[]): number[] => {
  const out: number[] = [];
  for (const part of parts) for (const byte of part) out.push(byte);
  return out;
};

const byBytes = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
};

/** The bytes of a list whose items are bytes already. */
export const cborList = (items: readonly (readonly number[])[]): number[] => [
  ...cborHead(4, items.length),
  ...join(items),
];

/** The bytes of a map, its keys in the order of their bytes; what is `undefined` is left out. */
export const writeMap = (map: object, field: string, depth = 1): Result<number[]> => {
  if (depth > mostDepth) return bad(field, `lists and maps may be nested ${mostDepth} deep`);
  const pairs: { readonly key: number[]; readonly value: number[] }[] = [];
  for (const [name, content] of Object.entries(map) as [string, unknown][]) {
    if (content === undefined) continue;
    if (name === '__proto__') return bad(field, 'a key __proto__ is not taken');
    const number = numberKey(name);
    const key = number === undefined ? writeText(name, field) : ok(writeNumber(number));
    const value = writeCbor(content, name, depth + 1);
    if (!key.ok) return key;
    if (!value.ok) return value;
    pairs.push({ key: key.value, value: value.value });
  }
  pairs.sort((a, b) => byBytes(a.key, b.key));
  return ok([...cborHead(5, pairs.length), ...join(pairs.flatMap(({ key, value }) => [key, value]))]);
};

const bytesIn = (value: object): Uint8Array | undefined => {
  const { hex, ...others } = value as { readonly hex?: unknown };
  if (typeof hex !== 'string' || Object.keys(others).length > 0 || !/^([0-9a-f]{2})*$/.test(hex)) return undefined;
  const bytes = fromHex(hex);
  return bytes.ok ? bytes.value : undefined;
};

/** The bytes of a value in the core deterministic encoding of RFC 8949 section 4.2.1: one value, one string of bytes. */
export const writeCbor = (value: unknown, field: string, depth = 1): Result<number[]> => {
  if (value === null) return ok([0xf6]);
  if (typeof value === 'boolean') return ok([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number')
    return Number.isFinite(value) ? ok(writeNumber(value)) : bad(field, 'expected is a finite number');
  if (typeof value === 'string') return writeText(value, field);
  if (typeof value !== 'object') return bad(field, 'expected is a number, a text, true, false, null, a list or a map');
  if (!Array.isArray(value)) {
    const bytes = bytesIn(value);
    return bytes ? ok([...cborHead(2, bytes.length), ...bytes]) : writeMap(value, field, depth);
  }
  if (depth > mostDepth) return bad(field, `lists and maps may be nested ${mostDepth} deep`);
  const items: number[][] = [];
  for (const one of value as readonly unknown[]) {
    const item = writeCbor(one, field, depth + 1);
    if (!item.ok) return failed(item.problem);
    items.push(item.value);
  }
  return ok(cborList(items));
};
