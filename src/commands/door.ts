import type { Argv } from 'yargs';
import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { controlConfig } from '../config/control.js';
import { controlPath } from '../io/control.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** The options by which a verb finds a running gateway. */
export const doorOptions = (argv: Argv): Argv =>
  argv
    .option('config', {
      alias: 'c',
      nargs: 1,
      type: 'string',
      default: 'stellwerk.yaml',
      describe: 'Configuration file of the running gateway',
    })
    .option('control', { nargs: 1, type: 'string', describe: 'Its control socket, in place of the configuration' });

/** The control socket of the gateway that is meant. Throws what a person can mend. */
export const doorPath = async (args: Args, shell: Pick<Shell, 'env'>): Promise<string> => {
  const control = textOf(args, 'control');
  const { env } = shell;
  // An unset variable of a script, and not the folder that we are in.
  if (control === '') throw new UsageError(problem('wrong-usage', { verb: 'status', why: '--control needs a path' }));
  if (control !== undefined) return must(controlPath({ name: '', control, env })) ?? control;
  const file = textOf(args, 'config')!;
  const read = await controlConfig(file, env);
  if (!read.ok) throw new StellwerkError(read.problems[0]!, { others: read.problems.slice(1) });
  const path = must(controlPath({ ...read.value, env }));
  if (path === undefined) throw new StellwerkError(problem('control-off', { file }));
  return path;
};
