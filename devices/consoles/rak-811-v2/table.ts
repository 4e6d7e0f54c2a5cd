import { ok } from '../../../src/base/result.js';
import type { CommandTable, Syntax } from '../../../src/console/dialect.js';
import {
  coded,
  flag,
  hexBytes,
  int,
  key,
  optional,
  text,
  word,
  type AnyParam,
  type Param,
} from '../../../src/console/params.js';

/** Regions by their names in `at+band`. */
export const bands = ['EU868', 'US915', 'AU915', 'KR920', 'AS923', 'IN865', 'CN470', 'EU433'] as const;

const lower = { case: 'lower' } as const;
const eui = hexBytes(8, 8, lower);
const address = hexBytes(4, 4, lower);
const aesKey = key(16, lower);
const payload = hexBytes(1, 64, lower);
const register = hexBytes(1, 2, lower);
const pin = int(1, 32);
const count = int(0, 4_294_967_295);
const hertz = int(137_000_000, 1_020_000_000);
const rate = int(0, 7);
const modes = coded({ lorawan: '0', p2p: '1' });
const classes = coded({ A: '0', C: '2' });
const bauds = word(['9600', '19200', '38400', '57600', '115200'], { exact: true });

const onOffWords = word(['on', 'off'], { exact: true });
const onOff: Param<boolean> = {
  form: onOffWords.form,
  read(value) {
    const read = onOffWords.read(value);
    return read.ok ? ok(read.value === 'on') : read;
  },
  write: (value) => (value ? 'on' : 'off'),
  sample: (dice) => dice.next() < 0.5,
};

const rf = [hertz, int(6, 12), int(0, 2), int(1, 4), int(5, 65_535), int(5, 20)] as const;
const serial = [bauds, int(8, 8), int(0, 2), int(1, 2), flag] as const;
const both = <const P extends readonly AnyParam[]>(...params: P) => ({ read: params, write: params });

/** All commands. What begins `config:` is a key of `at+get_config` and `at+set_config`, the rest stands behind `at+`. */
export const table = {
  version: { word: 'version', what: 'firmware version', read: [text(1, 32)] },
  sleep: { word: 'sleep', what: 'sleep until a character comes', run: true },
  reset: { word: 'reset', what: 'restart all, or LoRaWAN only', write: [coded({ module: '0', stack: '1' })] },
  reload: { word: 'reload', what: 'settings of the factory, no keys', run: true, withinMs: 5_000 },
  mode: { word: 'mode', what: 'LoRaWAN or point to point', ...both(modes) },
  levels: { word: 'recv_ex', what: 'events tell RSSI and SNR; not stored', ...both(flag) },
  band: { word: 'band', what: 'region', ...both(word(bands, { exact: true })) },
  join: { word: 'join', what: 'join', write: [word(['otaa', 'abp'], { exact: true })] },
  signal: { word: 'signal', what: 'RSSI and SNR of the last downlink', read: [text(1, 16)] },
  currentRate: { word: 'dr', what: 'data rate of the next uplink', ...both(rate) },
  counters: { word: 'link_cnt', what: 'frame counters up, down', ...both(count, count) },
  session: {
    word: 'abp_info',
    what: 'NetID, address and keys of the session',
    read: [text(1, 8), text(1, 8), aesKey, aesKey],
  },
  send: { word: 'send', what: 'acknowledged or not, port, payload', write: [flag, int(1, 223), payload] },
  rf: {
    word: 'rf_config',
    what: 'point to point: Hz, SF, bandwidth (125, 250, 500 kHz), coding rate, preamble, dBm',
    ...both(...rf),
  },
  p2pSend: {
    word: 'txc',
    what: 'point to point: how often, every ms, payload',
    write: [int(1, 65_535), int(10, 3_600_000, 'ms'), payload],
  },
  p2pSendStop: { word: 'tx_stop', what: 'point to point: stop sending', run: true },
  p2pReceive: { word: 'rxc', what: 'point to point: receive, tell or not', write: [flag] },
  p2pReceiveStop: { word: 'rx_stop', what: 'point to point: stop receiving', run: true },
  statistics: {
    word: 'status',
    what: 'sent, failed, received, timeouts, spoilt, RSSI, SNR; 0 clears',
    read: [text(1, 64)],
    write: [int(0, 0)],
  },
  uart: { word: 'uart', what: 'speed, bits, parity, stop bits, flow; from the next restart on', ...both(...serial) },
  readRegister: { word: 'rd_reg', what: 'radio registers', write: [register, optional(int(1, 64))] },
  writeRegister: { word: 'wr_reg', what: 'radio registers', write: [register, payload] },
  pin: { word: 'gpio', what: 'level of a pin, read or written', write: [pin, optional(flag)] },
  adc: { word: 'rd_adc', what: 'voltage at a pin, 0 to 4095', write: [pin] },
  readI2c: { word: 'rd_iic', what: 'I2C', write: [register, register, optional(int(1, 64))] },
  writeI2c: { word: 'wr_iic', what: 'I2C', write: [register, register, payload] },
  devAddr: { word: 'config:dev_addr', what: 'device address', ...both(address) },
  devEui: { word: 'config:dev_eui', what: 'DevEUI', ...both(eui) },
  joinEui: { word: 'config:app_eui', what: 'JoinEUI', ...both(eui) },
  appKey: { word: 'config:app_key', what: 'AppKey', ...both(aesKey) },
  nwkSKey: { word: 'config:nwks_key', what: 'network session key', ...both(aesKey) },
  appSKey: { word: 'config:apps_key', what: 'application session key', ...both(aesKey) },
  txPower: { word: 'config:pwr_level', what: 'power index, 0 is full', ...both(int(0, 15)) },
  oldTxPower: { word: 'config:tx_power', what: 'power in dBm, of older firmware', ...both(int(0, 30)) },
  adr: { word: 'config:adr', what: 'adaptive data rate', ...both(onOff) },
  dataRate: { word: 'config:dr', what: 'data rate after a start', ...both(rate) },
  publicNetwork: { word: 'config:public_net', what: 'public sync word', ...both(onOff) },
  rxDelay1: { word: 'config:rx_delay1', what: 'first window', ...both(int(1, 65_535, 'ms')) },
  channels: {
    word: 'config:ch_list',
    what: 'channels: number, on with Hz and data rates, or off',
    read: [text(1, 4096)],
    write: [int(0, 95), onOff, optional(hertz), optional(int(0, 15)), optional(int(0, 15))],
  },
  channelMask: {
    word: 'config:ch_mask',
    what: 'sixteen channels on or off: which sixteen, mask',
    read: [text(1, 64)],
    write: [int(0, 5), hexBytes(2, 2, lower)],
  },
  mostChannels: { word: 'config:max_chs', what: 'how many channels there can be', read: [int(1, 96)] },
  rx2: { word: 'config:rx2', what: 'second window: data rate, Hz', ...both(rate, hertz) },
  tries: { word: 'config:retrans', what: 'transmissions of a confirmed uplink', ...both(int(1, 255)) },
  joinTries: { word: 'config:join_cnt', what: 'join requests for one join', ...both(int(1, 255)) },
  repeats: { word: 'config:nbtrans', what: 'transmissions of an uplink', ...both(int(1, 15)) },
  deviceClass: { word: 'config:class', what: 'class', ...both(classes) },
  dutyCycle: { word: 'config:duty', what: 'keep the duty cycle', ...both(onOff) },
} as const satisfies CommandTable;

export type Name = keyof typeof table;

const configKey = (path: string): string | undefined => (path.startsWith('config:') ? path.slice(7) : undefined);

/** `at+band=EU868`, `at+get_config=dev_eui`, `at+set_config=dev_eui:0011223344556677`. */
export const syntax: Syntax = {
  ask(path) {
    const name = configKey(path);
    return name === undefined ? `at+${path}` : `at+get_config=${name}`;
  },
  set(path, values) {
    const name = configKey(path);
    return name === undefined ? `at+${path}=${values.join(',')}` : `at+set_config=${name}:${values.join(',')}`;
  },
  run: (path) => `at+${path}`,
  // `OK` before the value is the status.
  value: (line) => line,
  separator: ',',
};
