import { fail } from '../../../base/problem.js';
import { ok, type Result } from '../../../base/result.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper nesting than any field of the protocol has; whoever walks the value later need not fear for the stack. */
const mostDepth = 16;

const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets nest deeper than `mostDepth`; read from the bytes, before anything is built from them. */
const tooDeep = (bytes: Uint8Array): boolean => {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > mostDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object in a datagram of that type. Problems: `datagram-json`, `datagram-shape`. */
export const parseJson = (bytes: Uint8Array, type: string): Result<JsonObject> => {
  if (tooDeep(bytes)) return fail('datagram-json', { type, why: 'it nests too deeply' });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('datagram-json', { type, why: 'it is not UTF-8' });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('datagram-json', { type, why: 'it does not parse' });
  }
  return isObject(value) ? ok(value) : fail('datagram-shape', { type, why: 'its text is not an object' });
};

/** A field of its own; null counts as absent, as it does for the servers written in Go. */
export const own = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;

export interface Bounds {
  readonly whole?: true;
  readonly least?: number;
  readonly most?: number;
}

/** Reads fields one by one and remembers the first that is wrong. Local to one object. */
export interface Fields {
  wrong(): { readonly field: string; readonly why: string } | undefined;
  refuse(field: string, why: string): undefined;
  number(name: string, bounds?: Bounds): number | undefined;
  text(name: string, form?: RegExp): string | undefined;
  flag(name: string): boolean | undefined;
  /** The value, or a stand-in and the note that the field is missing. */
  need<T>(name: string, value: T | undefined, stand: T): T;
}

export const fields = (object: JsonObject): Fields => {
  let first: { field: string; why: string } | undefined;
  const refuse = (field: string, why: string): undefined => {
    first ??= { field, why };
  };
  return {
    wrong: () => first,
    refuse,
    number(name, { whole, least = -Infinity, most = Infinity } = {}) {
      const value = own(object, name);
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(name, 'is not a number');
      if (whole && !Number.isSafeInteger(value)) return refuse(name, 'is not a whole number');
      return value < least || value > most ? refuse(name, 'is out of its range') : value;
    },
    text(name, form) {
      const value = own(object, name);
      if (value === undefined) return undefined;
      if (typeof value !== 'string') return refuse(name, 'is not a text');
      return form === undefined || form.test(value) ? value : refuse(name, 'has not the form it must have');
    },
    flag(name) {
      const value = own(object, name);
      if (value === undefined || typeof value === 'boolean') return value;
      return refuse(name, 'is neither true nor false');
    },
    need(name, value, stand) {
      if (value === undefined) refuse(name, 'is missing');
      return value ?? stand;
    },
  };
};
