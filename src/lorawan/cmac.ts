import { encryptWords, type AesKey } from './aes.js';

/**
 * The first four bytes of AES-CMAC (RFC 4493) over an optional 16-byte block and then `bytes[0..length)`, as LoRaWAN
 * writes a MIC: an unsigned number whose lowest byte goes on the wire first.
 */
export const cmac32 = (() => {
  const w = new Uint32Array(4);
  const absorb = (bytes: Uint8Array, at: number): void => {
    w[0]! ^= (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    w[1]! ^= (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
    w[2]! ^= (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!;
    w[3]! ^= (bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!;
  };
  return (
    key: AesKey,
    bytes: Uint8Array,
    { length, first }: { readonly length: number; readonly first?: Uint8Array },
  ): number => {
    const { schedule, subkeys } = key;
    w[0] = w[1] = w[2] = w[3] = 0;
    if (first) {
      absorb(first, 0);
      // The block B0 of a data frame is always followed by a message, so it is never the last one.
      encryptWords(schedule, w);
    }
    let at = 0;
    for (; length - at > 16; at += 16) {
      absorb(bytes, at);
      encryptWords(schedule, w);
    }
    const rest = length - at;
    const whole = rest === 16;
    if (whole) absorb(bytes, at);
    else {
      for (let i = 0; i < rest; i++) w[i >> 2]! ^= bytes[at + i]! << (24 - 8 * (i & 3));
      w[rest >> 2]! ^= 0x80 << (24 - 8 * (rest & 3));
    }
    const sub = whole ? 0 : 4;
    w[0]! ^= subkeys[sub]!;
    w[1]! ^= subkeys[sub + 1]!;
    w[2]! ^= subkeys[sub + 2]!;
    w[3]! ^= subkeys[sub + 3]!;
    encryptWords(schedule, w);
    const mac = w[0]!;
    return (((mac & 0xff) << 24) | ((mac & 0xff00) << 8) | ((mac >>> 8) & 0xff00) | (mac >>> 24)) >>> 0;
  };
})();
