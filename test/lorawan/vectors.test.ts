import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { aesKey, decryptBlock, encryptBlock } from '../../src/lorawan/aes.js';
import { airtimeUs, type CodingRate } from '../../src/lorawan/airtime.js';
import { cmac32 } from '../../src/lorawan/cmac.js';
import { micOk, openPayload, parseFrame, sealData, widenFCnt, type DataFrame } from '../../src/lorawan/frame.js';
import { devAddrText } from '../../src/lorawan/ids.js';
import {
  joinAcceptMic,
  joinRequestMicOk,
  openJoinAccept,
  sealJoinAccept,
  sealJoinRequest,
} from '../../src/lorawan/join.js';
import { isSimulatedKey, parseKey, sessionKeys10, simulatedKey } from '../../src/lorawan/keys.js';
import {
  joinServerKeys,
  multicastKeyEncryptionKey,
  multicastRootKey,
  multicastSessionKeys,
  sessionKeys11,
} from '../../src/lorawan/keys11.js';
import { dataRateOf } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import protocol from '../vectors/lorawan-protocol.json' with { type: 'json' };
import vectors from '../vectors/lorawan.json' with { type: 'json' };

const key = (text: string) => aesKey(hex(text));
const micText = (mic: number): string =>
  devAddrText(((mic & 255) << 24) | ((mic & 0xff00) << 8) | ((mic >>> 8) & 0xff00) | (mic >>> 24));
const dataOf = (phy: string): DataFrame => {
  const frame = must(parseFrame(hex(phy)));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  return frame;
};
const num = (text: string): number => Number.parseInt(text, 16);

describe('AES-128 and CMAC', () => {
  test('FIPS 197, appendix C.1, both ways', () => {
    const k = key('000102030405060708090a0b0c0d0e0f');
    const block = new Uint8Array(16);
    encryptBlock(k, hex('00112233445566778899aabbccddeeff'), block);
    expect(toHex(block)).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
    decryptBlock(k, block, block);
    expect(toHex(block)).toBe('00112233445566778899aabbccddeeff');
  });

  test('RFC 4493, section 4: lengths 0, 16, 40 and 64', () => {
    const k = key('2b7e151628aed2a6abf7158809cf4f3c');
    const message = hex(
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
    );
    const macs: [number, string][] = [
      [0, 'bb1d6929'],
      [16, '070a16b4'],
      [40, 'dfa66747'],
      [64, '51f0bebf'],
    ];
    for (const [length, mac] of macs) expect(micText(cmac32(k, message, { length }))).toBe(mac);
  });

  test('a key shows nothing of itself', () => {
    const k = key('2b7e151628aed2a6abf7158809cf4f3c');
    for (const shown of [
      JSON.stringify({ k }),
      inspect({ k }, { depth: 9, showHidden: false }),
      String(k),
      JSON.stringify({ ...k }),
    ])
      expect(shown).not.toMatch(/2b7e|724237862|\d{5}/);
    const problem = parseKey('2b7e151628aed2a6abf7158809cf4f', 'appKey');
    expect(JSON.stringify(problem)).not.toContain('2b7e');
    expect(problem).toMatchObject({ ok: false, problem: { code: 'bad-key', facts: { have: 30 } } });
  });

  test('simulated keys are known without the seed, real ones are not mistaken for them', () => {
    expect(isSimulatedKey(simulatedKey('1', 'appkey:og-01'))).toBe(true);
    expect(simulatedKey('1', 'a')).not.toEqual(simulatedKey('2', 'a'));
    expect(isSimulatedKey(hex('2b7e151628aed2a6abf7158809cf4f3c'))).toBe(false);
  });
});

describe('frames', () => {
  for (const v of vectors.frames_1_0)
    test(`${v.id}`, () => {
      const frame = dataOf(v.phyPayload);
      const { devAddr, fCnt, fCtrl, fOpts, fPort, frmPayloadPlain, mic } = v.expect;
      expect(devAddrText(frame.devAddr)).toBe(devAddr);
      expect(frame.fCnt16).toBe(fCnt);
      expect(frame.phy[5]).toBe(num(fCtrl));
      expect(toHex(frame.fOpts)).toBe(fOpts);
      expect(frame.fPort).toBe(fPort);
      expect(micText(frame.mic)).toBe(mic);
      expect(micOk(frame, fCnt, key(v.nwkSKey))).toBe(true);
      expect(micOk(frame, fCnt + 65_536, key(v.nwkSKey))).toBe(false);
      const appSKey = key('appSKey' in v && v.appSKey ? v.appSKey : '00'.repeat(16));
      if (frmPayloadPlain === null) return;
      const plain = openPayload(frame, fCnt, fPort === 0 ? key(v.nwkSKey) : appSKey);
      expect(toHex(plain)).toBe(frmPayloadPlain);
      const { kind: _kind, mType: _mType, fCnt16: _fCnt16, payload: _payload, mic: _mic, phy: _phy, ...fields } = frame;
      const again = sealData({ ...fields, fCnt, payload: plain, nwkSKey: key(v.nwkSKey), appSKey });
      expect(toHex(again)).toBe(v.phyPayload);
    });

  test('a wrong MIC is wrong, a wrong AppSKey gives rubbish', () => {
    const [mic, plain, ...more] = vectors.frames_1_0_negative;
    expect(more).toEqual([]);
    expect(micOk(dataOf(mic!.phyPayload), 3, key(mic!.nwkSKey!))).toBe(false);
    const frame = dataOf(plain!.phyPayload);
    expect(toHex(openPayload(frame, 2, key(plain!.appSKey!)))).toBe(plain!.expectPlain);
  });

  test('The Things Stack primitives', () => {
    const { key: k, devAddr, fCnt, vectors: rows } = vectors.primitives_tts;
    const expected = (name: string): string => rows.find((row) => row.name.startsWith(name))!.expect;
    const fields = { devAddr: num(devAddr), fCnt, confirmed: false, nwkSKey: key(k), appSKey: key(k) };
    const sealed = (uplink: boolean): Uint8Array => sealData({ ...fields, uplink, fPort: 1, payload: hex('01020304') });
    expect(toHex(sealed(true).slice(9, 13))).toBe(expected('EncryptUplink FRMPayload'));
    expect(toHex(sealed(false).slice(9, 13))).toBe(expected('EncryptDownlink FRMPayload'));
  });

  test('16 bits widen to 32 as ChirpStack does it, but for the end of the 32 bits, where it wraps', () => {
    for (const [next, low, full] of protocol.fCntUp.rows_nextExpected_received_full)
      expect(widenFCnt(next!, low!)).toBe(next === 0xffff_ffff ? next : full);
  });
});

describe('join', () => {
  for (const v of vectors.join_request)
    test(`request ${v.id}`, () => {
      const frame = must(parseFrame(hex(v.phyPayload)));
      if (frame.kind !== 'join-request') throw new TypeError(frame.kind);
      expect(joinRequestMicOk(frame, key(v.key))).toBe(true);
      expect(micText(frame.mic)).toBe(v.expect.mic);
      const { joinEui, devEui, devNonce } = frame;
      if (v.expect.devEui)
        expect({ joinEui, devEui, devNonce }).toMatchObject({ joinEui: v.expect.joinEui, devEui: v.expect.devEui });
      expect(toHex(sealJoinRequest({ joinEui, devEui, devNonce, appKey: key(v.key) }))).toBe(v.phyPayload);
    });

  for (const v of vectors.join_accept)
    test(`accept ${v.id}`, () => {
      if (v.phyPayloadPlainNoMic) {
        const v11 = {
          jsIntKey: key(v.jsIntKey),
          joinReqType: num(v.joinReqType),
          joinEui: v.joinEui,
          devNonce: num(v.devNonce as string),
        };
        return expect(micText(joinAcceptMic(hex(v.phyPayloadPlainNoMic), key(v.jsIntKey), v11))).toBe(v.expect.mic);
      }
      const k = key(v.key!);
      if (v.phyPayloadPlain)
        return expect(micText(joinAcceptMic(hex(v.phyPayloadPlain).slice(0, -4), k))).toBe(v.expect.mic);
      const v11 = v.joinEui
        ? { jsIntKey: k, joinReqType: 0xff, joinEui: v.joinEui, devNonce: v.devNonce as number }
        : undefined;
      const accept = must(openJoinAccept(hex(v.phyPayloadEncrypted!), k, v11));
      const { joinNonce, netId, devAddr, rxDelay } = v.expect;
      expect(accept).toMatchObject({
        joinNonce: num(joinNonce!),
        netId: num(netId!),
        devAddr: num(devAddr!),
        rxDelayS: rxDelay,
      });
      if (!v11) expect(toHex(sealJoinAccept(accept, k))).toBe(v.phyPayloadEncrypted);
    });

  test('an accept carries five extra channels there and back', () => {
    const k = key('2b7e151628aed2a6abf7158809cf4f3c');
    const cfList = [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000];
    const accept = {
      joinNonce: 5,
      netId: 0x13,
      devAddr: 0x260b1234,
      optNeg: false,
      rx1DrOffset: 2,
      rx2DataRate: 3,
      rxDelayS: 5,
      cfList,
    };
    const phy = sealJoinAccept(accept, k);
    expect(phy).toHaveLength(33);
    expect(must(openJoinAccept(phy, k))).toEqual(accept);
    expect(openJoinAccept(phy, key('00'.repeat(16)))).toMatchObject({ ok: false, problem: { code: 'mic-mismatch' } });
  });
});

test('key derivation: 1.0, 1.1, join server, multicast', () => {
  const [tts, lp10, lp11, js, multicast, ...more] = vectors.key_derivation as unknown as Record<
    string,
    string & Record<string, string>
  >[];
  expect(more).toEqual([]);
  const show = (keys: Readonly<Record<string, Uint8Array>>) =>
    Object.fromEntries(Object.entries(keys).map(([name, k]) => [name, toHex(k)]));
  const nonces = (v: Record<string, string>) => ({ joinNonce: num(v['joinNonce']!), devNonce: num(v['devNonce']!) });
  const k = key(tts!['key']!);
  const want = tts!['expect'] as Record<string, string>;
  expect(show(sessionKeys10({ appKey: k, ...nonces(tts!), netId: num(tts!['netId']!) }))).toEqual({
    nwkSKey: want['nwkSKey_1_0'],
    appSKey: want['appSKey_1_0'],
  });
  expect(show(sessionKeys11({ nwkKey: k, appKey: k, ...nonces(tts!), joinEui: tts!['joinEui']! }))).toEqual({
    fNwkSIntKey: want['fNwkSIntKey'],
    sNwkSIntKey: want['sNwkSIntKey'],
    nwkSEncKey: want['nwkSEncKey'],
    appSKey: want['appSKey_1_1'],
  });
  expect(show(joinServerKeys(k, tts!['devEui']!))).toEqual({ jsIntKey: want['jsIntKey'], jsEncKey: want['jsEncKey'] });
  expect(show(sessionKeys10({ appKey: key(lp10!['appKey']!), ...nonces(lp10!), netId: num(lp10!['netId']!) }))).toEqual(
    lp10!['expect'],
  );
  expect(
    show(
      sessionKeys11({
        nwkKey: key(lp11!['nwkKey']!),
        appKey: key(lp11!['appKey']!),
        ...nonces(lp11!),
        joinEui: lp11!['joinEui']!,
      }),
    ),
  ).toEqual(lp11!['expect']);
  expect(show(joinServerKeys(key(js!['nwkKey']!), js!['devEui']!))).toEqual(js!['expect']);
  const mc = multicast!['expect'] as Record<string, string>;
  expect(show(multicastSessionKeys(hex(multicast!['mcKey']!), num(multicast!['mcAddr']!)))).toEqual({
    mcAppSKey: mc['mcAppSKey'],
    mcNetSKey: mc['mcNetSKey'],
  });
  expect(toHex(multicastRootKey({ genAppKey: key(multicast!['genAppKey']!) }))).toBe(mc['mcRootKeyFromGenAppKey']);
  expect(toHex(multicastRootKey({ appKey: key(multicast!['appKey']!) }))).toBe(mc['mcRootKeyFromAppKey']);
  expect(toHex(multicastKeyEncryptionKey(key(multicast!['mcRootKey']!)))).toBe(mc['mcKEKey']);
});

describe('airtime', () => {
  for (const { id, in: v, exactMs } of vectors.airtime_lora.vectors)
    test(id, () => {
      const us = airtimeUs({
        dataRate: { kind: 'lora', sf: v.sf, bwHz: v.bandwidthHz },
        phyBytes: v.phyPayloadBytes,
        crc: v.crc,
        codingRate: v.codingRate as CodingRate,
        preambleSymbols: v.preambleSymbols,
        explicitHeader: v.explicitHeader,
        lowDataRateOptimize: v.lowDataRateOptimize,
      });
      expect(us / 1000).toBeCloseTo(exactMs, 2);
    });

  test('FSK, and the EU868 table for every size', () => {
    for (const v of vectors.airtime_fsk)
      expect(airtimeUs({ dataRate: { kind: 'fsk', bitRate: v.bitrate }, phyBytes: v.phyPayloadBytes })).toBe(
        v.expectMs * 1000,
      );
    for (const row of vectors.airtime_eu868_derived.rows as Record<string, number>[])
      for (let dr = 0; dr <= 6; dr++)
        expect(airtimeUs({ dataRate: dataRateOf(eu868, dr)!, phyBytes: row['phyPayloadBytes']! }) / 1000).toBeCloseTo(
          row[`DR${dr}`]!,
          2,
        );
  });
});
