import { scenarioJsonSchema } from '../config/scenario.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

export const run = (_args: Args, shell: Shell): Promise<void> => {
  shell.out(JSON.stringify(scenarioJsonSchema(), null, 2));
  return Promise.resolve();
};
