import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { aesKey, encryptBlock } from '../../src/lorawan/aes.js';
import { parseFrame } from '../../src/lorawan/frame.js';
import { joinRequestMicOk, openJoinAccept, sealJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import { joinServerKeys } from '../../src/lorawan/keys11.js';
import { rejoinMicOk, sealRejoin, type RejoinFields, type RejoinRequest } from '../../src/lorawan/rejoin.js';
import protocol from '../vectors/lorawan-protocol.json' with { type: 'json' };
import vectors from '../vectors/lorawan.json' with { type: 'json' };

const key = (text: string) => aesKey(hex(text));
const num = (text: string): number => Number.parseInt(text, 16);
const rejoinOf = (phy: Uint8Array): RejoinRequest => {
  const frame = must(parseFrame(phy));
  if (frame.kind !== 'rejoin-request') throw new TypeError(frame.kind);
  return frame;
};

describe('rejoin requests', () => {
  /** What the bytes of brocaar and The Things Stack say, read by hand. */
  const said: Readonly<Record<string, object>> = {
    'brocaar-rejoin2': { rejoinType: 2, netId: 0x010203, devEui: '0102030405060708', rjCount: 219 },
    'brocaar-rejoin1': {
      ...{ rejoinType: 1, joinEui: '0102030405060708', devEui: '090a0b0c0d0e0f10', rjCount: 219 },
    },
    'tts-rejoin0': { rejoinType: 0, netId: 0x010203, devEui: '0102030405060708', rjCount: 0x0102 },
    'tts-rejoin1': { rejoinType: 1, joinEui: '0102030405060708', devEui: '0102030405060708', rjCount: 0x0102 },
    'tts-rejoin2': { rejoinType: 2, netId: 0x010203, devEui: '0102030405060708', rjCount: 0x0102 },
  };
  for (const v of vectors.rejoin_request)
    test(v.id, () => {
      const request = rejoinOf(hex(v.phyPayload));
      expect(said[v.id]).toBeDefined();
      expect(request).toMatchObject(said[v.id]!);
      expect(toHex(request.phy.subarray(-4))).toBe(v.expectMic);
      expect(rejoinMicOk(request, key(v.key))).toBe(true);
      expect(rejoinMicOk(request, key('ff'.repeat(16)))).toBe(false);
      expect(toHex(sealRejoin(request, key(v.key)))).toBe(v.phyPayload);
    });

  test('come back as they were sealed', () => {
    const eui = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(toHex);
    const shared = { devEui: eui, rjCount: fc.nat(0xffff) };
    const fields: fc.Arbitrary<RejoinFields> = fc.oneof(
      fc.record({ ...shared, rejoinType: fc.constantFrom(0 as const, 2 as const), netId: fc.nat(0xff_ffff) }),
      fc.record({ ...shared, rejoinType: fc.constant(1 as const), joinEui: eui }),
    );
    const k = key('0102030405060708090a0b0c0d0e0f10');
    fc.assert(
      fc.property(fields, (f) => {
        const request = rejoinOf(sealRejoin(f, k));
        expect(request).toMatchObject(f);
        expect(rejoinMicOk(request, k)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('of an unknown type or a wrong length are refused, counters that wrap are not sealed', () => {
    expect(parseFrame(hex(`c003${'00'.repeat(17)}`))).toMatchObject({ ok: false, problem: { code: 'bad-field' } });
    for (const [bytes, need] of [
      ['c0', 19],
      [`c000${'00'.repeat(22)}`, 19],
      [`c001${'00'.repeat(17)}`, 24],
    ] as const)
      expect(parseFrame(hex(bytes))).toMatchObject({ problem: { code: 'frame-bad-length', facts: { need } } });
    const fields = { rejoinType: 0, netId: 1, devEui: '0102030405060708', rjCount: 1 } as const;
    expect(() => sealRejoin({ ...fields, rjCount: 0x10000 }, key('00'.repeat(16)))).toThrow(RangeError);
    expect(() => sealRejoin({ ...fields, netId: 0x1000000 }, key('00'.repeat(16)))).toThrow(RangeError);
  });
});

describe('join accepts of LoRaWAN 1.1', () => {
  test.each([
    ['ChirpStack 1.0', protocol.joinAccept10],
    ['ChirpStack 1.1', protocol.joinAccept11],
  ] as const)('%s, there and back', (_, v) => {
    const accept = {
      ...{ joinNonce: v.joinNonce, netId: num(v.netId), devAddr: num(v.devAddr), optNeg: v.dlSettings === 128 },
      ...{ rx1DrOffset: 0, rx2DataRate: 0, rxDelayS: v.rxDelay },
    };
    const v11 =
      'jsIntKey' in v
        ? { jsIntKey: key(v.jsIntKey), joinReqType: v.joinReqType, joinEui: v.joinEui, devNonce: v.devNonce }
        : undefined;
    const k = key('encKey' in v ? v.encKey : v.appKey);
    expect(toHex(sealJoinAccept(accept, k, v11))).toBe(v.phy);
    expect(must(openJoinAccept(hex(v.phy), k, v11))).toEqual(accept);
  });

  test("ChirpStack's join request", () => {
    const { appKey, phy, ...v } = protocol.joinRequest;
    expect(toHex(sealJoinRequest({ ...v, appKey: key(appKey) }))).toBe(phy);
    const frame = must(parseFrame(hex(phy)));
    expect(frame.kind === 'join-request' && joinRequestMicOk(frame, key(appKey))).toBe(true);
  });

  const nwkKey = key('000102030405060708090a0b0c0d0e0f');
  const { jsIntKey, jsEncKey } = joinServerKeys(nwkKey, '0102030405060708');
  const v11 = { jsIntKey: aesKey(jsIntKey), joinReqType: 0xff, joinEui: '1112131415161718', devNonce: 0x2122 };
  const accept = {
    ...{ joinNonce: 7, netId: 0x13, devAddr: 0x260b1234, optNeg: true },
    ...{ rx1DrOffset: 1, rx2DataRate: 3, rxDelayS: 5 },
  };

  test('whoever asked otherwise cannot read it: another nonce, type or JoinEUI', () => {
    const phy = sealJoinAccept(accept, nwkKey, v11);
    expect(must(openJoinAccept(phy, nwkKey, v11))).toEqual(accept);
    const others = [{ devNonce: 0x2123 }, { joinReqType: 0 }, { joinEui: '1112131415161719' }];
    for (const other of others)
      expect(openJoinAccept(phy, nwkKey, { ...v11, ...other })).toMatchObject({ problem: { code: 'mic-mismatch' } });
    expect(openJoinAccept(phy, nwkKey)).toMatchObject({ problem: { code: 'mic-mismatch' } });
    expect(() => sealJoinAccept(accept, nwkKey)).toThrow(RangeError);
  });

  test('the answer to a rejoin is under the JSEncKey and signs the type of the rejoin', () => {
    const rejoin = { ...v11, joinReqType: 1, devNonce: 5 };
    const phy = sealJoinAccept(accept, aesKey(jsEncKey), rejoin);
    expect(must(openJoinAccept(phy, aesKey(jsEncKey), rejoin))).toEqual(accept);
    expect(openJoinAccept(phy, nwkKey, rejoin)).toMatchObject({ problem: { code: 'mic-mismatch' } });
  });

  test('a network of 1.1 that answers without OptNeg signs as 1.0 does', () => {
    const old = { ...accept, optNeg: false };
    expect(sealJoinAccept(old, nwkKey, v11)).toEqual(sealJoinAccept(old, nwkKey));
    expect(must(openJoinAccept(sealJoinAccept(old, nwkKey), nwkKey, v11))).toEqual(old);
  });
});

describe('the CFList', () => {
  const k = key('000102030405060708090a0b0c0d0e0f');
  const accept = {
    ...{ joinNonce: 7, netId: 0x13, devAddr: 0x260b1234, optNeg: false, rx1DrOffset: 0, rx2DataRate: 8, rxDelayS: 1 },
  };
  /** The CFList as the device sees it, which encrypts in order to read. */
  const listOf = (phy: Uint8Array): string => {
    const blocks = phy.slice(1);
    for (const at of [0, 16]) encryptBlock(k, blocks.subarray(at, at + 16), blocks.subarray(at, at + 16));
    return toHex(blocks.subarray(12, 28));
  };

  test('US915, second sub-band: channels 8 to 15 and 65', () => {
    const channelMasks = [0xff00, 0, 0, 0, 0x0002];
    const phy = sealJoinAccept({ ...accept, channelMasks }, k);
    expect(phy).toHaveLength(33);
    expect(must(openJoinAccept(phy, k))).toEqual({ ...accept, channelMasks });
    expect(listOf(phy)).toBe('00ff0000000000000200000000000001');
    expect(listOf(sealJoinAccept({ ...accept, channelMasks: [1] }, k))).toBe('01000000000000000000000000000001');
    expect(listOf(sealJoinAccept({ ...accept, cfList: [867_100_000] }, k))).toBe('184f8400000000000000000000000000');
  });

  test('a frequency has the place of its channel, and an empty place before it stays empty', () => {
    for (const cfList of [[867_100_000, 0, 867_500_000], [0, 867_300_000], [867_100_000]])
      expect(must(openJoinAccept(sealJoinAccept({ ...accept, cfList }, k), k)).cfList).toEqual(cfList);
  });

  test('frequencies and masks together, six masks, 17 bits are broken promises', () => {
    for (const wrong of [
      { cfList: [867_100_000], channelMasks: [1] },
      { channelMasks: [1, 1, 1, 1, 1, 1] },
      { channelMasks: [0x10000] },
      { cfList: [2_422_000_000] },
      { joinNonce: 0x1000000 },
      { netId: -1 },
      { rx1DrOffset: 8 },
      { rx2DataRate: 16 },
      { rxDelayS: 16 },
    ])
      expect(() => sealJoinAccept({ ...accept, ...wrong }, k)).toThrow(RangeError);
  });
});
