import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  defaultPlan,
  planMaskRequests,
  usableChannels,
  withCfList,
  withDefaultChannels,
  withDlChannel,
  withLinkAdr,
  withNewChannel,
  type ChannelPlan,
  type LinkState,
} from '../../src/lorawan/channel-plan.js';
import type { Region } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { adr, eight, fine, on, range } from './plans.js';

describe('the masks for a plan', () => {
  const withOn = (plan: ChannelPlan, indexes: readonly number[]): ChannelPlan =>
    plan.map((channel, i) => channel && { ...channel, enabled: indexes.includes(i) });

  test('are few', () => {
    const asked = (indexes: readonly number[]) => planMaskRequests(us915, withOn(defaultPlan(us915), indexes));
    expect(planMaskRequests(eu868, eight)).toEqual([{ channelMaskControl: 0, channelMask: 0xff }]);
    expect(asked([...range(8, 15), 65])).toEqual([{ channelMaskControl: 5, channelMask: 2 }]);
    expect(asked(range(0, 71))).toEqual([{ channelMaskControl: 6, channelMask: 0xff }]);
    expect(asked(range(0, 66))).toEqual([{ channelMaskControl: 6, channelMask: 7 }]);
    expect(asked(range(8, 15))).toEqual([
      { channelMaskControl: 7, channelMask: 0 },
      { channelMaskControl: 0, channelMask: 0xff00 },
    ]);
  });

  for (const [region, known] of [
    [eu868, eight],
    [us915, defaultPlan(us915)],
  ] as const)
    test(`${region.id}: switch on exactly the plan's channels, whatever was on`, () => {
      const channels = known.flatMap((channel, index) => (channel ? [index] : []));
      const indexes = fc.subarray(channels, { minLength: 1 });
      fc.assert(
        fc.property(indexes, indexes, (before, wanted) => {
          const plan = withOn(known, wanted);
          const requests = planMaskRequests(region, plan);
          expect(requests.length).toBeLessThanOrEqual(5);
          const dataRate = plan[wanted[0]!]!.minDr;
          const from = { plan: withOn(known, before), dataRate, txPower: 0, nbTrans: 1 };
          const { answer, state } = withLinkAdr(region, from, requests.map(adr));
          expect(answer).toEqual(fine);
          expect(state.plan).toEqual(plan);
        }),
      );
    });
});

describe('whatever a network asks for', () => {
  const u4 = fc.nat(15);
  const freqHz = fc.oneof(
    fc.constantFrom(0, 867_100_000, 868_100_000, 868_650_000, 869_525_000, 923_300_000),
    fc.nat(0xffffff).map((unit) => unit * 100),
  );
  const mask = fc.oneof(fc.constantFrom(0, 1, 7, 0xff, 0xffff), fc.nat(0xffff));
  const linkAdr = fc.record({
    kind: fc.constant('link-adr-req' as const),
    dataRate: u4,
    txPower: fc.oneof(fc.nat(7), u4),
    channelMask: mask,
    channelMaskControl: fc.oneof(fc.constantFrom(0, 6), fc.nat(7)),
    nbTrans: u4,
  });
  const step = fc.oneof(
    fc.array(linkAdr, { maxLength: 4 }).map((requests) => (region: Region, state: LinkState): LinkState => {
      const { answer, state: next } = withLinkAdr(region, state, requests);
      const obeyed = answer.channelMaskOk && answer.dataRateOk && answer.powerOk;
      if (!obeyed) expect(next).toBe(state);
      else if (requests.length > 0) expect(usableChannels(next.plan, next.dataRate)).not.toEqual([]);
      expect(region.dataRates[next.dataRate]).toBeDefined();
      expect(region.txPowerStepsDb[next.txPower]).toBeDefined();
      expect(next.nbTrans).toBeGreaterThan(0);
      return next;
    }),
    fc
      .record({ index: fc.nat(255), freqHz, minDr: u4, maxDr: u4 })
      .map((request) => (region: Region, state: LinkState) => {
        const { plan, frequencyOk, dataRatesOk } = withNewChannel(region, state.plan, {
          ...request,
          index: request.index % 20,
        });
        if (!frequencyOk || !dataRatesOk) expect(plan).toBe(state.plan);
        return { ...state, plan };
      }),
    fc.record({ index: fc.nat(255), freqHz }).map((request) => (region: Region, state: LinkState) => {
      const { plan, frequencyOk, uplinkExists } = withDlChannel(region, state.plan, request);
      if (!frequencyOk || !uplinkExists) expect(plan).toBe(state.plan);
      return { ...state, plan };
    }),
    fc
      .record({
        cfList: fc.option(fc.array(freqHz, { maxLength: 6 })),
        channelMasks: fc.option(fc.array(mask, { maxLength: 8 })),
      })
      .map(({ cfList, channelMasks }) => (region: Region, state: LinkState) => ({
        ...state,
        plan: withCfList(region, state.plan, { ...(cfList && { cfList }), ...(channelMasks && { channelMasks }) }),
      })),
    fc.constant((region: Region, state: LinkState) => ({ ...state, plan: withDefaultChannels(region, state.plan) })),
  );

  test.each([eu868, us915])(
    "$id: the plan can send, inside the region, with the region's own channels in place",
    (region) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 25, size: 'max' }), (steps) => {
          const own = defaultPlan(region);
          let state: LinkState = { plan: own, dataRate: 0, txPower: 0, nbTrans: 1 };
          for (const one of steps) {
            state = one(region, state);
            expect(on(state.plan).length).toBeGreaterThan(0);
          }
          expect(state.plan).toHaveLength(region.mostChannels);
          state.plan.forEach((channel, index) => {
            if (!channel) return expect(index).toBeGreaterThanOrEqual(region.channels.length);
            const inside = (hz: number): boolean =>
              region.subBands.some(({ fromHz, toHz }) => hz >= fromHz && hz < toHz);
            expect([inside(channel.freqHz), inside(channel.downlinkHz)]).toEqual([true, true]);
            if (own[index])
              expect(channel).toMatchObject({
                freqHz: own[index].freqHz,
                minDr: own[index].minDr,
                maxDr: own[index].maxDr,
              });
          });
          expect(usableChannels(withDefaultChannels(region, state.plan), region.joinDrs[0]!)).not.toEqual([]);
        }),
        { numRuns: 200 },
      );
    },
  );
});
