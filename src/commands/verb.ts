import type { Argv } from 'yargs';
import type { Shell } from './shell.js';

export type Args = Readonly<Record<string, unknown>>;

/** One verb of the command line: its options, and one call into the library. */
export interface Verb {
  /** As yargs writes it, such as `simulate <scenario>`. */
  readonly command: string;
  readonly describe: string;
  /** What a verb with verbs of its own can do: how each is called, such as `rm: 'rm <device>'`. */
  readonly actions?: Readonly<Record<string, string>>;
  readonly examples: readonly (readonly [line: string, what: string])[];
  builder(argv: Argv): Argv;
  /** Prints through the shell; throws a StellwerkError or UsageError for what a person can mend. */
  run(args: Args, shell: Shell): Promise<void>;
}
