import { describe, expect, test } from 'vitest';
import { usPerSecond } from '../../src/base/time.js';
import { chatter, lab, raw, type LabSetup, type Reply } from './lab.js';

const hello: Reply = { fPort: 9, payload: new Uint8Array([1]) };
const classC = (how: LabSetup = {}) =>
  lab({
    profile: { deviceClass: 'C' },
    sensor: (port, input) => void (input.kind === 'joined' && port.send(raw())),
    ...how,
  });
const heard = (one: ReturnType<typeof lab>): number => one.told.filter(({ kind }) => kind === 'downlink').length;

describe('class C', () => {
  test('hears at any time, where a class A device hears nothing', () => {
    for (const [deviceClass, result] of [
      ['C', 'received'],
      ['A', 'not-listening'],
    ] as const) {
      const one = lab({
        profile: { deviceClass },
        sensor: (port, input) => void (input.kind === 'joined' && port.send(raw())),
      });
      one.play(100);
      expect(one.server.send('b-01', hello)).toBe('ok');
      one.play(10);
      expect(one.fates.at(-1)!.result).toBe(result);
      expect(heard(one)).toBe(deviceClass === 'C' ? 1 : 0);
    }
  });

  test('hears in RX1, in RX2, and in the gap between them', () => {
    const replies: readonly Reply[] = [
      hello,
      { ...hello, window: 2 },
      // From half a second after the frame, for 50 ms: before RX1; and between the windows, reaching into RX2.
      { ...hello, afterUs: 500_000, freqHz: 869_525_000, dr: 3 },
      { ...hello, afterUs: 1_900_000, freqHz: 869_525_000, dr: 3 },
    ];
    const one = classC({
      sensor: chatter(60_000),
      accept: { rx2DataRate: 3 },
      uplink: (uplink, server) => {
        const reply = replies[uplink.fCnt];
        if (reply) server.reply(uplink, reply.window === 2 ? { ...reply, dr: 3 } : reply);
      },
    });
    one.play(300);
    expect(one.fates.map(({ result }) => result)).toEqual(['received', 'received', 'received', 'received', 'received']);
    expect(heard(one)).toBe(4);
  });

  test('leaves what it hears when RX1 opens', () => {
    const one = classC({
      // With SF12 the frame is still on the air one second after the uplink.
      uplink: (uplink, server) =>
        void (uplink.fCnt === 0 && server.reply(uplink, { ...hello, afterUs: 500_000, freqHz: 869_525_000, dr: 0 })),
    });
    one.play(60);
    expect(one.fates.at(-1)).toMatchObject({ result: 'not-listening' });
    expect(heard(one)).toBe(0);
  });

  test('acknowledges a confirmed downlink at once, and hears a message to its end before it sends', () => {
    const one = classC({
      sensor(port, input) {
        if (input.kind === 'joined') port.wakeInMs(0, 60_000);
        if (input.kind !== 'wake') return;
        port.wakeInMs(0, 100);
        port.send(raw());
      },
    });
    one.play(64);
    const before = one.uplinks.length;
    expect(one.server.send('b-01', { ...hello, confirmed: true })).toBe('ok');
    one.play(20);
    const fate = one.fates.at(-1)!;
    expect(fate.result).toBe('received');
    const next = one.uplinks.slice(before).find(({ startUs }) => startUs > fate.startUs)!;
    expect(next.startUs).toBeGreaterThanOrEqual(fate.endUs);
    expect(next.frame.ack).toBe(true);
    const idle = classC();
    idle.play(60);
    idle.server.send('b-01', { ...hello, confirmed: true });
    idle.play(10);
    expect(idle.uplinks.at(-1)!.frame).toMatchObject({ ack: true, fPort: undefined });
    expect(idle.uplinks.at(-1)!.startUs).toBe(idle.fates.at(-1)!.endUs);
  });

  test('does not take a downlink outside its windows for a sign that its uplinks arrive', () => {
    const one = classC({ profile: { deviceClass: 'C', lorawan: '1.0.4' }, sensor: chatter(60_000) });
    one.play(60 * 50);
    one.server.send('b-01', hello);
    one.play(60 * 25);
    expect(one.uplinks.find(({ fCnt }) => fCnt === 63)!.frame.adrAckReq).toBe(false);
    expect(one.uplinks.find(({ fCnt }) => fCnt === 64)!.frame.adrAckReq).toBe(true);
  });

  test('follows RXParamSetupReq', () => {
    const one = classC();
    one.play(30);
    const commands = [{ kind: 'rx-param-setup-req', rx1DrOffset: 0, rx2DataRate: 5, freqHz: 868_100_000 }] as const;
    one.server.send('b-01', { commands });
    one.play(10);
    one.server.send('b-01', hello);
    one.server.send('b-01', { ...hello, dr: 5, freqHz: 868_100_000 });
    one.play(10);
    const fates = Object.fromEntries(
      one.fates.slice(-2).map(({ startUs, endUs, result }) => [endUs - startUs > usPerSecond, result]),
    );
    expect(fates).toEqual({ true: 'not-listening', false: 'received' });
  });
});
