import { hintOf, problem, sentenceOf, StellwerkError, UsageError } from '../base/problem.js';
import { portNameOf } from '../io/open-link.js';
import { wrapped } from '../report/wrap.js';
import { examine } from '../workbench/doctor/examine.js';
import type { Finding } from '../workbench/doctor/types.js';
import { thisWorld } from '../workbench/doctor/world.js';
import { knownOf } from './known-boards.js';
import { catalogueOf, textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Verb } from './verb.js';

const verb: Verb = {
  command: 'doctor [port]',
  describe: 'Why does a serial port not work: permission, who has it open, cable, driver, speed',
  examples: [
    ['doctor', 'everything that can be looked at without touching a port'],
    ['doctor /dev/ttyUSB0', 'one port; listens to it for a moment, writes nothing'],
    ['doctor --wait', 'ten seconds to plug a board in'],
    ['doctor --fix', 'shows and writes a udev rule: no group, no ModemManager'],
    ['doctor --json', 'the findings for a program'],
  ],
  builder: (argv) =>
    argv
      .positional('port', { type: 'string', describe: 'Port to look at, such as /dev/ttyUSB0 or COM3' })
      .option('fix', { type: 'boolean', default: false, describe: 'Mend what can be mended: the udev rule' })
      .option('wait', {
        type: 'boolean',
        describe: 'Wait ten seconds for a board; done by itself at a terminal when no port is there',
      }),
  async run(args, shell) {
    const named = textOf(args, 'port');
    if (named !== undefined) {
      const name = portNameOf(named);
      if (!name.ok) throw new UsageError(name.problem);
    }
    const world = thisWorld({
      known: await knownOf(await catalogueOf(args, shell)),
      stop: shell.stop,
      progress: (text) => shell.talk(shell.terminal ? shell.paint.dim(text) : text),
    });
    const asked = args['wait'] as boolean | undefined;
    const wait = named === undefined && (asked ?? (shell.terminal && !(await anyPort(world))));
    const findings = await examine(world, {
      fix: args['fix'] === true,
      wait,
      found: (finding) => (shell.json ? undefined : show(finding, shell)),
      ...(named !== undefined && { named }),
    });
    const problems = findings.filter(({ state }) => state === 'problem');
    if (shell.json) {
      const json = { problems: problems.length, findings: findings.map(findingJson) };
      if (problems.length === 0) return shell.out(JSON.stringify(json));
      shell.beside(json);
    } else skipped(findings, shell);
    if (problems.length > 0) throw new StellwerkError(problem('doctor-problems-left', { count: problems.length }));
  },
};
export default verb;

const anyPort = async ({ ports }: ReturnType<typeof thisWorld>): Promise<boolean> =>
  (await ports()).some(({ hidden }) => hidden === undefined);

const findingJson = ({ check, state, what, command }: Finding): Readonly<Record<string, unknown>> => {
  const fix = hintOf(what);
  return {
    ...{ check, state, code: what.code, facts: what.facts, what: sentenceOf(what) },
    ...(fix !== undefined && { fix }),
    ...(command !== undefined && { command }),
  };
};

const marks = { ok: 'ok', problem: 'problem', warning: 'warning' } as const;

const show = ({ state, what, command }: Finding, shell: Shell): void => {
  if (state === 'not-here') return;
  const { paint } = shell;
  const mark = marks[state].padEnd(8);
  const colour = state === 'ok' ? paint.green : state === 'problem' ? paint.red : paint.bold;
  const width = Math.max(40, shell.columns - 10);
  const [first = '', ...more] = wrapped(sentenceOf(what), width, '');
  shell.out(`${colour(mark)} ${first}`);
  for (const line of more) shell.out(`         ${line}`);
  const hint = hintOf(what);
  if (hint !== undefined) for (const line of wrapped(hint, width, '')) shell.out(paint.dim(`         ${line}`));
  if (command !== undefined) shell.out(`           ${paint.bold(command)}`);
};

/** One line for all that could not be looked at; the reasons are for programs. */
const skipped = (findings: readonly Finding[], shell: Shell): void => {
  const left = findings.filter(({ state }) => state === 'not-here').map(({ check }) => check);
  if (left.length > 0) shell.out(shell.paint.dim(`-        not looked at: ${left.join(', ')} (--json says why)`));
};
