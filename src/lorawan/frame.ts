import { sha256 } from '../base/digest.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { AesKey } from './aes.js';
import { copyOf, cryptInPlace, dataMic } from './data-crypto.js';
import type { DevAddr, Eui } from './ids.js';
import { parseRejoin, type RejoinRequest } from './rejoin.js';
import { euiAt, mustFit, put16, put32, u16At, u32At } from './wire.js';

/** The eight message types of LoRaWAN 1.0.4 §4.2.1, by their number. */
export const mTypes = [
  'join-request',
  'join-accept',
  'unconfirmed-up',
  'unconfirmed-down',
  'confirmed-up',
  'confirmed-down',
  'rejoin-request',
  'proprietary',
] as const;
export type MType = (typeof mTypes)[number];

/** A data frame, read but not yet trusted: its MIC is unchecked and its payload encrypted. */
export interface DataFrame {
  readonly kind: 'data';
  readonly mType: MType;
  readonly uplink: boolean;
  readonly confirmed: boolean;
  readonly devAddr: DevAddr;
  readonly adr: boolean;
  /** Uplinks only. */
  readonly adrAckReq: boolean;
  readonly ack: boolean;
  /** Uplinks only. */
  readonly classB: boolean;
  /** Downlinks only: more is waiting. */
  readonly fPending: boolean;
  /** The lower half of the 32-bit counter. */
  readonly fCnt16: number;
  readonly fOpts: Uint8Array;
  readonly fPort: number | undefined;
  /** Still encrypted. */
  readonly payload: Uint8Array;
  /** Lowest byte first on the wire. */
  readonly mic: number;
  readonly phy: Uint8Array;
}

export interface JoinRequest {
  readonly kind: 'join-request';
  readonly joinEui: Eui;
  readonly devEui: Eui;
  readonly devNonce: number;
  readonly mic: number;
  readonly phy: Uint8Array;
}

export type Frame =
  | DataFrame
  | JoinRequest
  | { readonly kind: 'join-accept'; readonly phy: Uint8Array }
  | RejoinRequest
  | { readonly kind: 'proprietary'; readonly phy: Uint8Array };

/** A LoRa radio's length field has eight bits. */
const mostBytes = 255;
const leastData = 12;

/** A PHYPayload, taken apart; everything that later steps rely on is checked here. */
export const parseFrame = (phy: Uint8Array): Result<Frame> => {
  const have = phy.length;
  if (have === 0) return fail('frame-too-short', { type: 'LoRaWAN', need: 1, have });
  if (have > mostBytes) return fail('frame-too-long', { most: mostBytes, have });
  const mhdr = phy[0]!;
  const mType = mTypes[mhdr >> 5]!;
  if (mType === 'proprietary') return ok({ kind: 'proprietary', phy });
  if ((mhdr & 3) !== 0) return fail('unsupported-major', { major: mhdr & 3 });
  switch (mType) {
    case 'join-request':
      return have === 23 ? ok(joinRequest(phy)) : wrongLength(mType, '23', have);
    case 'join-accept':
      return have === 17 || have === 33 ? ok({ kind: 'join-accept', phy }) : wrongLength(mType, '17 or 33', have);
    case 'rejoin-request':
      return parseRejoin(phy);
    default:
      return dataFrame(phy, mType);
  }
};

const noBytes = new Uint8Array(0);

const wrongLength = (type: MType, need: string, have: number): Result<Frame> =>
  fail('frame-bad-length', { type, need, have });

const joinRequest = (phy: Uint8Array): JoinRequest => ({
  kind: 'join-request',
  joinEui: euiAt(phy, 1),
  devEui: euiAt(phy, 9),
  devNonce: u16At(phy, 17),
  mic: u32At(phy, 19),
  phy,
});

const dataFrame = (phy: Uint8Array, mType: MType): Result<Frame> => {
  const have = phy.length;
  if (have < leastData) return fail('frame-too-short', { type: mType, need: leastData, have });
  const fCtrl = phy[5]!;
  const uplink = mType === 'unconfirmed-up' || mType === 'confirmed-up';
  const body = 8 + (fCtrl & 15);
  const end = have - 4;
  if (body > end) return fail('frame-too-short', { type: mType, need: body + 4, have });
  const fPort = body < end ? phy[body]! : undefined;
  if (fPort === 0 && body > 8) return fail('f-opts-with-port-0');
  const bit4 = (fCtrl & 0x10) !== 0;
  return ok({
    kind: 'data',
    mType,
    uplink,
    confirmed: mType === 'confirmed-up' || mType === 'confirmed-down',
    devAddr: u32At(phy, 1),
    adr: (fCtrl & 0x80) !== 0,
    adrAckReq: uplink && (fCtrl & 0x40) !== 0,
    ack: (fCtrl & 0x20) !== 0,
    classB: uplink && bit4,
    fPending: !uplink && bit4,
    fCnt16: u16At(phy, 6),
    fOpts: body > 8 ? copyOf(phy, 8, body) : noBytes,
    fPort,
    payload: body + 1 < end ? copyOf(phy, body + 1, end) : noBytes,
    mic: u32At(phy, end),
    phy,
  });
};

/** Whether the MIC is right for this key and this full 32-bit counter. */
export const micOk = (frame: DataFrame, fCnt: number, nwkSKey: AesKey): boolean => {
  const { phy, uplink, devAddr } = frame;
  return dataMic(nwkSKey, phy, { length: phy.length - 4, uplink, devAddr, fCnt }) === frame.mic;
};

/** The payload in clear; the key is the AppSKey, on port 0 the NwkSKey. */
export const openPayload = (frame: DataFrame, fCnt: number, key: AesKey): Uint8Array => {
  const { uplink, devAddr } = frame;
  const plain = copyOf(frame.payload, 0, frame.payload.length);
  cryptInPlace(key, plain, { from: 0, to: plain.length, uplink, devAddr, fCnt });
  return plain;
};

/** What a data frame is made of, whatever its version. */
export interface ClearFields {
  readonly uplink: boolean;
  readonly confirmed: boolean;
  readonly devAddr: DevAddr;
  readonly adr?: boolean | undefined;
  readonly adrAckReq?: boolean | undefined;
  readonly ack?: boolean | undefined;
  readonly classB?: boolean | undefined;
  readonly fPending?: boolean | undefined;
  /** All 32 bits. */
  readonly fCnt: number;
  /** In clear; at most 15 bytes, none with port 0. */
  readonly fOpts?: Uint8Array | undefined;
  /** Without a port there is no payload. */
  readonly fPort?: number | undefined;
  /** In clear. */
  readonly payload?: Uint8Array | undefined;
}

/** What a data frame of LoRaWAN 1.0 is made of. */
export interface DataFields extends ClearFields {
  readonly nwkSKey: AesKey;
  readonly appSKey: AesKey;
}

/**
 * A data frame in clear, its MIC still zero, and where its payload begins. Throws a RangeError when the fields make no
 * frame.
 */
export const clearFrame = (f: ClearFields): { readonly phy: Uint8Array; readonly payloadAt: number } => {
  const options = f.fOpts?.length ?? 0;
  const payload = f.payload?.length ?? 0;
  // A counter that wraps would use a key stream a second time: the promise that matters most.
  mustFit('a frame counter', f.fCnt, 32);
  mustFit('a DevAddr', f.devAddr, 32);
  if (options > 15 || (f.fPort === 0 && options > 0)) throw new RangeError('FOpts: at most 15 bytes, none with port 0');
  if (f.fPort !== undefined) mustFit('a port', f.fPort, 8);
  else if (payload > 0) throw new RangeError('a payload needs a port');
  const payloadAt = 8 + options + (f.fPort === undefined ? 0 : 1);
  const length = payloadAt + payload;
  if (length + 4 > mostBytes) throw new RangeError(`a frame has at most ${mostBytes} bytes`);
  const phy = new Uint8Array(length + 4);
  phy[0] = ((f.confirmed ? 4 : 2) | (f.uplink ? 0 : 1)) << 5;
  put32(phy, 1, f.devAddr);
  phy[5] =
    (f.adr ? 0x80 : 0) |
    (f.uplink && f.adrAckReq ? 0x40 : 0) |
    (f.ack ? 0x20 : 0) |
    ((f.uplink ? f.classB : f.fPending) ? 0x10 : 0) |
    options;
  put16(phy, 6, f.fCnt);
  if (f.fOpts) phy.set(f.fOpts, 8);
  if (f.fPort !== undefined) phy[payloadAt - 1] = f.fPort;
  if (f.payload) phy.set(f.payload, payloadAt);
  return { phy, payloadAt };
};

/** The PHYPayload of a data frame, encrypted and signed. Throws a RangeError when the fields make no frame. */
export const sealData = (f: DataFields): Uint8Array => {
  const { phy, payloadAt } = clearFrame(f);
  const { uplink, devAddr, fCnt } = f;
  const length = phy.length - 4;
  cryptInPlace(f.fPort === 0 ? f.nwkSKey : f.appSKey, phy, { from: payloadAt, to: length, uplink, devAddr, fCnt });
  put32(phy, length, dataMic(f.nwkSKey, phy, { length, uplink, devAddr, fCnt }));
  return phy;
};

/** The name of a frame on both sides of the air: the first 16 hexadecimal digits of SHA-256 over the PHYPayload. */
export const frameId = (phy: Uint8Array): string => sha256(phy).slice(0, 16);

/**
 * The full counter of a received 16-bit one when `next` is expected: the nearest value from `next` on, except that the
 * one just before `next` is a retransmission (ChirpStack `get_full_f_cnt_up`). At the end of the 32 bits it stays at
 * 0xffffffff: ChirpStack wraps to 0 there, and so would take the session's very first frame for a retransmission.
 */
export const widenFCnt = (next: number, low16: number): number => {
  if (next > 0 && low16 === ((next - 1) & 0xffff)) return next - 1;
  return Math.min(0xffff_ffff, next + ((low16 - next) & 0xffff));
};
