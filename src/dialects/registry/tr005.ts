import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import type { Eui } from '../../lorawan/ids.js';

/** What a QR code on a device says: who it is, never its keys (LoRa Alliance TR005 §4.2). */
export interface DeviceCode {
  readonly joinEui: Eui;
  readonly devEui: Eui;
  /** VendorID and VendorProfileID, four lower-case hexadecimal digits each. */
  readonly profileId: string;
  /** Proves that somebody may claim the device at its join server. It is not kept in a registry. */
  readonly ownerToken?: string;
  readonly serial?: string;
  readonly proprietary?: string;
}

/** CRC-16/MODBUS of an ASCII text, four upper-case hexadecimal digits. */
const checksumOf = (text: string): string => {
  let crc = 0xffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
};

const longestText = 1_000;
const separators = { final: ':', draft: '_' } as const;
const finalPrefix = 'LW:D0:';
// Draft 3, still on labels; The Things Stack reads it as well (pkg/qrcodegenerator, lora_alliance_tr005d3.go).
const draftPrefix = 'URN:DEV:LW:';

const heads = [
  { part: 'JoinEUI', digits: 16 },
  { part: 'DevEUI', digits: 16 },
  { part: 'ProfileID', digits: 8 },
] as const;

/** What letters begin an extension; others are for the future and passed over. */
const letters: Readonly<Record<string, 'ownerToken' | 'serial' | 'proprietary'>> = {
  O: 'ownerToken',
  // The draft called the token a device validation code.
  V: 'ownerToken',
  S: 'serial',
  P: 'proprietary',
};

/**
 * The device that a scanned code names; case and blanks around it do not matter. A checksum of four digits is verified;
 * of anything else, which some makers print, nothing can be said, and it is passed over.
 * Problems: `tr005-shape`, `tr005-part` with the character where the part begins, `tr005-checksum`.
 *
 * @example parseTr005('LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122')
 */
export const parseTr005 = (text: string): Result<DeviceCode> => {
  const code = text.trim();
  if (code.length > longestText) return fail('tr005-shape', { why: `it has ${code.length} characters` });
  const upper = code.toUpperCase();
  const draft = upper.startsWith(draftPrefix);
  if (!draft && !upper.startsWith(finalPrefix)) return fail('tr005-shape', { why: 'it does not begin with LW:D0:' });
  const prefix = draft ? draftPrefix : finalPrefix;
  const parts = code.slice(prefix.length).split(draft ? separators.draft : separators.final);
  if (parts.length < heads.length)
    return fail('tr005-shape', { why: `it ends before its ${heads[parts.length]!.part}` });
  let at = prefix.length;
  for (const [i, { part, digits }] of heads.entries()) {
    if (!new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(parts[i]!))
      return fail('tr005-part', { part, at: at + 1, expected: `${digits} hexadecimal digits` });
    at += parts[i]!.length + 1;
  }
  const [joinEui, devEui, profileId, ...extensions] = parts as [string, string, string, ...string[]];
  const told: { ownerToken?: string; serial?: string; proprietary?: string } = {};
  for (const extension of extensions) {
    const letter = extension.charAt(0).toUpperCase();
    const value = extension.slice(1);
    const field = letters[letter];
    if (field && value !== '') told[field] = value;
    if (letter === 'C' && !draft && /^[0-9a-f]{4}$/i.test(value)) {
      const need = checksumOf(code.slice(0, at - 1));
      // Somebody who types a code in small letters means the printed one.
      const printed = checksumOf(upper.slice(0, at - 1));
      if (value.toUpperCase() !== need && value.toUpperCase() !== printed)
        return fail('tr005-checksum', { have: value.toUpperCase(), need });
    }
    at += extension.length + 1;
  }
  return ok({
    joinEui: joinEui.toLowerCase(),
    devEui: devEui.toLowerCase(),
    profileId: profileId.toLowerCase(),
    ...told,
  });
};

/** What an extension may hold: the separator would cut it, and other characters need a larger code (ISO/IEC 18004, alphanumeric). */
const extensionText = /^[0-9A-Z $%*+\-./]+$/i;

/**
 * The text of a code as a scanner gives it, in upper case, with a checksum over all that stands before it.
 * Problem: `tr005-part` for an extension with a character that a code cannot carry.
 */
export const tr005Text = (code: DeviceCode, { checksum = true } = {}): Result<string> => {
  const { joinEui, devEui, profileId, ownerToken, serial, proprietary } = code;
  let text = `LW:D0:${joinEui}:${devEui}:${profileId}`;
  for (const [letter, part, value] of [
    ['O', 'owner token', ownerToken],
    ['S', 'serial number', serial],
    ['P', 'proprietary part', proprietary],
  ] as const) {
    if (value === undefined) continue;
    if (!extensionText.test(value) || value.trim() !== value || text.length + value.length > longestText / 2)
      return fail('tr005-part', { part, at: text.length + 2, expected: 'digits, letters and $ % * + - . / alone' });
    text += `:${letter}${value}`;
  }
  const upper = text.toUpperCase();
  return ok(checksum ? `${upper}:C${checksumOf(upper)}` : upper);
};
