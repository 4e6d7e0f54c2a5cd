import fc from 'fast-check';
import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { micOk, openPayload, parseFrame, sealData, type DataFields } from '../../src/lorawan/frame.js';
import { openJoinAccept } from '../../src/lorawan/join.js';
import { refereeOpen, refereeSeal } from '../../src/lorawan/referee.js';

const keyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const fields = fc
  .record({
    uplink: fc.boolean(),
    confirmed: fc.boolean(),
    devAddr: fc.nat(0xffffffff),
    adr: fc.boolean(),
    adrAckReq: fc.boolean(),
    ack: fc.boolean(),
    classB: fc.boolean(),
    fPending: fc.boolean(),
    fCnt: fc.nat(0xffffffff),
    fOpts: fc.uint8Array({ maxLength: 15 }),
    fPort: fc.integer({ min: 0, max: 255 }),
    payload: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    nwk: keyBytes,
    app: keyBytes,
  })
  .map((f) => (f.fPort === 0 ? { ...f, fOpts: new Uint8Array() } : f));

const sealed = (f: Omit<DataFields, 'nwkSKey' | 'appSKey'> & { nwk: Uint8Array; app: Uint8Array }): Uint8Array =>
  sealData({ ...f, nwkSKey: aesKey(f.nwk), appSKey: aesKey(f.app) });

test('what we seal, lora-packet seals alike, and each opens the other', () => {
  fc.assert(
    fc.property(fields, (f) => {
      const phy = sealed(f);
      const keys = { nwkSKey: f.nwk, appSKey: f.app };
      expect(refereeSeal(f, keys)).toEqual(phy);
      const frame = must(parseFrame(phy));
      if (frame.kind !== 'data') throw new TypeError(frame.kind);
      expect(refereeOpen(frame, f.fCnt, keys)).toEqual({ micOk: true, payload: f.payload });
      expect(micOk(frame, f.fCnt, aesKey(f.nwk))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('seal, parse, open: all fields come back, frames without port and payload included', () => {
  fc.assert(
    fc.property(fields, fc.boolean(), (f, bare) => {
      const { fPort: _fPort, payload: _payload, ...rest } = f;
      const phy = bare ? sealed(rest) : sealed(f);
      const frame = must(parseFrame(phy));
      if (frame.kind !== 'data') throw new TypeError(frame.kind);
      expect(frame).toMatchObject({
        uplink: f.uplink,
        confirmed: f.confirmed,
        devAddr: f.devAddr,
        adr: f.adr,
        adrAckReq: f.uplink && f.adrAckReq,
        ack: f.ack,
        classB: f.uplink && f.classB,
        fPending: !f.uplink && f.fPending,
        fCnt16: f.fCnt & 0xffff,
        fOpts: f.fOpts,
        fPort: bare ? undefined : f.fPort,
      });
      expect(micOk(frame, f.fCnt, aesKey(f.nwk))).toBe(true);
      if (!bare) expect(openPayload(frame, f.fCnt, aesKey(f.fPort === 0 ? f.nwk : f.app))).toEqual(f.payload);
    }),
    { numRuns: 1_000 },
  );
});

test('100 000 random byte strings: never a throw, a typed reason each', () => {
  const key = aesKey(new Uint8Array(16));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
      for (const result of [parseFrame(bytes), openJoinAccept(bytes, key)])
        if (!result.ok) expect(typeof result.problem.code).toBe('string');
    }),
    { numRuns: 100_000 },
  );
});
