import type { LineSettings, LineSignals } from '../../base/machine.js';

/** Commands of the COM-PORT option (RFC 2217); what the server says has 100 more. */
export const comPort = {
  signature: 0,
  baud: 1,
  dataBits: 2,
  parity: 3,
  stopBits: 4,
  control: 5,
  lineState: 6,
  modemState: 7,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;
export const fromServer = 100;

/** Values of the control command. */
export const control = { noFlow: 1, brkOn: 5, brkOff: 6, dtrOn: 8, dtrOff: 9, rtsOn: 11, rtsOff: 12 } as const;

/** What the other end is asked of with a value of 0: it says how things stand. */
export const tell = 0;

/** By their numbers; marks and spaces for parity, and one and a half stop bits, are not for our boards. */
export const parities: readonly (LineSettings['parity'] | undefined)[] = [undefined, 'none', 'odd', 'even'];

/** A whole number as the four bytes of a speed, high byte first. */
const word = (value: number): readonly number[] => [24, 16, 8, 0].map((bits) => (value >>> bits) & 0xff);

/** The settings of a line as commands: speed, data bits, parity, stop bits; each with its value's bytes. */
export const lineCommands = (line: LineSettings): readonly (readonly number[])[] => [
  [comPort.baud, ...word(line.baud)],
  [comPort.dataBits, line.dataBits ?? 8],
  [comPort.parity, parities.indexOf(line.parity ?? 'none')],
  [comPort.stopBits, line.stopBits ?? 1],
];

/** Modem lines as values of the control command; what is absent stays as it is. */
export const signalControls = ({ dtr, rts, brk }: LineSignals): readonly number[] => [
  ...(dtr === undefined ? [] : [dtr ? control.dtrOn : control.dtrOff]),
  ...(rts === undefined ? [] : [rts ? control.rtsOn : control.rtsOff]),
  ...(brk === undefined ? [] : [brk ? control.brkOn : control.brkOff]),
];

/** The number in a value of four bytes; undefined when it has another length. */
export const wordOf = (value: Uint8Array): number | undefined =>
  value.length === 4 ? value.reduce((sum, byte) => sum * 256 + byte, 0) : undefined;

/** What a line becomes by one command of a client; undefined when it is none of its settings or cannot be had. */
export const lineAfter = (line: LineSettings, command: number, value: Uint8Array): LineSettings | undefined => {
  const [first] = value;
  switch (command) {
    case comPort.baud: {
      const baud = wordOf(value);
      return baud === undefined || baud < 1 || baud > 20_000_000 ? undefined : { ...line, baud };
    }
    case comPort.dataBits:
      return first === 7 || first === 8 ? { ...line, dataBits: first } : undefined;
    case comPort.parity: {
      const parity = parities[first ?? 0];
      return parity === undefined ? undefined : { ...line, parity };
    }
    case comPort.stopBits:
      return first === 1 || first === 2 ? { ...line, stopBits: first } : undefined;
    default:
      return undefined;
  }
};

/** What one control value does to the modem lines; undefined when it does nothing to them. */
export const signalsOf = (value: number): LineSignals | undefined => {
  switch (value) {
    case control.brkOn:
    case control.brkOff:
      return { brk: value === control.brkOn };
    case control.dtrOn:
    case control.dtrOff:
      return { dtr: value === control.dtrOn };
    case control.rtsOn:
    case control.rtsOff:
      return { rts: value === control.rtsOn };
    default:
      return undefined;
  }
};
