import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latencies } from '../../src/report/latencies.js';
import { scorer, type Seen } from '../../src/report/score.js';
import { viewReader } from '../../src/report/views.js';

const second = 1_000_000;

describe('a score', () => {
  test('of a small story that can be told by hand', () => {
    const s = scorer(0);
    s.bay('a', 'lot', false);
    s.bay('b', 'lot', true);
    s.view(0, 'a', 'free');
    s.view(0, 'b', 'occupied');
    // A car comes to a at 10 s; its frame is lost, the next one is heard, the view shows it at 25 s.
    s.car(10 * second, 'a', true);
    s.sent(12 * second, 'a', { heardBy: 0, lost: 'collision' });
    s.sent(20 * second, 'a', { heardBy: 2 });
    s.view(25 * second, 'a', 'occupied');
    // b's car leaves at 40 s, its frame is lost, and another one comes at 70 s: missed, and then right again.
    s.car(40 * second, 'b', false);
    s.sent(41 * second, 'b', { heardBy: 0, lost: 'too-weak' });
    s.car(70 * second, 'b', true);
    // Nothing was sent when a's car left.
    s.car(80 * second, 'a', false);
    s.view(90 * second, 'nobody', 'free');
    expect(s.end(100 * second)).toEqual({
      bays: 2,
      fromUs: 0,
      toUs: 100 * second,
      time: {
        right: (10 + 55 + 40 + 30) / 200,
        wrong: (15 + 30 + 20) / 200,
        unknown: 0,
        falseOccupied: (30 + 20) / 200,
        falseFree: 15 / 200,
      },
      changes: { total: 4, reported: 1, missed: 1, unneeded: 1, open: 1 },
      latency: { count: 1, p50Ms: 15_000, p95Ms: 15_000, p99Ms: 15_000, mostMs: 15_000 },
      causes: { 'too-weak': 1 },
      episodes: { falseOccupied: 0, falseFree: 0 },
      predictiveFree: [
        { occupancy: 0, value: 10 / 25, bayHours: 25 / 3_600 },
        // Both bays are taken from 10 s on: what is shown as free then is not.
        { occupancy: 0.85, value: 0, bayHours: 15 / 3_600 },
        { occupancy: 0.9, value: 0, bayHours: 15 / 3_600 },
        { occupancy: 0.95, value: 0, bayHours: 15 / 3_600 },
      ],
      frames: { sent: 3, heard: 1, lost: { collision: 1, 'too-weak': 1 } },
      strangers: 1,
    });
  });

  test('what was heard and never shown is lost behind the gateways; what was never sent before them', () => {
    const s = scorer(0);
    for (const bay of ['a', 'b']) s.bay(bay, 'lot', false);
    for (const bay of ['a', 'b']) s.view(0, bay, 'free');
    for (const bay of ['a', 'b']) s.car(second, bay, true);
    s.sent(2 * second, 'a', { heardBy: 1 });
    for (const bay of ['a', 'b']) s.car(5 * second, bay, false);
    expect(s.end(9 * second).causes).toEqual({ 'not-reported': 1, 'not-sent': 1 });
  });

  const story = fc.array(
    fc.record({
      bay: fc.constantFrom('a', 'b', 'c', 'x'),
      afterS: fc.integer({ min: 0, max: 500 }),
      what: fc.oneof(
        fc.boolean().map((present) => ({ present })),
        fc.constantFrom<Seen>('free', 'occupied', 'unknown').map((seen) => ({ seen })),
        fc.nat(2).map((heardBy) => ({ heardBy })),
      ),
    }),
    { maxLength: 80 },
  );

  test('sums add up, whatever is told', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const s = scorer(0);
        for (const bay of ['a', 'b', 'c']) s.bay(bay, bay === 'c' ? 'two' : 'one', bay === 'b');
        let us = 0;
        for (const { bay, afterS, what } of steps) {
          us += afterS * second;
          if ('present' in what) s.car(us, bay, what.present);
          else if ('seen' in what) s.view(us, bay, what.seen);
          else s.sent(us, bay, what.heardBy > 0 ? what : { heardBy: 0, lost: 'collision' });
        }
        const score = s.end(us + second);
        const { time, changes, causes, frames } = score;
        expect(time.right + time.wrong + time.unknown).toBeCloseTo(1, 9);
        expect(time.falseOccupied + time.falseFree).toBeCloseTo(time.wrong, 9);
        expect(changes.reported + changes.missed + changes.unneeded + changes.open).toBe(changes.total);
        expect(Object.values(causes).reduce((a, b) => a + b, 0)).toBe(changes.missed);
        expect(frames.heard + Object.values(frames.lost).reduce((a, b) => a + b, 0)).toBe(frames.sent);
        expect(score.latency.count).toBe(changes.reported);
        for (const { value } of score.predictiveFree)
          if (value !== null) expect(value >= 0 && value <= 1 + 1e-9).toBe(true);
        for (const right of s.rightOf.values()) expect(right >= 0 && right <= 1 + 1e-9).toBe(true);
      }),
    );
  });

  test('who shows everything after the same while has that latency, and is right the rest of the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 30 }), (lateS, count) => {
        const s = scorer(0);
        s.bay('a', 'lot', false);
        s.view(0, 'a', 'free');
        for (let n = 1; n <= count; n++) {
          const us = n * 100 * second;
          s.car(us, 'a', n % 2 === 1);
          s.view(us + lateS * second, 'a', n % 2 === 1 ? 'occupied' : 'free');
        }
        const score = s.end((count + 1) * 100 * second);
        expect(score.changes).toMatchObject({ total: count, reported: count });
        expect(score.latency.mostMs).toBe(lateS * 1_000);
        expect(score.latency.p50Ms! / (lateS * 1_000)).toBeCloseTo(1, 1);
        expect(score.time.wrong).toBeCloseTo((lateS * count) / ((count + 1) * 100), 9);
      }),
    );
  });
});

test('quantiles are right to a hundredth, and memory does not grow', () => {
  const some = latencies();
  for (let n = 1; n <= 10_000; n++) some.add(n);
  const { count, p50Ms, p95Ms, p99Ms, mostMs } = some.read();
  expect([count, mostMs]).toEqual([10_000, 10_000]);
  for (const [is, wanted] of [
    [p50Ms, 5_000],
    [p95Ms, 9_500],
    [p99Ms, 9_900],
  ])
    expect(Math.abs(is! / wanted! - 1)).toBeLessThan(0.011);
  expect(latencies().read()).toEqual({ count: 0, p50Ms: null, p95Ms: null, p99Ms: null, mostMs: null });
});

describe('views', () => {
  const us = Date.UTC(2026, 5, 1, 8) * 1_000;
  test.each([
    ['{"bay":"a","assertedTime":"2026-06-01T08:00:00.000Z","occupied":true,"kind":"occupied"}', 'occupied'],
    ['{"bay":"a","assertedTime":"2026-06-01T08:00:00.000Z","occupied":false,"kind":"confirmed"}', 'free'],
    ['{"bay":"a","assertedTime":"2026-06-01T08:00:00.000Z","occupied":true,"kind":"lost"}', 'unknown'],
    ['{"bay":"a","assertedTime":"2026-06-01T08:00:00.000Z","occupied":null,"kind":"notice"}', 'unknown'],
    ['{"time":"2026-06-01T10:00:00+02:00","bay":"a","state":"free"}', 'free'],
  ])('%s', (line, seen) => {
    expect(viewReader('f').read(line, 1)).toEqual({ ok: true, value: { us, bay: 'a', seen } });
  });

  test('CSV with its columns in any order', () => {
    const reader = viewReader('f');
    expect(reader.read('State, Bay,time', 1)).toEqual({ ok: true, value: undefined });
    expect(reader.read('"Free",a,2026-06-01T08:00:00Z', 2)).toEqual({
      ok: true,
      value: { us, bay: 'a', seen: 'free' },
    });
  });

  test.each([
    ['bay,state', 'time is missing'],
    ['{"bay":', 'it is no JSON'],
    ['{"bay":"a","time":"yesterday","state":"free"}', 'its time is none'],
    ['{"bay":"a","time":"2026-06-01T08:00:00Z","state":"full"}', 'its state is not'],
    ['{"time":"2026-06-01T08:00:00Z","state":"free"}', 'it names no bay'],
  ])('%s is refused with its line', (line, why) => {
    const read = viewReader('views.csv').read(line, 7);
    expect(read).toMatchObject({
      ok: false,
      problem: { code: 'score-bad-view', facts: { file: 'views.csv', line: 7 } },
    });
    expect(JSON.stringify(read)).toContain(why);
  });

  test('no line makes it throw', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 5 }), (lines) => {
        const reader = viewReader('f');
        lines.forEach((line, at) => reader.read(line, at + 1));
      }),
    );
  });
});
