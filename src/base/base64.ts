import { fail } from './problem.js';
import { ok, type Result } from './result.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets: ReadonlyMap<number, number> = new Map(
  // The URL alphabet of RFC 4648 §5 differs in two characters; both are read, one is written.
  [...alphabet, '-', '_'].map((char, at) => [char.charCodeAt(0), at < 64 ? at : at - 2] as const),
);

/** Base64 of RFC 4648 §4, padded. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!;
    text += left > 1 ? alphabet[(bits >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[bits & 63]! : '=';
  }
  return text;
};

/**
 * The bytes of a base64 text; padding may be absent, `-` and `_` stand for `+` and `/`. Anything else is a problem:
 * a decoder that skips what it does not know turns a damaged frame into another frame.
 */
export const fromBase64 = (text: string, what = 'the value'): Result<Uint8Array> => {
  const wrong = (): Result<Uint8Array> => fail('bad-base64', { what });
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (padding > 0 && text.length % 4 !== 0) return wrong();
  const chars = text.length - padding;
  if (chars % 4 === 1) return wrong();
  const bytes = new Uint8Array(Math.floor((chars * 3) / 4));
  let bits = 0;
  let have = 0;
  let at = 0;
  for (let i = 0; i < chars; i++) {
    const sextet = sextets.get(text.charCodeAt(i));
    if (sextet === undefined) return wrong();
    bits = ((bits << 6) | sextet) & 0x3fff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[at++] = (bits >> have) & 0xff;
  }
  return ok(bytes);
};
