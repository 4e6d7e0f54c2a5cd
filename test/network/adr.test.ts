import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requiredSnrDb } from '../../src/lorawan/region.js';
import {
  adrHistoryLength,
  adrTarget,
  idealDrAndPower,
  nbTransFor,
  packetLoss,
  withAdrSample,
  type AdrSample,
} from '../../src/network/adr.js';
import vectors from '../vectors/adr.json' with { type: 'json' };

const sample = (fCnt: number, maxSnrDb = 0, txPower = 0): AdrSample => ({ fCnt, maxSnrDb, txPower, gateways: 1 });
const twenty = (maxSnrDb: number, txPower = 0): AdrSample[] =>
  Array.from({ length: 20 }, (_, fCnt) => sample(fCnt, maxSnrDb, txPower));
const link = {
  dataRate: 0,
  txPower: 0,
  nbTrans: 1,
  requiredSnrDb: -20,
  marginDb: 10,
  maxDr: 5,
  maxTxPower: 7,
} as const;

describe('the vectors of ChirpStack', () => {
  for (const v of vectors.idealTxPowerIndexAndDr)
    test(`${v.name}: ${v.nStep} steps from DR${v.dr}, index ${v.txPowerIndex}`, () =>
      expect(
        idealDrAndPower(v.nStep, {
          dataRate: v.dr,
          txPower: v.txPowerIndex,
          maxDr: v.maxDr,
          maxTxPower: v.maxTxPowerIndex,
        }),
      ).toEqual({ dataRate: v.expectDr, txPower: v.expectTxPowerIndex }));

  for (const { lossPct, current, expect: next } of vectors.nbTrans)
    test(`${lossPct} % lost with ${current} transmissions`, () => expect(nbTransFor(current, lossPct)).toBe(next));

  test('the constants', () => {
    const { requiredHistory, lossThresholdsPct, pktLossTable } = vectors.constants;
    expect(adrHistoryLength).toBe(requiredHistory);
    const losses = [0, ...lossThresholdsPct];
    pktLossTable.forEach((row, i) => {
      for (const lossPct of [losses[i]!, (losses[i + 1] ?? 100) - 0.01])
        expect([1, 2, 3].map((nbTrans) => nbTransFor(nbTrans, lossPct))).toEqual(row);
    });
    for (const [sf, db] of Object.entries(vectors.constants.requiredSnrDb))
      expect(requiredSnrDb({ kind: 'lora', sf: Number(sf), bwHz: 125_000 })).toBe(db);
  });

  test('packet loss', () => {
    const fCnts = Array.from({ length: 20 }, (_, i) => (i < 5 ? i : i < 10 ? i + 1 : i + 2));
    const history = fCnts.map((fCnt) => sample(fCnt));
    expect(packetLoss(history)).toBe(vectors.packetLoss[0]!.expectPct);
    expect(packetLoss(history.slice(1))).toBe(0);
  });

  for (const v of vectors.handle.filter(({ adr }) => adr))
    test(v.name, () =>
      expect(
        adrTarget({
          history: [sample(0, v.maxSnr)],
          dataRate: v.dr,
          txPower: 0,
          nbTrans: 1,
          requiredSnrDb: v.requiredSnr!,
          marginDb: v.margin!,
          maxDr: v.maxDr,
          maxTxPower: 5,
        }),
      ).toEqual({ dataRate: v.expectDr, txPower: 0, nbTrans: 1 }),
    );
});

describe('a link', () => {
  test('with nothing known stays as it is', () => {
    expect(adrTarget({ ...link, history: [] })).toEqual({ dataRate: 0, txPower: 0, nbTrans: 1 });
    expect(adrTarget({ ...link, history: [], nbTrans: 0 }).nbTrans).toBe(1);
  });

  test.each([
    [-7.1, 0],
    [-7, 1],
    [-4.1, 1],
    [-4, 2],
    [8, 5],
  ])('whose best is %d dB goes to DR%d: whole steps, the rest is dropped', (maxSnrDb, dataRate) => {
    expect(adrTarget({ ...link, history: [sample(7, maxSnrDb), sample(8, -19)] }).dataRate).toBe(dataRate);
  });

  test('goes quieter with what is left, as far as the device can', () => {
    expect(adrTarget({ ...link, history: [sample(0, 11)] })).toEqual({ dataRate: 5, txPower: 2, nbTrans: 1 });
    expect(adrTarget({ ...link, maxTxPower: 1, history: [sample(0, 11)] }).txPower).toBe(1);
  });

  test('goes louder only after twenty uplinks with its power, and never slower', () => {
    const weak = { ...link, dataRate: 5, txPower: 4, requiredSnrDb: -7.5 };
    expect(adrTarget({ ...weak, history: twenty(-5, 4) })).toEqual({ dataRate: 5, txPower: 2, nbTrans: 1 });
    expect(adrTarget({ ...weak, history: twenty(-5, 4).slice(1) }).txPower).toBe(4);
    expect(adrTarget({ ...weak, history: [...twenty(-5, 4).slice(1), sample(20, -5, 3)] }).txPower).toBe(4);
    expect(adrTarget({ ...weak, history: twenty(-40, 4) })).toEqual({ dataRate: 5, txPower: 0, nbTrans: 1 });
    // Less than a step too weak is nothing.
    expect(adrTarget({ ...weak, history: twenty(-0.4, 4) }).txPower).toBe(4);
  });

  test('beyond the fastest or the slowest that is allowed comes inside', () => {
    expect(adrTarget({ ...link, dataRate: 6, maxDr: 5, history: [] }).dataRate).toBe(5);
    expect(adrTarget({ ...link, dataRate: 0, minDr: 2, history: [] }).dataRate).toBe(2);
  });

  test('with holes in its counters is repeated', () => {
    const holes = twenty(-10).map((one, i) => ({ ...one, fCnt: 2 * i }));
    expect(packetLoss(holes)).toBe(95);
    expect(adrTarget({ ...link, history: holes }).nbTrans).toBe(3);
    expect(adrTarget({ ...link, nbTrans: 3, history: twenty(-10) }).nbTrans).toBe(2);
  });

  test('settles: what was asked for and obeyed is not asked for again', () => {
    const ends: string[][] = [];
    for (let atFullPowerDb = -25; atFullPowerDb <= 15; atFullPowerDb++)
      for (let dataRate = 0; dataRate <= 5; dataRate++)
        for (let txPower = 0; txPower <= 7; txPower++) {
          let state = { dataRate, txPower, nbTrans: 1 };
          const seen = Array.from({ length: 8 }, () => {
            const requiredSnrDb = -20 + 2.5 * state.dataRate;
            const history = twenty(atFullPowerDb - 2 * state.txPower, state.txPower);
            state = adrTarget({ ...link, ...state, requiredSnrDb, history });
            return JSON.stringify(state);
          });
          if (seen[7] !== seen[6]) ends.push(seen);
        }
    expect(ends).toEqual([]);
  });
});

describe('a history', () => {
  test('keeps the last twenty, and each counter once', () => {
    let history: AdrSample[] = [];
    for (let fCnt = 0; fCnt < 30; fCnt++) history = withAdrSample(history, sample(fCnt));
    expect(history.map(({ fCnt }) => fCnt)).toEqual(Array.from({ length: 20 }, (_, i) => i + 10));
    expect(withAdrSample(history, sample(29, 5))).toBe(history);
  });

  test('begins anew when the counter does', () => {
    expect(withAdrSample([sample(500), sample(501)], sample(0))).toEqual([sample(0)]);
  });
});

test('whatever comes in, what comes out is a setting that the device has', () => {
  const some = fc.record({
    history: fc.array(
      fc.record({
        fCnt: fc.nat(0xffff_ffff),
        maxSnrDb: fc.integer({ min: -40, max: 20 }),
        txPower: fc.nat(7),
        gateways: fc.nat(9),
      }),
      { maxLength: 25 },
    ),
    dataRate: fc.nat(7),
    txPower: fc.nat(7),
    nbTrans: fc.nat(15),
    requiredSnrDb: fc.constantFrom(-20, -17.5, -7.5, -4.5),
    marginDb: fc.integer({ min: 0, max: 20 }),
    maxDr: fc.nat(5),
    maxTxPower: fc.nat(7),
  });
  fc.assert(
    fc.property(some, (input) => {
      const { dataRate, txPower, nbTrans } = adrTarget(input);
      expect(dataRate).toBeGreaterThanOrEqual(Math.min(input.dataRate, input.maxDr));
      expect(dataRate).toBeLessThanOrEqual(input.maxDr);
      expect(txPower).toBeGreaterThanOrEqual(0);
      expect(txPower).toBeLessThanOrEqual(Math.max(input.txPower, input.maxTxPower));
      expect([1, 2, 3]).toContain(nbTrans);
    }),
  );
});
