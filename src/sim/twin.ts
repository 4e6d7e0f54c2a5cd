import type { Dice } from '../base/dice.js';
import type { LineSettings, LineSignals, Machine, MachineOut } from '../base/machine.js';
import { usPerMs, type Us } from '../base/time.js';
import type { MacProfile } from './behaviour.js';
import type { Modem, ModemEvent } from './modem-types.js';
import { ownSpeed } from './own-speed.js';

/** What a make-believe board tells its owner. */
export type TwinEvent =
  /** What its flash holds from now on: the `flash` of its next life. */
  | { readonly kind: 'flash'; readonly flash: Flash }
  /** For the person who watches: a restart, sleep, a mode. */
  | { readonly kind: 'note'; readonly text: string };

/** Plain values that JSON can carry. It holds keys. */
export type Flash = Readonly<Record<string, string | number | boolean>>;

export interface TwinSetup {
  readonly modem: Modem;
  /** Its id in devices/boards. */
  readonly board: string;
  readonly dice: Dice;
  /** 16 hex digits that are its own: serial numbers and chip ids are made of them. */
  readonly serial: string;
  readonly flash?: Flash;
}

/** The make-believe end of a console: one file, or a folder with index.ts, in simulators/consoles, named like its console. */
export interface VirtualConsole {
  /** Of devices/consoles. */
  readonly id: string;
  readonly source: string;
  /** Ids in devices/boards that it can be; the usual one first. */
  readonly boards: readonly string[];
  /** The speed of its port when it is new. */
  readonly baud: number;
  readonly profile: MacProfile;
  /** Orders are what its modem tells. */
  open(setup: TwinSetup): Machine<TwinEvent, ModemEvent>;
}

export const defineTwin = (twin: VirtualConsole): VirtualConsole => twin;

/** What a board's firmware can do; valid during one step. */
export interface TwinPort {
  readonly nowUs: Us;
  /** Sends text, Latin-1, control characters as they are. */
  print(text: string): void;
  /** Makes or moves an appointment; slots 0 to 7. */
  wakeInMs(slot: number, ms: number): void;
  cancel(slot: number): void;
  event(event: TwinEvent): void;
  /** Leaves the USB bus and comes back: for boards with USB of their own. */
  reopen(afterMs: number): void;
}

/** The firmware of a make-believe board: what it does with what comes. */
export interface Firmware {
  /** Power comes; once at the start. */
  power(port: TwinPort): void;
  /** A byte as it arrives, before it is put into a line; true when it was dealt with. Echo and sleep live here. */
  byte?(byte: number, port: TwinPort): boolean;
  /** A line without its end; `end` is what ended it: CR, LF, or nothing where a pause did. */
  line(text: string, port: TwinPort, end: '\r' | '\n' | ''): void;
  modem(event: ModemEvent, port: TwinPort): void;
  wake(slot: number, port: TwinPort): void;
  /** A host has opened the port, set its speed, moved its modem lines. */
  opened?(line: LineSettings, port: TwinPort): void;
  settings?(line: LineSettings, port: TwinPort): void;
  signals?(signals: LineSignals, port: TwinPort): void;
}

export interface TwinInput {
  /** Bytes beyond this many are dropped from a line, silently. */
  readonly mostLine: number;
  /** Instead of CR and LF a pause of this length ends a line, and line ends are a part of it. */
  readonly burstMs?: number;
  /** Whether backspace edits the line. */
  readonly edits?: boolean;
  /** The speed of its port, for one that has it: at another speed than its host's both hear noise. Any when absent. */
  readonly baud?: () => number;
}

const slots = 8;

/** Runs a firmware as a machine: appointments, lines, and the modem's news as orders. */
export const twinMachine = (firmware: Firmware, input: TwinInput): Machine<TwinEvent, ModemEvent> => {
  const due = new Float64Array(slots).fill(Infinity);
  let burstUs = Infinity;
  let line = '';
  const speed = ownSpeed(0);
  let powered = false;
  let nowUs: Us = 0;
  let out!: MachineOut<TwinEvent>;

  const isDeaf = (): boolean => {
    if (!input.baud) return false;
    speed.set(input.baud());
    return speed.deaf;
  };
  const heard = (text: string): string => (isDeaf() ? speed.heard(text) : text);

  const port: TwinPort = {
    get nowUs() {
      return nowUs;
    },
    print: (text) => {
      if (text !== '') out.bytes(Uint8Array.from(heard(text), (letter) => letter.charCodeAt(0) & 0xff));
    },
    wakeInMs: (slot, ms) => void (due[slot & 7] = nowUs + Math.max(1, Math.round(ms * usPerMs))),
    cancel: (slot) => void (due[slot & 7] = Infinity),
    event: (event) => out.event(event),
    reopen: (afterMs) => out.reopen(afterMs),
  };

  const endLine = (end: '\r' | '\n' | ''): void => {
    const text = line;
    line = '';
    burstUs = Infinity;
    firmware.line(text, port, end);
  };
  const take = (byte: number): void => {
    if (firmware.byte?.(byte, port)) return;
    if (input.burstMs === undefined && (byte === 13 || byte === 10)) return endLine(byte === 13 ? '\r' : '\n');
    if (input.edits && (byte === 8 || byte === 127)) return void (line = line.slice(0, -1));
    if (line.length < input.mostLine) line += String.fromCharCode(byte);
    if (input.burstMs !== undefined) burstUs = nowUs + input.burstMs * usPerMs;
  };
  const timeout = (): void => {
    if (burstUs <= nowUs) endLine('');
    for (let slot = 0; slot < slots; slot++) {
      if (due[slot]! > nowUs) continue;
      due[slot] = Infinity;
      firmware.wake(slot, port);
    }
  };

  return {
    step(what, atUs, to) {
      nowUs = atUs;
      out = to;
      if (!powered) {
        powered = true;
        firmware.power(port);
      }
      switch (what.kind) {
        case 'bytes':
          for (const byte of what.bytes) if (!isDeaf()) take(byte);
          break;
        case 'timeout':
          timeout();
          break;
        case 'order':
          firmware.modem(what.order, port);
          break;
        case 'opened':
          firmware.opened?.(what.line, port);
          break;
        case 'line':
          speed.host(what.line);
          firmware.settings?.(what.line, port);
          break;
        case 'signals':
          firmware.signals?.(what.signals, port);
          break;
        default:
          // A pulled cable ends no line: what was typed before is still in the buffer.
          break;
      }
      out.wakeAt(Math.min(burstUs, ...due));
    },
  };
};
