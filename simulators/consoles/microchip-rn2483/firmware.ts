import { ownSpeed } from '../../../src/sim/own-speed.js';
import type { Firmware, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import { wantedIn, type Wanted } from './lines.js';
import { macOf } from './mac.js';
import { radioOf, type Level } from './radio.js';

// The RN2483's was quoted from a module. The RN2903's was not seen: its form is the same, version and day are made up.
const versions: Readonly<Record<string, string>> = {
  'microchip-rn2483': 'RN2483 1.0.5 Oct 31 2018 15:06:52',
  'microchip-rn2903': 'RN2903 1.0.5 Nov 06 2018 10:45:27',
};
const usualBaud = 57_600;
const findSpeed = 0x55;
const bootMs = 100;

/** Appointments: the radio is done, it wakes, a restart is over. */
const slots = { radio: 0, sleep: 1, boot: 2 } as const;

/** The firmware of the module: lines, sleep, and the speed that a break lets it find. */
export const firmware = ({ modem, board, serial, flash = {} }: TwinSetup): Firmware => {
  const mac = macOf(modem, flash);
  let heard: Level | undefined;
  const radio = radioOf(() => modem.lastHeard ?? heard);
  const speed = ownSpeed(usualBaud);
  const version = versions[board] ?? versions['microchip-rn2483']!;
  let state: 'awake' | 'asleep' | 'starting' = 'awake';
  /** A break was seen: the next letter shows the speed. */
  let listening = false;
  let radioWord = '';
  let lastEnd = '';
  /** What came before a break belongs to no line. */
  let spoilt = false;

  const say = (port: TwinPort, ...lines: readonly string[]): void =>
    port.print(speed.heard(lines.map((one) => `${one}\r\n`).join('')));

  const restart = (port: TwinPort, how: { readonly factory: boolean }): void => {
    mac.restart(how);
    radio.restart();
    port.cancel(slots.radio);
    state = 'starting';
    port.wakeInMs(slots.boot, bootMs);
    if (how.factory) port.event({ kind: 'flash', flash: {} });
  };
  const start = (port: TwinPort): void => {
    state = 'awake';
    speed.set(usualBaud);
    port.event({ kind: 'note', text: 'started' });
    say(port, version);
  };
  const wake = (port: TwinPort): void => {
    state = 'awake';
    port.cancel(slots.sleep);
    port.event({ kind: 'note', text: 'awake' });
    say(port, 'ok');
  };

  /** The answer at once; nothing where a restart or a sleep stands for it. */
  const answer = (wanted: Wanted, port: TwinPort): string | undefined => {
    switch (wanted.name) {
      case 'version':
        return version;
      case 'hardwareEui':
        return serial.toUpperCase();
      case 'supply':
        return '3300';
      case 'sleep':
        state = 'asleep';
        port.wakeInMs(slots.sleep, wanted.kind === 'set' ? (wanted.values[0] as number) : 0);
        port.event({ kind: 'note', text: 'asleep' });
        return undefined;
      case 'restart':
      case 'factory':
      case 'carrierOff':
        restart(port, { factory: wanted.name === 'factory' });
        return undefined;
      default:
        return radioOrMac(wanted, port);
    }
  };
  const radioOrMac = (wanted: Wanted, port: TwinPort): string => {
    const told = radio.obey(wanted, mac.paused);
    if (!told) return mac.obey(wanted) ?? 'invalid_param';
    if (wanted.name === 'stopReceiving') port.cancel(slots.radio);
    if (told.later) {
      radioWord = told.later.word;
      port.wakeInMs(slots.radio, told.later.ms);
    }
    return told.now;
  };

  return {
    power: start,
    settings: (set) => speed.host(set),
    signals({ brk }) {
      if (brk !== true) return;
      listening = true;
      spoilt = true;
    },
    byte(byte, port) {
      if (state === 'starting') return true;
      if (listening) {
        listening = false;
        if (byte === findSpeed) {
          if (speed.hostBaud !== undefined) speed.set(speed.hostBaud);
          if (state === 'asleep') wake(port);
          return true;
        }
      }
      return state === 'asleep' || speed.deaf;
    },
    line(text, port, end) {
      const second = end === '\n' && lastEnd === '\r' && text === '';
      lastEnd = end;
      if (second) return;
      const wanted = spoilt ? undefined : wantedIn(text);
      spoilt = false;
      const told = wanted ? answer(wanted, port) : 'invalid_param';
      if (told !== undefined) say(port, told);
      const { saved } = mac;
      if (saved) port.event({ kind: 'flash', flash: saved });
    },
    modem(event, port) {
      if (event.kind === 'downlink') heard = event;
      const lines = mac.hear(event);
      if (lines.length > 0) say(port, ...lines);
    },
    wake(slot, port) {
      switch (slot) {
        case slots.radio:
          radio.free();
          return say(port, radioWord);
        case slots.sleep:
          return wake(port);
        case slots.boot:
          return start(port);
      }
    },
  };
};
