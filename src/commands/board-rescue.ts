import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { withBoard } from './board-open.js';
import { ask, canAsk } from './prompt.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** `stellwerk board rescue`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  // Before the port is touched: opening it may have been told to restart the board.
  if (args['yes'] !== true && !canAsk())
    throw new UsageError(
      problem('wrong-usage', { verb: 'board rescue', why: 'keys and settings are lost: say --yes to mean it' }),
    );
  await withBoard(args, shell, { verb: 'rescue', reconnect: true }, async (board) => {
    const forced = textOf(args, 'console');
    const met = await board.meet();
    // Who no longer answers may still hear: with --console the board is rescued blindly.
    if (!met.ok && (forced === undefined || board.console.over)) throw new StellwerkError(met.problem);
    const dialect = met.ok ? met.value.dialect : await board.dialect(forced!);
    const cannot = dialect.cannot?.rescue;
    if (cannot !== undefined) throw new StellwerkError(problem('board-cannot', { console: dialect.name, why: cannot }));
    if (!(await sure(args, shell, `${dialect.name} on ${board.address}`))) {
      shell.talk('nothing was changed');
      if (shell.json) shell.out(JSON.stringify({ port: board.address, console: dialect.id, did: [] }));
      return;
    }
    if (!met.ok) board.console.use(dialect);
    const did = must(await board.console.run(dialect.verbs.rescue()));
    if (shell.json) shell.out(JSON.stringify({ port: board.address, console: dialect.id, did }));
    else did.forEach(shell.out);
    shell.talk('It is as it left the factory: give it its keys again before it can join.');
  });
};

const sure = async (args: Args, shell: Shell, what: string): Promise<boolean> => {
  if (args['yes'] === true) return true;
  const answer = await ask(`Reset ${what} to factory state? Its keys and settings are lost. [y/N] `, shell);
  return /^(y|yes|j|ja)$/i.test(answer);
};
