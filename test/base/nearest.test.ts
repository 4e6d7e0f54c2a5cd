import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest, slipOf } from '../../src/base/nearest.js';

test.each([
  ['', '', 0],
  ['decode', 'decode', 0],
  ['decod', 'decode', 1],
  ['dceode', 'decode', 1],
  ['encode', 'decode', 2],
  ['', 'abc', 3],
])('from "%s" to "%s" it is %i steps', (a, b, steps) => expect(editDistance(a, b)).toBe(steps));

test('a distance is the same in both directions, and 0 only for the same word', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  ));

const models = ['bosch-tps110', 'cicicom-s-lg-i3', 'pni-placepod'];
test('the nearest come first, a part is as good as a slip, case is forgiven', () => {
  expect(nearest('bosch-tps11', models)[0]).toBe('bosch-tps110');
  expect(nearest('PlacePod', models)[0]).toBe('pni-placepod');
  expect(nearest('x', models)).toHaveLength(3);
  expect(nearest('x', [])).toEqual([]);
});

test('only a slip is offered as one', () => {
  expect(slipOf('gatway', ['demo', 'gateway'])).toBe('gateway');
  expect(slipOf('frobnicate', ['demo', 'gateway'])).toBeUndefined();
  expect(slipOf('x'.repeat(1_000_000), ['demo'])).toBeUndefined();
});
