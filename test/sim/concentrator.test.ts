import { describe, expect, test } from 'vitest';
import { dutyBudget } from '../../src/lorawan/duty-budget.js';
import type { TxFrame } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { tmstAfter } from '../../src/lorawan/tmst.js';
import { concentrator } from '../../src/sim/concentrator.js';
import { downlinkAirtimeUs } from '../../src/network/downlink.js';

const eui = '0253544b47570001';
const now = 1_780_000_000_000_000;
const frame = (when: TxFrame['when'], freqHz = 868_100_000): TxFrame => ({
  phy: new Uint8Array(17),
  gateway: eui,
  when,
  freqHz,
  dataRate: { kind: 'lora', sf: 12, bwHz: 125_000 },
  codingRate: '4/5',
  powerDbm: 14,
  invertPolarity: true,
  rfChain: 0,
  id: 1,
});
const airUs = downlinkAirtimeUs(frame({ kind: 'now' }));

describe('a simulated concentrator', () => {
  test('sends when its counter says so, also across the turn of the counter', () => {
    const one = concentrator(eui, false);
    const turnsAt = now + (0x1_0000_0000 - one.tmst(now));
    expect(one.tmst(turnsAt)).toBe(0);
    for (const atUs of [now, turnsAt - 500_000]) {
      expect(one.offer(frame({ kind: 'tmst', tmst: tmstAfter(one.tmst(atUs), 1_000_000) }), atUs)).toBe('ok');
      expect(one.emissions.at(-1)).toMatchObject({ startUs: atUs + 1_000_000, endUs: atUs + 1_000_000 + airUs });
    }
    expect(one.sendsWithin(turnsAt + 400_000, turnsAt + 500_001)).toBe(true);
    expect(one.sendsWithin(turnsAt + 400_000, turnsAt + 500_000)).toBe(false);
  });

  test('what lies behind it is late, even by minutes; ten minutes ahead is early; GPS time it has not', () => {
    const one = concentrator(eui, true);
    const offer = (us: number): string => one.offer(frame({ kind: 'tmst', tmst: tmstAfter(one.tmst(now), us) }), now);
    expect([-1, -600e6, 42_500, 42_501, 512e6, 600e6].map(offer)).toEqual([
      ...(['too-late', 'too-late', 'too-late', 'ok', 'ok', 'too-early'] as const),
    ]);
    expect(one.offer(frame({ kind: 'gps', gpsMs: 1 }), now)).toBe('gps-unlocked');
  });

  test('class C waits for the first gap', () => {
    const one = concentrator(eui, false);
    for (let i = 0; i < 3; i++) expect(one.offer(frame({ kind: 'now' }), now)).toBe('ok');
    const step = airUs + 42_501;
    expect(one.emissions.map(({ startUs }) => startUs - now)).toEqual([80_000, 80_000 + step, 80_000 + 2 * step]);
  });

  test('keeps a duty cycle when it is given one, and only then', () => {
    const budget = dutyBudget(eu868);
    const strict = concentrator(eui, true, { budget });
    const usual = concentrator(eui, true);
    const verdicts = Array.from({ length: 40 }, (_, i) => strict.offer(frame({ kind: 'now' }), now + i * 2_000_000));
    // One percent of an hour is 31 frames of 1.155 s.
    expect(verdicts.filter((verdict) => verdict === 'ok')).toHaveLength(31);
    expect(verdicts.at(-1)).toBe('gateway-duty-cycle');
    expect(strict.emissions.every(({ startUs }) => startUs < now + 31 * 2_000_000)).toBe(true);
    expect(budget.usedUs(868_100_000, now + 80_000_000).usedUs).toBe(31 * airUs);
    expect(strict.offer(frame({ kind: 'now' }, 869_525_000), now + 81_000_000)).toBe('ok');
    expect(strict.offer(frame({ kind: 'now' }, 868_650_000), now + 83_000_000)).toBe('gateway-duty-cycle');
    for (let i = 0; i < 40; i++) expect(usual.offer(frame({ kind: 'now' }), now + i * 2_000_000)).toBe('ok');
  });
});
