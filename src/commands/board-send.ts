import { must, problem, StellwerkError, UsageError } from '../base/problem.js';
import { oneLine } from '../base/one-line.js';
import { toHex } from '../base/hex.js';
import type { Dialect, JoinEnd, SendEnd } from '../console/dialect.js';
import { hideKeys } from '../console/hide.js';
import { ask } from '../console/script.js';
import { typedCommand } from '../console/typed.js';
import { typedHex } from './bytes.js';
import { withBoard, type MetBoard } from './board-open.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

const wrong = (why: string): UsageError => new UsageError(problem('wrong-usage', { verb: 'board send', why }));

interface Uplink {
  readonly fPort: number;
  readonly hex: string;
  readonly confirmed: boolean;
}

const uplinkOf = (args: Args): Uplink | undefined => {
  const [fPort, hex] = [textOf(args, 'fport'), textOf(args, 'hex')];
  if (fPort === undefined && hex === undefined) {
    if (args['confirmed'] === true) throw wrong('--confirmed belongs to an uplink: give --fport and --hex');
    return undefined;
  }
  if (fPort === undefined || hex === undefined) throw wrong('an uplink has both --fport and --hex');
  if (!/^\d{1,3}$/.test(fPort) || Number(fPort) < 1 || Number(fPort) > 223)
    throw wrong(`--fport ${fPort}: expected is 1 to 223`);
  return { fPort: Number(fPort), hex: toHex(must(typedHex(hex, '--hex'))), confirmed: args['confirmed'] === true };
};

/** `stellwerk board send`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const uplink = uplinkOf(args);
  const line = textOf(args, 'line');
  const join = args['join'] === true;
  if (line !== undefined && (uplink || join)) throw wrong('give a command, or --join, --fport and --hex');
  if (line === undefined && !uplink && !join) throw wrong('give a command, or an uplink with --fport and --hex');
  const attempts = Number(args['attempts'] ?? 3);
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 100)
    throw wrong(`--attempts ${attempts}: expected is 1 to 100`);
  await withBoard(args, shell, { verb: 'send', reconnect: false }, async (board) => {
    const { dialect, identity } = must(await board.meet());
    if (line !== undefined) return command(board, dialect, line, shell);
    const told: Record<string, unknown> = { port: board.address, console: dialect.id };
    if (join && identity.joined !== true) {
      shell.talk(`joining, ${attempts} requests at most`);
      const end: JoinEnd = must(await board.console.run(dialect.verbs.join({ attempts, withinMs: 40_000 })));
      told['join'] = end;
      if (!end.joined) {
        shell.beside(told);
        throw new StellwerkError(problem('board-not-joined', { why: end.why ?? 'no-answer' }));
      }
      if (!shell.json) shell.out(`joined${end.devAddr === undefined ? '' : ` as ${end.devAddr}`}`);
    }
    if (uplink) {
      const end: SendEnd = must(await board.console.run(dialect.verbs.send(uplink)));
      told['send'] = end;
      if (!shell.json) sendWords(end).forEach(shell.out);
      if (end.end === 'not-acknowledged') {
        shell.beside(told);
        throw new StellwerkError(problem('board-not-acknowledged', { why: end.why ?? 'no-answer' }));
      }
    }
    if (shell.json) shell.out(JSON.stringify(told));
  });
};

const command = async (board: MetBoard, dialect: Dialect, line: string, shell: Shell): Promise<void> => {
  const answer = must(
    await board.console.run(
      (function* () {
        return { ok: true as const, value: yield* ask(typedCommand(dialect, line)) };
      })(),
    ),
  );
  const lines = (answer.ok && answer.info !== undefined ? [answer.info] : []).concat(answer.lines);
  // Keys are for those who ask for them by name, not for a terminal's memory.
  const safe = lines.map((one) => hideKeys(one));
  if (!answer.ok) {
    shell.beside({ lines: safe });
    if (!shell.json) safe.map(oneLine).forEach(shell.out);
    throw new StellwerkError(answer.problem);
  }
  if (shell.json) shell.out(JSON.stringify({ port: board.address, console: dialect.id, lines: safe }));
  else safe.map(oneLine).forEach(shell.out);
  if (!shell.json && safe.length === 0) shell.talk('done');
};

const sendWords = ({ end, downlinks, rssiDbm, snrDb }: SendEnd): readonly string[] => [
  end === 'acknowledged' ? 'acknowledged by the network' : end === 'sent' ? 'sent' : 'not acknowledged',
  ...downlinks.map(({ fPort, hex, window }) => `downlink on port ${fPort}: ${hex}${window ? ` (${window})` : ''}`),
  ...(rssiDbm === undefined ? [] : [`heard with ${rssiDbm} dBm${snrDb === undefined ? '' : `, SNR ${snrDb} dB`}`]),
];
