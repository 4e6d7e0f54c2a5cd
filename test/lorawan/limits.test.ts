import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { aesKey, decryptBlock, encryptBlock } from '../../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, widenFCnt, type DataFields } from '../../src/lorawan/frame.js';
import { openJoinAccept, sealJoinAccept } from '../../src/lorawan/join.js';
import { refereeOpen, refereeSeal } from '../../src/lorawan/referee.js';

const key = aesKey(new Uint8Array(16).fill(3));
const codeOf = (phy: Uint8Array): string => {
  const parsed = parseFrame(phy);
  return parsed.ok ? parsed.value.kind : parsed.problem.code;
};
const accept = { joinNonce: 1, netId: 2, devAddr: 3, optNeg: false, rx1DrOffset: 0, rx2DataRate: 0, rxDelayS: 1 };
const fields: DataFields = {
  uplink: true,
  confirmed: false,
  devAddr: 0x260b1a2f,
  fCnt: 7,
  fPort: 2,
  payload: hex('0102030405'),
  nwkSKey: key,
  appSKey: key,
};

describe('what is no frame says why', () => {
  const rows: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', new Uint8Array(), 'frame-too-short'],
    ['256 bytes', Uint8Array.from({ length: 256 }, (_, i) => (i === 0 ? 0x40 : 0)), 'frame-too-long'],
    ['major version 1', hex('41f17dbe4900020001954378762b11ff0d'), 'unsupported-major'],
    ['11 bytes of data', hex('40f17dbe49000200112233'), 'frame-too-short'],
    ['FOpts beyond the end', hex('40f17dbe490f020011223344'), 'frame-too-short'],
    ['FOpts and port 0', hex('40f17dbe490102000200aabbccdd'), 'f-opts-with-port-0'],
    ['a short join request', hex('00'.repeat(22)), 'frame-bad-length'],
    ['a join accept of 18 bytes', hex('20' + '00'.repeat(17)), 'frame-bad-length'],
    ['a rejoin of type 1 with 19 bytes', hex('c001' + '00'.repeat(17)), 'frame-bad-length'],
    ['a proprietary frame of any version', hex('e3'), 'proprietary'],
    ['a rejoin of type 0', hex('c000' + '00'.repeat(17)), 'rejoin-request'],
  ];
  for (const [what, phy, code] of rows) test(what, () => expect(codeOf(phy)).toBe(code));

  test('a data frame of 17 bytes is no join accept', () => {
    expect(openJoinAccept(hex('40f17dbe4900020001954378762b11ff0d'), key)).toMatchObject({
      ok: false,
      problem: { code: 'unsupported-type', facts: { type: 'unconfirmed-up' } },
    });
  });
});

describe('broken promises of ours are thrown', () => {
  const rows: readonly (readonly [string, Partial<DataFields>])[] = [
    ['a counter of 33 bits', { fCnt: 0x1_0000_0000 }],
    ['a negative counter', { fCnt: -1 }],
    ['a DevAddr of 33 bits', { devAddr: 0x1_0000_0000 }],
    ['16 bytes of FOpts', { fOpts: new Uint8Array(16) }],
    ['FOpts with port 0', { fOpts: hex('02'), fPort: 0 }],
    ['port 256', { fPort: 256 }],
    ['too long a payload', { payload: new Uint8Array(243) }],
  ];
  for (const [what, wrong] of rows)
    test(what, () => expect(() => sealData({ ...fields, ...wrong })).toThrow(RangeError));

  test('a payload without a port, a key of 15 bytes, six channels', () => {
    const { fPort: _fPort, ...bare } = fields;
    expect(() => sealData(bare)).toThrow(RangeError);
    expect(() => aesKey(new Uint8Array(15))).toThrow(TypeError);
    expect(() => sealJoinAccept({ ...accept, cfList: Array<number>(6).fill(867_100_000) }, key)).toThrow(RangeError);
  });
});

test('reading never writes: a Buffer, whose slices are views, keeps its bytes', () => {
  const phy = Buffer.from(sealData({ ...fields, fOpts: hex('02') }));
  const before = phy.toString('hex');
  const frame = must(parseFrame(phy));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  for (let i = 0; i < 2; i++) expect(openPayload(frame, 7, key)).toEqual(fields.payload);
  expect(micOk(frame, 7, key)).toBe(true);
  expect(phy.toString('hex')).toBe(before);
  const sealed = Buffer.from(sealJoinAccept(accept, key));
  for (let i = 0; i < 2; i++) expect(openJoinAccept(sealed, key)).toEqual({ ok: true, value: accept });
});

test('AES decrypts what it encrypts, under any key', () => {
  const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(block, block, (keyBytes, plain) => {
      const k = aesKey(keyBytes);
      const bytes = plain.slice();
      encryptBlock(k, bytes, bytes);
      decryptBlock(k, bytes, bytes);
      expect(bytes).toEqual(plain);
    }),
  );
});

test('a widened counter is the retransmission before `next`, or the first from `next` on with these 16 bits', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff), (next, low) => {
      const full = widenFCnt(next, low);
      expect(full).toBeGreaterThanOrEqual(Math.max(0, next - 1));
      expect(full).toBeLessThanOrEqual(Math.min(0xffff_ffff, next + 0xffff));
      if (full < 0xffff_ffff) expect(full & 0xffff).toBe(low);
    }),
  );
  expect(widenFCnt(0xffff_ffff, 0)).toBe(0xffff_ffff);
  expect(widenFCnt(0x1_0000_0000, 0xffff)).toBe(0xffff_ffff);
});

test('an accept comes back as it was sealed, with as many channels as there were', () => {
  const channels = fc.array(fc.integer({ min: 1, max: 0xffffff }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.record({
        joinNonce: fc.nat(0xffffff),
        netId: fc.nat(0xffffff),
        devAddr: fc.nat(0xffff_ffff),
        rx1DrOffset: fc.nat(7),
        rx2DataRate: fc.nat(15),
        rxDelayS: fc.nat(15),
      }),
      fc.option(channels, { nil: undefined }),
      (some, list) => {
        const whole = { ...some, optNeg: false, ...(list && { cfList: list.map((unit) => unit * 100) }) };
        expect(openJoinAccept(sealJoinAccept(whole, key), key)).toEqual({ ok: true, value: whole });
      },
    ),
    { numRuns: 300 },
  );
});

test('the referee is not asked what it answers wrongly', () => {
  const keys = { nwkSKey: new Uint8Array(16), appSKey: new Uint8Array(16) };
  const { nwkSKey: _nwkSKey, appSKey: _appSKey, ...plain } = fields;
  const { fPort: _fPort, payload: _payload, ...bare } = plain;
  expect(refereeSeal(bare, keys)).toBeUndefined();
  expect(refereeSeal({ ...plain, fPort: 0, fOpts: hex('02') }, keys)).toBeUndefined();
  expect(() => refereeSeal(plain, { ...keys, appSKey: new Uint8Array(15) })).toThrow(TypeError);
  const frame = must(parseFrame(sealData({ ...bare, nwkSKey: key, appSKey: key })));
  if (frame.kind !== 'data') throw new TypeError(frame.kind);
  expect(refereeOpen(frame, 7, keys)).toBeUndefined();
});
