import { describe, expect, test } from 'vitest';
import { loadMemory, saveMemory } from '../../src/network/session.js';
import type { UplinkCommand } from '../../src/lorawan/mac-command.js';
import { bench, devEui, startUs, type Bench } from './bench-device.js';

const kinds = (b: Bench): readonly string[] => b.downlinks.at(-1)!.commands.map(({ kind }) => kind);
const view = (b: Bench) => b.state.devices.byDevEui(devEui)!.memory.session!.view!;

describe('questions of a device', () => {
  test('a link check is answered with the best margin and the number of gateways', () => {
    const b = bench({ heardBy: 3 });
    b.up({ commands: [{ kind: 'link-check-req' }] });
    // 5 dB heard, -12.5 dB needed at SF9.
    expect(b.downlinks[0]!.commands).toEqual([{ kind: 'link-check-ans', marginDb: 18, gateways: 3 }]);
  });

  test('the time is that of the end of the uplink, by GPS where a gateway has it', () => {
    const b = bench();
    b.up({ commands: [{ kind: 'device-time-req' }] });
    const heardS = (startUs + 10_000_000) / 1_000_000;
    expect(b.downlinks[0]!.commands).toEqual([
      { kind: 'device-time-ans', gpsSeconds: heardS - 315_964_800 + 18, fraction: 0 },
    ]);
    b.up({ commands: [{ kind: 'device-time-req' }] }, { gatewayTimeUs: startUs + 500_000 });
    expect(b.downlinks[1]!.commands).toMatchObject([{ fraction: 128 }]);
  });

  test('on port 0 as in FOpts; a repeated question is answered again', () => {
    const b = bench();
    b.up({ fPort: 0, payload: Uint8Array.of(0x02) });
    b.again();
    expect(b.downlinks.map(({ commands }) => commands.length)).toEqual([1, 1]);
    expect(b.downlinks.map(({ fCnt }) => fCnt)).toEqual([0, 1]);
  });

  test('rubbish ends the list and harms nothing; what stood before it counts', () => {
    const b = bench();
    b.up({ fOpts: Uint8Array.of(0x02, 0x7f, 0x02, 0x02) });
    expect(kinds(b)).toEqual(['link-check-ans']);
    for (let cid = 0; cid < 256; cid++)
      expect(b.up({ fOpts: Uint8Array.of(cid, 1, 2, 3) }).outcome?.result).toBe('accepted');
  });
});

describe('a personalised device learns its channels', () => {
  const yes: Record<string, UplinkCommand> = {
    'new-channel-req': { kind: 'new-channel-ans', frequencyOk: true, dataRatesOk: true },
    'rx-param-setup-req': { kind: 'rx-param-setup-ans', channelOk: true, rx2DataRateOk: true, rx1DrOffsetOk: true },
    'rx-timing-setup-req': { kind: 'rx-timing-setup-ans' },
  };
  const settings = { rx1DelayS: 5, rx2DataRate: 2, rx1DrOffset: 1 } as const;

  test('asked, agreed, done: the windows move when the device says so, and it is left in peace', () => {
    const b = bench({ factory: true, settings });
    b.up();
    expect(kinds(b).length).toBeGreaterThan(5);
    expect(b.downlinks[0]!.frame.fPort).toBe(0);
    b.up({ commands: b.downlinks[0]!.commands.map(({ kind }) => yes[kind]!).slice(0, 7) });
    expect(view(b)).toMatchObject({ rx1DelayS: 5, rx2DataRate: 2, rx1DrOffset: 1 });
    expect(view(b).extraHz).toHaveLength(5);
    // RXParamSetupAns and RXTimingSetupAns are repeated until a downlink comes: one must come.
    expect(b.downlinks).toHaveLength(2);
    expect(b.downlinks[1]!.tx.when).toEqual({ kind: 'tmst', tmst: (b.nowUs - 300_000 + 5_000_000) % 2 ** 32 });
    expect(b.downlinks[1]!.tx.dataRate).toMatchObject({ sf: 10 });
    for (let i = 0; i < 5; i++) b.up();
    expect(b.downlinks).toHaveLength(2);
  });

  test('what it refuses is not asked again; what it ignores is asked rarely', () => {
    const b = bench({ factory: true });
    b.up();
    b.up({ commands: [{ kind: 'new-channel-ans', frequencyOk: false, dataRatesOk: true }] });
    b.up();
    expect(b.downlinks).toHaveLength(1);
    const deaf = bench({ factory: true });
    for (let i = 0; i < 200; i++) deaf.up();
    expect(deaf.downlinks.length).toBeGreaterThan(5);
    expect(deaf.downlinks.length).toBeLessThan(12);
  });
});

describe('adaptive data rate', () => {
  const agreed: UplinkCommand = { kind: 'link-adr-ans', channelMaskOk: true, dataRateOk: true, powerOk: true };
  const adr = { marginDb: 10, maxDr: 5 };

  test('a device that is heard well is made faster, and then quieter, once it has agreed', () => {
    const b = bench({ settings: { adr } });
    b.up({ adr: true });
    // 5 dB heard, -12.5 dB needed, 10 dB in hand: 7.5 / 3 are two steps.
    expect(b.downlinks[0]!.commands).toMatchObject([{ kind: 'link-adr-req', dataRate: 5, txPower: 0, nbTrans: 1 }]);
    expect(b.downlinks[0]!.frame.adr).toBe(true);
    b.up({ adr: true, commands: [agreed] }, { dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, snrDb: 12 });
    expect(b.downlinks[1]!.commands).toMatchObject([{ kind: 'link-adr-req', dataRate: 5, txPower: 3 }]);
    b.up({ adr: true, commands: [agreed] }, { dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 }, snrDb: 6 });
    expect(view(b)).toMatchObject({ txPower: 3, dataRate: 5 });
    expect(b.downlinks).toHaveLength(3 - 1 + Number(b.downlinks.length > 2));
  });

  test('not without its bit, not for a device whose owner forbids it, not when it is off', () => {
    for (const [how, bit] of [
      [{ settings: { adr } }, false],
      [{ settings: { adr }, device: { adr: false } }, true],
      [{ settings: { adr: 'off' } }, true],
    ] as const) {
      const b = bench(how);
      for (let i = 0; i < 25; i++) b.up({ adr: bit });
      expect(b.downlinks).toHaveLength(0);
    }
  });

  test('a refusal is believed', () => {
    const b = bench({ settings: { adr } });
    b.up({ adr: true });
    b.up({ adr: true, commands: [{ ...agreed, powerOk: false }] });
    for (let i = 0; i < 5; i++) b.up({ adr: true });
    expect(b.downlinks).toHaveLength(1);
  });

  test('a device that asks whether anybody is there hears something', () => {
    const b = bench();
    b.up({ adr: true, adrAckReq: true });
    expect(b.downlinks).toHaveLength(1);
    expect(b.descents[0]).toMatchObject({ carries: 'acknowledgement' });
  });
});

describe('the status of a device', () => {
  test('is asked for once in a while, told, and remembered over a restart', () => {
    const b = bench({ settings: { statusEveryMs: 3_600_000 } });
    b.up();
    expect(kinds(b)).toEqual(['dev-status-req']);
    const { status } = b.up({ commands: [{ kind: 'dev-status-ans', battery: 200, marginDb: -3 }] });
    expect(status).toMatchObject({ devEui, battery: 200, marginDb: -3 });
    b.up();
    expect(b.downlinks).toHaveLength(1);
    b.pass(3_600_000);
    b.up();
    expect(b.downlinks).toHaveLength(2);
    const { memory } = b.state.devices.byDevEui(devEui)!;
    const again = loadMemory(JSON.parse(JSON.stringify(saveMemory(memory))))!;
    expect(again).toMatchObject({ status: { battery: 200 }, statusAskedUs: memory.statusAskedUs });
    expect(again.session!.view).toMatchObject({ rx1DelayS: 1, extraHz: view(b).extraHz });
  });
});

test('a queue survives a restart, and what was on its way is sent again', () => {
  const b = bench({ verdict: () => 'no-answer' });
  b.ask({ id: 'kept', confirmed: true, payload: Uint8Array.of(0xca, 0xfe), expiresUs: startUs + 1e12 });
  b.up();
  const { memory } = b.state.devices.byDevEui(devEui)!;
  const again = loadMemory(JSON.parse(JSON.stringify(saveMemory(memory))))!;
  expect(again.queue).toEqual(memory.queue);
  expect(again.session!.nextFCntDown).toBe(1);
});
