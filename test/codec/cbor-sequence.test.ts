import { Decoder } from 'cbor-x';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { readCbor } from '../../src/codec/cbor.js';
import { wholeMaps } from '../../src/codec/cbor-sequence.js';
import { writeMap } from '../../src/codec/cbor-write.js';

const keepOf = (file: Uint8Array, piece = 7): number => {
  const reader = wholeMaps();
  for (let at = 0; at < file.length; at += piece) if (!reader.take(file.subarray(at, at + piece))) break;
  return reader.end().keep;
};

// Keys that are digits become numbers in CBOR, and events have none.
const names = fc.string({ maxLength: 30 }).filter((name) => !/^-?\d/.test(name) && !name.startsWith('\ufeff'));
const texts = fc.string({ maxLength: 300 }).filter((text) => !text.startsWith('\ufeff'));
const objects = fc.letrec<{ value: unknown; map: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      texts,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.maxSafeInteger(),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('map'),
  ),
  map: fc.dictionary(
    names.filter((name) => name !== '__proto__' && name !== 'hex'),
    tie('value'),
    { maxKeys: 5 },
  ),
})).map;

const bytesOf = (one: object): Uint8Array => Uint8Array.from(must(writeMap(one, 'map')));

test('cut anywhere, the maps before the cut are kept', () =>
  fc.assert(
    fc.property(
      fc.array(objects, { maxLength: 4 }),
      fc.nat(2000),
      fc.integer({ min: 1, max: 60 }),
      (list, at, piece) => {
        const maps = list.map(bytesOf);
        const file = Buffer.concat(maps);
        const cut = Math.min(at, file.length);
        let whole = 0;
        for (let end = 0, i = 0; i < maps.length && (end += maps[i]!.length) <= cut; i++) whole = end;
        expect(keepOf(file.subarray(0, cut), piece)).toBe(whole);
        expect(keepOf(file, piece)).toBe(file.length);
      },
    ),
  ));

test('noise never throws, and what is kept reads as CBOR', () =>
  fc.assert(
    fc.property(fc.array(objects, { maxLength: 2 }), fc.uint8Array({ maxLength: 40 }), (list, noise) => {
      const file = Buffer.concat([...list.map(bytesOf), noise]);
      const keep = keepOf(file);
      expect(keep).toBeGreaterThanOrEqual(file.length - noise.length);
      for (let at = 0; at < keep;) {
        // A noise may be a map with a key twice, which our reader refuses at its place; its end is right all the same.
        const read = readCbor(file.subarray(at, keep));
        if (!read.ok) return;
        at += read.value.item.end;
      }
    }),
  ));

test('zeros of a power cut end the sequence, at the end and in the middle', () => {
  const map = bytesOf({ v: 1, id: 'a-1', quality: [], radio: { gateway: 'g', rssiDbm: -97.5 } });
  expect(keepOf(Buffer.concat([map, new Uint8Array(600)]))).toBe(map.length);
  expect(keepOf(Buffer.concat([map, map.subarray(0, 9), new Uint8Array(512), map]))).toBe(map.length);
});

test.each([
  ['a number', [0x01]],
  ['a list', [0x80]],
  ['a map without an end', [0xbf, 0x61, 0x61, 0x01, 0xff]],
  ['a map with a number as key', [0xa1, 0x01, 0x02]],
  ['a tag', [0xc0, 0xa0]],
  ['a map of more than can be', [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ['maps that are too deep', Array.from({ length: 20 }, () => [0xa1, 0x61, 0x61]).flat()],
])('%s is none of ours', (_, bytes) => expect(keepOf(Uint8Array.from([0xa0, ...bytes]))).toBe(1));

test('another reader of sequences finds the same', () => {
  const maps = [{ a: 1 }, { b: [true, null] }, { c: 'd' }];
  const file = Buffer.concat(maps.map(bytesOf));
  expect(new Decoder({ useRecords: false }).decodeMultiple(file)).toEqual(maps);
  expect(keepOf(file)).toBe(file.length);
});
