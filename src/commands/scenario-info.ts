import { isoFromUs } from '../base/time.js';
import { textTable } from '../report/table.js';
import { survey } from '../sim/survey.js';
import { planFor } from './scenario-plan.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

export const run = async (args: Args, shell: Shell): Promise<void> => {
  const { scenario, plan, seed } = await planFor(args, shell);
  const found = survey(plan, seed);
  const { id, name, startUs } = scenario;
  if (shell.json) return shell.out(JSON.stringify({ scenario: id, name, start: isoFromUs(startUs), ...found }));
  const sensors = Object.entries(found.sensors).sort(([, a], [, b]) => b - a);
  const whole = (value: number): string => String(Math.round(value));
  shell.out(`${name} (${id}), from ${isoFromUs(startUs)}`);
  textTable(
    [
      ['bays', String(found.bays), `in ${found.lots} lots, ${whole(found.perKm2)} in a square kilometre`],
      [
        'gateways',
        String(found.gateways),
        `${whole(found.meanM)} m from a bay on the mean, ${whole(found.mostM)} m at the most`,
      ],
      ['not heard', String(found.deaf), `of ${found.lookedAt} bays, under a car and with SF12`],
      ...sensors.map(([model, count]) => [model, String(count), '']),
    ],
    { right: [1], width: shell.columns },
  ).forEach(shell.out);
};
