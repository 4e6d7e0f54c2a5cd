import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, type DataFrame } from '../../src/lorawan/frame.js';
import {
  micHalfOk11,
  micOk11,
  openFOpts11,
  openPayload11,
  sealData11,
  type DataFields11,
} from '../../src/lorawan/frame11.js';
import protocol from '../vectors/lorawan-protocol.json' with { type: 'json' };
import vectors from '../vectors/lorawan.json' with { type: 'json' };

const key = (text: string | undefined) => aesKey(hex(text ?? '00'.repeat(16)));
const dataOf = (phy: Uint8Array): DataFrame => {
  const frame = must(parseFrame(phy));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  return frame;
};

interface Vector {
  readonly id: string;
  readonly fNwkSIntKey?: string;
  readonly sNwkSIntKey: string;
  readonly nwkSEncKey?: string;
  readonly appSKey?: string;
  readonly confFCnt: number;
  readonly txDr: number;
  readonly txCh: number;
  readonly phyPayload: string;
  readonly expect: { readonly mic: string; readonly fOptsPlain?: string; readonly frmPayloadPlain?: string };
}

/** Two frames of brocaar's tests leave the standard: FOpts in clear, and port 0 under the AppSKey. */
const astray = ['brocaar-11-fopts-plain-down', 'brocaar-11-mac-in-frm'];

describe('frames of LoRaWAN 1.1', () => {
  for (const v of vectors.frames_1_1 as Vector[])
    test(v.id, () => {
      const phy = hex(v.phyPayload);
      const frame = dataOf(phy);
      const fCnt = frame.fCnt16;
      const { confFCnt, txDr, txCh } = v;
      const keys = {
        fNwkSIntKey: key(v.fNwkSIntKey),
        sNwkSIntKey: key(v.sNwkSIntKey),
        nwkSEncKey: key(v.nwkSEncKey),
        appSKey: key(v.appSKey),
      };
      expect(toHex(phy.subarray(-4))).toBe(v.expect.mic);
      expect(micOk11(frame, fCnt, { keys, confFCnt, txDr, txCh })).toBe(true);
      expect(micOk11(frame, fCnt + 0x10000, { keys, confFCnt, txDr, txCh })).toBe(false);
      if (frame.uplink) {
        expect(micOk11(frame, fCnt, { keys, confFCnt, txDr: txDr + 1, txCh })).toBe(false);
        expect(micOk11(frame, fCnt, { keys, confFCnt, txDr, txCh: txCh + 1 })).toBe(false);
        expect(micHalfOk11(frame, fCnt, keys.fNwkSIntKey)).toBe(true);
        expect(micHalfOk11(frame, fCnt, keys.sNwkSIntKey)).toBe(false);
      }
      // Without ACK the counter that would be acknowledged is not signed.
      expect(micOk11(frame, fCnt, { keys, confFCnt: confFCnt + 1, txDr, txCh })).toBe(!frame.ack);
      if (v.id === 'brocaar-11-fopts-plain-down') return expect(toHex(frame.fOpts)).toBe(v.expect.fOptsPlain);
      if (v.id === 'brocaar-11-mac-in-frm')
        return expect(toHex(openPayload(frame, fCnt, keys.appSKey))).toBe(v.expect.frmPayloadPlain);
      const fOpts = openFOpts11(frame, fCnt, keys.nwkSEncKey);
      const payload = openPayload11(frame, fCnt, keys);
      expect(toHex(fOpts)).toBe(v.expect.fOptsPlain ?? '');
      expect(toHex(payload)).toBe(v.expect.frmPayloadPlain ?? '');
      const { fPort, uplink, confirmed, devAddr, adr, ack } = frame;
      const fields = { uplink, confirmed, devAddr, adr, ack, fCnt, fOpts, keys, confFCnt, txDr, txCh };
      expect(toHex(sealData11(fPort === undefined ? fields : { ...fields, fPort, payload }))).toBe(v.phyPayload);
    });

  test('only the known two are astray', () =>
    expect(vectors.frames_1_1.filter(({ id }) => astray.includes(id))).toHaveLength(astray.length));

  test("ChirpStack's downlink with encrypted FOpts and a payload: AFCntDown, another key stream", () => {
    const v = protocol.downWithEncryptedFOpts;
    const keys = {
      fNwkSIntKey: key(undefined),
      sNwkSIntKey: key(v.sNwkSIntKey),
      nwkSEncKey: key(v.nwkSEncKey),
      appSKey: key(v.appSKey),
    };
    const frame = dataOf(hex(v.phy));
    expect(micOk11(frame, v.fCntDown, { keys })).toBe(true);
    expect(toHex(openFOpts11(frame, v.fCntDown, keys.nwkSEncKey))).toBe(v.fOptsPlain);
    const network = openFOpts11({ ...frame, fPort: undefined }, v.fCntDown, keys.nwkSEncKey);
    expect(toHex(network)).not.toBe(v.fOptsPlain);
    const sealed = sealData11({
      ...{ uplink: false, confirmed: false, devAddr: Number.parseInt(v.devAddr, 16), fCnt: v.fCntDown },
      ...{ fOpts: hex(v.fOptsPlain), fPort: v.fPort, payload: hex(v.payload), keys },
    });
    expect(toHex(sealed)).toBe(v.phy);
  });
});

test('The Things Stack: FOpts and MICs of 1.1 under one key', () => {
  const { key: k, devAddr, fCnt, plain, msgWithoutMic, vectors: rows } = vectors.primitives_tts;
  const one = key(k);
  const keys = { fNwkSIntKey: one, sNwkSIntKey: one, nwkSEncKey: one, appSKey: one };
  const wanted = (name: string): string => rows.find((row) => row.name.startsWith(name))!.expect;
  const base = { confirmed: false, devAddr: Number.parseInt(devAddr, 16), fCnt, fOpts: hex(plain), keys };
  expect(toHex(sealData11({ ...base, uplink: true }).subarray(8, 12))).toBe(wanted('EncryptUplink FOpts'));
  expect(toHex(sealData11({ ...base, uplink: false }).subarray(8, 12))).toBe(wanted('EncryptDownlink FOpts'));
  for (const direction of ['uplink', 'downlink']) {
    // The test of The Things Stack signs the same bytes both ways; ours takes the direction from the frame's type.
    const phy = hex(msgWithoutMic + wanted(`1.1 ${direction} MIC`));
    const frame = { ...dataOf(phy), uplink: direction === 'uplink' };
    expect(micOk11(frame, fCnt, { keys }), direction).toBe(true);
  }
  expect(rows.map(({ name }) => name)).toHaveLength(8);
});

const keyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(aesKey);
const anyFrame = fc
  .record(
    {
      uplink: fc.boolean(),
      confirmed: fc.boolean(),
      devAddr: fc.nat(0xffff_ffff),
      adr: fc.boolean(),
      ack: fc.boolean(),
      fCnt: fc.nat(0xffff_ffff),
      fOpts: fc.uint8Array({ maxLength: 15 }),
      fPort: fc.integer({ min: 0, max: 255 }),
      payload: fc.uint8Array({ maxLength: 200 }),
      confFCnt: fc.nat(0xffff_ffff),
      txDr: fc.nat(15),
      txCh: fc.nat(95),
      keys: fc.record({ fNwkSIntKey: keyBytes, sNwkSIntKey: keyBytes, nwkSEncKey: keyBytes, appSKey: keyBytes }),
    },
    {
      requiredKeys: [
        'uplink',
        'confirmed',
        'devAddr',
        'adr',
        'ack',
        'fCnt',
        'fOpts',
        'confFCnt',
        'txDr',
        'txCh',
        'keys',
      ],
    },
  )
  .map((f): DataFields11 => {
    const { payload: _payload, ...bare } = f;
    if (f.fPort === undefined) return bare as DataFields11;
    return (f.fPort === 0 ? { ...f, fOpts: new Uint8Array() } : f) as DataFields11;
  });

test('seal, parse, open: everything comes back', () => {
  fc.assert(
    fc.property(anyFrame, (f) => {
      const frame = dataOf(sealData11(f));
      const { keys, confFCnt = 0, txDr = 0, txCh = 0 } = f;
      expect(micOk11(frame, f.fCnt, { keys, confFCnt, txDr, txCh })).toBe(true);
      expect(micHalfOk11(frame, f.fCnt, keys.fNwkSIntKey)).toBe(f.uplink);
      expect(openFOpts11(frame, f.fCnt, keys.nwkSEncKey)).toEqual(f.fOpts);
      expect(openPayload11(frame, f.fCnt, keys)).toEqual(f.payload ?? new Uint8Array());
      // Only the lower half of the acknowledged counter is signed; 16 bits of an uplink's MIC may agree by chance.
      expect(micOk11(frame, f.fCnt, { keys, confFCnt: confFCnt ^ 0x10000, txDr, txCh })).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a frame of 1.1 leaves nothing behind that a frame of 1.0 could stumble over', () => {
  const one = key('01'.repeat(16));
  const keys = { fNwkSIntKey: one, sNwkSIntKey: one, nwkSEncKey: one, appSKey: one };
  const fields = { uplink: true, confirmed: false, devAddr: 1, fCnt: 1, fPort: 1, payload: hex('0102') };
  const before = toHex(sealData({ ...fields, nwkSKey: one, appSKey: one }));
  sealData11({ ...fields, ack: true, keys, confFCnt: 0xffff, txDr: 5, txCh: 7, fOpts: hex('02') });
  const after = sealData({ ...fields, nwkSKey: one, appSKey: one });
  expect(toHex(after)).toBe(before);
  expect(micOk(dataOf(after), 1, one)).toBe(true);
});
