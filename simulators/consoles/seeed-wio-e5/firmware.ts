import { ownSpeed } from '../../../src/sim/own-speed.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { commandsOf, type Board } from './commands.js';
import { radioOf } from './radio.js';
import { settingsOf } from './settings.js';

const lf = 10;
const cr = 13;
const mostBytes = 528;
const mostValues = 15;

/** Appointments: what woke it is over, a line without an end, a test frame is sent, a restart is over. */
const slots = { woken: 0, input: 1, test: 2, boot: 3 } as const;
/** A pause of this length ends what woke it: several letters at its usual speed. */
const wokenMs = 20;
const bootMs = 100;

/** The firmware of the module: its lines, its sleep, and who answers them. */
export const firmware = ({ modem, flash = {} }: TwinSetup): Firmware => {
  const settings = settingsOf(modem, flash);
  const speed = ownSpeed(9_600);
  let state: 'awake' | 'asleep' | 'waking' | 'starting' = 'awake';
  let line = '';
  let length = 0;

  const say = (port: TwinPort, ...lines: readonly string[]): void =>
    port.print(speed.heard(lines.map((one) => `${one}\r\n`).join('')));

  const radio = radioOf({ modem, settings, say });
  const board: Board = {
    modem,
    settings,
    radio,
    say,
    keep(change, port) {
      settings.keep(change);
      port.event({ kind: 'flash', flash: { ...settings.kept } });
    },
    factory(port) {
      settings.reset();
      port.event({ kind: 'flash', flash: {} });
    },
    sleep(port) {
      state = 'asleep';
      port.event({ kind: 'note', text: 'asleep' });
    },
    restart(port) {
      state = 'starting';
      port.wakeInMs(slots.boot, bootMs);
    },
    afterMs: (ms, port) => port.wakeInMs(slots.test, ms),
  };
  const obey = commandsOf(board);

  const start = (port: TwinPort): void => {
    state = 'awake';
    line = '';
    length = 0;
    speed.set(settings.kept.baud);
    settings.apply();
    if (settings.kept.mode === 'LWABP') modem.join();
    port.event({ kind: 'note', text: 'started' });
  };

  const endLine = (port: TwinPort): void => {
    const [text, all] = [line, length];
    line = '';
    length = 0;
    port.cancel(slots.input);
    if (all === 0) return;
    if (all > mostBytes) return say(port, '+AT: ERROR(-21)');
    if (!/^[ -~]*$/.test(text)) return say(port, '+AT: ERROR(-23)');
    if (text.trim() !== '') obey(text.trim(), mostValues, port);
  };

  return {
    power(port) {
      speed.set(settings.kept.baud);
      start(port);
    },
    settings: (set) => speed.host(set),
    byte(byte, port) {
      if (state === 'starting' || (speed.deaf && state === 'awake')) return true;
      if (state === 'asleep') {
        state = 'waking';
        port.event({ kind: 'note', text: 'awake' });
        say(port, '+LOWPOWER: WAKEUP');
      }
      if (state === 'waking') {
        // The rest of what woke it is lost as well.
        if (byte !== lf) port.wakeInMs(slots.woken, wokenMs);
        else {
          state = 'awake';
          port.cancel(slots.woken);
        }
        return true;
      }
      if (byte === lf) endLine(port);
      else if (byte !== cr) {
        length++;
        if (length <= mostBytes) line += String.fromCharCode(byte);
        if (settings.kept.timeoutMs > 0) port.wakeInMs(slots.input, settings.kept.timeoutMs);
      }
      return true;
    },
    line: () => undefined,
    modem: (event, port) => radio.hear(event, port),
    wake(slot, port) {
      switch (slot) {
        case slots.woken:
          if (state === 'waking') state = 'awake';
          return;
        case slots.input:
          line = '';
          length = 0;
          return say(port, '+AT: ERROR(-22)');
        case slots.test:
          return say(port, '+TEST: TX DONE');
        case slots.boot:
          return start(port);
      }
    },
  };
};
