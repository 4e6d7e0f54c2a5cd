import { describe, expect, test } from 'vitest';
import { usPerSecond } from '../../src/base/time.js';
import { parseFrame } from '../../src/lorawan/frame.js';
import { must } from '../../src/base/problem.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { TxFrame } from '../../src/lorawan/radio.js';
import { bench, payload } from './modem-bench.js';
import { modemLab } from './modem-lab.js';

const uplink = (count = 1, more: { confirmed?: boolean; tries?: number } = {}) => ({
  fPort: 2,
  bytes: payload(count),
  confirmed: false,
  ...more,
});
const isData = (phy: Uint8Array): boolean => must(parseFrame(phy)).kind === 'data';
const joinedBench = (...how: Parameters<typeof bench>) => {
  const one = bench(...how);
  expect(one.modem.join()).toBeUndefined();
  one.play(8);
  expect(one.modem.joined).toBe(true);
  one.news();
  return one;
};

const rx2Only = (tx: TxFrame) => (tx.freqHz === eu868.rx2.freqHz ? undefined : 'too-late');

describe('a modem listens', () => {
  test.each([
    ['rx1', 5, undefined],
    ['rx2', 0, rx2Only],
  ] as const)('a downlink in %s', (window, dataRate, gateway) => {
    const one = joinedBench({}, gateway && { gateway: (tx) => (isData(tx.phy) ? gateway(tx) : undefined) });
    one.downlink([1, 2, 3]);
    one.modem.send(uplink());
    one.play(6);
    const told = one.news();
    const { rssiDbm, snrDb } = one.modem.lastHeard!;
    expect(told).toEqual([
      { kind: 'downlink', fPort: 5, bytes: Uint8Array.of(1, 2, 3), window, rssiDbm, snrDb, dataRate, pending: false },
      { kind: 'sent' },
    ]);
    expect(one.modem.fCntDown).toBe(1);
  });

  test('the window is named rightly when the frame itself moves the windows', () => {
    const one = modemLab();
    one.send();
    one.reply({
      fPort: 9,
      payload: Uint8Array.of(1),
      commands: [{ kind: 'rx-timing-setup-req', delayS: 5 }],
      window: 2,
    });
    expect(one.downlinks()).toMatchObject([{ window: 'rx2' }]);
    expect(one.modem.settings.rx1DelayS).toBe(5);
  });

  test('more is announced, and fetched by itself', () => {
    const one = joinedBench();
    one.downlink([1]);
    one.downlink([2]);
    one.modem.send(uplink());
    one.play(10);
    const told = one.news();
    expect(told.filter(({ kind }) => kind === 'downlink')).toMatchObject([
      { bytes: Uint8Array.of(1), pending: true },
      { bytes: Uint8Array.of(2), pending: false },
    ]);
    expect(told.filter(({ kind }) => kind === 'sent').length).toBe(1);
  });

  test('class C hears at any time, class A does not, and a modem may change its mind', () => {
    const one = modemLab();
    const { modem } = one;
    const heard = (): unknown[] => {
      one.now({ fPort: 9, payload: Uint8Array.of(1) });
      return one.downlinks();
    };
    one.send();
    one.play(5);
    expect(heard()).toEqual([]);
    modem.settings.deviceClass = 'C';
    expect(heard()).toMatchObject([{ window: 'rxc', fPort: 9 }]);
    one.send();
    // From before the second window into it.
    one.reply({ fPort: 9, payload: Uint8Array.of(1), afterUs: 1_500_000 });
    expect(one.downlinks()).toMatchObject([{ window: 'rxc' }]);
    modem.settings.deviceClass = 'A';
    expect(heard()).toEqual([]);
  });

  test('link check and time: answered, or not', () => {
    let deaf = false;
    const one = joinedBench({}, { hears: () => !deaf });
    one.modem.ask('link-check');
    one.modem.ask('time');
    one.modem.send(uplink());
    one.play(5);
    const told = one.news();
    expect(told.map(({ kind }) => kind).sort()).toEqual(['link-checked', 'sent', 'time']);
    expect(told.find(({ kind }) => kind === 'link-checked')).toMatchObject({ gateways: 1 });
    const time = told.find((one) => one.kind === 'time') as { networkUs: number };
    expect(Math.abs(time.networkUs - one.modem.nowUs)).toBeLessThan(6 * usPerSecond);
    deaf = true;
    one.modem.ask('link-check');
    one.modem.ask('time');
    one.modem.send(uplink());
    one.play(5);
    expect(one.news()).toEqual([
      { kind: 'sent' },
      { kind: 'unanswered', what: 'link-check' },
      { kind: 'unanswered', what: 'time' },
    ]);
    one.modem.send(uplink());
    one.play(5);
    expect(one.kinds()).toEqual(['sent']);
  });

  test('a private network: nobody hears it, and it hears nobody', () => {
    const one = joinedBench();
    one.modem.settings.publicNetwork = false;
    one.downlink([1]);
    one.modem.send(uplink(1, { confirmed: true, tries: 2 }));
    one.play(20);
    expect(one.news()).toEqual([{ kind: 'delivered', acknowledged: false }]);
    expect(one.frames.slice(-2)).toMatchObject([
      { heardBy: 0, lost: 'other-sync-word' },
      { heardBy: 0, lost: 'other-sync-word' },
    ]);
    expect(one.outcomes.length).toBe(1);
    one.modem.settings.publicNetwork = true;
    one.modem.send(uplink(2, { confirmed: true }));
    one.play(10);
    expect(one.kinds()).toEqual(['downlink', 'delivered']);
  });

  test('nobody far and wide', () => {
    const one = bench({ gateways: [] });
    one.modem.join();
    one.play(10);
    expect(one.kinds()).toEqual(['join-failed']);
    expect(one.frames).toMatchObject([{ heardBy: 0, lost: 'too-weak' }]);
  });

  test('an acknowledgement that it owes rides with the next uplink when the duty cycle is used up', () => {
    const one = joinedBench();
    one.modem.settings.adr = false;
    one.modem.settings.dataRate = 0;
    one.modem.settings.dutyCycle = false;
    const long = { fPort: 3, bytes: new Uint8Array(51), confirmed: false };
    for (let i = 0; i < 60; i++) {
      one.modem.send(long);
      one.play(6);
    }
    one.downlink([1], { confirmed: true });
    one.modem.send(long);
    one.modem.settings.dutyCycle = true;
    one.play(12);
    expect(one.kinds().at(-1)).toBe('sent');
    expect(one.modem.busy).toBe(false);
    expect(one.modem.send(long)).toMatchObject({ kind: 'wait' });
  });
});

describe('a modem restarts', () => {
  test('a joined one must join again, unless its session is to be kept', () => {
    const one = joinedBench();
    one.modem.restart({ keepSession: true });
    expect(one.modem.joined).toBe(true);
    expect(one.modem.send(uplink())).toBeUndefined();
    one.play(4);
    expect(one.kinds()).toEqual(['sent']);
    one.modem.restart();
    expect(one.modem.joined).toBe(false);
    expect(one.modem.lastHeard).toBeUndefined();
    expect(one.modem.send(uplink())).toEqual({ kind: 'not-joined' });
    one.play(60);
    expect(one.modem.join()).toBeUndefined();
    one.play(8);
    expect(one.kinds()).toEqual(['joined']);
  });

  test('in the middle of a join or of a frame nothing of it is left', () => {
    const one = bench();
    one.modem.join();
    one.play(0.01);
    one.modem.restart();
    one.play(120);
    expect(one.frames.length).toBe(1);
    expect(one.events).toEqual([]);
    expect(one.modem.busy).toBe(false);
    one.modem.join();
    one.play(8);
    one.modem.ask('link-check');
    one.modem.send(uplink(1, { confirmed: true }));
    one.play(0.5);
    one.modem.restart({ keepSession: true });
    one.play(60);
    expect(one.kinds()).toEqual(['joined']);
    expect(one.frames.length).toBe(3);
  });
});
