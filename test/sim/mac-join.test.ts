import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diceKey } from '../../src/base/dice.js';
import { usPerSecond } from '../../src/base/time.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { devNonce, mostNonces } from '../../src/sim/dev-nonce.js';
import { chatter, lab } from './lab.js';

const hourUs = 3_600 * usPerSecond;

describe('DevNonce', () => {
  test('up to 1.0.3 it looks like chance and takes every value once', () => {
    const key = diceKey('seed', 'bay');
    const all = Array.from({ length: mostNonces }, (_, count) => devNonce(key, count));
    expect(new Set(all).size).toBe(mostNonces);
    expect(all.every((nonce) => nonce >= 0 && nonce < mostNonces)).toBe(true);
    const rises = all.filter((nonce, i) => i > 0 && nonce > all[i - 1]!).length;
    expect(rises / mostNonces).toBeGreaterThan(0.49);
    expect(rises / mostNonces).toBeLessThan(0.51);
    expect(devNonce(diceKey('seed', 'other'), 0)).not.toBe(all[0]);
  });

  test('from 1.0.4 on it counts', () => {
    const one = lab({ profile: { lorawan: '1.0.4' }, accept: false });
    one.play(600);
    expect(one.joins.map((join) => join.devNonce)).toEqual(one.joins.map((_, i) => i));
    expect(one.joins.length).toBeGreaterThan(10);
  });

  test('who has used them all is silent, and says why', () => {
    const first = lab({ accept: false });
    first.play(60);
    const state = first.run.state({ clean: true });
    const spent = { 'b-01': { ...state['b-01']!, nonces: mostNonces - 1 } };
    const one = lab({ accept: false, state: spent });
    one.play(600);
    expect(one.joins).toHaveLength(1);
    expect(one.notes.some(({ what }) => what === 'nonces-exhausted')).toBe(true);
  });
});

test('the join back-off: 36 s in the first hour, 36 s in the next ten, 8.7 s in each day after it', () => {
  const one = lab({ accept: false, profile: { joinDataRates: [0] } });
  one.play(4 * 86_400, 60_000);
  const bootUs = one.joins[0]!.startUs;
  const air = (fromUs: number, toUs: number): number =>
    one.sent
      .filter(({ startUs }) => startUs - bootUs >= fromUs && startUs - bootUs < toUs)
      .reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0);
  const used = [
    air(0, hourUs),
    air(hourUs, 11 * hourUs),
    air(11 * hourUs, 35 * hourUs),
    air(35 * hourUs, 59 * hourUs),
    air(59 * hourUs, 83 * hourUs),
  ];
  const most = [36, 36, 8.7, 8.7, 8.7];
  for (const [i, us] of used.entries()) {
    expect(us / usPerSecond).toBeLessThanOrEqual(most[i]!);
    // It is used, too: another request of 1.5 s would not have fitted.
    expect(us / usPerSecond).toBeGreaterThan(most[i]! - 1.6);
  }
  expect(one.notes.some(({ what }) => what === 'waits-join-backoff')).toBe(true);
});

test('retry pauses are random: two sensors that start together drift apart', () => {
  const one = lab({ bays: 2, accept: false });
  one.play(300);
  const pauses = (bay: string): number[] => {
    const own = one.sent.filter((frame) => frame.bay === bay);
    return own.slice(1).map(({ startUs }, i) => startUs - own[i]!.endUs);
  };
  expect(pauses('b-01').slice(0, 5)).not.toEqual(pauses('b-02').slice(0, 5));
  for (const pause of pauses('b-01')) expect(pause).toBeGreaterThanOrEqual(10 * usPerSecond);
});

test('an accept brings channels, delays and data rates', () => {
  const extra = [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000];
  const one = lab({
    sensor: chatter(20_000),
    accept: { cfList: extra, rxDelayS: 2, rx1DrOffset: 1, rx2DataRate: 3 },
    uplink(uplink, server) {
      if (uplink.fCnt === 0) server.reply(uplink, { afterUs: 2 * usPerSecond, rx1DrOffset: 1, confirmed: true });
      if (uplink.fCnt === 2) server.reply(uplink, { afterUs: 3 * usPerSecond, window: 2, dr: 3, confirmed: true });
    },
  });
  one.play(1_800);
  expect(one.fates.map(({ result }) => result)).toEqual(['received', 'received', 'received']);
  expect(new Set(one.uplinks.map(({ rx }) => rx.freqHz))).toEqual(
    new Set([...extra, 868_100_000, 868_300_000, 868_500_000]),
  );
});

test('a street joins and talks in US915, in the eight channels of its network', () => {
  const second = 0xff00;
  const one = lab({
    bays: 12,
    region: us915,
    sensor: chatter(60_000, { confirmed: true, length: 11 }),
    profile: { dataRate: 3 },
    accept: { channelMasks: [second, 0, 0, 0, 2] } as object,
    uplink(uplink, server) {
      if (uplink.fCnt < 3) server.reply(uplink, { ack: true, window: uplink.fCnt === 1 ? 2 : 1 });
      else {
        const base = { dataRate: 0, txPower: 5, channelMask: 0x0100, channelMaskControl: 0, nbTrans: 1 };
        server.reply(
          uplink,
          uplink.fCnt > 3 ? { ack: true } : { ack: true, commands: [{ kind: 'link-adr-req', ...base }] },
        );
      }
    },
  });
  one.play(600);
  expect(one.verdicts.every((verdict) => verdict === 'ok')).toBe(true);
  expect(one.fates.every(({ result }) => result === 'received')).toBe(true);
  expect(new Set(one.joins.map(({ bay }) => bay)).size).toBe(12);
  expect(one.joins.every(({ dr }) => dr === 0 || dr === 4)).toBe(true);
  const talk = one.uplinks.filter(({ fCnt }) => fCnt < 4);
  expect(talk.every(({ dr, rx }) => dr === 3 && rx.freqHz >= 903_900_000 && rx.freqHz <= 905_300_000)).toBe(true);
  const later = one.uplinks.filter(({ fCnt }) => fCnt >= 4);
  expect(later.length).toBeGreaterThan(40);
  expect(later.every(({ dr, rx }) => dr === 0 && rx.freqHz === 903_900_000)).toBe(true);
  // The dwell limit.
  expect(Math.max(...one.sent.map(({ startUs, endUs }) => endUs - startUs))).toBeLessThanOrEqual(400_000);
  expect(one.told.filter((input) => input.kind === 'delivered' && !input.acknowledged)).toEqual([]);
});

test('in US915 no payload is longer than the dwell time allows, whatever its length', () => {
  const property = fc.property(fc.integer({ min: 0, max: 242 }), fc.integer({ min: 0, max: 4 }), (length, dataRate) => {
    const one = lab({
      region: us915,
      activation: 'abp',
      profile: { dataRate },
      sensor: (port, input) => void (input.kind === 'joined' && chatter(1e9, { length })(port, input)),
    });
    one.play(10);
    expect(one.uplinks).toHaveLength(1);
    expect(one.sent[0]!.endUs - one.sent[0]!.startUs).toBeLessThanOrEqual(400_000);
  });
  fc.assert(property, { numRuns: 60 });
});
