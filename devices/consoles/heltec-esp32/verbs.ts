import { fail, problem } from '../../../src/base/problem.js';
import { failed, ok, type Result } from '../../../src/base/result.js';
import { commandsOf, type BoardIdentity, type Verbs } from '../../../src/console/dialect.js';
import type { BoardEvent } from '../../../src/console/events.js';
import { awaitEvent, pause, present, say, setSignals, type Part, type Script } from '../../../src/console/script.js';
import { isHeltecLog, startForm } from '../heltec/log.js';
import { chipOf, modeOf } from './rom.js';
import { syntax, table } from './table.js';

export const commands = commandsOf(table, syntax);

/** For people. */
export const name = 'Heltec ESP32, stock firmware';

const instead = 'flash firmware that speaks stellwerk-at (docs/stellwerk-at.md)';

/** Why: a sketch has no ears. What matters most stands first. */
export const cannot = {
  setKeys: `the stock firmware takes no keys over its port, they are compiled into its sketch: change them there, or ${instead}`,
  readKeys: `no command of the stock firmware tells the keys, it prints them once when it starts: restart it while stellwerk board watch listens, or ${instead}`,
  join: `the stock firmware joins by itself when its sketch starts and not when it is told: watch it with stellwerk board watch, or ${instead}`,
  send: `the stock firmware sends only what its sketch measures: change the sketch, or ${instead}`,
} as const satisfies Partial<Record<keyof Verbs, string>>;

function* refuses<T>(verb: keyof typeof cannot): Script<T> {
  return fail('board-cannot', { console: name, why: cannot[verb] });
}

/** A board without a licence repeats its number every 3 s. */
const listenMs = 3_050;
/** Longer than the pause between its ROM's last line and its sketch's first. */
const quietMs = 600;

/** What a board tells of itself in the lines that it prints without being asked. */
export const identityOf = (lines: readonly string[]): BoardIdentity => {
  const chip = lines.map(chipOf).find((one) => one !== undefined);
  const serial = lines.map((line) => syntax.value(line, 'ChipID')).find((one) => one !== undefined);
  const start = lines.map((line) => startForm.exec(line)).find((one) => one !== null);
  const key = (name: string): string | undefined =>
    lines
      .map((line) => new RegExp(`^\\+${name}=([0-9A-Fa-f]{16})\\(For OTAA Mode\\)$`).exec(line)?.[1]?.toLowerCase())
      .find((one) => one !== undefined);
  const mode = lines.map(modeOf).findLast((one) => one !== undefined);
  const needsLicence = lines.some((line) => line.startsWith('Please provide a correct license!'));
  const heltec = serial !== undefined || needsLicence || lines.some(isHeltecLog);
  return {
    ...(heltec && { model: 'Heltec ESP32' }),
    ...present('chip', chip),
    ...present('serial', serial?.toLowerCase()),
    ...present('devEui', key('DevEui')),
    ...present('joinEui', key('AppEui')),
    ...present('region', start?.[1]),
    ...(mode === 'bootloader' && { mode }),
    ...(lines.includes('joined') && { joined: true }),
    ...(needsLicence && { more: { licence: 'needed' } }),
  };
};

/** A pulse on RTS, which holds the chip's reset on boards with a bridge chip and with USB of their own. */
function* pulse(): Part<Result<BoardEvent & { readonly kind: 'boot' }>> {
  // Off and off first: DTR alone may have told a USB port that the bootloader is wanted.
  yield* setSignals({ dtr: false, rts: false });
  yield* setSignals({ rts: true });
  yield* pause(100);
  yield* setSignals({ rts: false });
  const { event } = yield* awaitEvent(bootMs, ({ kind }) => kind === 'boot');
  if (event?.kind === 'boot') return ok(event);
  return failed(problem('board-silent', { command: 'a reset pulse on RTS', ms: bootMs }));
}
const bootMs = 3_000;

export const verbs: Verbs = {
  // Nothing is asked, since nothing answers: what is heard is what there is, and a sketch between two uplinks says nothing.
  *identify() {
    const { lines } = yield* say('', { quietMs, withinMs: listenMs });
    return ok(identityOf(lines));
  },
  readKeys: () => refuses('readKeys'),
  setKeys: () => refuses('setKeys'),
  join: () => refuses('join'),
  send: () => refuses('send'),
  *restart() {
    const boot = yield* pulse();
    return boot.ok ? ok(undefined) : boot;
  },
  // Its factory state is the sketch that is in its flash: a bootloader is left, and nothing else can be done without flashing.
  *rescue() {
    const boot = yield* pulse();
    if (!boot.ok) return boot;
    return ok([
      boot.value.mode === 'bootloader'
        ? 'restarted it with a pulse on RTS: it is in its bootloader again, its BOOT button is held or its flash is empty'
        : 'restarted it with a pulse on RTS: the sketch in its flash runs',
    ]);
  },
};
