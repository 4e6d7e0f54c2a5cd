import type { Argv } from 'yargs';
import type { Shell } from './shell.js';
import type { Args, Verb } from './verb.js';

/** A verb of a verb, such as `devices list`: its file is loaded only when it is called. */
export interface Action {
  readonly command: string;
  readonly describe: string;
  readonly examples: Verb['examples'];
  options(argv: Argv): Argv;
  load(): Promise<{ run(args: Args, shell: Shell): Promise<void> }>;
}

/** A verb that only has verbs of its own; `shared` adds the options that all of them take. */
export const verbOfActions = (setup: {
  readonly command: string;
  readonly describe: string;
  readonly actions: Readonly<Record<string, Action>>;
  shared?(argv: Argv): Argv;
}): Verb => {
  const { command, describe, actions } = setup;
  return {
    command,
    describe,
    actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, action.command])),
    examples: Object.values(actions).map(({ examples }) => examples[0]!),
    builder(argv) {
      let built = setup.shared?.(argv) ?? argv;
      for (const action of Object.values(actions))
        built = built.command(action.command, action.describe, (inner) =>
          action.examples
            .reduce((made, [line, what]) => made.example(`stellwerk ${line}`, what), action.options(inner))
            .strict(),
        );
      return built;
    },
    async run(args, shell) {
      // Which of them it is was checked when the command line was read.
      const [, name = ''] = (args['_'] ?? []) as readonly string[];
      const { run } = await actions[name]!.load();
      return run(args, shell);
    },
  };
};
