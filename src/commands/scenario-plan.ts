import { problem, StellwerkError } from '../base/problem.js';
import type { Catalogue } from '../catalogue.js';
import type { Plan } from '../sim/plan.js';
import { planOf, type Scenario } from '../sim/scenario.js';
import { catalogueOf, scenarioOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** The scenario of a command line, and its plan; throws a StellwerkError for an unknown sensor as well. */
export const planFor = async (
  args: Args,
  shell: Shell,
): Promise<{
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly seed: string;
  readonly catalogue: Catalogue;
}> => {
  const catalogue = await catalogueOf(args, shell);
  const scenario = await scenarioOf(catalogue, textOf(args, 'scenario')!);
  const known = await catalogue.ids('behaviours');
  for (const { model } of scenario.sensors)
    if (!known.includes(model))
      throw new StellwerkError(problem('scenario-sensor', { model, known: known.join(', ') }));
  const seed = textOf(args, 'seed') ?? '1';
  return { scenario, plan: planOf(scenario, seed), seed, catalogue };
};
