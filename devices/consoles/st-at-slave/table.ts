import { commandsOf, type CommandTable, type Syntax } from '../../../src/console/dialect.js';
import { flag, hexBytes, int, key, text, word } from '../../../src/console/params.js';
import { band, hop, testSetting } from './params.js';

const eui = hexBytes(8, 8, { separator: ':' });
const aesKey = key(16, { separator: ':' });
const address = hexBytes(4, 4, { separator: ':' });

/** Test commands answer when the test is over. */
const testMs = 120_000;

export const table = {
  at: { word: '', what: 'whether it is there', run: true },
  restart: { word: 'Z', what: 'restart', run: true, ends: 'boot', withinMs: 3_000 },
  factory: { word: '+RFS', what: 'restore factory settings, and restart', run: true, ends: 'boot', withinMs: 5_000 },
  store: { word: '+CS', what: 'store the context', run: true },
  version: { word: '+VER', what: 'versions of the firmware and its parts', read: [text(1, 64)] },
  verbose: { word: '+VL', what: 'how much it tells', read: [int(0, 3)], write: [int(0, 3)] },
  localTime: { word: '+LTIME', what: 'local time', read: [text(1, 64)] },
  joinEui: { word: '+APPEUI', what: 'JoinEUI', read: [eui], write: [eui] },
  devEui: { word: '+DEUI', what: 'DevEUI', read: [eui], write: [eui] },
  nwkKey: { word: '+NWKKEY', what: 'network root key', read: [aesKey], write: [aesKey] },
  appKey: { word: '+APPKEY', what: 'AppKey', read: [aesKey], write: [aesKey] },
  nwkSKey: { word: '+NWKSKEY', what: 'network session key', read: [aesKey], write: [aesKey] },
  appSKey: { word: '+APPSKEY', what: 'application session key', read: [aesKey], write: [aesKey] },
  devAddr: { word: '+DADDR', what: 'device address', read: [address], write: [address] },
  networkId: { word: '+NWKID', what: 'network id', read: [int(0, 127)], write: [int(0, 127)] },
  join: { word: '+JOIN', what: 'join: 0 is ABP, 1 is OTAA', write: [int(0, 1)] },
  linkCheck: { word: '+LINKC', what: 'a link check with the next uplink', run: true },
  send: { word: '+SEND', what: 'port, acknowledged or not, payload', write: [int(1, 199), flag, hexBytes(0, 242)] },
  adr: { word: '+ADR', what: 'adaptive data rate', read: [flag], write: [flag] },
  dataRate: { word: '+DR', what: 'data rate', read: [int(0, 7)], write: [int(0, 7)] },
  band: { word: '+BAND', what: 'region', read: [band], write: [int(0, 9)] },
  deviceClass: {
    word: '+CLASS',
    what: 'class',
    read: [word(['A', 'B', 'C', 'B,S0', 'B,S1', 'B,S2'])],
    write: [word(['A', 'B', 'C'], { exact: true })],
  },
  dutyCycle: { word: '+DCS', what: 'keep the duty cycle', read: [flag], write: [flag] },
  joinDelay1: {
    word: '+JN1DL',
    what: 'first join window',
    read: [int(0, 60_000, 'ms')],
    write: [int(1, 60_000, 'ms')],
  },
  joinDelay2: {
    word: '+JN2DL',
    what: 'second join window',
    read: [int(0, 60_000, 'ms')],
    write: [int(1, 60_000, 'ms')],
  },
  rxDelay1: { word: '+RX1DL', what: 'first window', read: [int(0, 60_000, 'ms')], write: [int(1, 60_000, 'ms')] },
  rxDelay2: { word: '+RX2DL', what: 'second window', read: [int(0, 60_000, 'ms')], write: [int(1, 60_000, 'ms')] },
  rx2DataRate: { word: '+RX2DR', what: 'data rate of the second window', read: [int(0, 7)], write: [int(0, 7)] },
  rx2Hz: {
    word: '+RX2FQ',
    what: 'frequency of the second window',
    read: [int(0, 1e9, 'Hz')],
    write: [int(1, 1e9, 'Hz')],
  },
  txPower: { word: '+TXP', what: 'power index, 0 is full', read: [int(0, 15)], write: [int(0, 15)] },
  pingSlot: { word: '+PGSLOT', what: 'class B ping slot', read: [int(0, 7)], write: [int(0, 7)] },
  testTone: { word: '+TTONE', what: 'RF test: a tone', run: true },
  testRssi: { word: '+TRSSI', what: 'RF test: level', run: true },
  testConfig: { word: '+TCONF', what: 'RF test: settings', read: [testSetting], write: [testSetting] },
  testTx: { word: '+TTX', what: 'RF test: send packets', write: [int(1, 65_535)], withinMs: testMs },
  testRx: { word: '+TRX', what: 'RF test: receive packets', write: [int(1, 65_535)], withinMs: testMs },
  testHop: { word: '+TTH', what: 'RF test: hop', write: [hop], withinMs: testMs },
  testOff: { word: '+TOFF', what: 'RF test: end', run: true },
  writeRegister: { word: '+REGW', what: 'write a radio register', write: [hexBytes(2), hexBytes(1)] },
  readRegister: { word: '+REGR', what: 'read a radio register', write: [hexBytes(2)] },
  certification: { word: '+CERTIF', what: 'certification mode, with a join: 0 is ABP, 1 is OTAA', write: [int(0, 1)] },
  battery: { word: '+BAT', what: 'battery in mV', read: [int(0, 65_535, 'mV')] },
} as const satisfies CommandTable;

export const syntax: Syntax = {
  ask: (name) => `AT${name}=?`,
  set: (name, values) => `AT${name}=${values.join(':')}`,
  run: (name) => `AT${name}`,
  // Values stand alone, without the command's name; of a dozen lines on the radio test one can be set again.
  value: (line, name) => (name === '+TCONF' ? /AT\+TCONF=(\S+)$/.exec(line)?.[1] : line),
  // A key's own colons are no separators: no answer has more than one value.
  separator: '\u0000',
};

export const commands = commandsOf(table, syntax);
