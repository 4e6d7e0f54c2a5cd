import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mountingOf, standsUnder, withOccupancy } from '../../src/parking/distance.js';
import { emptyBay, observe, type Report } from '../../src/parking/bay.js';
import type { Mounting, Reading } from '../../src/codec/sensor.js';

const mounting: Mounting = { heightMm: 2500, thresholdMm: 500, hysteresisMm: 200 };

describe('what stands under a distance sensor', () => {
  test.each([
    // A roof at 1.6 m, the bare ground, ground that slopes away, a pothole as deep as a tenth of the height and more.
    [900, undefined, true],
    [2500, undefined, false],
    [2700, true, false],
    [2951, false, undefined],
    // The edges of the hysteresis: 400 and 600 mm above the ground.
    [1901, false, false],
    [1900, false, true],
    [2099, true, true],
    [2100, true, true],
    [2101, true, false],
    // Nobody knows what was before: the threshold alone.
    [2000, undefined, true],
    [2001, undefined, false],
  ])('%s mm, before %s: %s', (distanceMm, before, expected) =>
    expect(standsUnder(distanceMm, mounting, before)).toBe(expected),
  );

  test('between the edges nothing changes, however the distance wanders there', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.integer({ min: 1901, max: 2099 })), (before, distances) => {
        let occupied: boolean | undefined = before;
        for (const distanceMm of distances) occupied = standsUnder(distanceMm, mounting, occupied);
        expect(occupied).toBe(before);
      }),
    );
  });

  test('a sensor that says it itself is believed; without a mounting a distance says nothing', () => {
    expect(withOccupancy({ occupied: false, distanceMm: 900 }, mounting, true)).toEqual({
      occupied: false,
      distanceMm: 900,
    });
    expect(withOccupancy({ distanceMm: 900 }, undefined, true)).toEqual({ distanceMm: 900 });
    expect(withOccupancy({ batteryV: 3.6 }, mounting, true)).toEqual({ batteryV: 3.6 });
  });

  test('a look past the ground is a fault beside those that the sensor has', () =>
    expect(withOccupancy({ distanceMm: 4000, fault: 'tilted' }, mounting, true)).toEqual({
      distanceMm: 4000,
      fault: 'tilted,distance-beyond-ground',
    }));

  test('each head hangs as its own mounting says, or all as the one', () => {
    const low = { ...mounting, heightMm: 2000 };
    expect(mountingOf(mounting, 3)).toBe(mounting);
    expect(mountingOf([mounting, low], 2)).toBe(low);
    expect(mountingOf([mounting, low], undefined)).toBe(mounting);
    expect(mountingOf([mounting, low], 3)).toBeUndefined();
    expect(mountingOf(undefined, 1)).toBeUndefined();
  });
});

test('a bay under a distance sensor: taken, wavering, free, and a look past the ground that changes nothing', () => {
  const bay = emptyBay('b', 'l');
  let heardUs = 1_000_000;
  const hear = (reading: Reading): string => {
    const report: Report = {
      ...{ reading, index: 0, frame: 'f', heardUs: (heardUs += 1_000_000), nowUs: heardUs, device: 'd', model: 'm' },
      ...{ mounting, simulated: false },
    };
    const { kind, occupied, fault } = observe(bay, report);
    return `${kind} ${occupied}${fault ? ` ${fault}` : ''}`;
  };
  expect(hear({ distanceMm: 2490 })).toBe('freed false');
  expect(hear({ distanceMm: 950 })).toBe('occupied true');
  expect(hear({ distanceMm: 2050 })).toBe('confirmed true');
  expect(hear({ distanceMm: 9000 })).toBe('notice true distance-beyond-ground');
  expect(hear({ fault: 'no-echo' })).toBe('notice true no-echo');
  expect(hear({ distanceMm: 2480 })).toBe('freed false');
});
