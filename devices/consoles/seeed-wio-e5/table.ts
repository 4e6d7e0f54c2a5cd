import { fail } from '../../../src/base/problem.js';
import { ok } from '../../../src/base/result.js';
import { commandsOf, type CommandTable, type Syntax } from '../../../src/console/dialect.js';
import { decimal, hexBytes, int, key, text, word, type Param } from '../../../src/console/params.js';

/** In quotation marks when written; read with and without. */
const quoted = <T>(param: Param<T>): Param<T> => ({
  ...param,
  form: `"${param.form}"`,
  read: (line) => param.read(/^"(.*)"$/.exec(line)?.[1] ?? line),
  write: (value) => `"${param.write(value)}"`,
});

/** A whole number after a letter or two, which may be absent when read: `SF12`. */
const lettered = (letters: string, least: number, most: number): Param<number> => {
  const plain = int(least, most);
  return {
    ...plain,
    form: `${letters}${least} to ${letters}${most}`,
    read: (line) => plain.read(line.toUpperCase().startsWith(letters) ? line.slice(letters.length) : line),
    write: (value) => `${letters}${value}`,
  };
};

const channels: Param<string> = {
  form: 'channels such as 0-2 or 0,1,2',
  read: (line) =>
    /^\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*$/.test(line)
      ? ok(line)
      : fail('console-value', { text: line, form: 'channels such as 0-2 or 0,1,2' }),
  write: (value) => value,
  sample: (dice) => ['0-2', '8-15', '0', '0,1,2'][Math.floor(dice.next() * 4)]!,
};

/** Speeds that `AT+UART` takes. */
export const speeds = ['9600', '14400', '19200', '38400', '57600', '76800', '115200', '230400'] as const;
/** Channel plans that `AT+DR` takes. */
export const schemes = 'EU868 US915 AU915 AS923 KR920 IN865 RU864 CN470 CN779 EU433'.split(' ');

const eui = hexBytes(8, 8, { separator: ':' });
const onOff = word(['ON', 'OFF']);
// Blanks between bytes are allowed, and a long payload with them is longer than a line may be.
const payload = quoted(hexBytes(0, 242));
/** `ACK` and up to three repetitions with pauses between them. */
const confirmedMs = 120_000;
const sendMs = 30_000;

// A word may have two parts: `ID=DevEui` is the question `AT+ID=DevEui`, and `AT+ID=DevEui,"..."` the order.
export const table = {
  at: { word: '', what: 'whether it is there', run: true },
  version: { word: 'VER', what: 'version of the firmware', read: [text(1, 32)] },
  reset: { word: 'RESET', what: 'restart', run: true },
  factory: { word: 'FDEFAULT', what: 'restore factory settings', run: true },
  ids: { word: 'ID', what: 'DevAddr, DevEUI and JoinEUI', run: true },
  devAddr: {
    word: 'ID=DevAddr',
    what: 'device address',
    read: [hexBytes(4, 4, { separator: ':' })],
    write: [quoted(hexBytes(4))],
  },
  devEui: { word: 'ID=DevEui', what: 'DevEUI', read: [eui], write: [quoted(hexBytes(8))] },
  joinEui: { word: 'ID=AppEui', what: 'JoinEUI', read: [eui], write: [quoted(hexBytes(8))] },
  appKey: { word: 'KEY=APPKEY', what: 'AppKey', write: [quoted(key(16))] },
  nwkSKey: { word: 'KEY=NWKSKEY', what: 'network session key', write: [quoted(key(16))] },
  appSKey: { word: 'KEY=APPSKEY', what: 'application session key', write: [quoted(key(16))] },
  dataRate: { word: 'DR', what: 'data rate', read: [lettered('DR', 0, 7)], write: [int(0, 7)] },
  region: { word: 'DR', what: 'channel plan', write: [word(schemes)] },
  scheme: { word: 'DR=SCHEME', what: 'channel plan', read: [word(schemes)] },
  channels: { word: 'CH=NUM', what: 'channels in use', read: [channels], write: [channels] },
  mode: {
    word: 'MODE',
    what: 'LoRaWAN with a join, with ABP, or radio test',
    read: [word(['LWOTAA', 'LWABP', 'TEST'])],
    write: [word(['LWOTAA', 'LWABP', 'TEST'])],
  },
  join: { word: 'JOIN', what: 'join, unless it has joined', run: true, withinMs: 30_000 },
  joinAnew: { word: 'JOIN=FORCE', what: 'join, even if it has joined', run: true, withinMs: 30_000 },
  port: { word: 'PORT', what: 'port of uplinks', read: [int(1, 255)], write: [int(1, 255)] },
  adr: { word: 'ADR', what: 'adaptive data rate', read: [onOff], write: [onOff] },
  deviceClass: { word: 'CLASS', what: 'class', read: [word(['A', 'B', 'C'])], write: [word(['A', 'B', 'C'])] },
  sendText: { word: 'MSG', what: 'uplink of text', write: [quoted(text(0, 242))], withinMs: sendMs },
  send: { word: 'MSGHEX', what: 'uplink', write: [payload], withinMs: sendMs },
  sendTextConfirmed: {
    word: 'CMSG',
    what: 'confirmed uplink of text',
    write: [quoted(text(0, 242))],
    withinMs: confirmedMs,
  },
  sendConfirmed: { word: 'CMSGHEX', what: 'confirmed uplink', write: [payload], withinMs: confirmedMs },
  testConfig: {
    word: 'TEST=RFCFG',
    what: 'radio test: MHz, spreading, kHz, preambles out and in, dBm, CRC, inverted, public network',
    write: [
      ...([decimal(433, 928, 3, 'MHz'), lettered('SF', 7, 12), word(['125', '250', '500'])] as const),
      ...([int(1, 65_535), int(1, 65_535), int(-9, 22, 'dBm'), onOff, onOff, onOff] as const),
    ],
  },
  testReceive: { word: 'TEST=RXLRPKT', what: 'radio test: receive until told otherwise', run: true },
  testSend: { word: 'TEST=TXLRPKT', what: 'radio test: send', write: [quoted(hexBytes(1, 253))] },
  sleep: { word: 'LOWPOWER', what: 'sleep until a byte comes', run: true },
  speed: { word: 'UART=BR', what: 'speed of the port, after a restart', write: [word(speeds)] },
  inputTimeout: {
    word: 'UART=TIMEOUT',
    what: 'longest pause in a line, 0 is any',
    write: [int(0, 1_000, 'ms')],
  },
} as const satisfies CommandTable;

const escaped = (name: string): string => name.replace(/[^A-Za-z]/g, '');

export const syntax: Syntax = {
  ask: (name) => `AT+${name}`,
  set: (name, values) => `AT+${name}${name.includes('=') ? ',' : '='}${values.join(',')}`,
  run: (name) => (name === '' ? 'AT' : `AT+${name}`),
  value(line, name) {
    const [command = '', part = ''] = name.split('=');
    // `+DR: EU868` answers `AT+DR=SCHEME`: the only part that is not repeated.
    const again = part === '' || part === 'SCHEME' ? '' : `${escaped(part)},? `;
    return new RegExp(`^\\+${escaped(command)}: ${again}(.*)$`, 'i').exec(line)?.[1];
  },
  separator: ',',
};

export const commands = commandsOf(table, syntax);
