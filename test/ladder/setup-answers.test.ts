import { describe, expect, test } from 'vitest';
import type { DownlinkCommand, UplinkCommand } from '../../src/lorawan/mac-command.js';
import type { TxVerdict } from '../../src/lorawan/radio.js';
import { bench, devEui, type Bench } from './bench-device.js';

// What both ends believe of windows and channels when answers come late, in part, or not at all.

const view = (b: Bench) => b.state.devices.byDevEui(devEui)!.memory.session!.view!;
const asked = (b: Bench): readonly DownlinkCommand[] => b.downlinks.at(-1)!.commands;
const timing: UplinkCommand = { kind: 'rx-timing-setup-ans' };
const channel = (yes: boolean): UplinkCommand => ({ kind: 'new-channel-ans', frequencyOk: yes, dataRatesOk: true });

describe('a network that is restarted between its request and the answer', () => {
  test('moves its windows when the answer comes: else it could never reach the device again', () => {
    const b = bench({ factory: true, settings: { rx1DelayS: 5, extraChannelsHz: [] } });
    b.up();
    expect(asked(b)).toEqual([{ kind: 'rx-timing-setup-req', delayS: 5 }]);
    b.restart();
    b.up({ commands: [timing] });
    expect(view(b).rx1DelayS).toBe(5);
    expect(b.downlinks.at(-1)!.tx.when).toEqual({ kind: 'tmst', tmst: (b.nowUs - 300_000 + 5_000_000) % 2 ** 32 });
  });
});

describe('a request that never left', () => {
  test('is no request that the device ignored', () => {
    const verdicts: TxVerdict[] = Array<TxVerdict>(20).fill('too-late');
    const b = bench({ factory: true, verdict: () => verdicts.shift() ?? 'ok' });
    for (let i = 0; i < 11; i++) b.up();
    expect(view(b).unanswered).toBe(0);
    expect(b.downlinks).toHaveLength(1);
  });

  test('is asked with the next uplink, the status as well', () => {
    const verdicts: TxVerdict[] = ['collision-packet', 'collision-packet'];
    const b = bench({ verdict: () => verdicts.shift() ?? 'ok', settings: { statusEveryMs: 3_600_000 } });
    b.up();
    expect(b.downlinks).toHaveLength(0);
    b.up();
    expect(asked(b)).toEqual([{ kind: 'dev-status-req' }]);
  });
});

describe('a device that answers', () => {
  const settings = { extraChannelsHz: [867_100_000, 867_300_000, 867_500_000] };

  test('a part is asked for the rest', () => {
    const b = bench({ factory: true, settings });
    b.up();
    b.up({ commands: [channel(true)] });
    expect(asked(b)).toMatchObject([
      { kind: 'new-channel-req', index: 4, freqHz: 867_300_000 },
      { kind: 'new-channel-req', index: 5, freqHz: 867_500_000 },
    ]);
    b.up({ commands: [channel(true), channel(true)] });
    expect(view(b).extraHz).toEqual(settings.extraChannelsHz);
  });

  test('no to one channel has the others at their own places', () => {
    const b = bench({ factory: true, settings: { ...settings, adr: { marginDb: 10, maxDr: 5 } } });
    b.up();
    b.up({ adr: true, commands: [channel(true), channel(false), channel(true)] });
    // Channels 0 to 2 are the region's, 3 and 5 are new; 4 is not there, and a mask that names it would be refused.
    expect(asked(b)).toMatchObject([{ kind: 'link-adr-req', channelMask: 0b101111 }]);
  });

  test('is not given a new data rate before it knows its channels: the mask would switch them off again', () => {
    const b = bench({ factory: true, settings: { ...settings, adr: { marginDb: 10, maxDr: 5 } } });
    b.up({ adr: true });
    expect(asked(b).map(({ kind }) => kind)).toEqual(['new-channel-req', 'new-channel-req', 'new-channel-req']);
    b.up({ adr: true, commands: [channel(true), channel(true), channel(true)] });
    expect(asked(b)).toMatchObject([{ kind: 'link-adr-req', channelMask: 0b111111 }]);
  });

  test('that it has not so many powers or data rates is asked for what it has', () => {
    const b = bench({ settings: { adr: { marginDb: 10, maxDr: 5 } } });
    const loud = { dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, snrDb: 14 } as const;
    const no: UplinkCommand = { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: false };
    b.up({ adr: true }, loud);
    expect(asked(b)).toMatchObject([{ txPower: 3 }]);
    b.up({ adr: true, commands: [no] }, loud);
    expect(asked(b)).toMatchObject([{ txPower: 2 }]);
    b.restart();
    b.up({ adr: true, commands: [{ ...no, powerOk: true }] }, loud);
    for (let i = 0; i < 3; i++) b.up({ adr: true }, loud);
    expect(view(b)).toMatchObject({ txPower: 2, refused: [] });
    expect(b.downlinks).toHaveLength(2);
    const slow = bench({ settings: { adr: { marginDb: 10, maxDr: 5 } } });
    slow.up({ adr: true });
    expect(asked(slow)).toMatchObject([{ dataRate: 5 }]);
    slow.up({ adr: true, commands: [{ ...no, powerOk: true, dataRateOk: false }] });
    expect(asked(slow)).toMatchObject([{ dataRate: 4 }]);
  });

  test('a block of LinkADRReq with yes and no has not agreed', () => {
    const b = bench({ settings: { adr: { marginDb: 10, maxDr: 5 } } });
    b.up({ adr: true });
    const yes: UplinkCommand = { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true };
    const before = view(b).txPower;
    view(b).asked = [...view(b).asked, { ...view(b).asked[0]!, txPower: 3 } as DownlinkCommand];
    b.up({ adr: true, commands: [yes, { ...yes, powerOk: false }] });
    expect(view(b)).toMatchObject({ txPower: before, refused: ['link-adr-req'] });
  });
});

test('a device that changes its data rate by itself may be at full power again (ChirpStack does the same)', () => {
  const b = bench({ settings: { adr: { marginDb: 10, maxDr: 5 } } });
  const fast = { dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, snrDb: 11.5 } as const;
  b.up({ adr: true }, fast);
  expect(asked(b)).toMatchObject([{ dataRate: 5, txPower: 3 }]);
  b.up(
    { adr: true, commands: [{ kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true }] },
    { ...fast, snrDb: 3 },
  );
  expect(view(b).txPower).toBe(3);
  b.up({ adr: true }, { dataRate: { kind: 'lora', sf: 8, bwHz: 125_000 }, snrDb: 0 });
  expect(view(b).txPower).toBe(0);
  expect(b.state.devices.byDevEui(devEui)!.memory.session!.adrHistory).toHaveLength(1);
});

test('while a device repeats its answer nothing of that kind is asked: the next answer could be the old one', () => {
  const b = bench({ factory: true, settings: { rx1DelayS: 5, extraChannelsHz: [] } });
  b.up();
  b.up({ commands: [timing] });
  expect(view(b).rx1DelayS).toBe(5);
  // Somebody changes the settings; the device has not heard the last downlink and repeats its answer to the old request.
  view(b).rx1DelayS = 3;
  b.up({ commands: [timing] });
  expect(asked(b)).toEqual([]);
  b.up();
  expect(asked(b)).toEqual([{ kind: 'rx-timing-setup-req', delayS: 5 }]);
});
