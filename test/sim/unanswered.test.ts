import { beforeAll, describe, expect, test } from 'vitest';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Transmission } from '../../src/sim/air.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { numbersEach, readTransmission, writeTransmission } from '../../src/sim/exchange.js';
import type { Plan } from '../../src/sim/plan.js';
import { startRun } from '../../src/sim/run.js';
import type { Run, RunSetup } from '../../src/sim/run-types.js';
import { digestOf } from '../../src/sim/told.js';
import { behaviours, smallPlan, someBays } from './harness.js';

let known: ReadonlyMap<string, SensorBehaviour>;
beforeAll(async () => {
  known = await behaviours();
});

// Crowded: many sensors that are switched on within a minute, and air in which some frames are lost.
const plan = (bays = someBays(60)): Plan =>
  smallPlan(bays, { air: { ...smallPlan([]).air, ideal: false, exponent: 4.4, fadingDb: 3 }, bootSpreadMs: 20_000 });

const start = (of: Plan, more: Partial<RunSetup> = {}): Run =>
  startRun({ ...{ plan: of, seed: 'test', behaviours: known, region: eu868, activation: 'abp' }, ...more });

const endUs = (of: Plan): number => of.startUs + 3 * 3_600_000_000;
const heardOf = (run: Run, of: Plan): string[] => {
  const heard: string[] = [];
  while (run.nowUs < endUs(of))
    run.advance(Math.min(endUs(of), run.nowUs + 7_000_000), [], {
      sent: (frame) => heard.push(`${frame.id} ${frame.bay} ${frame.startUs} ${frame.heardBy} ${frame.lost ?? ''}`),
    });
  return heard.sort();
};

describe('a run that nobody answers', () => {
  test('is the same whether its air is judged with its devices or after them', () => {
    const together = start(plan());
    const after = start(plan(), { unanswered: true });
    expect(heardOf(after, plan())).toEqual(heardOf(together, plan()));
    expect(after.digest()).toBe(together.digest());
    expect(after.figures).toEqual(together.figures);
    expect(after.figures.lost['collision']).toBeGreaterThan(3);
    expect(after.figures.heard).toBeGreaterThan(100);
  });

  test('may be played in parts that tell each other what they send', () => {
    const whole = start(plan(), { unanswered: true });
    const wanted = heardOf(whole, plan());
    // Parts that take turns: each gets what the others began in the step before it is over for anybody.
    const parts = ['even', 'odd'].map((lot) => plan(someBays(60).filter((bay) => bay.lot === lot)));
    const begun: Transmission[][][] = [[], []];
    const record = (of: Plan, me: number): void => {
      const run = start(of, {
        exchange: (mine, air) => {
          begun[me]!.push(
            mine.map((tx) => {
              const numbers = new Float64Array(numbersEach);
              writeTransmission(numbers, 0, { tx, air });
              return readTransmission(numbers, 0);
            }),
          );
          return [];
        },
      });
      heardOf(run, of);
    };
    // Devices do not hear each other: a first playing of each part alone gives what it sends.
    parts.forEach(record);
    const runs = parts.map((of, me) => {
      let step = 0;
      return start(of, { exchange: () => begun[1 - me]![step++] ?? [] });
    });
    const heard = runs.flatMap((run, me) => heardOf(run, parts[me]!));
    expect(heard.sort()).toEqual(wanted);
    expect(digestOf(runs.flatMap((run) => run.lanes()))).toBe(whole.digest());
  });
});
