import type { LineSettings, LineSignals } from '../../base/machine.js';
import { comPort, control, fromServer, lineAfter, lineCommands, signalsOf, tell } from './com-port.js';
import { telnetEnd, telnetOption } from './options.js';

const { binary, echo, goAhead, comPort: option } = telnetOption;

/** CTS, DSR and carrier are there: nothing on our line ever makes a client wait. */
const modemState = 0x10 | 0x20 | 0x80;

export interface ServerOut {
  send(bytes: Uint8Array): void;
  data(bytes: Uint8Array): void;
  line(line: LineSettings): void;
  signals(signals: LineSignals): void;
}

export interface ComPortServer {
  start(): void;
  take(bytes: Uint8Array): void;
  wrap(bytes: Uint8Array): Uint8Array;
}

/**
 * A serial server without a port behind it: takes what a client sends and tells, in its order, the data and what was set.
 * Every setting is answered with how the line stands then, which is how a client learns that it cannot have one.
 */
export const comPortServer = (start: LineSettings, out: ServerOut): ComPortServer => {
  let line = start;
  let told = false;
  const lines = { dtr: true, rts: true, brk: false };

  const answer = (command: number, ...value: readonly number[]): void =>
    telnet.sub(option, Uint8Array.of(command + fromServer, ...value));
  const answerLine = (command: number): void => {
    const [, ...value] = lineCommands(line).find(([one]) => one === command)!;
    answer(command, ...value);
  };
  const setLine = (command: number, value: Uint8Array): void => {
    const wanted = lineAfter(line, command, value);
    const changed = wanted !== undefined && !same(wanted, line);
    if (changed) line = wanted;
    answerLine(command);
    if (changed) out.line(line);
  };
  const setControl = (value: number): void => {
    const on = (is: boolean, yes: number): number => (is ? yes : yes + 1);
    const signals = signalsOf(value);
    if (signals) Object.assign(lines, signals);
    if (value === tell || value === 13) answer(comPort.control, value + control.noFlow);
    else if (value === 4) answer(comPort.control, on(lines.brk, control.brkOn));
    else if (value === 7) answer(comPort.control, on(lines.dtr, control.dtrOn));
    else if (value === 10) answer(comPort.control, on(lines.rts, control.rtsOn));
    // Any flow control is fine: TCP keeps what comes too fast, so there is nothing to switch on.
    else answer(comPort.control, value);
    if (signals) out.signals(signals);
  };
  const heard = (command: number, value: Uint8Array): void => {
    const first = value[0] ?? tell;
    switch (command) {
      case comPort.signature:
        // With a text it is the client's own name; without one it asks for ours.
        if (value.length === 0) answer(command, ...new TextEncoder().encode('Stellwerk'));
        break;
      case comPort.baud:
      case comPort.dataBits:
      case comPort.parity:
      case comPort.stopBits:
        setLine(command, value);
        break;
      case comPort.control:
        setControl(first);
        break;
      case comPort.modemStateMask:
        answer(command, first);
        answer(comPort.modemState, modemState & first);
        break;
      case comPort.modemState:
        answer(command, modemState);
        break;
      case comPort.lineState:
        answer(command, 0);
        break;
      case comPort.lineStateMask:
      case comPort.purge:
        answer(command, first);
        break;
    }
  };

  const agree = [binary, goAhead, option];
  const telnet = telnetEnd(
    // What a person types comes back from the board's console, if at all: so their own Telnet should not echo it.
    { askUs: [binary, goAhead, echo], askThem: [binary, goAhead, option], agreeUs: [...agree, echo], agreeThem: agree },
    {
      send: out.send,
      data: out.data,
      agreed() {
        if (told || telnet.them(option) !== 'yes') return;
        told = true;
        // Clients wait to be told what they do not ask for: every change is told, and the first state is one.
        answer(comPort.modemState, modemState);
      },
      suboption(which, bytes) {
        if (which === option && bytes.length > 0) heard(bytes[0]!, bytes.subarray(1));
      },
    },
  );
  return telnet;
};

const same = (a: LineSettings, b: LineSettings): boolean =>
  JSON.stringify(lineCommands(a)) === JSON.stringify(lineCommands(b));
