import { sha256Bytes } from '../base/digest.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { encryptBlock, type AesKey } from './aes.js';

/** The 16 bytes of a key from a person's text of 32 hexadecimal digits. The problem never shows the text. */
export const parseKey = (text: string, what = 'the key'): Result<Uint8Array> => {
  const clean = text.replace(/[\s:-]/g, '');
  if (!/^[0-9a-fA-F]{32}$/.test(clean)) return fail('bad-key', { what, have: clean.length });
  return ok(Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(clean.slice(2 * i, 2 * i + 2), 16)));
};

/** Session keys of LoRaWAN 1.0 (1.0.4 §6.2.6): both from the AppKey, the nonces and the NetID. */
export const sessionKeys10 = (join: {
  readonly appKey: AesKey;
  readonly joinNonce: number;
  readonly netId: number;
  readonly devNonce: number;
}): { readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array } => {
  const { appKey, joinNonce, netId, devNonce } = join;
  const derive = (kind: 1 | 2): Uint8Array => {
    const block = new Uint8Array(16);
    block.set([
      kind,
      joinNonce,
      joinNonce >> 8,
      joinNonce >> 16,
      netId,
      netId >> 8,
      netId >> 16,
      devNonce,
      devNonce >> 8,
    ]);
    const key = new Uint8Array(16);
    encryptBlock(appKey, block, key);
    return key;
  };
  return { nwkSKey: derive(1), appSKey: derive(2) };
};

const markText = new TextEncoder().encode('stellwerk simulated key');

const markOf = (half: Uint8Array): Uint8Array => {
  const both = new Uint8Array(markText.length + half.length);
  both.set(markText);
  both.set(half, markText.length);
  return sha256Bytes(both, 8);
};

/** A key that follows from seed and name, and that everybody can tell from a real one: half of it is a checksum. */
export const simulatedKey = (seed: string, name: string): Uint8Array => {
  const half = sha256Bytes(`key ${seed} ${name}`, 8);
  const key = new Uint8Array(16);
  key.set(half);
  key.set(markOf(half), 8);
  return key;
};

/** Whether a key was made by `simulatedKey`; by chance one real key in 2^64 looks like it. */
export const isSimulatedKey = (key: Uint8Array): boolean =>
  key.length === 16 && markOf(key.subarray(0, 8)).every((byte, i) => byte === key[8 + i]);
