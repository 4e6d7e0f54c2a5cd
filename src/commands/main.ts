import yargs, { type Argv } from 'yargs';
import { slipOf } from '../base/nearest.js';
import { problem, UsageError } from '../base/problem.js';
import { hideKeys } from '../config/hide.js';
import { verbs } from './verbs.js';
import type { Args, Verb } from './verb.js';
import { complain, processShell } from './shell.js';

const usageError = (verb: string, why: string): UsageError => new UsageError(problem('wrong-usage', { verb, why }));

/** The verb as it is called, with the action that was named; throws when a verb has actions and this is none of them. */
const calledAs = (
  name: string,
  { command, actions }: Pick<Verb, 'command' | 'actions'>,
  argv: readonly string[],
): { readonly verb: string; readonly line: string } => {
  if (!actions) return { verb: name, line: `stellwerk ${command}` };
  const known = Object.keys(actions);
  const action = argv.slice(1).find((word) => known.includes(word));
  if (action !== undefined) return { verb: `${name} ${action}`, line: `stellwerk ${name} ${actions[action]!}` };
  const asksForHelp = argv.some((word) => word === '--help' || word === '-h');
  const [, word = ''] = argv;
  if (asksForHelp) return { verb: name, line: `stellwerk ${command}` };
  if (word === '' || word.startsWith('-')) throw usageError(name, `say what to do: ${known.join(', ')}`);
  const near = slipOf(word, known);
  const meant = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
  throw usageError(name, `there is no ${name} ${hideKeys(word)}; ${meant}`);
};

/** What yargs complains of, in one line, in words for people, and without a key that somebody wrote as an argument. */
const complaint = (message: string, line: string): string => {
  if (/^Not enough non-option arguments/.test(message)) return `something is missing, expected is ${line}`;
  const [, option] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  if (option !== undefined) return `${option.length > 1 ? '--' : '-'}${option} needs a value`;
  return hideKeys(message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, ''));
};

const parser = (name: string, verb: Verb, argv: readonly string[]): Argv => {
  const called = calledAs(name, verb, argv);
  let made = yargs([...argv])
    .scriptName('stellwerk')
    .command(verb.command, verb.describe, (inner) => {
      let built = verb
        .builder(inner)
        .option('json', { type: 'boolean', default: false, describe: 'Data for programs on stdout' })
        .option('catalogue', {
          nargs: 1,
          type: 'string',
          describe: 'A folder with sensors of your own; its code is trusted',
        });
      for (const [line, what] of verb.examples) built = built.example(`stellwerk ${line}`, what);
      return built.strict();
    })
    .strict()
    .version(false)
    .help()
    .alias('help', 'h')
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(Math.min(110, process.stdout.columns || 100))
    .parserConfiguration({ 'duplicate-arguments-array': false, 'parse-numbers': false, 'camel-case-expansion': true });
  made = made.fail((message, error) => {
    // An option that lacks its value is an error to yargs, the rest comes as a message alone.
    if (error instanceof Error && error.name !== 'YError') throw error;
    throw usageError(called.verb, complaint(error instanceof Error ? error.message : message, called.line));
  });
  return made;
};

/** Options that would carry a key: an argument list is public (ps) and kept (shell history). */
const keyOption = /^--?[\w.-]*(key|secret|password|passphrase|token)s?(=|$)/i;
/** Options that only say what becomes of keys. */
const aboutKeys = /^--(generate-key|show-keys?|no-keys)$/;

/** Runs a verb of the command line and returns the exit code. */
export const main = async (argv: readonly string[]): Promise<number> => {
  const json = argv.includes('--json');
  const shell = processShell(json);
  try {
    const [name = ''] = argv;
    const entry = verbs.find((one) => one.name === name);
    if (!entry) {
      const known = verbs.map((one) => one.name);
      const near = slipOf(name, known);
      throw new UsageError(problem('unknown-verb', { verb: hideKeys(name), near: near ?? known.join(', ') }));
    }
    const secret = argv.find((word) => keyOption.test(word) && !aboutKeys.test(word));
    if (secret !== undefined) throw new UsageError(problem('key-on-command-line', { option: secret.split('=')[0]! }));
    const { default: verb } = await entry.load();
    const made = parser(name, verb, argv);
    // yargs prints the help itself and hands back arguments that nobody asked for.
    const args = (await made.parseAsync()) as Args;
    if (args['help'] === true) return 0;
    await verb.run(args, shell);
    return 0;
  } catch (error) {
    return complain(error, shell);
  } finally {
    shell.release();
  }
};
