import { describe, StellwerkError } from '../base/problem.js';
import { isoFromUs, usPerMs } from '../base/time.js';
import type { BoardEvent } from '../console/events.js';
import { eventWords } from '../console/event-words.js';
import { hideKeys } from '../console/hide.js';
import { oneLine } from '../base/one-line.js';
import type { TalkEvent } from '../console/talk-types.js';
import { wallClock } from '../io/clock.js';
import { withBoard } from './board-open.js';
import { spanOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

/** What is printed of one thing that the console told; undefined when it is nothing for a person. */
const line = (event: TalkEvent, atUs: number, shell: Shell): string | undefined => {
  const time = isoFromUs(atUs);
  if (shell.json) {
    if (event.kind === 'line') return JSON.stringify({ time, line: hideKeys(event.text), what: event.what });
    if (event.kind === 'event') return JSON.stringify({ time, event: event.event });
    if (event.kind === 'overflow') return JSON.stringify({ time, overflowBytes: event.bytes });
    return event.kind === 'done' ? undefined : JSON.stringify({ time, port: event.kind });
  }
  const clock = time.slice(11, 23);
  if (event.kind === 'line') return `${shell.paint.dim(clock)}  ${oneLine(hideKeys(event.text))}`;
  if (event.kind === 'event')
    return `${shell.paint.dim(clock)}  ${shell.paint.bold(eventWords(event.event as BoardEvent))}`;
  if (event.kind === 'overflow')
    return `${shell.paint.dim(clock)}  ${event.bytes} bytes without a line end: is the speed right?`;
  return undefined;
};

/** `stellwerk board watch`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const forMs = spanOf(args, 'for', 'board watch');
  const clock = wallClock();
  let quiet = true;
  await withBoard(
    args,
    shell,
    {
      verb: 'watch',
      endless: true,
      reconnect: true,
      event(event) {
        // Questions and answers of finding out who is there are not what it says by itself.
        const text = quiet && event.kind === 'line' ? undefined : line(event, clock.nowUs(), shell);
        if (text !== undefined) shell.out(text);
      },
    },
    async (board) => {
      const given = board.given;
      if (given) {
        board.console.use(await board.dialect(given.console));
        if (given.baud !== undefined) board.console.baud(given.baud);
      } else {
        const met = await board.meet();
        if (met.ok)
          shell.talk(`${met.value.dialect.name} on ${board.address} at ${met.value.baud} baud; Ctrl-C ends it`);
        else if (board.console.over) throw new StellwerkError(board.console.over);
        else shell.talk(`${describe(met.problem)}; what comes is shown as it is, Ctrl-C ends it`);
      }
      quiet = false;
      let off = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        shell.stop.addEventListener('abort', () => resolve(), { once: true });
        if (shell.stop.aborted) resolve();
        // A timer of the clock does not keep a process alive; the open port does.
        if (forMs !== undefined) off = clock.at(clock.nowUs() + forMs * usPerMs, resolve);
      });
      await Promise.race([over, board.console.ended]);
      off();
    },
  );
};
