import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridGateways, gridLots, planOf, type GridScenario, type Scenario } from '../../src/sim/scenario.js';
import { metresBetween } from '../../src/sim/plan.js';
import { smallPlan } from './harness.js';

const grid = fc.record({
  id: fc.constant('g'),
  lat: fc.double({ min: -60, max: 60, noNaN: true }),
  lon: fc.double({ min: -170, max: 170, noNaN: true }),
  bays: fc.integer({ min: 1, max: 3_000 }),
  perKm2: fc.integer({ min: 200, max: 8_000 }),
  baysPerLot: fc.integer({ min: 1, max: 60 }),
  spacingM: fc.constant(5),
});

const scenarioOf = (of: GridScenario, everyM: number): Scenario => {
  const { demand, air } = smallPlan([]);
  const lots = gridLots(of);
  return {
    ...{ id: 'x', name: 'x', startUs: 0, bootSpreadMs: 0, lots, demand, air },
    sensors: [{ model: 'pni-placepod', share: 1 }],
    gateways: gridGateways(lots, { everyM, heightM: 10, antennaGainDb: 2 }),
  };
};

test('a grid has the bays that were asked for, each with a name of its own, and as close as was asked', () => {
  fc.assert(
    fc.property(grid, (of) => {
      const { bays } = planOf(scenarioOf(of, 500), 'seed');
      expect(bays).toHaveLength(of.bays);
      expect(new Set(bays.map(({ id }) => id)).size).toBe(of.bays);
      const lots = gridLots(of);
      if (lots.length < 4) return;
      // Lots stand in a square lattice: so far apart that each has the room of its bays.
      const pitch = Math.sqrt((of.baysPerLot / of.perKm2) * 1e6);
      expect(metresBetween(lots[0]!, lots[1]!) / pitch).toBeCloseTo(1, 2);
    }),
    { numRuns: 40 },
  );
});

test('gateways in even rows reach every bay, with EUIs of their own', () => {
  fc.assert(
    fc.property(grid, fc.integer({ min: 100, max: 1_500 }), (of, everyM) => {
      const scenario = scenarioOf(of, everyM);
      const { gateways } = scenario;
      fc.pre(gateways.length <= 2_000);
      expect(new Set(gateways.map(({ eui }) => eui)).size).toBe(gateways.length);
      for (const { eui } of gateways) expect(eui).toMatch(/^[0-9a-f]{16}$/);
      const { bays } = planOf(scenario, 'seed');
      for (const bay of [bays[0]!, bays[bays.length >> 1]!, bays.at(-1)!]) {
        const nearest = Math.min(...gateways.map((gateway) => metresBetween(bay, gateway)));
        expect(nearest).toBeLessThan(everyM * 1.2 + 5);
      }
    }),
    { numRuns: 40 },
  );
});
