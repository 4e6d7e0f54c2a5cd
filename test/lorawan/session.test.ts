import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, type DataFrame } from '../../src/lorawan/frame.js';
import { joinRequestMicOk, openJoinAccept, sealJoinAccept, sealJoinRequest } from '../../src/lorawan/join.js';
import { sessionKeys10 } from '../../src/lorawan/keys.js';
import session from '../vectors/lorawan-session.json' with { type: 'json' };
import vectors from '../vectors/lorawan.json' with { type: 'json' };

const num = (text: string): number => Number.parseInt(text, 16);
const dataOf = (phy: Uint8Array): DataFrame => {
  const frame = must(parseFrame(phy));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  return frame;
};

interface Vector {
  readonly id: string;
  readonly fCnt: number;
  readonly fOpts?: string;
  readonly fPort?: number;
  readonly payload?: string;
  readonly phy: string;
}

describe('a session from join to 32-bit counters', () => {
  const { confirmedUp } = session;
  const rows = [
    ...(session.frames as Vector[]).map((v) => ({ ...session.session, ...v })),
    { id: 'ChirpStack confirmed up', ...confirmedUp },
  ];
  for (const v of rows)
    test(v.id, () => {
      const nwkSKey = aesKey(hex(v.nwkSKey));
      const appSKey = aesKey(hex(v.appSKey));
      const frame = dataOf(hex(v.phy));
      expect(frame).toMatchObject({ devAddr: num(v.devAddr), fPort: v.fPort, fOpts: hex(v.fOpts ?? '') });
      expect(micOk(frame, v.fCnt, nwkSKey)).toBe(true);
      expect(micOk(frame, v.fCnt ^ 0x10000, nwkSKey)).toBe(false);
      const plain = openPayload(frame, v.fCnt, v.fPort === 0 ? nwkSKey : appSKey);
      expect(toHex(plain)).toBe(v.payload ?? '');
      const { uplink, confirmed, devAddr, adr, ack, fOpts, fPort } = frame;
      const again = { uplink, confirmed, devAddr, adr, ack, fOpts, fCnt: v.fCnt, nwkSKey, appSKey };
      const sealed = fPort === undefined ? sealData(again) : sealData({ ...again, fPort, payload: plain });
      expect(toHex(sealed)).toBe(v.phy);
    });

  test('join request, both accepts, session keys', () => {
    const { otaa } = session;
    const { joinEui, devEui, devNonce, joinNonce, rxDelayS } = otaa;
    const appKey = aesKey(hex(otaa.appKey));
    const request = must(parseFrame(sealJoinRequest({ joinEui, devEui, devNonce, appKey })));
    expect(toHex(request.phy)).toBe(otaa.joinRequest);
    if (request.kind !== 'join-request') throw new TypeError(request.kind);
    expect(request).toMatchObject({ joinEui, devEui, devNonce });
    expect(joinRequestMicOk(request, appKey)).toBe(true);
    const accept = {
      joinNonce,
      netId: num(otaa.netId),
      devAddr: num(otaa.devAddr),
      optNeg: false,
      rx1DrOffset: 0,
      rx2DataRate: 0,
      rxDelayS,
    };
    const withChannels = { ...accept, cfList: otaa.channelsHz };
    expect(toHex(sealJoinAccept(accept, appKey))).toBe(otaa.joinAccept);
    expect(toHex(sealJoinAccept(withChannels, appKey))).toBe(otaa.joinAcceptWithChannels);
    expect(must(openJoinAccept(hex(otaa.joinAccept), appKey))).toEqual(accept);
    expect(must(openJoinAccept(hex(otaa.joinAcceptWithChannels), appKey))).toEqual(withChannels);
    const keys = sessionKeys10({ appKey, joinNonce, netId: accept.netId, devNonce });
    expect([toHex(keys.nwkSKey), toHex(keys.appSKey)]).toEqual([otaa.nwkSKey, otaa.appSKey]);
  });

  test("ChirpStack's session keys", () => {
    const { appKey, joinNonce, netId, devNonce, nwkSKey, appSKey } = session.sessionKeys;
    const keys = sessionKeys10({ appKey: aesKey(hex(appKey)), joinNonce, netId: num(netId), devNonce });
    expect([toHex(keys.nwkSKey), toHex(keys.appSKey)]).toEqual([nwkSKey, appSKey]);
  });
});

test('The Things Stack: the MIC of a frame whose payload is already encrypted, up and down', () => {
  const { key, devAddr, fCnt, msgWithoutMic, vectors: rows } = vectors.primitives_tts;
  const nwkSKey = aesKey(hex(key));
  for (const direction of ['uplink', 'downlink']) {
    const mic = rows.find((row) => row.name === `Legacy ${direction} MIC`)!.expect;
    // The test of The Things Stack signs the same bytes both ways; ours takes the direction from the frame's type.
    const frame = { ...dataOf(hex(msgWithoutMic + mic)), uplink: direction === 'uplink' };
    expect(frame.devAddr).toBe(num(devAddr));
    expect(micOk(frame, fCnt, nwkSKey), direction).toBe(true);
    expect(micOk({ ...frame, uplink: !frame.uplink }, fCnt, nwkSKey)).toBe(false);
  }
});
