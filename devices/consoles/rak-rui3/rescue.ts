import { fail } from '../../../src/base/problem.js';
import { ok } from '../../../src/base/result.js';
import type { Command } from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';
import { ask, awaitEvent, must, pause, say, type Heard, type Part, type Script } from '../../../src/console/script.js';
import { toTextMode, writeApiFrame } from './api-frame.js';
import { commands } from './table.js';

const bootMs = 2_000;

/** Waits for the boot text of a board that was told to restart; it may have come already, or be lost with the port. */
export function* afterRestart(): Part<BoardEvent | undefined> {
  const { event } = yield* awaitEvent(bootMs, ({ kind }) => kind === 'boot');
  return event;
}

/** The password of new boards. */
const usualPassword = '00000000';

const runFirmware: Command = { name: '', text: 'at+run', ends: 'boot', withinMs: 5_000 };

/** What may bring a silent port back to text, and what is said when it did. */
const awakeners = [
  { bytes: '', did: undefined },
  { bytes: 'AT+ATM\r\n', did: 'left the binary or the data mode with AT+ATM' },
  { bytes: String.fromCharCode(...writeApiFrame(toTextMode)), did: 'left the binary mode with its own frame' },
  { bytes: '+++', did: 'left the data mode with +++' },
] as const;

function* answers(): Part<Heard> {
  return yield* say('\r\nAT\r\n', { quietMs: 150, withinMs: 600 });
}

/** Back to factory settings, from wherever the board is stuck. */
export function* rescue(): Script<readonly string[]> {
  const did: string[] = [];
  let heard: Heard = { lines: [], raw: '' };
  for (const { bytes, did: what } of awakeners) {
    if (bytes !== '') {
      // +++ counts only with silence around it, and a broken frame is forgotten after three seconds.
      yield* pause(1_100);
      yield* say(bytes, { quietMs: 300, withinMs: 1_000 });
      yield* pause(1_100);
    }
    heard = yield* answers();
    if (heard.lines.length === 0) continue;
    if (what !== undefined) did.push(what);
    break;
  }
  if (heard.lines.length === 0) return fail('board-silent', { command: 'AT', ms: 600 });

  if (heard.lines.some((line) => line === 'AT not support.' || line === '<BOOT MODE>')) {
    const started = yield* must(ok(runFirmware));
    if (!started.ok) return started;
    yield* afterRestart();
    did.push('left the bootloader with at+run');
    heard = yield* answers();
  }
  if (heard.lines.includes('COMMAND_LOCKED')) {
    yield* say(`${usualPassword}\r\n`, { quietMs: 150, withinMs: 600 });
    heard = yield* answers();
    if (heard.lines.includes('COMMAND_LOCKED')) return fail('rui3-locked', {});
    did.push('unlocked with the password of new boards');
  }
  const reset = yield* must(ok(commands.run('factory')));
  if (!reset.ok) return reset;
  yield* afterRestart();
  const there = yield* ask(commands.run('at'));
  if (!there.ok) return { ok: false, problem: there.problem };
  return ok([...did, 'factory settings restored with ATR']);
}
