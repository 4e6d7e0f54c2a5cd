import { describe, expect, test } from 'vitest';
import nps405Model from '../../devices/sensors/nwave-nps405.js';
import nccBehaviour from '../../simulators/sensors/nwave-ncc405.js';
import nps310 from '../../simulators/sensors/nwave-nps310.js';
import nps405 from '../../simulators/sensors/nwave-nps405.js';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { life, said } from './life.js';

const started = (behaviour: SensorBehaviour, name = 'a', charge = 0.8) => {
  const it = life(behaviour, name, charge);
  it.start(false);
  return it;
};

describe.each([
  ['NPS310', nps310],
  ['NPS405', nps405],
  ['NCC405', nccBehaviour],
])('%s', (_, behaviour) => {
  test('a confirmed heartbeat every 24 h', () => {
    const it = started(behaviour);
    it.runTo(5 * dayMs);
    const beats = it.sent.filter(({ message }) => message.type === 'heartbeat');
    expect(beats.length).toBeGreaterThanOrEqual(4);
    for (const [i, { atMs, confirmed, fPort }] of beats.entries()) {
      expect([confirmed, fPort]).toEqual([true, 2]);
      if (i > 0) expect(atMs - beats[i - 1]!.atMs).toBeCloseTo(dayMs, 3);
    }
  });

  test('three messages in a row without an answer make it join again, two do not', () => {
    const it = started(behaviour);
    const answer = (...acknowledged: readonly boolean[]): void =>
      acknowledged.forEach((one) => it.tell({ kind: 'delivered', acknowledged: one }));
    answer(false, false, true, false, false);
    expect(it.reboots).toEqual([]);
    answer(false);
    expect(it.reboots).toEqual(['rejoin']);
  });

  test.each(['power-on', 'watchdog', 'request', 'brownout'] as const)('a start-up tells its cause: %s', (cause) => {
    const it = life(behaviour);
    it.start(true, cause);
    expect(it.sent).toMatchObject([{ fPort: 3, message: { type: 'startup', resetCause: cause } }]);
  });
});

test('only the parking sensor of the fourth generation can say that it has joined again', () => {
  const causes = [nps405, nps310, nccBehaviour].map((behaviour) => {
    const it = life(behaviour);
    it.start(false, 'rejoin');
    return it.sent[0]!.message['resetCause'];
  });
  expect(causes).toEqual(['rejoin', 'other', 'other']);
});

describe('NPS405', () => {
  test('a status tells how long the state before it lasted, in the steps of the format', () => {
    const it = started(nps405, 'steady');
    it.drive(true);
    it.runTo(hourMs);
    it.sent.length = 0;
    it.runTo(5 * hourMs);
    it.drive(false);
    it.runTo(5 * hourMs + 2 * minuteMs);
    const first = it.sent.find(({ message }) => message.type === 'status')!;
    expect(first).toMatchObject({ confirmed: true, message: { occupied: false, previousLeastMin: 240 } });
  });

  test('some drivers register with a tag, and never over a free bay', () => {
    const it = started(nps405, 'tags');
    const bay: (boolean | undefined)[] = [];
    for (let i = 1; i <= 400; i++) {
      it.drive(i % 2 === 1);
      it.runTo(i * hourMs);
    }
    for (const one of it.sent) if (one.fPort === 10) bay.push(said(nps405, one));
    expect(bay.length).toBeGreaterThan(2);
    expect(bay.length).toBeLessThan(40);
    // A sensor that wavers just then says nothing of the bay.
    expect(bay.filter((occupied) => occupied === true).length).toBeGreaterThan(bay.length / 2);
    expect(bay).not.toContain(false);
    const tags = it.sent.flatMap(({ message }) => nps405Model.identifiers(message));
    expect(new Set(tags).size).toBe(bay.length);
  });

  test('a driver who leaves before the tag is read leaves a tag without a state', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 300 && seen.size < 2; i++) {
      const it = started(nps405, `leaves ${i}`);
      it.drive(true);
      it.runTo(30_000);
      it.drive(false);
      it.runTo(hourMs);
      for (const type of it.types()) if (type.startsWith('userTag')) seen.add(type);
    }
    expect(seen).toContain('userTagOnly');
  });

  test('an empty battery is called low, a good one is not', () => {
    const lowOf = (charge: number) => {
      const it = started(nps405, 'a', charge);
      it.runTo(dayMs + hourMs);
      const beat = it.sent.find(({ message }) => message.type === 'heartbeat')!;
      return nps405Model.toReadings(beat.message)[0]!.batteryLow;
    };
    expect([lowOf(0.9), lowOf(0.2), lowOf(0.02)]).toEqual([false, false, true]);
  });

  test('its heartbeat has the temperatures of its day, in half degrees', () => {
    const it = started(nps405);
    it.runTo(dayMs + hourMs);
    expect(it.sent.find(({ fPort }) => fPort === 2)!.message).toMatchObject({
      temperatureC: -4.5,
      temperatureMinC: -4.5,
      temperatureMaxC: -4.5,
    });
  });
});

describe('NCC405', () => {
  test('cars in a row are told in one message, and none is told twice', () => {
    const it = started(nccBehaviour, 'row');
    it.sent.length = 0;
    for (let i = 1; i <= 10; i++) {
      it.drive(true);
      it.drive(false);
      it.runTo(7_000 + i * 5_000);
    }
    it.runTo(10 * minuteMs);
    const counts = it.sent.filter(({ fPort }) => fPort === 1).map(({ message }) => message['count']);
    expect(counts).toHaveLength(1);
    expect(counts[0]).toBeGreaterThan(7);
    expect(counts[0]).toBeLessThanOrEqual(10);
  });

  test('it counts from zero to 65535 and on, and misses a few', () => {
    const it = started(nccBehaviour, 'many');
    for (let i = 0; i < 70_000; i++) it.drive(true);
    it.runTo(hourMs);
    const count = Number(it.sent.find(({ fPort }) => fPort === 1)!.message['count']);
    const counted = count + 65_536;
    expect(counted).toBeGreaterThan(70_000 * 0.97);
    expect(counted).toBeLessThan(70_000 * 0.99);
  });
});
