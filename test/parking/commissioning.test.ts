import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkAlong, type BayVerdict } from '../../src/parking/commissioning.js';

const second = 1_000_000;

/** Walks along `bays`, `lies[bay]` names the bay that the sensor in it speaks for. */
const walked = (bays: readonly string[], lies: Readonly<Record<string, string | undefined>>): readonly BayVerdict[] => {
  const walk = walkAlong(bays, 0);
  let nowUs = 0;
  for (const bay of bays) {
    expect(walk.at).toBe(bay);
    nowUs += 2 * second;
    const speaks = lies[bay];
    if (speaks !== undefined) walk.occupied(speaks, nowUs);
    nowUs += second;
    walk.next(nowUs);
  }
  expect(walk.at).toBeUndefined();
  return walk.checks().map(({ answer }) => answer);
};

describe('a walk', () => {
  test('finds each sensor where it belongs', () => {
    expect(walked(['a', 'b'], { a: 'a', b: 'b' })).toEqual([
      { verdict: 'right', afterUs: 2 * second },
      { verdict: 'right', afterUs: 2 * second },
    ]);
  });

  test('finds two that were swapped, and one that says nothing', () => {
    expect(walked(['a', 'x', 'b'], { a: 'b', b: 'a' })).toEqual([
      { verdict: 'swapped', with: 'b' },
      { verdict: 'silent' },
      { verdict: 'swapped', with: 'a' },
    ]);
  });

  test('a neighbour that is swapped with the bay before is no exception', () => {
    expect(walked(['a', 'b'], { a: 'b', b: 'a' })).toEqual([
      { verdict: 'swapped', with: 'b' },
      { verdict: 'swapped', with: 'a' },
    ]);
  });

  test('somebody else who parks meanwhile accuses nobody', () => {
    const walk = walkAlong(['a', 'b'], 0);
    expect(walk.occupied('b', second)).toBe('other');
    expect(walk.occupied('a', 2 * second)).toBe('right');
    walk.next(3 * second);
    expect(walk.occupied('b', 4 * second)).toBe('right');
    expect(walk.checks().map(({ answer }) => answer.verdict)).toEqual(['right', 'right']);
  });

  test('one that changed for another, and answers itself, leaves a doubt', () => {
    expect(walked(['a', 'q', 'b'], { a: 'b', q: 'q', b: 'b' })[0]).toEqual({ verdict: 'doubtful', with: ['b'] });
  });

  test('what came before the bay was parked on says nothing', () => {
    const walk = walkAlong(['a'], 10);
    expect(walk.occupied('a', 9)).toBeUndefined();
    expect(walk.checks()).toEqual([{ bay: 'a', answer: { verdict: 'silent' } }]);
  });

  test('whatever way sensors were mixed up, each bay is told who lies in it', () => {
    const mixed = fc.integer({ min: 1, max: 9 }).chain((count) => {
      const bays = Array.from({ length: count }, (_, i) => `b${i}`);
      return fc.tuple(fc.constant(bays), fc.shuffledSubarray(bays, { minLength: count, maxLength: count }));
    });
    fc.assert(
      fc.property(mixed, ([bays, order]) => {
        const lies = Object.fromEntries(bays.map((bay, i) => [bay, order[i]]));
        for (const [i, answer] of walked(bays, lies).entries()) {
          const [bay, other] = [bays[i]!, order[i]!];
          if (other === bay) expect(answer.verdict).toBe('right');
          else expect(answer).toEqual({ verdict: lies[other] === bay ? 'swapped' : 'crossed', with: other });
        }
      }),
    );
  });
});
