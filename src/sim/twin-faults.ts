import type { Dice } from '../base/dice.js';
import type { Machine, MachineOut } from '../base/machine.js';
import { usPerMs, type Us } from '../base/time.js';

/** What can be wrong with a board on a cable, by name, and what it is for a person. */
export const twinFaults = {
  silent: 'it hears and never answers',
  garbage: 'noise before its first answer, and a torn line after each',
  'wrong-baud': 'its speed is another one: every byte is noise',
  restarts: 'it restarts in the middle of every third answer',
  flood: 'it prints without an end, and answers in between',
  vanishes: 'it leaves the bus in the middle of every third answer, and comes back after two seconds',
} as const;
export type TwinFault = keyof typeof twinFaults;

const floodMs = 20;
const awayMs = 2_000;

/** A make-believe board with something wrong with it; `open` makes a new one each time that it starts. */
export const faulty = <Event, Order>(
  open: () => Machine<Event, Order>,
  fault: TwinFault,
  dice: Dice,
): Machine<Event, Order> => {
  let inner = open();
  let answers = 0;
  let dirty = true;
  let innerUs = Infinity;
  let floodUs = Infinity;

  const noise = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => {
      const byte = 0x80 | Math.floor(dice.next() * 128);
      return byte;
    });

  return {
    step(input, nowUs, out) {
      let broken = false;
      let said = 0;
      const through: MachineOut<Event> = {
        ...out,
        wakeAt: (atUs: Us) => void (innerUs = atUs),
        bytes(bytes) {
          if (broken) return;
          said += bytes.length;
          switch (fault) {
            case 'silent':
              return;
            case 'garbage':
              if (dirty) out.bytes(noise(23));
              dirty = false;
              return out.bytes(bytes);
            case 'wrong-baud':
              return out.bytes(noise(bytes.length));
            case 'restarts':
            case 'vanishes':
              if (answers % 3 !== 2) return out.bytes(bytes);
              broken = true;
              return out.bytes(bytes.subarray(0, Math.ceil(bytes.length / 2)));
            default:
              return out.bytes(bytes);
          }
        },
      };
      if (input.kind === 'timeout' && floodUs <= nowUs) {
        out.bytes(Uint8Array.from('E (4711) wifi: retry\r\n', (letter) => letter.charCodeAt(0)));
        floodUs = nowUs + floodMs * usPerMs;
      }
      if (input.kind === 'opened' && fault === 'flood') floodUs = nowUs + floodMs * usPerMs;
      if (input.kind === 'lost') floodUs = Infinity;
      if (input.kind !== 'timeout' || innerUs <= nowUs) {
        if (input.kind === 'timeout') innerUs = Infinity;
        inner.step(input, nowUs, through);
      }
      if (said > 0 && input.kind === 'bytes') answers++;
      if (said > 0 && fault === 'garbage' && input.kind === 'bytes')
        out.bytes(Uint8Array.from('+EV\r\n', (letter) => letter.charCodeAt(0)));
      if (broken) {
        answers++;
        inner = open();
        innerUs = Infinity;
        const fresh: MachineOut<Event> = { ...out, wakeAt: (atUs) => void (innerUs = atUs) };
        if (fault === 'vanishes') out.reopen(awayMs);
        else inner.step({ kind: 'timeout' }, nowUs, fresh);
      }
      out.wakeAt(Math.min(innerUs, floodUs));
    },
  };
};
