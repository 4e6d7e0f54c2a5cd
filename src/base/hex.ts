import { fail } from './problem.js';
import { ok, type Result } from './result.js';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal digits, two per byte. */
export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += digits[bytes[i]!];
  return text;
};

/** The bytes of a string of hexadecimal digits; spaces, colons and dashes between bytes are skipped. */
export const fromHex = (text: string, what = 'the value'): Result<Uint8Array> => {
  const clean = text.replace(/[\s:-]/g, '');
  if (clean.length % 2 !== 0 || /[^0-9a-fA-F]/.test(clean)) return fail('bad-hex', { what });
  const bytes = new Uint8Array(clean.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(clean.slice(2 * i, 2 * i + 2), 16);
  return ok(bytes);
};

/** Bytes from a literal of ours, such as a test vector; throws on a typing error. */
export const hex = (text: string): Uint8Array => {
  const bytes = fromHex(text);
  if (!bytes.ok) throw new TypeError(`not hexadecimal: ${text}`);
  return bytes.value;
};
