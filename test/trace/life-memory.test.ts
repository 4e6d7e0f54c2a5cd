import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Who } from '../../src/trace/life-facts.js';
import { lifeMemory, type LifeMemory, type MemoryBounds } from '../../src/trace/life-memory.js';
import type { TraceRecord } from '../../src/trace/record.js';
import * as one from './lives.js';

const { t0, s, devEui, devAddr, bay } = one;
const bounds: MemoryBounds = { perDevice: 4, strangers: 3, total: 12, names: 10 };
const eui = (n: number): string => n.toString(16).padStart(16, '0');
/** Whoever says who it is is ours. */
const named = ({ devEui: eui, bay: its }: Who): 'ours' | 'stranger' =>
  (eui ?? its) === undefined ? 'stranger' : 'ours';
const filled = (records: readonly TraceRecord[], memory = lifeMemory(named, bounds)): LifeMemory => {
  for (const record of records) expect(memory.add(record).ok).toBe(true);
  return memory;
};
const stray = (n: number): TraceRecord => one.heard(one.dataPhy(n), t0 + n * s);
const frames = (memory: LifeMemory, asked: Parameters<LifeMemory['of']>[0]): number => memory.of(asked).frames.length;
const uplink = (device: number, n: number): TraceRecord =>
  one.outcome(one.dataPhy(n), t0 + n * s, {
    frame: eui(device * 1000 + n),
    devEui: eui(device),
    devAddr: eui(device).slice(8),
    bay: `b${device}`,
  });

test('records of a frame stay together, and are found by every name of their device', () => {
  const phy = one.dataPhy(1);
  const memory = filled([one.sent(phy, t0), one.heard(phy, t0 + s), one.outcome(phy, t0 + 2 * s)]);
  for (const asked of [{ devEui }, { bay }, { devAddr }, { frame: one.idOf(phy).slice(0, 6) }])
    expect(memory.of(asked).frames.map((records) => records.map(({ kind }) => kind))).toEqual([
      ['sent', 'rx', 'outcome'],
    ]);
  expect(memory.devEuiOf(bay)).toBe(devEui);
  expect([...memory.names].sort()).toEqual([bay, devAddr, devEui].sort());
});

test('a stranger whose DevAddr turns out to be ours is found, too', () => {
  const memory = filled([stray(7)]);
  expect(memory.strangers()).toEqual([{ devAddr, frames: 1 }]);
  filled([one.outcome(one.dataPhy(1), t0)], memory);
  expect(frames(memory, { devEui })).toBe(2);
  expect(memory.strangers()).toEqual([]);
});

test('whoever sends under the DevAddr of a device does not push out its frames', () => {
  const memory = filled([one.outcome(one.dataPhy(0), t0), ...Array.from({ length: 50 }, (_, n) => stray(n + 1))]);
  expect(
    memory
      .of({ devEui })
      .frames.flat()
      .map(({ kind }) => kind),
  ).toEqual(['outcome', 'rx', 'rx', 'rx']);
});

test('whoever floods a device with commands does not push out what it said', () => {
  const flood = Array.from({ length: 50 }, (_, n) =>
    one.step('failed', t0 + n * s, { id: `cmd-${n}`, why: 'queue-full' }),
  );
  const memory = filled([one.outcome(one.dataPhy(0), t0), ...flood]);
  const { frames, asides } = memory.of({ devEui });
  expect(frames).toHaveLength(1);
  expect(asides.map(([first]) => first!.us)).toEqual([46, 47, 48, 49].map((n) => t0 + n * s));
});

test('of each device the last frames are kept, of strangers theirs', () => {
  const memory = filled(Array.from({ length: 9 }, (_, n) => uplink(1, n)));
  expect(memory.of({ devEui: eui(1) }).frames.map(([first]) => first!.us)).toEqual([5, 6, 7, 8].map((n) => t0 + n * s));
  filled([1, 2, 3, 4, 5].map(stray), memory);
  expect(memory.strangers()).toEqual([{ devAddr, frames: 3 }]);
});

test('a frame that is replayed for days costs no more than a few records', () => {
  const memory = filled(Array.from({ length: 500 }, (_, n) => one.outcome(one.dataPhy(1), t0 + n * s)));
  const [records] = memory.of({ devEui }).frames;
  expect(records!.length).toBeLessThan(60);
  expect(records![0]!.us).toBe(t0);
  expect(records!.at(-1)!.us).toBe(t0 + 499 * s);
});

test('of somebody who is of no interest only the name stays', () => {
  const memory = filled(
    [uplink(1, 1), uplink(2, 2)],
    lifeMemory((who) => (who.devEui === eui(1) ? 'ours' : 'nobody'), bounds),
  );
  expect(frames(memory, { devEui: eui(1) })).toBe(1);
  expect(frames(memory, { devEui: eui(2) })).toBe(0);
  expect(memory.names.has('b2')).toBe(true);
});

test('the bounds hold, whoever sends what', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(30), fc.boolean()), { maxLength: 200 }), (sends) => {
      const memory = filled(sends.map(([device, n, known]) => (known ? uplink(device, n) : stray(n))));
      expect(memory.size).toBeLessThanOrEqual(bounds.total + bounds.strangers);
      expect(memory.names.size).toBeLessThanOrEqual(bounds.names);
      for (let device = 0; device < 10; device++)
        expect(memory.of({ devEui: eui(device) }).frames.length).toBeLessThanOrEqual(bounds.perDevice);
      // However many talk, nobody who has been heard is forgotten whole.
      for (const device of new Set(sends.flatMap(([one, , known]) => (known ? [one] : []))))
        expect(frames(memory, { devEui: eui(device) })).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  ));

test('any records, a memory of any size: never a throw', () =>
  fc.assert(
    fc.property(
      fc.array(one.anyLifeRecord, { maxLength: 60 }),
      fc.constantFrom('ours', 'stranger', 'nobody'),
      (records, where) => {
        const memory = filled(
          records,
          lifeMemory(() => where as 'ours', bounds),
        );
        memory.of({ devEui, bay, devAddr, frame: 'dd' });
        expect(memory.size).toBeLessThanOrEqual(bounds.total + bounds.strangers);
      },
    ),
    { numRuns: 200 },
  ));
