import { expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { uint } from '../../src/codec/parts.js';
import { tagged } from '../../src/codec/tagged.js';

const report = tagged({ battery: ['01', uint(8)], level: ['02', uint(8)] }, { also: { version: ['03', uint(8)] } });
const pair = tagged({ a: ['0a', uint(8)], b: ['0b', uint(8)], c: ['0c', uint(8)] }, { atLeast: 2 });

test('tags that may follow are read behind the others, and not in front of them', () => {
  expect(must(report.decode(hex('01640305')))).toEqual({ battery: 100, version: 5 });
  expect(report.decode(hex('03050164'))).toMatchObject({
    problem: { code: 'unknown-item', facts: { item: '03', at: 0, expected: 'one of the tags 01, 02 first' } },
  });
  expect(toHex(must(report.encode({ level: 1, version: 5 })))).toBe('02010305');
  expect(report.encode({ version: 5, level: 1 })).toMatchObject({
    problem: { code: 'bad-message', facts: { field: 'version' } },
  });
  // An absent value in front is none.
  expect(report.encode({ battery: undefined, version: 5 } as never).ok).toBe(false);
});

test('a message of fewer values than it must have is another format', () => {
  expect(must(pair.decode(hex('0a010b02')))).toEqual({ a: 1, b: 2 });
  expect(pair.decode(hex('0a01'))).toMatchObject({
    problem: { code: 'too-short', facts: { have: 2, need: 4, at: 2 } },
  });
  expect(pair.decode(hex('0a01ff02'))).toMatchObject({
    problem: { code: 'unknown-item', facts: { item: 'ff', at: 2 } },
  });
  expect(must(pair.decode(hex('0a010b02ff')))).toEqual({ a: 1, b: 2, rest: 'ff' });
  expect(pair.encode({ a: 1 })).toMatchObject({ problem: { facts: { why: 'at least 2 values are expected' } } });
});

test('samples begin with a tag of their own and have values enough', () => {
  const d = dice('tagged', 'first');
  let followed = 0;
  for (let i = 0; i < 300; i++) {
    const one = report.sample(d);
    if ('version' in one) followed++;
    expect(must(report.decode(must(report.encode(one))))).toEqual(one);
    expect(Object.keys(pair.sample(d)).length).toBeGreaterThanOrEqual(2);
  }
  expect(followed).toBeGreaterThan(0);
});
