import type { CommandTable, Syntax } from '../../../src/console/dialect.js';
import { flag, hexBytes, int, key, text, word } from '../../../src/console/params.js';

const eui = hexBytes(8);
const aesKey = key(16);
const told = { ends: 'value' } as const;
const one = <const P>(param: P): { readonly read: readonly [P]; readonly write: readonly [P] } => ({
  read: [param],
  write: [param],
});

/** Commands of Heltec's "AT Rev 1.3". Each is told back as `+Name=value` after `+OK`, but where it says otherwise. */
export const table = {
  devEui: { word: 'DevEui', what: 'DevEUI', ...one(eui), ...told },
  joinEui: { word: 'AppEui', what: 'JoinEUI', ...one(eui), ...told },
  appKey: { word: 'AppKey', what: 'AppKey', ...one(aesKey), ...told },
  nwkSKey: { word: 'NwkSKey', what: 'network session key', ...one(aesKey), ...told },
  appSKey: { word: 'AppSKey', what: 'application session key', ...one(aesKey), ...told },
  devAddr: { word: 'DevAddr', what: 'device address', ...one(hexBytes(4)), ...told },
  otaa: { word: 'OTAA', what: 'join over the air, or ABP', ...one(flag), ...told },
  adr: { word: 'ADR', what: 'adaptive data rate', ...one(flag), ...told },
  confirmed: { word: 'IsTxConfirmed', what: 'uplinks ask to be acknowledged', ...one(flag), ...told },
  keepNet: { word: 'KeepNet', what: 'keep the session over a restart', ...one(flag), ...told },
  autoSleep: { word: 'AutoLPM', what: 'go to sleep by itself', ...one(flag), ...told },
  lorawan: { word: 'LORAWAN', what: 'LoRaWAN, or LoRa from board to board', ...one(flag), ...told },
  deviceClass: { word: 'Class', what: 'class', ...one(word(['A', 'C'], { exact: true })), ...told },
  port: { word: 'AppPort', what: 'port of uplinks', ...one(int(0, 255)), ...told },
  trials: { word: 'ConfirmedNbTrials', what: 'times that a confirmed uplink is sent', ...one(int(1, 8)), ...told },
  period: { word: 'DutyCycle', what: 'time between uplinks', ...one(int(0, 4_294_967_295, 'ms')), ...told },
  channels: { word: 'ChMask', what: 'channel mask, the highest channels first', ...one(hexBytes(12)), ...told },
  // Which ones there are is a matter of the region: the board decides.
  dataRate: { word: 'SetDR', what: 'data rate without ADR', ...one(int(0, 15)), ...told },
  join: { word: 'Join', what: 'join', run: true },
  sleep: { word: 'LPM', what: 'go to sleep', run: true },
  restart: { word: 'RESET', what: 'restart', run: true, ends: 'boot', withinMs: 5_000 },
  factory: { word: 'DefaultSet', what: 'restore factory settings', run: true, ends: 'boot', withinMs: 5_000 },
  sendHex: { word: 'SendHex', what: 'send bytes', write: [hexBytes(1, 242)], ...told },
  sendText: { word: 'SendStr', what: 'send text', write: [text(1, 242)], ...told },
  lora: {
    word: 'LoraSet',
    what: 'frequency, power, SF, bandwidth, coding rate, preamble, CRC, IQ inverted, keep',
    write: [
      int(150_000_000, 960_000_000, 'Hz'),
      int(0, 22, 'dBm'),
      int(5, 12),
      int(0, 2),
      int(1, 4),
      int(4, 65_535),
      flag,
      flag,
      flag,
    ],
    ...told,
  },
  receive: { word: 'RX', what: 'listen for LoRa packets', write: [int(0, 60_000, 'ms')], ...told },
  printMode: { word: 'PrintMode', what: 'print LoRa packets as hex, or as text', ...one(flag), ...told },
  copyright: { word: 'Copyright', what: 'print the copyright line at the start', ...one(flag), ...told },
  chipId: { word: 'ChipID', what: 'number of the chip', read: [hexBytes(6)], ...told },
  licence: { word: 'CDKEY', what: 'licence of the board', read: [key(16)], write: [key(16)], ...told },
  noLicence: { word: 'DelCDKEY', what: 'delete the licence', run: true },
  busy: { word: 'Busy', what: 'whether the MAC is at work', read: [flag], ...told },
} as const satisfies CommandTable;

/** What stands before a value, where it is not `+Name=`. */
const prefixes: Readonly<Record<string, string>> = {
  ChipID: '+ChipID:',
  SendHex: '+Send Hex Data:',
  SendStr: '+Send String:',
  LoraSet: '+LoraPara:',
};

const after = (line: string, prefix: string | undefined): string | undefined =>
  prefix !== undefined && line.startsWith(prefix) ? line.slice(prefix.length) : undefined;

export const syntax: Syntax = {
  ask: (name) => `AT+${name}=?`,
  set: (name, values) => `AT+${name}=${values.join(',')}`,
  run: (name) => `AT+${name}=1`,
  value(line, name) {
    const value = after(line, prefixes[name]) ?? after(line, `+${name}=`);
    return value?.replace(/\(For (?:OTAA|ABP) Mode\)$/, '').trim();
  },
  separator: ',',
};
