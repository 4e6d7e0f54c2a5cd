import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoFromUs } from '../../src/base/time.js';

test('an instant is written as Date writes it', () => {
  const whole = fc.integer({ min: -8_000_000_000_000, max: 8_000_000_000_000_000 });
  fc.assert(
    fc.property(whole, (us) => {
      expect(isoFromUs(us)).toBe(new Date(Math.floor(us / 1000)).toISOString());
    }),
    { numRuns: 2_000 },
  );
});

test('so is every day of four hundred years, and each of their ends', () => {
  const dayUs = 86_400_000_000;
  for (let day = 0; day < 146_097; day++) {
    expect(isoFromUs(day * dayUs).slice(0, 10)).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10));
  }
  expect(isoFromUs(253_402_300_799_999_000)).toBe('9999-12-31T23:59:59.999Z');
  expect(isoFromUs(253_402_300_800_000_000)).toBe('+010000-01-01T00:00:00.000Z');
});
