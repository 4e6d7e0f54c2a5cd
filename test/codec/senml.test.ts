import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { writeCbor } from '../../src/codec/cbor-write.js';
import { senml, type SenmlMessage } from '../../src/codec/senml.js';

const wrote = (value: unknown): string => toHex(Uint8Array.from(must(writeCbor(value, 'value'))));

describe('SenML', () => {
  const decode = (text: string): unknown => {
    const pack = senml.decode(hex(text));
    return pack.ok ? pack.value : pack.problem;
  };

  test('every label by number and by word', () => {
    const record = {
      ...{ bver: 10, bn: 'urn:', bt: 1, bu: 'Cel', bv: 2, bs: 3, n: 'a', u: 'V', v: 4 },
      ...{ vs: 'x', vb: true, s: 5, t: 6, ut: 7, vd: { hex: '00ff' } },
    };
    const numbers = 'af006161016156020403617804f5050506060707084200ff200a216475726e3a2201236343656c24022503';
    expect(decode(`81${numbers}`)).toEqual({ records: [record] });
    expect(toHex(must(senml.encode({ records: [record] })))).toBe(`81${numbers}`);
    expect(decode(wrote([record]))).toEqual({ records: [record] });
  });

  test.each([
    ['80', 0, 'an empty list'],
    ['f5', 0, 'a simple'],
    ['a1616ff5', 0, 'a map'],
    ['8101', 1, 'a number in a list'],
    ['82a001', 2, 'a number in a list'],
    ['81a100f5', 2, 'n of another kind'],
    ['81a1046130', 2, 'vb of another kind'],
    ['81a102f5', 2, 'v of another kind'],
    ['81a1086130', 2, 'vd of another kind'],
    ['81a1200b', 2, 'version 11'],
    ['81a10063616263ff', undefined, undefined],
    ['81a2006161616e6162', 5, 'a label that was there before'],
    ['81a1627a5f01', 2, 'the label z_'],
  ])('%s: at byte %d is %s', (text, at, what) =>
    expect(decode(text)).toMatchObject(
      what === undefined ? { records: [{ n: 'abc' }], rest: 'ff' } : { code: 'bad-cbor', facts: { at, what } },
    ),
  );

  test('labels that the RFC does not know are kept', () =>
    expect(decode('81a2182a01617802')).toEqual({ records: [{ 42: 1, x: 2 }] }));

  test('a value with more digits than a double has is the nearest double', () =>
    expect(decode('81a200616302 1bffffffffffffffff'.replace(' ', ''))).toEqual({ records: [{ n: 'c', v: 2 ** 64 }] }));

  test('not-a-number is null', () => expect(decode('81a200617402f97e00')).toEqual({ records: [{ n: 't', v: null }] }));

  test.each<unknown>([
    {},
    { records: [] },
    { records: [null] },
    { records: [[]] },
    { records: [{ v: 'x' }] },
    { records: [{ n: 1 }] },
    { records: [{ vd: 'ff' }] },
    { records: [{ 0: 'name' }] },
    { records: [{ must_: 1 }] },
    { records: [{ bver: 11 }] },
    { records: [{ n: 'a' }], rest: 'ca' },
  ])('%j is not encoded', (message) =>
    expect(senml.encode(message as SenmlMessage)).toMatchObject({ problem: { code: 'bad-message' } }),
  );

  test('what it samples it encodes, and decodes again', () => {
    const d = dice('senml', 'all');
    for (let i = 0; i < 2_000; i++) {
      const sample = senml.sample(d);
      expect(must(senml.decode(must(senml.encode(sample))))).toEqual(sample);
    }
  });

  test('an annotation has a line for each pair', () => {
    const lines = senml
      .annotate(hex('9fbf00616f04f5ffa0ffca'))
      .map(({ bit, bits, name, value }) => [bit / 8, bits / 8, name, value]);
    expect(lines).toEqual([
      [0, 1, 'records', 'list of 2'],
      [1, 1, 'record 1', 'map of 2'],
      [2, 3, 'record 1: n', 'o'],
      [5, 2, 'record 1: vb', 'true'],
      [7, 1, 'record 1', 'end'],
      [8, 1, 'record 2', 'map of 0'],
      [9, 1, 'records', 'end'],
      [10, 1, 'rest', 'not understood'],
    ]);
  });
});
