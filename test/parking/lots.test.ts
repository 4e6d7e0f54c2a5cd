import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lots, signOf, type LotSetup } from '../../src/parking/lots.js';

const bays = (count: number) => Array.from({ length: count }, (_, n) => ({ bay: `b${n}`, lot: 'graben' }));

test('a lot counts its bays; who was never heard is unknown', () => {
  const all = lots(bays(10));
  expect(all.at('graben', 5)).toMatchObject({ capacity: 10, free: 0, occupied: 0, unknown: 10, sign: 'unknown' });
  for (let n = 0; n < 8; n++) all.noteBay({ bay: `b${n}`, lot: 'graben', occupied: n < 3 });
  expect(all.at('graben', 5, (bay) => 100 + Number(bay.slice(1)))).toMatchObject({
    ...{ free: 5, occupied: 3, unknown: 2, sign: 'free', from: 'bays', freshUs: 100 },
  });
  expect(all.noteBay({ bay: 'b0', lot: 'graben', occupied: true })).toBeUndefined();
  expect(all.noteBay({ bay: 'b0', lot: 'graben', occupied: undefined })).toBe('graben');
  expect(all.at('graben', 5)).toMatchObject({ free: 5, occupied: 2, unknown: 3 });
});

test('free, occupied and unknown are the capacity, whatever happens', () => {
  const step = fc.record({
    bay: fc.integer({ min: 0, max: 12 }),
    occupied: fc.option(fc.boolean(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 12 }), (steps, capacity) => {
      const all = lots(bays(10), { setups: [{ lot: 'graben', capacity }] });
      for (const { bay, occupied } of steps) {
        all.noteBay({ bay: `b${bay}`, lot: 'graben', occupied });
        const { free, occupied: taken, unknown } = all.at('graben', 1)!;
        expect(free + taken + unknown).toBe(capacity);
        expect(Math.min(free, taken, unknown)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

describe('signs', () => {
  test('turn to fewer at the lower bound and back above the upper one', () => {
    const setup: LotSetup = { lot: 'l', full: 1, fullUntil: 3, few: 6, fewUntil: 9 };
    const shown: string[] = [];
    let sign: ReturnType<typeof signOf> = 'unknown';
    for (const free of [12, 7, 6, 9, 10, 6, 1, 3, 4, 9, 10]) shown.push((sign = signOf(free, sign, setup, 50)));
    expect(shown).toEqual(['free', 'free', 'few', 'few', 'free', 'few', 'full', 'full', 'few', 'few', 'free']);
  });

  test('one car that moves to and fro turns a sign once at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (capacity, at) => {
        const free = Math.min(at, capacity - 1);
        let sign: ReturnType<typeof signOf> = signOf(free + 1, 'unknown', { lot: 'l' }, capacity);
        let turns = 0;
        for (let n = 0; n < 20; n++) {
          const next = signOf(free + (n % 2), sign, { lot: 'l' }, capacity);
          if (next !== sign) turns++;
          sign = next;
        }
        expect(turns).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('counters of cars', () => {
  const setups: LotSetup[] = [{ lot: 'garage', capacity: 65, counter: 'gate' }];
  test('count what they say, or what comes and goes, within what there is', () => {
    const all = lots([], { setups });
    expect(all.noteCount({ counter: 'gate', occupied: 12, atUs: 5 })).toEqual({
      ...{ saved: { counter: 'gate', occupied: 12, sensorTimeUs: 5 }, lot: 'garage' },
    });
    all.noteCount({ counter: 'gate', in: 3, out: 1, atUs: 6 });
    expect(all.at('garage', 7)).toMatchObject({ occupied: 14, free: 51, unknown: 0, from: 'counter', freshUs: 6 });
    all.noteCount({ counter: 'gate', free: 0, atUs: 8 });
    expect(all.at('garage', 9)).toMatchObject({ free: 0, sign: 'full' });
    expect(all.noteCount({ counter: 'nobody', free: 0, atUs: 8 })).toBeUndefined();
  });

  // Aarhus, 2014 (CityBench, AarhusParkingData.stream): NORREPORT told of 1464 cars in 65 places.
  test('1464 cars do not stand in 65 places, and none is less than none', () => {
    const all = lots([], { setups });
    all.noteCount({ counter: 'gate', occupied: 1464, atUs: 5 });
    expect(all.at('garage', 6)).toMatchObject({ occupied: 65, free: 0 });
    all.noteCount({ counter: 'gate', out: 100, atUs: 7 });
    expect(all.at('garage', 8)).toMatchObject({ occupied: 0, free: 65 });
    expect(all.clamped('gate')).toBe(2);
  });

  test('sensors at the gate count what passes; one that starts anew or goes round takes no car away', () => {
    const gate: LotSetup[] = [{ lot: 'garage', capacity: 65, entries: ['in-1', 'in-2'], exits: ['out'] }];
    const all = lots([], { setups: gate });
    const pass = (bay: string, count: number): number => {
      all.notePass({ bay, count, atUs: 5 });
      return all.at('garage', 6)!.occupied;
    };
    expect([pass('in-1', 100), pass('in-1', 110), pass('in-2', 7), pass('in-2', 9), pass('out', 50)]).toEqual([
      0, 10, 10, 12, 12,
    ]);
    expect([pass('out', 53), pass('in-1', 2), pass('in-2', 65_530), pass('in-2', 3)]).toEqual([9, 11, 65, 65]);
    expect(all.notePass({ bay: 'elsewhere', count: 3, atUs: 5 })).toBeUndefined();
    expect(all.notePass({ bay: 'out', count: 54, atUs: 7 })!.saved).toEqual([
      { counter: 'gate garage', occupied: 64, sensorTimeUs: 7 },
      { counter: 'pass out', occupied: 54, sensorTimeUs: 7 },
    ]);
  });

  test('go on after a restart, and an old count is no count', () => {
    const all = lots([], { setups, counters: [{ counter: 'gate', occupied: 30, sensorTimeUs: 5 }] });
    all.noteCount({ counter: 'gate', in: 1, atUs: 6 });
    expect(all.at('garage', 7)).toMatchObject({ occupied: 31 });
    expect(all.at('garage', 7 + 25 * 3_600_000_000)).toMatchObject({
      unknown: 65,
      sign: 'unknown',
      freshUs: undefined,
    });
  });
});
