import { beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { minuteMs, usPerMs } from '../../src/base/time.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { playTogether, smallPlan, type Played } from '../sim/harness.js';

// A street in which every model that we know watches two bays, for a day and two hours: what their simulated habits send
// goes sealed through the air and the whole ladder, and the bays must come out as the cars stand.

const hours = 26;
const known = new Map<string, SensorBehaviour>(
  (await openCatalogue().all('behaviours')).map(({ id, entry }) => [id, must(entry)]),
);
const bays = [...known.keys()].flatMap((sensor) =>
  [1, 2].map((n) => ({ id: `${sensor}-${n}`, lot: 'street', lat: 48.5962, lon: 8.8703, sensor })),
);

describe('a street of every model', () => {
  let played: Played;
  beforeAll(() => {
    played = playTogether({ plan: smallPlan(bays), seed: 'every model', known, hours });
  });

  test('no frame is refused for what is in it', () => {
    const refused = played.outcomes.filter(({ why }) => why !== undefined && why !== 'retransmission');
    expect(refused.map(({ bay, why, detail }) => `${bay} ${why} ${detail}`)).toEqual([]);
    expect(played.outcomes.filter(({ detail }) => detail !== undefined)).toEqual([]);
  });

  test.each([...known.keys()])('%s: its bays come out as its cars stand, or its cars are counted', (sensor) => {
    const { model } = known.get(sensor)!;
    for (const n of [1, 2]) {
      const bay = `${sensor}-${n}`;
      const events = played.events.filter((event) => event.bay === bay);
      expect(events.length, bay).toBeGreaterThan(2);
      expect(events.every((event) => event.model === model.id && event.simulated === true)).toBe(true);
      const cars = played.cars.filter((car) => car.bay === bay);
      expect(cars.length, bay).toBeGreaterThan(10);
      const told = events.filter(({ kind }) => kind === 'occupied' || kind === 'freed');
      if (told.length === 0) {
        expect(
          events.some(({ count }) => (count ?? 0) > 0),
          bay,
        ).toBe(true);
        continue;
      }
      // At moments when a car has stood, or a bay been empty, for longer than any sensor needs to tell.
      const settledMs = 30 * minuteMs;
      let checked = 0;
      for (const [i, { atUs, present }] of cars.entries()) {
        const untilUs = cars[i + 1]?.atUs ?? played.endUs;
        if (untilUs - atUs < settledMs * usPerMs) continue;
        const last = events.filter(({ assertedTimeUs }) => assertedTimeUs < untilUs - minuteMs * usPerMs).at(-1);
        expect(last?.occupied, `${bay} before ${untilUs}`).toBe(present);
        checked++;
      }
      expect(checked, bay).toBeGreaterThan(2);
    }
  });
});
