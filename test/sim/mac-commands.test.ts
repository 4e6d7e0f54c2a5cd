import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usPerSecond } from '../../src/base/time.js';
import type { DownlinkCommand, UplinkCommand } from '../../src/lorawan/mac-command.js';
import { chatter, lab, type LabSetup, type Reply } from './lab.js';

/** Sends these replies to the first uplinks, one each; undefined is silence. */
const answering = (replies: readonly (Reply | undefined)[], how: LabSetup = {}) => {
  let n = 0;
  const one = lab({
    sensor: chatter(60_000),
    ...how,
    uplink(uplink, server) {
      const reply = replies[n++];
      if (reply) server.reply(uplink, reply);
    },
  });
  return one;
};
const asked = (...commands: DownlinkCommand[]): Reply => ({ commands });
const kinds = (commands: readonly UplinkCommand[]): string[] => commands.map(({ kind }) => kind);
const linkAdr = (change: Partial<Extract<DownlinkCommand, { kind: 'link-adr-req' }>> = {}): DownlinkCommand => ({
  kind: 'link-adr-req',
  dataRate: 5,
  txPower: 0,
  channelMask: 7,
  channelMaskControl: 0,
  nbTrans: 1,
  ...change,
});

test('RXTimingSetupReq moves both windows, and is answered until a downlink shows that the answer arrived', () => {
  const timing = asked({ kind: 'rx-timing-setup-req', delayS: 3 });
  const hello = new Uint8Array([1]);
  const late: Reply = { afterUs: 3_000_000, fPort: 9, payload: hello };
  const one = answering([timing, undefined, undefined, { ...late, window: 2, afterUs: 4_000_000 }, late, undefined]);
  one.play(420);
  expect(one.uplinks.map(({ commands }) => kinds(commands))).toEqual([
    [],
    ['rx-timing-setup-ans'],
    ['rx-timing-setup-ans'],
    ['rx-timing-setup-ans'],
    [],
    [],
    [],
  ]);
  expect(one.fates.map(({ result }) => result)).toEqual(['received', 'received', 'received', 'received']);
  expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(2);
});

test('RXParamSetupReq moves frequency and data rate of the second window and the offset of the first', () => {
  const setup = asked({ kind: 'rx-param-setup-req', rx1DrOffset: 2, rx2DataRate: 3, freqHz: 869_525_000 });
  const note: Reply = { fPort: 9, payload: new Uint8Array([1]) };
  const one = answering([setup, { ...note, rx1DrOffset: 2 }, { ...note, window: 2, dr: 3 }, { ...note, window: 2 }]);
  one.play(300);
  expect(one.uplinks[1]!.commands).toEqual([
    { kind: 'rx-param-setup-ans', channelOk: true, rx2DataRateOk: true, rx1DrOffsetOk: true },
  ]);
  // The last one came with the data rate of old.
  expect(one.fates.map(({ result }) => result)).toEqual([
    'received',
    'received',
    'received',
    'received',
    'not-listening',
  ]);
});

test('RXParamSetupReq that the device cannot do changes nothing', () => {
  const bad = asked({ kind: 'rx-param-setup-req', rx1DrOffset: 7, rx2DataRate: 3, freqHz: 868_650_000 });
  const one = answering([bad, { window: 2, fPort: 9, payload: new Uint8Array([1]) }]);
  one.play(150);
  expect(one.uplinks[1]!.commands).toEqual([
    { kind: 'rx-param-setup-ans', channelOk: false, rx2DataRateOk: true, rx1DrOffsetOk: false },
  ]);
  expect(one.fates.at(-1)!.result).toBe('received');
});

test('NewChannelReq adds a channel, DlChannelReq moves where it listens', () => {
  const freqHz = 867_100_000;
  const one = answering([
    asked({ kind: 'new-channel-req', index: 3, freqHz, minDr: 0, maxDr: 5 }),
    asked({ kind: 'dl-channel-req', index: 3, freqHz: 869_525_000 }, linkAdr({ channelMask: 8 })),
    undefined,
    { freqHz: 869_525_000, fPort: 9, payload: new Uint8Array([1]) },
    undefined,
  ]);
  one.play(360);
  expect(one.uplinks[1]!.commands).toEqual([{ kind: 'new-channel-ans', frequencyOk: true, dataRatesOk: true }]);
  expect(one.uplinks[2]!.commands).toEqual([
    { kind: 'dl-channel-ans', frequencyOk: true, uplinkExists: true },
    { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true },
  ]);
  expect(kinds(one.uplinks[3]!.commands)).toEqual(['dl-channel-ans']);
  expect(one.uplinks.slice(2).map(({ rx }) => rx.freqHz)).toEqual(one.uplinks.slice(2).map(() => freqHz));
  expect(one.fates.at(-1)!.result).toBe('received');
});

describe('LinkADRReq', () => {
  test('a block is answered once for each request, and changes channels, data rate, power and transmissions', () => {
    const block = asked(
      linkAdr({ dataRate: 15, txPower: 15, channelMask: 1 }),
      linkAdr({ dataRate: 3, txPower: 4, channelMask: 2, nbTrans: 2 }),
    );
    const one = answering([block]);
    one.play(200);
    const after = one.uplinks.slice(1);
    expect(kinds(after[0]!.commands)).toEqual(['link-adr-ans', 'link-adr-ans']);
    expect(after.every(({ rx, dr }) => rx.freqHz === 868_300_000 && dr === 3)).toBe(true);
    // Every frame twice, byte by byte the same, the second after the windows of the first.
    expect(after.length % 2).toBe(0);
    for (let i = 0; i < after.length; i += 2) {
      expect(after[i]!.phy).toBe(after[i + 1]!.phy);
      expect(after[i + 1]!.startUs - after[i]!.endUs).toBe(2 * usPerSecond);
    }
    // TXPower 4 is 8 dB below the most.
    expect(one.uplinks[0]!.rx.rssiDbm - after[0]!.rx.rssiDbm).toBe(8);
  });

  test('one request that cannot be done spoils its block', () => {
    const one = answering([asked(linkAdr({ dataRate: 2 }), linkAdr({ dataRate: 3, channelMask: 0x80 }))]);
    one.play(100);
    expect(one.uplinks[1]!.commands.every((c) => c.kind === 'link-adr-ans' && !c.channelMaskOk)).toBe(true);
    expect(one.uplinks[1]!.commands).toHaveLength(2);
    expect(one.uplinks[1]!.dr).toBe(5);
  });

  test('a device without ADR keeps data rate and power, says so in each frame, and takes the channels', () => {
    const one = answering([asked(linkAdr({ dataRate: 0, txPower: 7, channelMask: 4 }))], { profile: { adr: false } });
    one.play(100);
    expect(one.uplinks.every(({ frame, dr }) => !frame.adr && dr === 5)).toBe(true);
    expect(one.uplinks[1]!.rx.freqHz).toBe(868_500_000);
  });

  test('an unconfirmed frame is not repeated when a downlink came in its first windows', () => {
    const one = answering([asked(linkAdr({ nbTrans: 3 })), { fPort: 9, payload: new Uint8Array([1]) }]);
    one.play(130);
    expect(one.uplinks.map(({ fCnt }) => fCnt)).toEqual([0, 1, 2, 2, 2]);
  });
});

test('DutyCycleReq is kept: after each frame silence of 2^n - 1 times its length', () => {
  const one = answering([asked({ kind: 'duty-cycle-req', exponent: 7 })], { sensor: chatter(5_000) });
  one.play(600);
  expect(kinds(one.uplinks[1]!.commands)).toEqual(['duty-cycle-ans']);
  const after = one.uplinks.slice(1);
  expect(after.length).toBeGreaterThan(40);
  for (const [i, { startUs }] of after.entries()) {
    if (i === 0) continue;
    const before = after[i - 1]!;
    expect(startUs - before.endUs).toBeGreaterThanOrEqual(127 * (before.endUs - before.startUs));
  }
  expect(one.notes.some(({ what }) => what === 'waits-duty-cycle')).toBe(true);
});

describe('DevStatusReq', () => {
  const ask = (how: LabSetup): UplinkCommand => {
    const one = answering([asked({ kind: 'dev-status-req' })], how);
    one.play(100);
    return one.uplinks[1]!.commands[0]!;
  };
  test('tells the battery, and how well the request was heard', () => {
    const said = ask({}) as Extract<UplinkCommand, { kind: 'dev-status-ans' }>;
    expect(said.kind).toBe('dev-status-ans');
    expect(said.battery).toBeGreaterThanOrEqual(1);
    expect(said.battery).toBeLessThanOrEqual(254);
    expect(said.marginDb).toBe(13);
    // Far away: the request is just heard.
    const far = ask({ air: { referenceDb: 62 } }) as typeof said;
    expect(far.marginDb).toBeLessThan(13);
    expect(far.battery).toBe(said.battery);
  });
  test('tells 0 where there is a socket', () => {
    expect(ask({ profile: { power: 'external' } })).toMatchObject({ battery: 0 });
  });
});

test('a sensor may ask for the link and for the time, and is told', () => {
  const gpsSeconds = 1_464_035_218 - 100;
  const one = answering(
    [
      { commands: [{ kind: 'link-check-ans', marginDb: 20, gateways: 2 }] },
      {
        commands: [
          { kind: 'link-check-ans', marginDb: 17, gateways: 3 },
          { kind: 'device-time-ans', gpsSeconds, fraction: 128 },
        ],
      },
    ],
    {
      sensor(port, input) {
        chatter(60_000)(port, input);
        if (input.kind === 'wake') {
          port.ask('link-check');
          port.ask('time');
        }
      },
    },
  );
  one.play(90);
  expect(kinds(one.uplinks[1]!.commands)).toEqual(['link-check-req', 'device-time-req']);
  // The first answer came unasked.
  const told = one.told.filter(({ kind }) => kind === 'link-checked' || kind === 'time');
  expect(told[0]).toEqual({ kind: 'link-checked', marginDb: 17, gateways: 3 });
  expect(told).toHaveLength(2);
  const { networkUs } = told[1] as { networkUs: number };
  // 315964800 s lie between the epochs, 18 leap seconds since; the answer ended 1 s and some after the uplink's end.
  const thenUs = (gpsSeconds + 315_964_800 - 18) * usPerSecond + usPerSecond / 2;
  expect(networkUs - thenUs).toBeGreaterThan(usPerSecond);
  expect(networkUs - thenUs).toBeLessThan(1.2 * usPerSecond);
});

describe('many answers', () => {
  const timing: DownlinkCommand = { kind: 'rx-timing-setup-req', delayS: 1 };
  const status: DownlinkCommand = { kind: 'dev-status-req' };
  test('beyond 15 bytes they go on port 0 in a frame of their own, and the message follows', () => {
    const one = answering([{ fPort: 0, commands: [timing, ...new Array<DownlinkCommand>(6).fill(status)] }]);
    one.play(75);
    const [, alone, message, ...others] = one.uplinks;
    expect(others).toEqual([]);
    expect(alone!.frame.fPort).toBe(0);
    expect(alone!.commands).toHaveLength(7);
    expect(message!.frame.fPort).toBe(2);
    expect(kinds(message!.commands)).toEqual(['rx-timing-setup-ans']);
    expect(message!.startUs).toBeGreaterThanOrEqual(alone!.endUs + 2 * usPerSecond);
  });

  test('no frame is longer than its data rate allows, FOpts included', () => {
    const one = answering(new Array<Reply>(20).fill(asked(timing, status, status)), {
      sensor: chatter(60_000, { length: 49 }),
      profile: { dataRate: 0, adr: false },
    });
    one.play(1_500);
    expect(one.uplinks.length).toBeGreaterThan(10);
    expect(one.uplinks.some(({ frame }) => frame.fPort === 0)).toBe(true);
    for (const { frame, payload, dr } of one.uplinks) {
      expect(dr).toBe(0);
      expect(frame.fOpts.length + payload.length).toBeLessThanOrEqual(51);
    }
    expect(one.uplinks.filter(({ frame }) => frame.fPort === 2).length).toBeGreaterThan(5);
  });

  test('answers that nobody fetches do not pile up', () => {
    const one = lab({
      profile: { deviceClass: 'C' },
      sensor: (port, input) => void (input.kind === 'joined' && chatter(1e9)(port, input)),
    });
    one.play(20);
    for (let i = 0; i < 40; i++) {
      one.server.send('b-01', { fPort: 0, commands: new Array<DownlinkCommand>(10).fill(timing) });
      one.play(4);
    }
    one.server.send('b-01', { confirmed: true, fPort: 9, payload: new Uint8Array([1]) });
    one.play(10);
    expect(one.uplinks.at(-1)!.commands.length).toBeLessThanOrEqual(32);
  });
});

test('garbage ends the list: what came before is answered, nothing throws, and the device lives on', () => {
  const noise = fc.oneof(fc.uint8Array({ maxLength: 14 }), fc.uint8Array({ minLength: 15, maxLength: 40 }));
  const property = fc.property(noise, (bytes) => {
    const commands = new Uint8Array([6, ...bytes]);
    const one = answering([commands.length > 15 ? { fPort: 0, commands } : { commands }], { profile: { adr: false } });
    one.play(130);
    expect(kinds(one.uplinks[1]!.commands)).toContain('dev-status-ans');
    expect(one.uplinks.length).toBeGreaterThan(1);
  });
  fc.assert(property, { numRuns: 100 });
  const cut = answering([{ commands: new Uint8Array([6, 0x80, 6]) }]);
  cut.play(100);
  expect(kinds(cut.uplinks[1]!.commands)).toEqual(['dev-status-ans']);
});
