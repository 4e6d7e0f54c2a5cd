import { describe, StellwerkError } from '../base/problem.js';
import { isoFromUs } from '../base/time.js';
import { toHex } from '../base/hex.js';
import type { Dialect } from '../console/dialect.js';
import { eventWords } from '../console/event-words.js';
import { ask, pause, type Script } from '../console/script.js';
import { ok } from '../base/result.js';
import { typedCommand } from '../console/typed.js';
import { wallClock } from '../io/clock.js';
import { withBoard, type MetBoard } from './board-open.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** Ctrl-], as in telnet and miniterm. */
const leave = 0x1d;

/** A board's bytes for a terminal: text and what moves the cursor stay, everything else is shown and not obeyed. */
const shown = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) =>
      (byte >= 0x20 && byte < 0x7f) || [7, 8, 9, 10, 13].includes(byte)
        ? String.fromCharCode(byte)
        : `<${byte.toString(16).padStart(2, '0')}>`,
    )
    .join('');

/** Puts what comes on the screen. */
const screen = (args: Args, shell: Shell, nowUs: () => number) => {
  let atStart = true;
  const time = (): string => (args['time'] === true ? `${isoFromUs(nowUs()).slice(11, 23)} ` : '');
  const own = (line: string): void => {
    shell.raw(`${atStart ? '' : '\r\n'}${shell.paint.dim(line)}\r\n`);
    atStart = true;
  };
  return {
    own,
    bytes(bytes: Uint8Array): void {
      if (args['hex'] === true)
        return own(
          `${time()}${(toHex(bytes).match(/../g) ?? []).join(' ')}  ${shown(bytes).replace(/[\r\n\b\t\u0007]/g, '.')}`,
        );
      for (const letter of shown(bytes)) {
        if (atStart && letter !== '\r' && letter !== '\n') shell.raw(time());
        shell.raw(letter);
        atStart = letter === '\n' || (letter === '\r' && atStart);
      }
    },
  };
};

/** `stellwerk board console`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const clock = wallClock();
  const piped = !process.stdin.isTTY;
  const view = screen(args, shell, () => clock.nowUs());
  let live = false;
  await withBoard(
    args,
    shell,
    {
      verb: 'console',
      endless: true,
      reconnect: !piped,
      exchange(dir, bytes) {
        if (live && !shell.json && (dir === 'in' || args['echo'] !== false)) view.bytes(bytes);
      },
      event(event) {
        if (!live) return;
        if (event.kind === 'event' && args['events'] !== false && !piped) view.own(`[${eventWords(event.event)}]`);
        if (event.kind === 'lost' && !piped) view.own('[the port is gone; waiting for it]');
        if (event.kind === 'opened' && !piped) view.own('[the port is there]');
        if (shell.json && event.kind === 'line') shell.out(JSON.stringify({ line: event.text, what: event.what }));
        if (shell.json && event.kind === 'event') shell.out(JSON.stringify({ event: event.event }));
      },
    },
    async (board) => {
      const dialect = await who(board, shell);
      live = true;
      if (piped) return fromPipe(board, dialect, shell);
      shell.talk(`Ctrl-] leaves; ${dialect ? `${dialect.name} on ${board.address}` : board.address}`);
      await fromKeyboard(board, dialect, shell);
    },
  );
};

const who = async (board: MetBoard, shell: Shell): Promise<Dialect | undefined> => {
  const { given } = board;
  if (given) {
    const dialect = await board.dialect(given.console);
    board.console.use(dialect);
    board.console.baud(given.baud ?? dialect.bauds[0] ?? 115_200);
    return dialect;
  }
  const met = await board.meet();
  if (met.ok) return met.value.dialect;
  if (board.console.over) throw new StellwerkError(board.console.over);
  shell.talk(describe(met.problem));
  board.console.baud(board.baud ?? 115_200);
  return undefined;
};

const fromPipe = async (board: MetBoard, dialect: Dialect | undefined, shell: Shell): Promise<void> => {
  const lines = (await shell.readStdin()).split(/\r?\n/).filter((line) => line !== '');
  const script = function* (): Script<void> {
    for (const line of lines) {
      yield* ask(dialect ? typedCommand(dialect, line) : { name: '', text: line, ends: 'idle', withinMs: 3_000 });
    }
    yield* pause(300);
    return ok(undefined);
  };
  const end = await board.console.run(script());
  if (!end.ok) shell.talk(describe(end.problem));
};

/** Keys go to the board one by one; where a pause ends a command, the line goes when Enter is pressed. */
const fromKeyboard = async (board: MetBoard, dialect: Dialect | undefined, shell: Shell): Promise<void> => {
  const { stdin } = process;
  const byLine = dialect?.terminator === '';
  const end = Buffer.from(dialect?.terminator ?? '\r\n', 'latin1');
  let line: number[] = [];
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stdin.off('data', typed);
      shell.stop.removeEventListener('abort', done);
      stdin.setRawMode(false);
      stdin.pause();
      resolve();
    };
    const typed = (keys: Buffer): void => {
      for (const key of keys) {
        if (key === leave) return done();
        if (!byLine) board.console.type(key === 13 ? end : Uint8Array.of(key));
        else if (key === 13) {
          board.console.type(Uint8Array.from(line));
          line = [];
          shell.raw('\r\n');
        } else if (key === 127 || key === 8) {
          if (line.pop() !== undefined) shell.raw('\b \b');
        } else {
          line.push(key);
          shell.raw(String.fromCharCode(key));
        }
      }
    };
    stdin.setRawMode(true);
    stdin.on('data', typed);
    stdin.resume();
    shell.stop.addEventListener('abort', done, { once: true });
    void board.console.ended.then(done);
  });
  shell.raw('\r\n');
};
