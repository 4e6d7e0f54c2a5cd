import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { decryptBlock, encryptBlock, type AesKey } from './aes.js';
import { cmac32 } from './cmac.js';
import { copyOf } from './data-crypto.js';
import { mTypes, parseFrame, type JoinRequest } from './frame.js';
import type { DevAddr, Eui } from './ids.js';
import { mustFit, putEui, put16, put24, put32, u16At, u24At, u32At } from './wire.js';

/** A join request, signed with the AppKey, by a device of LoRaWAN 1.1 with the NwkKey (LoRaWAN 1.0.4 §6.2.5). */
export const sealJoinRequest = (join: {
  readonly joinEui: Eui;
  readonly devEui: Eui;
  readonly devNonce: number;
  readonly appKey: AesKey;
}): Uint8Array => {
  mustFit('a DevNonce', join.devNonce, 16);
  const phy = new Uint8Array(23);
  putEui(phy, 1, join.joinEui);
  putEui(phy, 9, join.devEui);
  put16(phy, 17, join.devNonce);
  put32(phy, 19, cmac32(join.appKey, phy, { length: 19 }));
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
  /** Extra channels in Hz by their place, 0 where none is, at most five (CFList type 0: regions whose channels a network chooses, such as EU868). */
  readonly cfList?: readonly number[];
  /**
   * Which of the region's fixed channels are on, 16 to a number, channel 0 in the lowest bit (CFList type 1: US915 and
   * its relatives). At most five when sealed, the rest is zero; always five when opened. Never beside `cfList`.
   */
  readonly channelMasks?: readonly number[];
}

/** Bytes of a CFList: 15 of content, and its type. */
const listBytes = 16;

/** The CFList of an accept (RP002, "Join-Accept CFList" of EU863-870 and of US902-928); undefined when there is nothing to say. */
const channelList = ({ cfList = [], channelMasks = [] }: JoinAccept): Uint8Array | undefined => {
  if (cfList.length > 0 && channelMasks.length > 0) throw new RangeError('a CFList has frequencies or masks, not both');
  if (cfList.length > 5 || channelMasks.length > 5) throw new RangeError('a CFList has at most five channels or masks');
  if (cfList.length === 0 && channelMasks.length === 0) return undefined;
  const list = new Uint8Array(listBytes);
  cfList.forEach((freqHz, i) => {
    const unit = Math.round(freqHz / 100);
    mustFit('a frequency in units of 100 Hz', unit, 24);
    put24(list, 3 * i, unit);
  });
  channelMasks.forEach((mask, i) => {
    mustFit('a channel mask', mask, 16);
    put16(list, 2 * i, mask);
  });
  list[15] = channelMasks.length > 0 ? 1 : 0;
  return list;
};

/** What a CFList says; nothing when its type is not one of the two that exist. */
const readChannelList = (list: Uint8Array): Pick<JoinAccept, 'cfList' | 'channelMasks'> => {
  if (list[15] === 0) {
    const freqsHz = [0, 3, 6, 9, 12].map((at) => u24At(list, at) * 100);
    // A place is a channel's index: only what is empty at the end may be left out.
    return { cfList: freqsHz.slice(0, freqsHz.findLastIndex((freqHz) => freqHz > 0) + 1) };
  }
  if (list[15] === 1) return { channelMasks: [0, 2, 4, 6, 8].map((at) => u16At(list, at)) };
  return {};
};

/**
 * A join accept, signed and then, as the standard has it, *decrypted* with `key`, so that a device only encrypts. The key
 * is the AppKey; in LoRaWAN 1.1 the NwkKey, and the JSEncKey when a rejoin is answered (1.1 §6.2.3). With `optNeg` the
 * MIC needs `v11`. Throws a RangeError for a value that does not fit.
 */
export const sealJoinAccept = (accept: JoinAccept, key: AesKey, v11?: Accept11): Uint8Array => {
  if (accept.optNeg && !v11) throw new RangeError('an accept with OptNeg is signed with the JSIntKey');
  mustFit('a JoinNonce', accept.joinNonce, 24);
  mustFit('a NetID', accept.netId, 24);
  mustFit('a DevAddr', accept.devAddr, 32);
  mustFit('an RX1DROffset', accept.rx1DrOffset, 3);
  mustFit('an RX2DataRate', accept.rx2DataRate, 4);
  mustFit('an RxDelay', accept.rxDelayS, 4);
  const list = channelList(accept);
  const length = 13 + (list ? listBytes : 0);
  const phy = new Uint8Array(length + 4);
  phy[0] = 0x20;
  put24(phy, 1, accept.joinNonce);
  put24(phy, 4, accept.netId);
  put32(phy, 7, accept.devAddr);
  phy[11] = (accept.optNeg ? 0x80 : 0) | (accept.rx1DrOffset << 4) | accept.rx2DataRate;
  phy[12] = accept.rxDelayS;
  if (list) phy.set(list, 13);
  put32(phy, length, joinAcceptMic(phy.subarray(0, length), key, accept.optNeg ? v11 : undefined));
  for (let at = 1; at < phy.length; at += 16) decryptBlock(key, phy.subarray(at, at + 16), phy.subarray(at, at + 16));
  return phy;
};

/** What a LoRaWAN 1.1 accept (OptNeg set) needs for its MIC beyond the key that encrypts it. */
export interface Accept11 {
  readonly jsIntKey: AesKey;
  /** 0xff for a join; 0, 1 or 2 for a rejoin of that type. */
  readonly joinReqType: number;
  readonly joinEui: Eui;
  /** Of the join request; for a rejoin its counter, RJcount0 or RJcount1. */
  readonly devNonce: number;
}

/** The MIC of an accept in clear: 1.0 signs the frame alone, 1.1 signs what it answers as well (1.1 §6.2.3). */
export const joinAcceptMic = (plain: Uint8Array, key: AesKey, v11?: Accept11): number => {
  if (!v11) return cmac32(key, plain, { length: plain.length });
  const signed = new Uint8Array(11 + plain.length);
  signed[0] = v11.joinReqType;
  putEui(signed, 1, v11.joinEui);
  put16(signed, 9, v11.devNonce);
  signed.set(plain, 11);
  return cmac32(v11.jsIntKey, signed, { length: signed.length });
};

/**
 * What an accept says, as the device with this AppKey (1.1: NwkKey; after a rejoin JSEncKey) reads it; `mic-mismatch`
 * when it is for somebody else.
 */
export const openJoinAccept = (phy: Uint8Array, key: AesKey, v11?: Accept11): Result<JoinAccept> => {
  const have = phy.length;
  if (have !== 17 && have !== 33) return fail('frame-bad-length', { type: 'join-accept', need: '17 or 33', have });
  const parsed = parseFrame(phy);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind !== 'join-accept') return fail('unsupported-type', { type: mTypes[phy[0]! >> 5]! });
  const b = copyOf(phy, 0, have);
  for (let at = 1; at < have; at += 16) encryptBlock(key, b.subarray(at, at + 16), b.subarray(at, at + 16));
  const optNeg = (b[11]! & 0x80) !== 0;
  if (joinAcceptMic(b.subarray(0, have - 4), key, optNeg ? v11 : undefined) !== u32At(b, have - 4))
    return fail('mic-mismatch');
  return ok({
    joinNonce: u24At(b, 1),
    netId: u24At(b, 4),
    devAddr: u32At(b, 7),
    optNeg,
    rx1DrOffset: (b[11]! >> 4) & 7,
    rx2DataRate: b[11]! & 15,
    rxDelayS: b[12]! & 15,
    ...(have === 33 && readChannelList(b.subarray(13, 29))),
  });
};

/**
 * Whether an accept, decrypted with this key, says that its network speaks LoRaWAN 1.1. Without its MIC that is a hint:
 * under a wrong key it is a matter of chance.
 */
export const acceptSaysOptNeg = (phy: Uint8Array, key: AesKey): boolean => {
  if (phy.length < 17) return false;
  const block = copyOf(phy, 1, 17);
  encryptBlock(key, block, block);
  return (block[10]! & 0x80) !== 0;
};
