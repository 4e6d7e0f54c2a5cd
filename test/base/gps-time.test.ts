import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gpsSecondsFromUs, leapSecondsAt, usFromGpsSeconds } from '../../src/base/gps-time.js';
import { isoFromUs, usFromIso } from '../../src/base/time.js';
import vectors from '../vectors/lorawan.json' with { type: 'json' };

for (const { utc, gpsSeconds } of vectors.gps_time.vectors)
  test(`${utc} is GPS second ${gpsSeconds}`, () => {
    expect(gpsSecondsFromUs(usFromIso(utc)!)).toBe(gpsSeconds);
    expect(usFromGpsSeconds(gpsSeconds)).toBe(usFromIso(utc));
  });

test('a leap second is the first moment after it: it has no instant of its own', () => {
  expect(isoFromUs(usFromGpsSeconds(1_025_136_014.75))).toBe('2012-06-30T23:59:59.750Z');
  expect(isoFromUs(usFromGpsSeconds(1_025_136_015))).toBe('2012-07-01T00:00:00.000Z');
  expect(isoFromUs(usFromGpsSeconds(1_025_136_015.5))).toBe('2012-07-01T00:00:00.000Z');
  expect(isoFromUs(usFromGpsSeconds(1_025_136_016.5))).toBe('2012-07-01T00:00:00.500Z');
});

test('18 leap seconds since 2017, none in 1980, one more at each midnight that had one', () => {
  expect(leapSecondsAt(usFromIso('2026-06-01T06:00:00Z')!)).toBe(18);
  expect(leapSecondsAt(usFromIso('2016-12-31T23:59:59Z')!)).toBe(17);
  expect(leapSecondsAt(usFromIso('1981-06-30T23:59:59Z')!)).toBe(0);
  expect(leapSecondsAt(usFromIso('1999-01-01T00:00:00Z')!)).toBe(13);
});

test('there and back, to the microsecond, and never backwards', () => {
  const us = fc.integer({ min: usFromIso('1980-01-06T00:00:00Z')!, max: usFromIso('2100-01-01T00:00:00Z')! });
  fc.assert(
    fc.property(us, us, (a, b) => {
      expect(usFromGpsSeconds(gpsSecondsFromUs(a))).toBe(a);
      expect(Math.sign(gpsSecondsFromUs(a) - gpsSecondsFromUs(b))).toBe(Math.sign(a - b));
    }),
    { numRuns: 2_000 },
  );
});
