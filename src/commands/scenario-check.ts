import { survey } from '../sim/survey.js';
import { textOf } from './options.js';
import { planFor } from './scenario-plan.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

export const run = async (args: Args, shell: Shell): Promise<void> => {
  const { plan, seed } = await planFor(args, shell);
  const { bays, gateways, deaf, lookedAt } = survey(plan, seed);
  const doubts = [
    ...(deaf > 0 ? [`${deaf} of ${lookedAt} bays are heard by no gateway while a car stands there`] : []),
    ...(bays > 20_000 ? ['more than 20 000 bays are played in minutes with --uplink-only, and in hours without'] : []),
  ];
  if (shell.json) return shell.out(JSON.stringify({ ok: true, bays, gateways, doubts }));
  shell.out(`${textOf(args, 'scenario')!} is right: ${bays} bays, ${gateways} gateways`);
  for (const doubt of doubts) shell.talk(`but: ${doubt}`);
};
