import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';

/** An EUI-64 as 16 lower-case hexadecimal digits, most significant first. */
export type Eui = string;
/** A DevAddr as an unsigned 32-bit number. */
export type DevAddr = number;

/** An EUI from a person's text: dashes, colons and upper case are fine. */
export const parseEui = (text: string, what = 'the EUI'): Result<Eui> => {
  const clean = text.replace(/[\s:-]/g, '').toLowerCase();
  return /^[0-9a-f]{16}$/.test(clean) ? ok(clean) : fail('bad-eui', { what });
};

/** A DevAddr from a person's text of 8 hexadecimal digits. */
export const parseDevAddr = (text: string, what = 'the DevAddr'): Result<DevAddr> => {
  const clean = text.replace(/[\s:-]/g, '');
  return /^[0-9a-fA-F]{8}$/.test(clean) ? ok(Number.parseInt(clean, 16)) : fail('bad-dev-addr', { what });
};

/** `260b1a2f`. */
export const devAddrText = (devAddr: DevAddr): string => (devAddr >>> 0).toString(16).padStart(8, '0');
