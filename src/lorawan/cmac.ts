import { encryptWords, type AesKey } from './aes.js';

/**
 * The first four bytes of AES-CMAC (RFC 4493) over an optional 16-byte block and then `bytes[0..length)`, as LoRaWAN
 * writes a MIC: an unsigned number whose lowest byte goes on the wire first.
 */
export const cmac32 = (() => {
  const state = new Uint32Array(4);
  const block = new Uint8Array(16);
  const absorb = (bytes: Uint8Array, at: number): void => {
    for (let i = 0; i < 4; i++, at += 4)
      state[i]! ^= (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  };
  return (
    key: AesKey,
    bytes: Uint8Array,
    { length, first }: { readonly length: number; readonly first?: Uint8Array },
  ): number => {
    state.fill(0);
    if (first) {
      absorb(first, 0);
      // The block B0 of a data frame is always followed by a message, so it is never the last one.
      encryptWords(key.schedule, state);
    }
    let at = 0;
    for (; length - at > 16; at += 16) {
      absorb(bytes, at);
      encryptWords(key.schedule, state);
    }
    const rest = length - at;
    const whole = rest === 16;
    if (whole) absorb(bytes, at);
    else {
      block.fill(0);
      for (let i = 0; i < rest; i++) block[i] = bytes[at + i]!;
      block[rest] = 0x80;
      absorb(block, 0);
    }
    const sub = whole ? 0 : 4;
    for (let i = 0; i < 4; i++) state[i]! ^= key.subkeys[sub + i]!;
    encryptWords(key.schedule, state);
    const w = state[0]!;
    return (((w & 0xff) << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24)) >>> 0;
  };
})();
