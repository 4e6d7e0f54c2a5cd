import { describe, expect, test } from 'vitest';
import {
  channelIndexOf,
  defaultPlan,
  rx1Of,
  usableChannels,
  withCfList,
  withDefaultChannels,
  withDlChannel,
  withLinkAdr,
  withNewChannel,
  withRxParams,
  type LinkState,
} from '../../src/lorawan/channel-plan.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { adr, eight, extras, fine, on, range, type LinkAdr } from './plans.js';

describe('EU868', () => {
  test('a device begins with three channels and learns five from its accept', () => {
    expect(defaultPlan(eu868)).toHaveLength(16);
    expect(on(defaultPlan(eu868))).toEqual([0, 1, 2]);
    expect(on(eight)).toEqual(range(0, 7));
    expect(eight[3]).toEqual({ freqHz: 867_100_000, minDr: 0, maxDr: 5, downlinkHz: 867_100_000, enabled: true });
    expect(eight[8]).toBeUndefined();
  });

  test('a CFList replaces what was there; zero and foreign frequencies leave a hole; masks are for others', () => {
    const list = [867_100_000, 0, 868_650_000, 915_000_000, 867_900_000, 867_300_000];
    const plan = withCfList(eu868, eight, { cfList: list });
    expect(on(plan)).toEqual([0, 1, 2, 3, 7]);
    expect(on(withCfList(eu868, eight, { cfList: [] }))).toEqual([0, 1, 2]);
    expect(withCfList(eu868, eight, { channelMasks: [1] })).toBe(eight);
    expect(withCfList(eu868, eight, {})).toBe(eight);
  });

  const state: LinkState = { plan: eight, dataRate: 3, txPower: 1, nbTrans: 2 };
  const rows: readonly (readonly [string, readonly Partial<LinkAdr>[], Partial<typeof fine>, number[]?])[] = [
    ['a mask', [{ channelMask: 0x00f8 }], {}, range(3, 7)],
    ['control 6 turns all on, whatever the mask', [{ channelMask: 1 }, { channelMaskControl: 6 }], {}, range(0, 7)],
    ['the last mask of a block counts', [{ channelMask: 0x0f }, { channelMask: 0x01 }], {}, [0]],
    ['an empty mask', [{ channelMask: 0 }], { channelMaskOk: false }],
    ['an empty mask that is put right in the same block', [{ channelMask: 0 }, { channelMask: 2 }], {}, [1]],
    ['a channel that is not there', [{ channelMask: 0x0100 }], { channelMaskOk: false }],
    ['the same, before a good one', [{ channelMask: 0x0101 }, { channelMask: 1 }], { channelMaskOk: false }],
    ...[1, 2, 3, 4, 5, 7].map(
      (channelMaskControl) =>
        [
          `control ${channelMaskControl} is reserved`,
          [{ channelMask: 7, channelMaskControl }],
          { channelMaskOk: false },
        ] as const,
    ),
    ['a data rate that no channel carries', [{ channelMask: 7, dataRate: 6 }], { dataRateOk: false }],
    ['a data rate that the region has not', [{ channelMask: 7, dataRate: 12 }], { dataRateOk: false }],
    ['a power that the region has not', [{ channelMask: 7, txPower: 8 }], { powerOk: false }],
    [
      'all three wrong',
      [{ channelMask: 0, dataRate: 14, txPower: 14 }],
      { channelMaskOk: false, dataRateOk: false, powerOk: false },
    ],
    [
      'wrong values before the last are nothing',
      [{ channelMask: 7, dataRate: 9, txPower: 9 }, { channelMask: 7 }],
      {},
      [0, 1, 2],
    ],
  ];
  for (const [what, requests, wrong, channels] of rows)
    test(`LinkADRReq: ${what}`, () => {
      const { answer, state: after } = withLinkAdr(eu868, state, requests.map(adr));
      expect(answer).toEqual({ ...fine, ...wrong });
      if (channels) expect(after).toEqual({ ...state, plan: after.plan, nbTrans: 1 });
      if (channels) expect(on(after.plan)).toEqual(channels);
      else expect(after).toBe(state);
    });

  test('LinkADRReq: data rate, power and NbTrans of the last request; 15 keeps, 0 transmissions are one', () => {
    const ask = (change: Partial<LinkAdr>): LinkState =>
      withLinkAdr(eu868, state, [adr({ channelMask: 1, nbTrans: 9 }), adr({ channelMask: 0xff, ...change })]).state;
    expect(ask({ dataRate: 5, txPower: 7, nbTrans: 3 })).toMatchObject({ dataRate: 5, txPower: 7, nbTrans: 3 });
    expect(ask({ dataRate: 15, txPower: 0, nbTrans: 15 })).toMatchObject({ dataRate: 3, txPower: 0, nbTrans: 15 });
    expect(ask({ dataRate: 0 })).toMatchObject({ dataRate: 0, txPower: 1, nbTrans: 1 });
    expect(withLinkAdr(eu868, state, [])).toEqual({ answer: fine, state });
  });

  test('LinkADRReq: a device that chooses for itself takes the channels and nothing else', () => {
    const own = { ...state, adr: false };
    const { answer, state: after } = withLinkAdr(eu868, own, [
      adr({ channelMask: 1, dataRate: 0, txPower: 9, nbTrans: 3 }),
    ]);
    expect(answer).toEqual(fine);
    expect(after).toEqual({ ...own, plan: after.plan });
    expect(on(after.plan)).toEqual([0]);
  });

  test('LinkADRReq: a kept data rate must have a channel, too', () => {
    const fast = withNewChannel(eu868, defaultPlan(eu868), { index: 3, freqHz: 868_300_000, minDr: 6, maxDr: 6 }).plan;
    const slow = { ...state, plan: fast };
    expect(withLinkAdr(eu868, slow, [adr({ channelMask: 8 })]).answer).toEqual({ ...fine, dataRateOk: false });
    expect(withLinkAdr(eu868, slow, [adr({ channelMask: 8, dataRate: 6 })]).answer).toEqual(fine);
  });

  const channel = { index: 5, freqHz: 864_100_000, minDr: 0, maxDr: 5 };
  test.each([
    ['a new place', channel, true, true],
    ['the last place', { ...channel, index: 15 }, true, true],
    ['beyond the last', { ...channel, index: 16 }, false, false],
    ['a channel of the region', { ...channel, index: 2 }, false, false],
    ['removal of a channel of the region', { ...channel, index: 0, freqHz: 0 }, false, false],
    ['removal', { ...channel, freqHz: 0 }, true, true],
    ['removal of nothing', { ...channel, index: 12, freqHz: 0 }, true, true],
    ['a gap between sub-bands', { ...channel, freqHz: 869_300_000 }, false, true],
    ['another continent', { ...channel, freqHz: 915_000_000 }, false, true],
    ['data rates the wrong way round', { ...channel, minDr: 3, maxDr: 2 }, true, false],
    ['data rates of LR-FHSS', { ...channel, minDr: 8, maxDr: 11 }, true, false],
    ['FSK', { ...channel, minDr: 7, maxDr: 7 }, true, true],
    ['all wrong', { ...channel, freqHz: 1, maxDr: 15 }, false, false],
  ])('NewChannelReq: %s', (_, request, frequencyOk, dataRatesOk) => {
    const { plan, ...answer } = withNewChannel(eu868, eight, request);
    expect(answer).toEqual({ frequencyOk, dataRatesOk });
    if (!frequencyOk || !dataRatesOk) expect(plan).toBe(eight);
    else if (request.freqHz === 0) expect(plan[request.index]).toBeUndefined();
    else
      expect(plan[request.index]).toEqual({
        freqHz: request.freqHz,
        minDr: request.minDr,
        maxDr: request.maxDr,
        downlinkHz: request.freqHz,
        enabled: true,
      });
    expect(plan.filter((one, i) => one !== eight[i] && i !== request.index)).toEqual([]);
  });

  test('when the last channel that is on is removed, those of the region come back', () => {
    const { state: only } = withLinkAdr(eu868, state, [adr({ channelMask: 0x10 })]);
    expect(on(only.plan)).toEqual([4]);
    expect(on(withNewChannel(eu868, only.plan, { ...channel, index: 4, freqHz: 0 }).plan)).toEqual([0, 1, 2]);
    expect(on(withDefaultChannels(eu868, only.plan))).toEqual([0, 1, 2, 4]);
    expect(on(withCfList(eu868, only.plan, { cfList: [0] }))).toEqual([0, 1, 2]);
  });

  test('DlChannelReq moves the first window, NewChannelReq moves it back', () => {
    const moved = withDlChannel(eu868, eight, { index: 1, freqHz: 869_525_000 });
    expect(moved).toMatchObject({ frequencyOk: true, uplinkExists: true });
    expect(rx1Of(eu868, moved.plan, { channel: 1, dataRate: 5, rx1DrOffset: 2 })).toEqual({
      freqHz: 869_525_000,
      dataRate: 3,
    });
    expect(rx1Of(eu868, eight, { channel: 1, dataRate: 5, rx1DrOffset: 0 })).toEqual({
      freqHz: 868_300_000,
      dataRate: 5,
    });
    expect(withDlChannel(eu868, eight, { index: 9, freqHz: 869_525_000 })).toEqual({
      frequencyOk: true,
      uplinkExists: false,
      plan: eight,
    });
    expect(withDlChannel(eu868, eight, { index: 1, freqHz: 0 })).toEqual({
      frequencyOk: false,
      uplinkExists: true,
      plan: eight,
    });
    expect(withDlChannel(eu868, eight, { index: 99, freqHz: 0 })).toEqual({
      frequencyOk: false,
      uplinkExists: false,
      plan: eight,
    });
    const five = withDlChannel(eu868, eight, { index: 5, freqHz: 869_525_000 }).plan;
    expect(withNewChannel(eu868, five, channel).plan[5]!.downlinkHz).toBe(channel.freqHz);
    expect(() => rx1Of(eu868, eight, { channel: 8, dataRate: 0, rx1DrOffset: 0 })).toThrow(RangeError);
  });

  test.each([
    [{ freqHz: 869_525_000, rx2DataRate: 3, rx1DrOffset: 5 }, true, true, true],
    [{ freqHz: 869_300_000, rx2DataRate: 8, rx1DrOffset: 6 }, false, false, false],
    [{ freqHz: 868_100_000, rx2DataRate: 7, rx1DrOffset: 7 }, true, true, false],
    [{ freqHz: 0, rx2DataRate: 15, rx1DrOffset: 0 }, false, false, true],
  ])('RXParamSetupReq %j', (request, channelOk, rx2DataRateOk, rx1DrOffsetOk) =>
    expect(withRxParams(eu868, request)).toEqual({ channelOk, rx2DataRateOk, rx1DrOffsetOk }),
  );

  test('an uplink finds its channel by frequency and data rate', () => {
    expect(channelIndexOf(eight, { freqHz: 867_500_000, dataRate: 0 })).toBe(5);
    expect(channelIndexOf(eight, { freqHz: 867_500_000, dataRate: 6 })).toBeUndefined();
    expect(channelIndexOf(eight, { freqHz: 864_100_000, dataRate: 0 })).toBeUndefined();
    expect(usableChannels(eight, 6)).toEqual([]);
    expect(usableChannels(eight, 5).map(({ index }) => index)).toEqual(range(0, 7));
  });
});

describe('US915', () => {
  const all = defaultPlan(us915);
  const state: LinkState = { plan: all, dataRate: 2, txPower: 5, nbTrans: 1 };
  const after = (...requests: Partial<LinkAdr>[]): number[] | undefined => {
    const answer = withLinkAdr(us915, state, requests.map(adr));
    return answer.answer.channelMaskOk && answer.answer.dataRateOk ? on(answer.state.plan) : undefined;
  };

  test('72 channels, answered on eight', () => {
    expect(on(all)).toEqual(range(0, 71));
    expect([0, 7, 8, 63, 64, 71].map((i) => all[i]!.freqHz)).toEqual([
      902_300_000, 903_700_000, 903_900_000, 914_900_000, 903_000_000, 914_200_000,
    ]);
    expect([0, 7, 8, 63, 64, 71].map((i) => all[i]!.downlinkHz)).toEqual([
      923_300_000, 927_500_000, 923_300_000, 927_500_000, 923_300_000, 927_500_000,
    ]);
    expect(rx1Of(us915, all, { channel: 10, dataRate: 0, rx1DrOffset: 0 })).toEqual({
      freqHz: 924_500_000,
      dataRate: 10,
    });
    expect(rx1Of(us915, all, { channel: 65, dataRate: 4, rx1DrOffset: 3 })).toEqual({
      freqHz: 923_900_000,
      dataRate: 11,
    });
    expect(usableChannels(all, 4).map(({ index }) => index)).toEqual(range(64, 71));
  });

  test('each ChMaskCntl', () => {
    expect(after({ channelMask: 0x00ff })).toEqual([...range(0, 7), ...range(16, 71)]);
    expect(after({ channelMaskControl: 3, channelMask: 0x8000 })).toEqual([...range(0, 47), ...range(63, 71)]);
    // The high bits are reserved, not channels that are not there.
    expect(after({ channelMaskControl: 4, channelMask: 0xff01 })).toEqual(range(0, 64));
    expect(after({ channelMaskControl: 5, channelMask: 0xff02 })).toEqual([...range(8, 15), 65]);
    expect(after({ channelMaskControl: 6, channelMask: 0x0003 })).toEqual(range(0, 65));
    expect(after({ channelMaskControl: 7, channelMask: 0x0002 }, { channelMask: 0xff00 })).toEqual([
      ...range(8, 15),
      65,
    ]);
    // Only channels of 500 kHz: DR2 has none.
    expect(after({ channelMaskControl: 7, channelMask: 0x0002 })).toBeUndefined();
    expect(after({ channelMaskControl: 7, channelMask: 0x0002, dataRate: 4 })).toEqual([65]);
    expect(after({ channelMaskControl: 7, channelMask: 0 })).toBeUndefined();
  });

  test('powers down to 2 dBm', () => {
    const ask = (txPower: number): boolean =>
      withLinkAdr(us915, state, [adr({ channelMaskControl: 6, channelMask: 0xff, txPower })]).answer.powerOk;
    expect([0, 14].map(ask)).toEqual([true, true]);
  });

  test('a CFList of masks; frequencies are for others', () => {
    expect(on(withCfList(us915, all, { channelMasks: [0xff00, 0, 0, 0, 2, 0] }))).toEqual([...range(8, 15), 65]);
    expect(withCfList(us915, all, { channelMasks: [0, 0, 0, 0, 0xff00] })).toBe(all);
    expect(withCfList(us915, all, { cfList: extras })).toBe(all);
  });

  test('knows no other channels', () => {
    expect(withNewChannel(us915, all, { index: 71, freqHz: 0, minDr: 0, maxDr: 3 })).toEqual({
      frequencyOk: false,
      dataRatesOk: false,
      plan: all,
    });
    expect(withDlChannel(us915, all, { index: 1, freqHz: 923_300_000 })).toEqual({
      frequencyOk: false,
      uplinkExists: false,
      plan: all,
    });
    const { state: few } = withLinkAdr(us915, state, [adr({ channelMaskControl: 5, channelMask: 2 })]);
    expect(withDefaultChannels(us915, few.plan)).toEqual(all);
  });

  test('listens on its eight downlink channels, at their data rates', () => {
    const ok = { channelOk: true, rx2DataRateOk: true, rx1DrOffsetOk: true };
    expect(withRxParams(us915, { freqHz: 927_500_000, rx2DataRate: 13, rx1DrOffset: 3 })).toEqual(ok);
    expect(withRxParams(us915, { freqHz: 923_300_000, rx2DataRate: 8, rx1DrOffset: 0 })).toEqual(ok);
    for (const freqHz of [923_000_000, 923_400_000, 928_100_000, 902_300_000, 922_700_000])
      expect(withRxParams(us915, { freqHz, rx2DataRate: 4, rx1DrOffset: 4 })).toEqual({
        channelOk: false,
        rx2DataRateOk: false,
        rx1DrOffsetOk: false,
      });
  });
});
