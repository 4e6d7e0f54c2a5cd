// What hides and signs a data frame: MICs and key streams, all made from AES blocks. LoRaWAN 1.1 puts more into them.
import { encryptWords, type AesKey } from './aes.js';
import { cmac32 } from './cmac.js';
import type { DevAddr } from './ids.js';

/**
 * Bytes of our own. Not `slice`, which on a Buffer is a view: whoever decrypts it would spoil the frame. Not `subarray`:
 * sharing moves a small array out of V8's heap, which takes as long as the AES of opening a frame (250 ns on Node 20).
 */
export const copyOf = (bytes: Uint8Array, from: number, to: number): Uint8Array => {
  const copy = new Uint8Array(to - from);
  for (let i = from; i < to; i++) copy[i - from] = bytes[i]!;
  return copy;
};

/** What a MIC of LoRaWAN 1.1 (§4.4) covers beyond the frame; LoRaWAN 1.0 has zeros in its place. */
export interface MicExtra {
  /** The lower 16 bits of the counter of the confirmed frame that this one acknowledges; 0 when it acknowledges none. */
  readonly confFCnt: number;
  /** Data rate and channel of an uplink. */
  readonly txDr?: number;
  readonly txCh?: number;
}

/** The MIC of the first `length` bytes of a data frame under the full 32-bit counter (LoRaWAN 1.0.4 §4.4). */
export const dataMic = (() => {
  const b0 = new Uint8Array(16);
  b0[0] = 0x49;
  return (
    key: AesKey,
    phy: Uint8Array,
    of: {
      readonly length: number;
      readonly uplink: boolean;
      readonly devAddr: DevAddr;
      readonly fCnt: number;
      readonly extra?: MicExtra;
    },
  ): number => {
    const { length, devAddr, fCnt, extra } = of;
    // The block is shared: what another frame left in it must go.
    const confFCnt = extra?.confFCnt ?? 0;
    b0[1] = confFCnt;
    b0[2] = confFCnt >>> 8;
    b0[3] = extra?.txDr ?? 0;
    b0[4] = extra?.txCh ?? 0;
    b0[5] = of.uplink ? 0 : 1;
    b0[6] = devAddr;
    b0[7] = devAddr >>> 8;
    b0[8] = devAddr >>> 16;
    b0[9] = devAddr >>> 24;
    b0[10] = fCnt;
    b0[11] = fCnt >>> 8;
    b0[12] = fCnt >>> 16;
    b0[13] = fCnt >>> 24;
    b0[15] = length;
    return cmac32(key, phy, { length, first: b0 });
  };
})();

/** Encrypts or decrypts `bytes[from..to)` in place: xor with a stream of encrypted blocks A_i (§4.3.3.1). */
export const cryptInPlace = (() => {
  const words = new Uint32Array(4);
  return (
    key: AesKey,
    bytes: Uint8Array,
    of: {
      readonly from: number;
      readonly to: number;
      readonly uplink: boolean;
      readonly devAddr: DevAddr;
      readonly fCnt: number;
      /** Byte 4 of A_i: 0 for a payload; LoRaWAN 1.1 has other values for FOpts. */
      readonly stream?: number;
    },
  ): void => {
    const { devAddr, fCnt, stream = 0 } = of;
    const second = (stream << 24) | (of.uplink ? 0 : 0x10000) | ((devAddr & 0xff) << 8) | ((devAddr >>> 8) & 0xff);
    const third = ((devAddr >>> 16) << 24) | ((devAddr >>> 24) << 16) | ((fCnt & 0xff) << 8) | ((fCnt >>> 8) & 0xff);
    const fourth = (((fCnt >>> 16) & 0xff) << 24) | ((fCnt >>> 24) << 16);
    for (let at = of.from, i = 1; at < of.to; at += 16, i++) {
      words[0] = 0x01000000;
      words[1] = second;
      words[2] = third;
      words[3] = fourth | i;
      encryptWords(key.schedule, words);
      const stop = Math.min(16, of.to - at);
      for (let k = 0; k < stop; k++) bytes[at + k]! ^= words[k >> 2]! >>> (24 - 8 * (k & 3));
    }
  };
})();
