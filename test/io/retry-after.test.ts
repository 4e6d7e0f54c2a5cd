import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOff } from '../../src/io/back-off.js';
import { msFromHttpDate, retryAfterMs } from '../../src/io/retry-after.js';

const nowMs = Date.UTC(2026, 10, 25, 12, 0, 0);
const hourMs = 3_600_000;

describe('dates of HTTP', () => {
  // The three forms of one instant that RFC 9110 §5.6.7 shows.
  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    '%s',
    (text) => expect(msFromHttpDate(text, nowMs)).toBe(784111777000),
  );
  test.each([
    '',
    'soon',
    'Sun, 31 Feb 2027 08:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 0099 08:49:37 GMT',
  ])('"%s" is none', (text) => expect(msFromHttpDate(text, nowMs)).toBeUndefined());
  test('two digits of a year mean the past when they would be more than fifty years ahead', () => {
    expect(msFromHttpDate('Sunday, 06-Nov-77 08:49:37 GMT', nowMs)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
    expect(msFromHttpDate('Sunday, 06-Nov-76 08:49:37 GMT', nowMs)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
  });
  test('what toUTCString writes is read', () =>
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000), max: Date.UTC(9999) }), (ms) => {
        const second = Math.floor(ms / 1000) * 1000;
        expect(msFromHttpDate(new Date(second).toUTCString(), nowMs)).toBe(second);
      }),
    ));
});

describe('Retry-After', () => {
  const of = (text: string | undefined, date?: string): number | undefined =>
    retryAfterMs(text, { date, nowMs, mostMs: hourMs });
  test.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['86400', hourMs],
    ['99999999999999999999999', hourMs],
    ['Wed, 25 Nov 2026 12:00:30 GMT', 30_000],
    ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 25 Nov 2050 11:00:00 GMT', hourMs],
    ['1.5', undefined],
    ['-1', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('%j', (text, ms) => expect(of(text)).toBe(ms));
  test("a date is held against the server's own clock", () => {
    expect(of('Wed, 25 Nov 2026 18:00:30 GMT', 'Wed, 25 Nov 2026 18:00:00 GMT')).toBe(30_000);
    expect(of('Wed, 25 Nov 2026 12:00:30 GMT', 'nonsense')).toBe(30_000);
  });
  test('never throws, and never asks for more than is allowed', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[\d :,A-Za-z-]{0,40}$/)),
        fc.option(fc.string()),
        (text, date) => {
          const ms = of(text, date ?? undefined);
          if (ms !== undefined) expect(ms >= 0 && ms <= hourMs && Number.isFinite(ms)).toBe(true);
        },
      ),
    ));
});

test('pauses grow to a minute, differ, and begin anew', () => {
  const longest = backOff({ random: () => 0 });
  const minuteMs = 60_000;
  expect(Array.from({ length: 9 }, () => longest.nextMs())).toEqual([
    ...[1000, 2000, 4000, 8000, 16_000, 32_000],
    ...[minuteMs, minuteMs, minuteMs],
  ]);
  longest.reset();
  expect(longest.nextMs()).toBe(1000);
  const shortest = backOff({ random: () => 1 });
  expect(Array.from({ length: 8 }, () => shortest.nextMs())).toEqual([
    ...[500, 1000, 2000, 4000, 8000, 16_000],
    ...[30_000, 30_000],
  ]);
});
