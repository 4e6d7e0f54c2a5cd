import { commandsOf, type CommandRow, type CommandTable, type Syntax } from '../../../src/console/dialect.js';
import { hexBytes, int, key, text, word } from '../../../src/console/params.js';
import { hertz, kHz, onOff } from './params.js';

const exact = <const W extends string>(...words: readonly W[]) => word(words, { exact: true });
const counter = int(0, 4_294_967_295);
const channel = int(0, 15);
const rate = int(0, 7);

// Every command has one answer at once. `<get|set>` is `get` in a question and `set` in an order.
const first = <const R extends CommandRow>(row: R): R & { readonly ends: 'first' } => ({ ...row, ends: 'first' });

const sys = {
  version: first({ word: 'sys get ver', what: 'model, version and day of the firmware', read: [text(1, 64)] }),
  hardwareEui: first({ word: 'sys get hweui', what: 'EUI that it was made with', read: [hexBytes(8)] }),
  supply: first({ word: 'sys get vdd', what: 'supply in mV', read: [int(0, 3_600, 'mV')] }),
  sleep: first({
    word: 'sys sleep',
    what: 'sleep; the answer comes when it wakes',
    write: [int(100, 4_294_967_295, 'ms')],
    withinMs: 60_000,
  }),
  restart: { word: 'sys reset', what: 'restart', run: true, ends: 'boot', withinMs: 3_000 },
  factory: { word: 'sys factoryRESET', what: 'factory settings', run: true, ends: 'boot', withinMs: 5_000 },
} as const satisfies CommandTable;

const mac = {
  macReset: first({ word: 'mac reset', what: 'LoRaWAN as new, for a band', write: [exact('868', '433')] }),
  save: first({ word: 'mac save', what: 'store keys, counters and channels', run: true, withinMs: 5_000 }),
  join: first({ word: 'mac join', what: 'join', write: [exact('otaa', 'abp')] }),
  send: first({
    word: 'mac tx',
    what: 'uplink: confirmed or not, port, payload',
    write: [exact('cnf', 'uncnf'), int(1, 223), hexBytes(1, 242)],
  }),
  pause: first({ word: 'mac pause', what: 'free the radio; for how many ms', read: [counter] }),
  resume: first({ word: 'mac resume', what: 'give the radio back to LoRaWAN', run: true }),
  unsilence: first({ word: 'mac forceENABLE', what: 'send again after the network forbade it', run: true }),
  devEui: first({ word: 'mac <get|set> deveui', what: 'DevEUI', read: [hexBytes(8)], write: [hexBytes(8)] }),
  joinEui: first({ word: 'mac <get|set> appeui', what: 'JoinEUI', read: [hexBytes(8)], write: [hexBytes(8)] }),
  devAddr: first({ word: 'mac <get|set> devaddr', what: 'address', read: [hexBytes(4)], write: [hexBytes(4)] }),
  appKey: first({ word: 'mac <get|set> appkey', what: 'AppKey', write: [key(16)] }),
  nwkSKey: first({ word: 'mac <get|set> nwkskey', what: 'network session key', write: [key(16)] }),
  appSKey: first({ word: 'mac <get|set> appskey', what: 'application session key', write: [key(16)] }),
  dataRate: first({ word: 'mac <get|set> dr', what: 'data rate', read: [rate], write: [rate] }),
  adr: first({ word: 'mac <get|set> adr', what: 'adaptive data rate', read: [onOff], write: [onOff] }),
  autoReply: first({ word: 'mac <get|set> ar', what: 'answer pending frames itself', read: [onOff], write: [onOff] }),
  power: first({
    word: 'mac <get|set> pwridx',
    what: 'power index; 0 at 433 MHz only',
    read: [int(0, 5)],
    write: [int(0, 5)],
  }),
  tries: first({
    word: 'mac <get|set> retx',
    what: 'repetitions of a confirmed uplink',
    read: [int(0, 255)],
    write: [int(0, 255)],
  }),
  rxDelay1: first({
    word: 'mac <get|set> rxdelay1',
    what: 'first window',
    read: [int(0, 65_535, 'ms')],
    write: [int(0, 65_535, 'ms')],
  }),
  rxDelay2: first({ word: 'mac get rxdelay2', what: 'second window', read: [int(0, 66_535, 'ms')] }),
  rx2: first({ word: 'mac set rx2', what: 'second window: data rate and frequency', write: [rate, hertz] }),
  rx2Of: first({ word: 'mac get rx2', what: 'second window of a band', write: [exact('868', '433')] }),
  linkCheck: first({ word: 'mac set linkchk', what: 'a link check every so many s', write: [int(0, 65_535, 's')] }),
  battery: first({ word: 'mac set bat', what: 'battery level to report', write: [int(0, 255)] }),
  syncWord: first({ word: 'mac <get|set> sync', what: 'sync word', read: [hexBytes(1)], write: [hexBytes(1)] }),
  upCounter: first({ word: 'mac <get|set> upctr', what: 'next uplink counter', read: [counter], write: [counter] }),
  downCounter: first({ word: 'mac <get|set> dnctr', what: 'next downlink counter', read: [counter], write: [counter] }),
  deviceClass: first({
    word: 'mac <get|set> class',
    what: 'class',
    read: [word(['a', 'c'])],
    write: [exact('a', 'c')],
  }),
  band: first({ word: 'mac get band', what: 'band', read: [exact('868', '433')] }),
  dutyCycle: first({ word: 'mac get dcycleps', what: 'duty cycle that the network orders', read: [int(0, 65_535)] }),
  margin: first({ word: 'mac get mrgn', what: 'margin of the last link check', read: [int(0, 255)] }),
  gateways: first({ word: 'mac get gwnb', what: 'gateways of the last link check', read: [int(0, 255)] }),
  status: first({ word: 'mac get status', what: 'state, as bits', read: [hexBytes(2, 4)] }),
  channelHz: first({ word: 'mac set ch freq', what: 'frequency of a channel', write: [int(3, 15), hertz] }),
  channelCycle: first({ word: 'mac set ch dcycle', what: 'duty cycle of a channel', write: [channel, int(0, 65_535)] }),
  channelRates: first({ word: 'mac set ch drrange', what: 'data rates of a channel', write: [channel, rate, rate] }),
  channelState: first({ word: 'mac set ch status', what: 'whether a channel is used', write: [channel, onOff] }),
  channelHzOf: first({ word: 'mac get ch freq', what: 'frequency of a channel', write: [channel] }),
  channelCycleOf: first({ word: 'mac get ch dcycle', what: 'duty cycle of a channel', write: [channel] }),
  channelRatesOf: first({ word: 'mac get ch drrange', what: 'data rates of a channel', write: [channel] }),
  channelStateOf: first({ word: 'mac get ch status', what: 'whether a channel is used', write: [channel] }),
} as const satisfies CommandTable;

const radioRow = <const W extends string, const P extends CommandRow['write'] & {}>(name: W, what: string, param: P) =>
  first({ word: `radio <get|set> ${name}`, what, read: param, write: param });

const radio = {
  receive: first({ word: 'radio rx', what: 'receive for so many symbols; 0 is on and on', write: [int(0, 65_535)] }),
  transmit: first({ word: 'radio tx', what: 'send a bare frame', write: [hexBytes(1, 255)] }),
  stopReceiving: first({ word: 'radio rxstop', what: 'stop receiving', run: true }),
  carrier: first({ word: 'radio cw', what: 'carrier; off is a restart', write: [exact('on')] }),
  carrierOff: { word: 'radio cw off', what: 'no carrier, and a restart', run: true, ends: 'boot', withinMs: 3_000 },
  shaping: radioRow('bt', 'shaping of FSK', [exact('none', '1.0', '0.5', '0.3')]),
  modulation: radioRow('mod', 'modulation', [exact('lora', 'fsk')]),
  frequency: radioRow('freq', 'frequency', [hertz]),
  radioPower: radioRow('pwr', 'power', [int(-3, 15, 'dBm')]),
  spreading: radioRow('sf', 'spreading factor', [exact('sf7', 'sf8', 'sf9', 'sf10', 'sf11', 'sf12')]),
  correction: radioRow('afcbw', 'bandwidth of the frequency correction', [kHz]),
  receiverWidth: radioRow('rxbw', 'bandwidth of the FSK receiver', [kHz]),
  bitRate: radioRow('bitrate', 'bits in a second of FSK', [int(1, 300_000)]),
  deviation: radioRow('fdev', 'frequency deviation', [int(0, 200_000, 'Hz')]),
  preamble: radioRow('prlen', 'symbols of the preamble', [int(0, 65_535)]),
  crc: radioRow('crc', 'checksum', [onOff]),
  inverted: radioRow('iqi', 'inverted signal', [onOff]),
  coding: radioRow('cr', 'coding rate', [exact('4/5', '4/6', '4/7', '4/8')]),
  watchdog: radioRow('wdt', 'longest time of sending or receiving, 0 is any', [counter]),
  radioSync: radioRow('sync', 'sync word', [hexBytes(1, 8)]),
  bandwidth: radioRow('bw', 'bandwidth', [exact('125', '250', '500')]),
  snr: first({ word: 'radio get snr', what: 'SNR of the last frame', read: [int(-128, 127, 'dB')] }),
  rssi: first({ word: 'radio get rssi', what: 'level of the last frame', read: [int(-255, 127, 'dBm')] }),
} as const satisfies CommandTable;

export const table = { ...sys, ...mac, ...radio } as const satisfies CommandTable;

export const syntax: Syntax = {
  ask: (name) => name.replace('<get|set>', 'get'),
  set: (name, values) => [name.replace('<get|set>', 'set'), ...values].join(' '),
  run: (name) => name,
  // Values stand alone.
  value: (line) => line,
  separator: ' ',
};

export const commands = commandsOf(table, syntax);
