import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steppedClock } from '../../src/io/clock.js';

/** What to do with the clock: make a timer, call one off, or let time pass. */
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('make' as const), inUs: fc.integer({ min: -5, max: 40 }), again: fc.boolean() }),
    fc.record({ do: fc.constant('call-off' as const), which: fc.nat(60) }),
    fc.record({ do: fc.constant('pass' as const), us: fc.nat(20) }),
  ),
  { maxLength: 120 },
);

describe('a clock that moves when told to', () => {
  test('fires what was not called off, in the order of instants and then of making', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const clock = steppedClock(0);
        const offs: (() => void)[] = [];
        const fired: { n: number; us: number }[] = [];
        // The same kept in the plainest way.
        let waiting: { n: number; us: number; again: boolean }[] = [];
        const expected: { n: number; us: number }[] = [];
        let made = 0;
        let wanted = 0;
        let now = 0;
        const make = (us: number, again: boolean): void => {
          const n = made++;
          offs[n] = clock.at(us, () => {
            fired.push({ n, us: clock.nowUs() });
            if (again) make(clock.nowUs() + 7, false);
          });
        };
        for (const step of list) {
          if (step.do === 'make') {
            make(now + step.inUs, step.again);
            waiting.push({ n: wanted++, us: now + step.inUs, again: step.again });
          } else if (step.do === 'call-off') {
            offs[step.which]?.();
            waiting = waiting.filter(({ n }) => n !== step.which);
          } else {
            const until = now + step.us;
            for (;;) {
              const [next] = waiting.filter(({ us }) => us <= until).sort((a, b) => a.us - b.us || a.n - b.n);
              if (!next) break;
              waiting = waiting.filter((one) => one !== next);
              now = Math.max(now, next.us);
              expected.push({ n: next.n, us: now });
              if (next.again) waiting.push({ n: wanted++, us: now + 7, again: false });
            }
            now = until;
            clock.advance(until);
            expect(clock.nowUs()).toBe(now);
          }
          expect(clock.nextUs).toBe(Math.min(Infinity, ...waiting.map(({ us }) => us)));
        }
        expect(fired).toEqual(expected);
      }),
    );
  });

  test('timers that are called off again and again leave the others as they were', () => {
    const clock = steppedClock(0);
    const fired: number[] = [];
    for (let i = 0; i < 20; i++) clock.at(1_000_000 + i, () => fired.push(i));
    for (let i = 0; i < 50_000; i++) clock.at(10_000_000 - (i % 977), () => fired.push(-1))();
    clock.advance(20_000_000);
    expect(fired).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(clock.nextUs).toBe(Infinity);
  });

  test('ten thousand timers in flight cost hardly more each than a hundred', () => {
    const clock = steppedClock(0);
    let fired = 0;
    const again = (): void => {
      fired++;
      clock.at(clock.nowUs() + 1_000_000 + ((fired * 7_919) % 1_000), again);
    };
    for (let i = 0; i < 10_000; i++) clock.at(i * 10, again);
    const began = performance.now();
    clock.advance(20_000_000);
    expect(fired).toBeGreaterThan(190_000);
    // Looked through from end to end for each of them, they take ten seconds and more.
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
