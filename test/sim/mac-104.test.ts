import { describe, expect, test } from 'vitest';
import { usPerSecond } from '../../src/base/time.js';
import type { FleetState } from '../../src/sim/fleet-state.js';
import { chatter, lab, raw, type Memory, type Reply } from './lab.js';

// Where LoRaWAN 1.0.4 says more than its elders, and what a restart must not forget.

const hello: Reply = { fPort: 9, payload: new Uint8Array([1]) };
const modern = { lorawan: '1.0.4' } as const;

describe('a confirmed uplink of 1.0.4', () => {
  test('is not repeated after a downlink in its windows, acknowledged or not (TS001 §4.3.1.3)', () => {
    const threeTimes: Reply = {
      ack: true,
      commands: [{ kind: 'link-adr-req', dataRate: 5, txPower: 0, channelMask: 7, channelMaskControl: 0, nbTrans: 3 }],
    };
    const one = lab({
      profile: modern,
      sensor: chatter(60_000, { confirmed: true }),
      uplink(uplink, server) {
        if (uplink.fCnt === 0) server.reply(uplink, threeTimes);
        if (uplink.fCnt === 1) server.reply(uplink, hello);
      },
    });
    one.play(150);
    expect(one.uplinks.map(({ fCnt }) => fCnt)).toEqual([0, 1, 2, 2, 2]);
    const delivered = one.told.flatMap((input) => (input.kind === 'delivered' ? [input.acknowledged] : []));
    expect(delivered).toEqual([true, false, false]);
  });

  test('that is given up is followed by a new frame no sooner than its repetition would have come', () => {
    const one = lab({
      profile: modern,
      sensor(port, input) {
        if (input.kind !== 'joined') return;
        port.send(raw(), { confirmed: true });
        port.send(raw());
      },
    });
    one.play(60);
    const [first, second] = one.uplinks;
    expect([first!.fCnt, second!.fCnt]).toEqual([0, 1]);
    const pauseUs = second!.startUs - first!.endUs - 2 * usPerSecond;
    expect(pauseUs).toBeGreaterThanOrEqual(usPerSecond);
    expect(pauseUs).toBeLessThanOrEqual(3 * usPerSecond);
    expect(one.notes.map(({ what }) => what)).toContain('given-up');
  });
});

test('MAC commands outside the windows of an uplink: 1.0.4 discards the whole frame, its elders obey', () => {
  for (const [lorawan, count] of [
    ['1.0.3', 2],
    ['1.0.4', 0],
  ] as const) {
    const one = lab({ profile: { lorawan, deviceClass: 'C' }, sensor: chatter(60_000) });
    one.play(30);
    const commands = [{ kind: 'dev-status-req' }] as const;
    one.server.send('b-01', { ...hello, commands, confirmed: true });
    one.play(10);
    one.server.send('b-01', { fPort: 0, commands });
    one.play(100);
    const answers = one.uplinks.flatMap((uplink) => uplink.commands);
    expect(answers).toHaveLength(count);
    expect(one.told.filter(({ kind }) => kind === 'downlink')).toHaveLength(count / 2);
    expect(one.uplinks.some(({ frame }) => frame.ack)).toBe(count > 0);
  }
});

test('an answer to a question is taken in the windows of its own uplink only: later the time would be wrong', () => {
  let asked = false;
  const one = lab({
    sensor(port, input) {
      chatter(60_000)(port, input);
      if (input.kind === 'wake' && !asked) {
        asked = true;
        port.ask('time');
      }
    },
    uplink(uplink, server) {
      if (uplink.fCnt === 2)
        server.reply(uplink, { commands: [{ kind: 'device-time-ans', gpsSeconds: 1, fraction: 0 }] });
    },
  });
  one.play(200);
  expect(one.uplinks.map(({ commands }) => commands.length)).toEqual([0, 1, 0, 0]);
  expect(one.told.filter(({ kind }) => kind === 'time')).toHaveLength(0);
});

describe('the answer to RXTimingSetupReq, which a network must hear or it loses the device', () => {
  const memory = (): Memory => ({ joinNonce: 0, sessions: new Map() });
  const request: Reply = { commands: [{ kind: 'rx-timing-setup-req', delayS: 3 }] };

  test('survives the end of the program', () => {
    const setup = { memory: memory(), sensor: chatter(60_000), activation: 'abp' } as const;
    const first = lab({ ...setup, uplink: (uplink, server) => void server.reply(uplink, request) });
    first.play(30);
    expect(first.uplinks).toHaveLength(1);
    const state = JSON.parse(JSON.stringify(first.run.state({ clean: true }))) as FleetState;
    const second = lab({ ...setup, state });
    second.play(70);
    expect(second.uplinks.map(({ commands }) => commands.map(({ kind }) => kind))).toEqual([
      ['rx-timing-setup-ans'],
      ['rx-timing-setup-ans'],
    ]);
  });

  test('survives a restart of a personalised sensor, whose settings do as well', () => {
    let boots = 0;
    const one = lab({
      activation: 'abp',
      sensor(port, input) {
        if (input.kind === 'joined') port.send(raw());
        if (input.kind === 'downlink' && boots++ === 0) port.reboot('watchdog');
      },
      uplink(uplink, server) {
        if (uplink.fCnt === 0) server.reply(uplink, { ...request, ...hello });
      },
    });
    one.play(60);
    expect(one.uplinks.map(({ commands }) => commands.map(({ kind }) => kind))).toEqual([[], ['rx-timing-setup-ans']]);
  });
});
