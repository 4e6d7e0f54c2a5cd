import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastMoments, moreThan, noMoments, withMoment, type Moments } from '../../src/parking/moments.js';

test('any tree of moments gives what copied lists would give: what was made before stays as it was', () => {
  const most = 4;
  const step = fc.record({ onto: fc.nat(), us: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const made: { readonly is: Moments; readonly ought: readonly number[] }[] = [{ is: noMoments, ought: [] }];
      for (const { onto, us } of steps) {
        const { is, ought } = made[onto % made.length]!;
        made.push({ is: withMoment(is, us, most), ought: [...ought, us] });
      }
      for (const { is, ought } of made) {
        expect(lastMoments(is, most)).toEqual(ought.slice(-most));
        expect(is.count).toBeLessThanOrEqual(3 * most);
        expect(moreThan(is, most - 1, 500)).toBe(ought.length >= most && ought.at(-most)! >= 500);
      }
    }),
  );
});
