// Data frames of LoRaWAN 1.1 §4: FOpts are encrypted, an uplink's MIC comes from two keys, and both directions sign what
// they acknowledge. Our network speaks 1.0; these are for a bench and for whoever must read a frame of 1.1.
import type { AesKey } from './aes.js';
import { copyOf, cryptInPlace, dataMic, type MicExtra } from './data-crypto.js';
import { clearFrame, openPayload, type ClearFields, type DataFrame } from './frame.js';
import { put32 } from './wire.js';

/** The session keys of LoRaWAN 1.1; `sessionKeys11` derives them. */
export interface SessionKeys11 {
  readonly fNwkSIntKey: AesKey;
  readonly sNwkSIntKey: AesKey;
  readonly nwkSEncKey: AesKey;
  readonly appSKey: AesKey;
}

/** What the radio and the other direction add to a frame's MIC. */
export interface MicContext {
  /** Counter of the confirmed frame that this one acknowledges; its lower 16 bits count, and only when ACK is set. */
  readonly confFCnt?: number;
  /** Data rate and channel index of an uplink. */
  readonly txDr?: number;
  readonly txCh?: number;
}

/** What a data frame of LoRaWAN 1.1 is made of; FOpts and payload in clear. */
export interface DataFields11 extends ClearFields, MicContext {
  readonly keys: SessionKeys11;
}

/**
 * Byte 4 of the block that hides FOpts (erratum "FOpts Encryption, Usage of FCntDwn" of LoRaWAN 1.1): a device has two
 * counters for downlinks, and where both are equal the same key stream must not come twice.
 */
const networkCounter = 1;
const applicationCounter = 2;

/** Downlinks with a port above 0 count with AFCntDown, all others with NFCntDown; uplinks have one counter. */
const fOptsStream = (uplink: boolean, fPort: number | undefined): number =>
  !uplink && fPort !== undefined && fPort > 0 ? applicationCounter : networkCounter;

type MicKeys = Pick<SessionKeys11, 'fNwkSIntKey' | 'sNwkSIntKey'>;

/** The MIC of the first `length` bytes (LoRaWAN 1.1 §4.4). */
const mic11 = (
  phy: Uint8Array,
  of: { readonly length: number; readonly uplink: boolean; readonly devAddr: number; readonly fCnt: number },
  { keys, ...context }: MicContext & { readonly keys: MicKeys; readonly ack: boolean },
): number => {
  const confFCnt = context.ack ? (context.confFCnt ?? 0) & 0xffff : 0;
  if (!of.uplink) return dataMic(keys.sNwkSIntKey, phy, { ...of, extra: { confFCnt } });
  const extra: MicExtra = { confFCnt, txDr: context.txDr ?? 0, txCh: context.txCh ?? 0 };
  const serving = dataMic(keys.sNwkSIntKey, phy, { ...of, extra });
  // Half of the MIC is the one of LoRaWAN 1.0, so that a network in between can check it without the serving one's key.
  const forwarding = dataMic(keys.fNwkSIntKey, phy, of);
  return ((serving & 0xffff) | (forwarding << 16)) >>> 0;
};

/**
 * The PHYPayload of a data frame of LoRaWAN 1.1, encrypted and signed. `fCnt` is FCntUp, NFCntDown (no port, or port 0)
 * or AFCntDown. Throws a RangeError when the fields make no frame.
 */
export const sealData11 = (f: DataFields11): Uint8Array => {
  const { phy, payloadAt } = clearFrame(f);
  const { uplink, devAddr, fCnt, keys } = f;
  const length = phy.length - 4;
  const stream = fOptsStream(uplink, f.fPort);
  cryptInPlace(keys.nwkSEncKey, phy, { from: 8, to: 8 + (f.fOpts?.length ?? 0), uplink, devAddr, fCnt, stream });
  const key = f.fPort === 0 ? keys.nwkSEncKey : keys.appSKey;
  cryptInPlace(key, phy, { from: payloadAt, to: length, uplink, devAddr, fCnt });
  put32(phy, length, mic11(phy, { length, uplink, devAddr, fCnt }, { ...f, ack: f.ack ?? false }));
  return phy;
};

/**
 * Whether the MIC is right for these keys, this full counter, and what the receiver knows of the radio: an uplink was
 * sent with `txDr` on channel `txCh`. A downlink needs the SNwkSIntKey only.
 */
export const micOk11 = (
  { phy, uplink, devAddr, ack, mic }: DataFrame,
  fCnt: number,
  context: MicContext & { readonly keys: MicKeys },
): boolean => mic11(phy, { length: phy.length - 4, uplink, devAddr, fCnt }, { ...context, ack }) === mic;

/** Whether the half of an uplink's MIC is right that needs neither the SNwkSIntKey nor data rate and channel. */
export const micHalfOk11 = ({ phy, uplink, devAddr, mic }: DataFrame, fCnt: number, fNwkSIntKey: AesKey): boolean =>
  uplink && ((dataMic(fNwkSIntKey, phy, { length: phy.length - 4, uplink, devAddr, fCnt }) << 16) ^ mic) >>> 16 === 0;

/** The MAC commands in FOpts in clear; `fCnt` is FCntUp, NFCntDown or AFCntDown, as in `sealData11`. */
export const openFOpts11 = (
  { fOpts, uplink, devAddr, fPort }: DataFrame,
  fCnt: number,
  nwkSEncKey: AesKey,
): Uint8Array => {
  const plain = copyOf(fOpts, 0, fOpts.length);
  cryptInPlace(nwkSEncKey, plain, {
    from: 0,
    to: plain.length,
    uplink,
    devAddr,
    fCnt,
    stream: fOptsStream(uplink, fPort),
  });
  return plain;
};

/** The payload in clear: under the NwkSEncKey on port 0, else under the AppSKey. */
export const openPayload11 = (
  frame: DataFrame,
  fCnt: number,
  keys: Pick<SessionKeys11, 'nwkSEncKey' | 'appSKey'>,
): Uint8Array => openPayload(frame, fCnt, frame.fPort === 0 ? keys.nwkSEncKey : keys.appSKey);
