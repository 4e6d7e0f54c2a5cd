import type { MachineInput } from '../../src/base/machine.js';
import type { ModemEvent } from '../../src/sim/modem-types.js';
import type { VirtualConsole } from '../../src/sim/twin.js';
import type { ScriptedModem } from './scripted-modem.js';

/** The make-believe board with a network: what is asked of its modem is answered a while later, as `replies` says. */
export const answering = (
  twin: VirtualConsole,
  modem: ScriptedModem,
  replies: (asked: unknown) => readonly ModemEvent[],
): VirtualConsole => ({
  ...twin,
  open(setup) {
    const inner = twin.open(setup);
    const events: ModemEvent[] = [];
    let innerUs = Infinity;
    let dueUs = Infinity;
    let seen = 0;
    return {
      step(input, nowUs, out) {
        const through = { ...out, wakeAt: (atUs: number) => void (innerUs = atUs) };
        const give = (what: MachineInput<ModemEvent>): void => inner.step(what, nowUs, through);
        if (input.kind !== 'timeout') give(input);
        else if (innerUs <= nowUs) {
          innerUs = Infinity;
          give(input);
        }
        if (dueUs <= nowUs) {
          dueUs = Infinity;
          for (const event of events.splice(0)) {
            if (event.kind === 'joined') modem.joined = true;
            give({ kind: 'order', order: event });
          }
        }
        if (modem.asked.length > seen) {
          seen = modem.asked.length;
          events.push(...replies(modem.asked.at(-1)));
          if (events.length > 0) dueUs = nowUs + 1_500_000;
        }
        out.wakeAt(Math.min(innerUs, dueUs));
      },
    };
  },
});
