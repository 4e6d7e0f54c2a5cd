import { expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { layout } from '../../src/codec/layout.js';
import { within } from '../../src/codec/within.js';

const month = layout({ month: within(8, 1, 12) });

test('takes its range with both ends, and nothing else', () => {
  for (const [text, value] of [
    ['01', 1],
    ['0c', 12],
  ] as const) {
    expect(month.decode(hex(text))).toEqual({ ok: true, value: { month: value } });
    expect(must(month.encode({ month: value }))).toEqual(hex(text));
  }
  for (const text of ['00', '0d', 'ff'])
    expect(month.decode(hex(text))).toMatchObject({
      problem: { code: 'bad-value', facts: { field: 'month', expected: 'a whole number from 1 to 12', at: 0 } },
    });
  for (const value of [0, 13, 1.5, NaN, -1, 257])
    expect(month.encode({ month: value })).toMatchObject({ problem: { code: 'bad-message' } });
});

test('samples the whole range', () => {
  const d = dice('within', 'month');
  expect(new Set(Array.from({ length: 300 }, () => month.sample(d).month)).size).toBe(12);
});
