import { hex } from '../../../src/base/hex.js';
import { schemes, speeds } from '../../../devices/consoles/seeed-wio-e5/table.js';
import type { Modem } from '../../../src/sim/modem-types.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import type { Radio } from './radio.js';
import { plain, valuesIn, type Kept, type Settings } from './settings.js';
import { radioTest, type RadioTest } from './test-mode.js';

/** What the commands may do. */
export interface Board {
  readonly modem: Modem;
  readonly settings: Settings;
  readonly radio: Radio;
  say(port: TwinPort, ...lines: readonly string[]): void;
  keep(change: Partial<Kept>, port: TwinPort): void;
  factory(port: TwinPort): void;
  sleep(port: TwinPort): void;
  restart(port: TwinPort): void;
  /** A test frame is on the air for so long. */
  afterMs(ms: number, port: TwinPort): void;
}

/** The words of an answer, each a line; a number is the error with that number, and nothing means that lines follow. */
export type Told = readonly string[] | number | undefined;

const badValue = -1;
const unknown = -10;
const badForm = -11;
const wrongMode = -12;

const colons = (digits: string): string => (digits.toUpperCase().match(/../g) ?? []).join(':');
const address = (devAddr: number): string => devAddr.toString(16).padStart(8, '0');
const isHex = (text: string, bytes: number): boolean => new RegExp(`^[0-9A-Fa-f]{${2 * bytes}}$`).test(text);
const whole = (text: string | undefined, least: number, most: number): number | undefined =>
  /^\d{1,6}$/.test(text ?? '') && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;
const upper = (text: string | undefined): string => (text ?? '').toUpperCase();

/** Understands one line and answers it. */
export const commandsOf = (board: Board): ((line: string, mostValues: number, port: TwinPort) => void) => {
  const { modem, settings } = board;
  const test: RadioTest = radioTest();

  const id = (values: readonly string[]): Told => {
    const { identity } = modem;
    const names = {
      DevAddr: { bytes: 4, now: (): string => address(modem.devAddr ?? modem.identity.devAddr) },
      DevEui: { bytes: 8, now: (): string => modem.identity.devEui },
      AppEui: { bytes: 8, now: (): string => modem.identity.joinEui },
    };
    const all = Object.entries(names);
    if (values.length === 0) return all.map(([name, { now }]) => `${name}, ${colons(now())}`);
    const found = all.find(([name]) => upper(name) === upper(values[0]));
    if (!found || values.length > 2) return badValue;
    const [name, { bytes, now }] = found;
    if (values[1] !== undefined) {
      const digits = plain(values[1]).replace(/[: ]/g, '').toLowerCase();
      if (!isHex(digits, bytes)) return badValue;
      if (name === 'DevAddr') modem.identity = { ...identity, devAddr: parseInt(digits, 16) };
      else modem.identity = { ...identity, [name === 'DevEui' ? 'devEui' : 'joinEui']: digits };
      return [`${name}, ${colons(digits)}`];
    }
    return [`${name}, ${colons(now())}`];
  };

  const keyed = (values: readonly string[]): Told => {
    const names = { APPKEY: 'appKey', NWKSKEY: 'nwkSKey', APPSKEY: 'appSKey' } as const;
    const name = upper(values[0]);
    const digits = plain(values[1]).replace(/[: ]/g, '');
    if (!(name in names) || values.length !== 2 || !isHex(digits, 16)) return badValue;
    modem.identity = { ...modem.identity, [names[name as keyof typeof names]]: hex(digits.toLowerCase()) };
    return [`${name} ${digits.toUpperCase()}`];
  };

  const dataRate = (values: readonly string[], port: TwinPort): Told => {
    if (values.length > 1) return badValue;
    const wanted = upper(values[0]);
    if (wanted === '') return [`DR${modem.settings.dataRate}`];
    if (wanted === 'SCHEME') return [settings.kept.scheme];
    if (schemes.includes(wanted)) {
      board.keep({ scheme: wanted }, port);
      return [wanted];
    }
    const rate = whole(wanted.replace(/^DR/, ''), 0, 7);
    if (rate === undefined) return badValue;
    board.keep({ dataRate: rate }, port);
    return [`DR${rate}`];
  };

  const channels = (values: readonly string[], port: TwinPort): Told => {
    if (upper(values[0]) !== 'NUM') return badValue;
    const wanted = values.slice(1);
    if (!wanted.every((one) => /^\d{1,2}(-\d{1,2})?$/.test(one))) return badValue;
    if (wanted.length > 0) board.keep({ channels: wanted.join(',') }, port);
    return [`NUM, ${settings.kept.channels}`];
  };

  const mode = (values: readonly string[], port: TwinPort): Told => {
    const wanted = upper(values[0]);
    if (wanted === '') return [settings.kept.mode];
    if (wanted !== 'LWOTAA' && wanted !== 'LWABP' && wanted !== 'TEST') return badValue;
    board.keep({ mode: wanted }, port);
    if (wanted === 'LWABP') modem.join();
    return [wanted];
  };

  /** A question without a value, and one of some words as an order. */
  const choice = <W extends string>(
    value: string | undefined,
    how: { readonly now: W; readonly words: readonly W[]; keep(word: W): void },
  ): Told => {
    if (value === undefined || value === '?') return [how.now];
    const found = how.words.find((word) => word === upper(value));
    if (found === undefined) return badValue;
    how.keep(found);
    return [found];
  };

  const uart = (values: readonly string[], port: TwinPort): Told => {
    const what = upper(values[0]);
    if (what === 'BR') {
      const wanted = values[1];
      if (wanted === undefined) return [`BR, ${settings.kept.baud}`];
      if (!(speeds as readonly string[]).includes(wanted)) return badValue;
      board.keep({ baud: Number(wanted) }, port);
      return [`BR, ${wanted}`];
    }
    const ms = what === 'TIMEOUT' ? whole(values[1], 0, 1_000) : undefined;
    if (ms === undefined) return badValue;
    board.keep({ timeoutMs: ms }, port);
    return [`TIMEOUT, ${ms}`];
  };

  const uplink = (word: string, rest: string | undefined, port: TwinPort): Told => {
    if (settings.kept.mode === 'TEST') return wrongMode;
    const text = plain(rest?.trim());
    const digits = text.replace(/ /g, '');
    const isHexWord = word.endsWith('HEX');
    if (isHexWord && !/^(?:[0-9A-Fa-f]{2})*$/.test(digits)) return badValue;
    const bytes = isHexWord ? hex(digits) : Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    board.radio.send({ word, confirmed: word.startsWith('C'), bytes }, port);
    return undefined;
  };

  const join = (values: readonly string[], port: TwinPort): Told => {
    if (settings.kept.mode === 'TEST') return wrongMode;
    if (values.length > 1 || (values.length === 1 && upper(values[0]) !== 'FORCE')) return badValue;
    board.radio.join({ anew: values.length === 1 }, port);
    return undefined;
  };

  const told = (
    name: string,
    how: { readonly rest: string | undefined; readonly values: readonly string[] },
    port: TwinPort,
  ): Told => {
    const { rest, values } = how;
    switch (name) {
      case 'VER':
        return ['4.0.11'];
      case 'ID':
        return id(values);
      case 'KEY':
        return keyed(values);
      case 'DR':
        return dataRate(values, port);
      case 'CH':
        return channels(values, port);
      case 'MODE':
        return mode(values, port);
      case 'JOIN':
        return join(values, port);
      case 'MSG':
      case 'MSGHEX':
      case 'CMSG':
      case 'CMSGHEX':
        return uplink(name, rest, port);
      case 'PORT': {
        const wanted = values[0] === undefined ? settings.kept.port : whole(values[0], 1, 255);
        if (wanted === undefined) return badValue;
        if (values[0] !== undefined) board.keep({ port: wanted }, port);
        return [String(wanted)];
      }
      case 'ADR':
        return choice(values[0], {
          now: modem.settings.adr ? 'ON' : 'OFF',
          words: ['ON', 'OFF'],
          keep: (word) => board.keep({ adr: word === 'ON' }, port),
        });
      case 'CLASS':
        return choice(values[0], {
          now: settings.kept.deviceClass,
          words: ['A', 'B', 'C'],
          keep: (deviceClass) => board.keep({ deviceClass }, port),
        });
      case 'TEST': {
        if (settings.kept.mode !== 'TEST') return wrongMode;
        const { lines, airtimeMs } = test.obey(values);
        if (airtimeMs !== undefined) board.afterMs(airtimeMs, port);
        return lines ?? badValue;
      }
      case 'UART':
        return uart(values, port);
      case 'LOWPOWER':
        if (values.length > 0) return badValue;
        board.say(port, '+LOWPOWER: SLEEP');
        board.sleep(port);
        return undefined;
      case 'FDEFAULT':
        board.factory(port);
        return ['OK'];
      case 'RESET':
        board.say(port, '+RESET: OK');
        modem.restart({ keepSession: false });
        board.radio.forget();
        board.restart(port);
        return undefined;
      default:
        return unknown;
    }
  };

  return (line, mostValues, port) => {
    if (/^AT$/i.test(line)) return board.say(port, '+AT: OK');
    const parts = /^AT\+([A-Za-z]+)(?:\s*=\s*(.*))?$/i.exec(line);
    if (!parts) return board.say(port, `+AT: ERROR(${badForm})`);
    const name = parts[1]!.toUpperCase();
    const rest = parts[2];
    // An uplink of text may hold any number of commas.
    const values = rest === undefined ? [] : valuesIn(rest);
    const tooMany = values.length > mostValues && !/^C?MSG$/.test(name);
    const answer = tooMany ? -20 : told(name, { rest, values }, port);
    if (answer === undefined) return;
    if (typeof answer === 'number') return board.say(port, `+${answer === unknown ? 'AT' : name}: ERROR(${answer})`);
    board.say(port, ...answer.map((one) => `+${name}: ${one}`));
  };
};
