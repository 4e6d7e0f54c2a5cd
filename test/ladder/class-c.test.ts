import { describe, expect, test } from 'vitest';
import { aesKey } from '../../src/lorawan/aes.js';
import { bench, nwkSKey } from './bench-device.js';

const always = { device: { deviceClass: 'C' } } as const;
const states = (events: readonly { readonly state: string; readonly why?: string }[]): string[] =>
  events.map(({ state, why }) => (why === undefined ? state : `${state} ${why}`));

describe('a class C device', () => {
  test('is left alone until its windows are over, however late they open', () => {
    const b = bench({ ...always, settings: { rx1DelayS: 10 } });
    b.up({ confirmed: true });
    b.ask({});
    b.pass(10_000);
    expect(b.downlinks).toHaveLength(1);
    b.pass(6_000);
    expect(b.downlinks).toHaveLength(2);
  });

  test('has its time to acknowledge from the end of the downlink on, not from the answer of the gateway', () => {
    const b = bench({ ...always, settings: { rx1DelayS: 12, classCTimeoutMs: 15_000 } });
    b.ask({ confirmed: true });
    b.up();
    b.pass(12_000);
    expect(states(b.events)).toEqual(['queued', 'sent']);
    b.up({ ack: true });
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
  });

  test('what it sent before a downlink came is no refusal to acknowledge it', () => {
    const b = bench(always);
    b.up();
    b.pass(10_000);
    b.ask({ confirmed: true });
    b.pass(10);
    expect(b.downlinks).toHaveLength(1);
    // It ended 100 ms ago and comes through a slow network.
    b.nowUs -= 10_000_000;
    b.up();
    expect(states(b.events)).toEqual(['queued', 'sent']);
    b.up({ ack: true });
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
  });

  test('several go one by one, and a confirmed one holds the others up until it is acknowledged', () => {
    const b = bench(always);
    b.up();
    b.pass(10_000);
    b.ask({ id: '1' });
    b.ask({ id: '2', confirmed: true });
    b.ask({ id: '3' });
    b.pass(500);
    expect(b.downlinks.map(({ fCnt, frame }) => [fCnt, frame.confirmed, frame.fPending])).toEqual([
      [0, false, true],
      [1, true, true],
    ]);
    b.up({ ack: true });
    b.pass(10_000);
    expect(states(b.events).slice(3)).toEqual(['sent', 'sent', 'acknowledged', 'sent']);
    const counters = b.downlinks.map(({ fCnt }) => fCnt);
    expect(new Set(counters).size).toBe(counters.length);
  });

  test('hears nothing under its old session while it joins', () => {
    const appKey = aesKey(nwkSKey);
    const b = bench({ device: { deviceClass: 'C', activation: { kind: 'otaa', appKey } } });
    b.join(1, { appKey });
    b.up();
    b.pass(10_000);
    b.ask({ id: 'before' });
    b.pass(10);
    expect(b.downlinks).toHaveLength(1);
    b.join(2, { appKey, hears: false });
    b.ask({ id: 'meanwhile' });
    b.pass(60_000);
    expect(b.downlinks).toHaveLength(1);
    // Had it not heard the accept, its next frame of the old session brings it back.
    b.up();
    expect(b.downlinks).toHaveLength(2);
  });
});
