import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jitLimits, jitQueue, type Slot } from '../../src/lorawan/jit-queue.js';
import { tmstAfter, tmstTurn, waitUs } from '../../src/lorawan/tmst.js';

const ms = 1_000;
const now = 1_780_000_000_000_000;
const slot = (startMs: number, airMs = 50): Slot => ({
  startUs: now + startMs * ms,
  endUs: now + (startMs + airMs) * ms,
});

describe('the just-in-time queue', () => {
  test.each([
    ['behind us', -1, 'too-late'],
    ['at 42.5 ms', 42.5, 'too-late'],
    ['a microsecond later', 42.501, 'ok'],
    ['at 512 s', 512_000, 'ok'],
    ['a microsecond later than that', 512_000.001, 'too-early'],
  ] as const)('%s', (_, startMs, verdict) => {
    expect(jitQueue().offer(slot(startMs), now)).toBe(verdict);
    expect(jitQueue({ ideal: true }).offer(slot(startMs), now)).toBe(verdict);
  });

  test('leaves time to program the radio between two', () => {
    const queue = jitQueue();
    expect(queue.offer(slot(1000), now)).toBe('ok');
    expect(queue.offer(slot(1092.5), now)).toBe('collision-packet');
    expect(queue.offer(slot(1000), now)).toBe('collision-packet');
    expect(queue.offer(slot(907.5), now)).toBe('collision-packet');
    expect(queue.offer(slot(500, 2000), now)).toBe('collision-packet');
    expect(queue.offer(slot(1092.501), now)).toBe('ok');
    expect(queue.offer(slot(907.499), now)).toBe('ok');
    expect(queue.emissions.map(({ startUs }) => (startUs - now) / ms)).toEqual([907.499, 1000, 1092.501]);
  });

  test('what is on the air already is in the way as well', () => {
    const queue = jitQueue();
    expect(queue.offer(slot(50, 1000), now)).toBe('ok');
    expect(queue.offer(slot(900), now + 800 * ms)).toBe('collision-packet');
  });

  test('is full with 32 that wait, not with those that have begun', () => {
    const queue = jitQueue();
    for (let i = 0; i < jitLimits.capacity; i++) expect(queue.offer(slot(100 + i * 100), now)).toBe('ok');
    expect(queue.offer(slot(9_000), now)).toBe('collision-packet');
    expect(queue.offer(slot(9_000), now + 100 * ms)).toBe('ok');
    const ideal = jitQueue({ ideal: true });
    for (let i = 0; i < 100; i++) expect(ideal.offer(slot(100), now)).toBe('ok');
  });

  test('takes back what has not begun', () => {
    const queue = jitQueue();
    const one = slot(100);
    queue.offer(one, now);
    expect(queue.cancel(slot(100), now)).toBe(false);
    expect(queue.cancel(one, one.startUs)).toBe(false);
    expect(queue.cancel(one, one.startUs - 1)).toBe(true);
    expect(queue.cancel(one, now)).toBe(false);
    expect(queue.offer(slot(120), now)).toBe('ok');
  });

  test('remembers for ten seconds, or as long as it is told', () => {
    for (const keepMs of [undefined, 30_000]) {
      const queue = jitQueue(keepMs === undefined ? {} : { keepUs: keepMs * ms });
      const over = 150 + (keepMs ?? 10_000);
      queue.offer(slot(100), now);
      queue.offer(slot(over + 1000), now + over * ms);
      expect(queue.emissions).toHaveLength(2);
      queue.offer(slot(over + 2000), now + over * ms + 1);
      expect(queue.emissions).toHaveLength(2);
    }
  });

  test('at once is 80 ms from now, or the first gap that is wide enough', () => {
    const queue = jitQueue();
    expect(queue.asapUs(50 * ms, now)).toBe(now + 80 * ms);
    queue.offer(slot(100), now);
    queue.offer(slot(300), now);
    expect(queue.asapUs(50 * ms, now)).toBe(now + 192.501 * ms);
    expect(queue.asapUs(65 * ms, now)).toBe(now + 392.501 * ms);
    expect(queue.asapUs(50 * ms, now + 200 * ms)).toBe(now + 392.501 * ms);
    expect(jitQueue({ ideal: true }).asapUs(50 * ms, now)).toBe(now + 80 * ms);
  });

  test('whatever is asked for, accepted emissions are apart and in order, and at once is never refused', () => {
    const ask = fc.record({
      afterMs: fc.integer({ min: 0, max: 700 }),
      waitMs: fc.option(fc.integer({ min: -100, max: 3_000 })),
      airMs: fc.integer({ min: 1, max: 400 }),
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 30, size: 'max' }), (asks) => {
        const queue = jitQueue();
        let at = now;
        for (const { afterMs, waitMs, airMs } of asks) {
          at += afterMs * ms;
          const startUs = waitMs === null ? queue.asapUs(airMs * ms, at) : at + waitMs * ms;
          const verdict = queue.offer({ startUs, endUs: startUs + airMs * ms }, at);
          if (waitMs === null) expect(verdict).toBe('ok');
          if (verdict === 'ok') accepted++;
        }
        queue.emissions.slice(1).forEach((one, i) => {
          expect(one.startUs - queue.emissions[i]!.endUs).toBeGreaterThan(jitLimits.gapUs);
        });
      }),
    );
    expect(accepted).toBeGreaterThan(300);
  });
});

describe('the counter of a concentrator', () => {
  test('turns over', () => {
    expect(tmstAfter(0xffff_ffff, 1)).toBe(0);
    expect(tmstAfter(0, -1)).toBe(0xffff_ffff);
    expect(tmstAfter(3_512_348_611, 5_000_000)).toBe(3_517_348_611);
    expect(tmstAfter(0xffff_ff00, 1_000_000)).toBe(999_744);
    expect(waitUs(999_744, 0xffff_ff00)).toBe(1_000_000);
    expect(waitUs(0xffff_ff00, 999_744)).toBe(-1_000_000);
    expect(waitUs(7, 7)).toBe(0);
  });

  test('waiting undoes going on, for less than half a turn', () => {
    const half = tmstTurn / 2;
    fc.assert(
      fc.property(fc.nat(tmstTurn - 1), fc.integer({ min: -half, max: half - 1 }), (tmst, us) => {
        const then = tmstAfter(tmst, us);
        expect(then).toBeGreaterThanOrEqual(0);
        expect(then).toBeLessThan(tmstTurn);
        expect(waitUs(then, tmst)).toBe(us);
      }),
    );
  });

  test('an instant of our clock and a whole turn are nothing new', () => {
    expect(tmstAfter(5, 1_780_000_000_000_000)).toBe((5 + 1_780_000_000_000_000) % tmstTurn);
    expect(tmstAfter(5, 3 * tmstTurn)).toBe(5);
  });
});
