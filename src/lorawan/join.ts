import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { decryptBlock, encryptBlock, type AesKey } from './aes.js';
import { cmac32 } from './cmac.js';
import { copyOf } from './data-crypto.js';
import { mTypes, parseFrame, type JoinRequest } from './frame.js';
import type { DevAddr, Eui } from './ids.js';

const putMic = (bytes: Uint8Array, length: number, key: AesKey): void => {
  const mic = cmac32(key, bytes, { length });
  for (let i = 0; i < 4; i++) bytes[length + i] = mic >>> (8 * i);
};

const putEui = (bytes: Uint8Array, at: number, eui: Eui): void => {
  for (let i = 0; i < 8; i++) bytes[at + i] = Number.parseInt(eui.slice(14 - 2 * i, 16 - 2 * i), 16);
};

/** A join request, signed with the AppKey (LoRaWAN 1.0.4 §6.2.5). */
export const sealJoinRequest = (join: {
  readonly joinEui: Eui;
  readonly devEui: Eui;
  readonly devNonce: number;
  readonly appKey: AesKey;
}): Uint8Array => {
  const phy = new Uint8Array(23);
  putEui(phy, 1, join.joinEui);
  putEui(phy, 9, join.devEui);
  phy[17] = join.devNonce;
  phy[18] = join.devNonce >>> 8;
  putMic(phy, 19, join.appKey);
  return phy;
};

/** Whether the MIC of a join request is right for this AppKey. */
export const joinRequestMicOk = (frame: JoinRequest, appKey: AesKey): boolean =>
  cmac32(appKey, frame.phy, { length: 19 }) === frame.mic;

/** What a network tells a device that it lets in. */
export interface JoinAccept {
  /** 24 bits. */
  readonly joinNonce: number;
  /** 24 bits. */
  readonly netId: number;
  readonly devAddr: DevAddr;
  /** Set by LoRaWAN 1.1 networks; the MIC is then another one. */
  readonly optNeg: boolean;
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
  /** RECEIVE_DELAY1 in seconds; 0 means 1. */
  readonly rxDelayS: number;
  /** Extra channels in Hz, at most five (CFList type 0). */
  readonly cfList?: readonly number[];
}

/** Bytes of a CFList: five frequencies of three bytes, and its type. */
const listBytes = 16;

/**
 * A join accept, signed and then, as the standard has it, *decrypted* with the AppKey, so that a device only encrypts.
 * Throws a RangeError for more channels than fit.
 */
export const sealJoinAccept = (accept: JoinAccept, appKey: AesKey): Uint8Array => {
  if (accept.cfList && accept.cfList.length > 5) throw new RangeError('a CFList has at most five channels');
  const list = accept.cfList && accept.cfList.length > 0 ? accept.cfList : undefined;
  const length = 13 + (list ? listBytes : 0);
  const phy = new Uint8Array(length + 4);
  const { joinNonce, netId, devAddr } = accept;
  phy.set([0x20, joinNonce, joinNonce >>> 8, joinNonce >>> 16, netId, netId >>> 8, netId >>> 16]);
  phy.set([devAddr, devAddr >>> 8, devAddr >>> 16, devAddr >>> 24], 7);
  phy[11] = (accept.optNeg ? 0x80 : 0) | ((accept.rx1DrOffset & 7) << 4) | (accept.rx2DataRate & 15);
  phy[12] = accept.rxDelayS;
  list?.forEach((freqHz, i) => {
    const unit = Math.round(freqHz / 100);
    phy.set([unit, unit >>> 8, unit >>> 16], 13 + 3 * i);
  });
  putMic(phy, length, appKey);
  for (let at = 1; at < phy.length; at += 16)
    decryptBlock(appKey, phy.subarray(at, at + 16), phy.subarray(at, at + 16));
  return phy;
};

/** What a LoRaWAN 1.1 accept (OptNeg set) needs for its MIC beyond the key that encrypts it. */
export interface Accept11 {
  readonly jsIntKey: AesKey;
  /** 0xff for a join; 0, 1 or 2 for a rejoin of that type. */
  readonly joinReqType: number;
  readonly joinEui: Eui;
  readonly devNonce: number;
}

/** The MIC of an accept in clear: 1.0 signs the frame alone, 1.1 signs what it answers as well (1.1 §6.2.3). */
export const joinAcceptMic = (plain: Uint8Array, key: AesKey, v11?: Accept11): number => {
  if (!v11) return cmac32(key, plain, { length: plain.length });
  const signed = new Uint8Array(11 + plain.length);
  signed[0] = v11.joinReqType;
  putEui(signed, 1, v11.joinEui);
  signed[9] = v11.devNonce;
  signed[10] = v11.devNonce >>> 8;
  signed.set(plain, 11);
  return cmac32(v11.jsIntKey, signed, { length: signed.length });
};

/** What an accept says, as the device with this AppKey reads it; `mic-mismatch` when it is for somebody else. */
export const openJoinAccept = (phy: Uint8Array, appKey: AesKey, v11?: Accept11): Result<JoinAccept> => {
  const have = phy.length;
  if (have !== 17 && have !== 33) return fail('frame-bad-length', { type: 'join-accept', need: '17 or 33', have });
  const parsed = parseFrame(phy);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind !== 'join-accept') return fail('unsupported-type', { type: mTypes[phy[0]! >> 5]! });
  const b = copyOf(phy, 0, have);
  for (let at = 1; at < have; at += 16) encryptBlock(appKey, b.subarray(at, at + 16), b.subarray(at, at + 16));
  const mic = (b[have - 4]! | (b[have - 3]! << 8) | (b[have - 2]! << 16) | (b[have - 1]! << 24)) >>> 0;
  const optNeg = (b[11]! & 0x80) !== 0;
  if (joinAcceptMic(b.subarray(0, have - 4), appKey, optNeg ? v11 : undefined) !== mic) return fail('mic-mismatch');
  const u24 = (at: number): number => b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16);
  // A list of another type holds channel masks (US915 and relatives), not frequencies.
  const isFrequencies = have === 33 && b[28] === 0;
  return ok({
    joinNonce: u24(1),
    netId: u24(4),
    devAddr: (u24(7) | (b[10]! << 24)) >>> 0,
    optNeg,
    rx1DrOffset: (b[11]! >> 4) & 7,
    rx2DataRate: b[11]! & 15,
    rxDelayS: b[12]! & 15,
    ...(isFrequencies && { cfList: [13, 16, 19, 22, 25].map((at) => u24(at) * 100).filter((freqHz) => freqHz > 0) }),
  });
};
