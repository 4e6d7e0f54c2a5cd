// Keys of LoRaWAN 1.1 and of multicast groups: derived, not yet used by the embedded network.
import { aesKey, encryptBlock, type AesKey } from './aes.js';
import type { DevAddr, Eui } from './ids.js';

const derive = (key: AesKey, ...block: readonly number[]): Uint8Array => {
  const input = new Uint8Array(16);
  input.set(block);
  const output = new Uint8Array(16);
  encryptBlock(key, input, output);
  return output;
};

const lowFirst = (eui: Eui): number[] =>
  Array.from({ length: 8 }, (_, i) => Number.parseInt(eui.slice(14 - 2 * i, 16 - 2 * i), 16));

/** Session keys of LoRaWAN 1.1 (§6.1.1.3 with OptNeg set). */
export const sessionKeys11 = (join: {
  readonly nwkKey: AesKey;
  readonly appKey: AesKey;
  readonly joinNonce: number;
  readonly joinEui: Eui;
  readonly devNonce: number;
}): Record<'fNwkSIntKey' | 'sNwkSIntKey' | 'nwkSEncKey' | 'appSKey', Uint8Array> => {
  const { nwkKey, appKey, joinNonce: n, joinEui, devNonce } = join;
  const rest = [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, ...lowFirst(joinEui), devNonce & 255, devNonce >>> 8];
  return {
    fNwkSIntKey: derive(nwkKey, 1, ...rest),
    appSKey: derive(appKey, 2, ...rest),
    sNwkSIntKey: derive(nwkKey, 3, ...rest),
    nwkSEncKey: derive(nwkKey, 4, ...rest),
  };
};

/** Keys of the join server for one device (LoRaWAN 1.1 §6.1.1.3). */
export const joinServerKeys = (nwkKey: AesKey, devEui: Eui): Record<'jsIntKey' | 'jsEncKey', Uint8Array> => ({
  jsEncKey: derive(nwkKey, 5, ...lowFirst(devEui)),
  jsIntKey: derive(nwkKey, 6, ...lowFirst(devEui)),
});

/** The key that protects multicast keys, from GenAppKey (1.0 devices) or AppKey (1.1) (TS005 §4.1). */
export const multicastRootKey = (from: { readonly genAppKey: AesKey } | { readonly appKey: AesKey }): Uint8Array =>
  'genAppKey' in from ? derive(from.genAppKey, 0) : derive(from.appKey, 0x20);

/** The key-encryption key of a root key. */
export const multicastKeyEncryptionKey = (rootKey: AesKey): Uint8Array => derive(rootKey, 0);

/** Session keys of a multicast group. */
export const multicastSessionKeys = (
  mcKey: Uint8Array,
  mcAddr: DevAddr,
): Record<'mcAppSKey' | 'mcNetSKey', Uint8Array> => {
  const key = aesKey(mcKey);
  const addr = [mcAddr & 255, (mcAddr >>> 8) & 255, (mcAddr >>> 16) & 255, mcAddr >>> 24];
  return { mcAppSKey: derive(key, 1, ...addr), mcNetSKey: derive(key, 2, ...addr) };
};
