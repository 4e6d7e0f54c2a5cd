import { expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { openCatalogue } from '../../src/catalogue.js';
import { loadScenario } from '../../src/config/scenario.js';
import { planOf } from '../../src/sim/scenario.js';

test('the scenario every-sensor has every sensor, also when its bays have drawn theirs', async () => {
  const catalogue = openCatalogue();
  const scenario = await loadScenario('every-sensor', must(await catalogue.load('scenarios', 'every-sensor')));
  const ids = await catalogue.ids('behaviours');
  expect(scenario.sensors.map(({ model }) => model)).toEqual(ids);
  expect([...new Set(planOf(scenario, '1').bays.map(({ sensor }) => sensor))].sort()).toEqual(ids);
});
