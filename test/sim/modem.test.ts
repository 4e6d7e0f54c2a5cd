import { describe, expect, test } from 'vitest';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { drOf, type Region } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { isSavedModem, startModem } from '../../src/sim/modem.js';
import { bench, payload, profile, startUs } from './modem-bench.js';

const uplink = (count = 1, more: { confirmed?: boolean; tries?: number } = {}) => ({
  fPort: 2,
  bytes: payload(count),
  confirmed: false,
  ...more,
});
const key = (fill: number): Uint8Array => new Uint8Array(16).fill(fill);
const joinedBench = (...how: Parameters<typeof bench>) => {
  const one = bench(...how);
  expect(one.modem.join()).toBeUndefined();
  one.play(8);
  expect(one.modem.joined).toBe(true);
  one.news();
  return one;
};

describe('a modem joins when it is told', () => {
  test('is silent before, and says what it has then', () => {
    const { modem, play, frames, outcomes, news } = bench();
    expect(modem.nextUs).toBe(Infinity);
    play(120);
    expect(frames).toEqual([]);
    expect(modem.joined).toBe(false);
    expect(modem.devAddr).toBeUndefined();
    expect(modem.join()).toBeUndefined();
    expect(modem.busy).toBe(true);
    expect(modem.join()).toEqual({ kind: 'busy' });
    expect(modem.send(uplink())).toEqual({ kind: 'not-joined' });
    play(8);
    expect(outcomes.map(({ result }) => result)).toEqual(['joined']);
    expect(news()).toEqual([{ kind: 'joined', devAddr: modem.devAddr, netId: 0 }]);
    expect(modem.joined).toBe(true);
    expect(modem.busy).toBe(false);
    expect(modem.lastHeard).toMatchObject({ rssiDbm: expect.any(Number) as number });
    expect(Number.isInteger(modem.lastHeard!.rssiDbm)).toBe(true);
    expect([modem.fCntUp, modem.fCntDown]).toEqual([0, 0]);
  });

  test('a wrong key: one request, one failure, and no second request by itself', () => {
    const { modem, play, frames, kinds } = bench();
    modem.identity = { ...modem.identity, appKey: key(1) };
    expect(modem.join()).toBeUndefined();
    play(300);
    expect(frames.length).toBe(1);
    expect(kinds()).toEqual(['join-failed']);
    expect(modem.busy).toBe(false);
    expect(modem.nextUs).toBe(Infinity);
  });

  test('changed keys and a second join: the old session is gone, the new one works', () => {
    const one = bench();
    const right = one.modem.identity;
    one.modem.identity = { ...right, appKey: key(1) };
    one.modem.join();
    one.play(8);
    expect(one.kinds()).toEqual(['join-failed']);
    one.modem.identity = right;
    one.modem.join();
    one.play(8);
    expect(one.kinds()).toEqual(['joined']);
    const first = one.modem.devAddr;
    expect(one.modem.join()).toBeUndefined();
    expect(one.modem.joined).toBe(false);
    one.play(8);
    expect(one.kinds()).toEqual(['joined']);
    expect(first).toBeDefined();
    expect(one.modem.send(uplink())).toBeUndefined();
    one.play(4);
    expect(one.outcomes.at(-1)).toMatchObject({ result: 'accepted', fPort: 2 });
  });

  test('keys that change in the middle of a join are for the next one', () => {
    const one = bench();
    one.modem.join();
    one.play(1);
    one.modem.identity = { ...one.modem.identity, appKey: key(1) };
    one.play(7);
    expect(one.kinds()).toEqual(['joined']);
    one.modem.join();
    one.play(8);
    expect(one.kinds()).toEqual(['join-failed']);
  });

  test('goes at the data rate that was asked for, or at one of the region', () => {
    const one = bench({ gateways: [] });
    for (const [dataRate, dr] of [
      [0, 0],
      [3, 3],
      [7, 0],
      [200, 0],
    ] as const) {
      expect(one.modem.join({ dataRate })).toBeUndefined();
      one.play(10);
      expect(drOf(eu868, one.frames.at(-1)!.dataRate)).toBe(dr);
    }
  });

  test('waits for the join back-off, and says how long', () => {
    const one = bench({ gateways: [] });
    for (let i = 0; i < 40; i++) {
      const refusal = one.modem.join({ dataRate: 0 });
      if (refusal) {
        // 36 s in the first hour, with some 1.5 s each.
        expect(i).toBe(24);
        expect(refusal).toMatchObject({ kind: 'wait' });
        const waitMs = (refusal as { ms: number }).ms;
        expect(waitMs).toBeGreaterThan(60_000);
        one.play(waitMs / 1000);
        expect(one.modem.join({ dataRate: 0 })).toBeUndefined();
        return;
      }
      one.play(10);
    }
    expect.unreachable('no back-off');
  });

  test('without a nonce it fails and does not try for ever', () => {
    const saved = startModem({ seed: 'bench', name: 'board', profile, startUs }).save({ clean: true });
    if (!isSavedModem(saved)) throw new Error('it cannot read what it saves');
    const one = bench({ saved: { ...saved, device: { ...saved.device, nonces: 65_536 } } });
    expect(one.modem.join()).toBeUndefined();
    one.play(60);
    expect(one.frames).toEqual([]);
    expect(one.kinds()).toEqual(['join-failed']);
    expect(one.modem.busy).toBe(false);
  });
});

describe('a modem sends', () => {
  test('an unconfirmed uplink is sent once its windows are over', () => {
    const one = joinedBench();
    expect(one.modem.send(uplink(7))).toBeUndefined();
    expect(one.modem.busy).toBe(true);
    expect(one.modem.send(uplink(8))).toEqual({ kind: 'busy' });
    one.play(1);
    expect(one.kinds()).toEqual([]);
    one.play(2);
    expect(one.kinds()).toEqual(['sent']);
    expect(one.modem.fCntUp).toBe(1);
    expect(one.outcomes.at(-1)).toMatchObject({ result: 'accepted', fPort: 2 });
  });

  test('a confirmed one is delivered, or given up after its tries', () => {
    let deaf = false;
    const one = joinedBench({}, { hears: () => !deaf });
    one.modem.send(uplink(1, { confirmed: true }));
    one.play(5);
    expect(one.news()).toEqual([{ kind: 'delivered', acknowledged: true }]);
    deaf = true;
    one.frames.length = 0;
    one.modem.send(uplink(2, { confirmed: true, tries: 3 }));
    one.play(30);
    expect(one.news()).toEqual([{ kind: 'delivered', acknowledged: false }]);
    expect(one.frames.length).toBe(3);
  });

  test('too much for its data rate is refused with what fits', () => {
    const one = joinedBench();
    expect(one.modem.mostBytes).toBe(242);
    one.modem.settings.adr = false;
    one.modem.settings.dataRate = 0;
    expect(one.modem.mostBytes).toBe(51);
    const long = { fPort: 3, bytes: new Uint8Array(52), confirmed: false };
    expect(one.modem.send(long)).toEqual({ kind: 'too-long', most: 51 });
    expect(one.modem.send({ ...long, bytes: new Uint8Array(51) })).toBeUndefined();
    one.play(6);
    expect(one.kinds()).toEqual(['sent']);
  });

  test('a data rate that nobody has is not sent with', () => {
    const one = joinedBench();
    for (const dataRate of [6, 7, 15, 200]) {
      one.modem.settings.dataRate = dataRate;
      expect(one.modem.mostBytes).toBe(242);
      expect(one.modem.send(uplink())).toBeUndefined();
      one.play(10);
    }
    expect(one.kinds()).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  test('the dwell time counts in what fits', () => {
    const slow: Region = { ...us915, maxPayload: us915.maxPayload.map(() => 100) };
    const { modem } = bench({ region: slow, profile: { ...profile, dataRate: 0 } });
    expect(modem.mostBytes).toBeGreaterThan(5);
    expect(modem.mostBytes).toBeLessThan(40);
  });

  test('keeps the duty cycle by saying wait, and sends at once when it need not', () => {
    const one = joinedBench();
    one.modem.settings.adr = false;
    one.modem.settings.dataRate = 0;
    const long = { fPort: 3, bytes: new Uint8Array(51), confirmed: false };
    let waitMs = 0;
    for (let i = 0; i < 100 && waitMs === 0; i++) {
      const refusal = one.modem.send(long);
      if (refusal?.kind === 'wait') waitMs = refusal.ms;
      else expect(refusal).toBeUndefined();
      one.play(6);
    }
    expect(waitMs).toBeGreaterThan(60_000);
    expect(one.modem.busy).toBe(false);
    one.modem.settings.dutyCycle = false;
    for (let i = 0; i < 5; i++) {
      expect(one.modem.send(long)).toBeUndefined();
      one.play(6);
    }
    one.modem.settings.dutyCycle = true;
    const again = one.modem.send(long);
    expect(again).toMatchObject({ kind: 'wait' });
    one.play((again as { ms: number }).ms / 1000);
    expect(one.modem.send(long)).toBeUndefined();
    one.play(6);
    expect(one.kinds().every((kind) => kind === 'sent')).toBe(true);
  }, 20_000);

  test('what was set before a join is there after it', () => {
    const one = bench();
    const { settings } = one.modem;
    Object.assign(settings, { adr: false, dataRate: 2, txPower: 3, rx2Hz: 869_525_000 });
    one.modem.join();
    one.play(8);
    expect(one.modem.joined).toBe(true);
    expect(settings).toMatchObject({ adr: false, dataRate: 2, txPower: 3 });
    one.modem.send(uplink());
    one.play(5);
    expect(drOf(eu868, one.frames.at(-1)!.dataRate)).toBe(2);
  });

  test('ADR moves the data rate in the settings', () => {
    const one = bench({ profile: { ...profile, dataRate: 0 } }, { settings: { adr: { marginDb: 10, maxDr: 5 } } });
    one.modem.join();
    one.play(8);
    for (let i = 0; i < 30; i++) {
      one.modem.send(uplink(i));
      one.play(60);
    }
    expect(one.modem.settings.dataRate).toBe(5);
    expect(one.modem.settings.txPower).toBeGreaterThan(0);
  });
});
