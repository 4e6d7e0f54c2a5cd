import { fromBase64 } from '../base/base64.js';
import { fromHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import type { Result } from '../base/result.js';

/** Characters that may stand between two bytes. */
const between = /[\s:-]/;

/** Where the first character stands that a pattern does not take, counted from 1. */
const firstWrong = (text: string, good: RegExp): { readonly at: number; readonly have: string } | undefined => {
  const chars = [...text];
  const at = chars.findIndex((char) => !good.test(char));
  return at < 0 ? undefined : { at: at + 1, have: JSON.stringify(chars[at]) };
};

/** The bytes of hexadecimal digits that a person typed, or where the first slip is. */
export const typedHex = (text: string, what: string): Result<Uint8Array> => {
  const wrong = firstWrong(text, /[0-9a-fA-F\s:-]/);
  if (wrong) return fail('bad-digit', { what, ...wrong });
  const digits = [...text].filter((char) => !between.test(char)).length;
  return digits % 2 === 0 ? fromHex(text, what) : fail('odd-digits', { what, have: digits });
};

/**
 * The bytes of a frame in hexadecimal or base64. Text of which nine tenths are hexadecimal digits is meant as such, or a
 * slip in a long row of digits would be read as base64 and come out as another frame. (In base64 a third are digits.)
 */
export const typedFrame = (text: string, what: string): Result<Uint8Array> => {
  const digits = [...text].filter((char) => /[0-9a-fA-F]/.test(char)).length;
  const letters = [...text].filter((char) => !between.test(char)).length;
  if (digits >= 0.9 * letters) return typedHex(text, what);
  const wrong = firstWrong(text, /[0-9A-Za-z+/=_\s-]/);
  return wrong ? fail('bad-bytes', { what, ...wrong }) : fromBase64(text.replace(/\s/g, ''), what);
};
