import type { CommandTable, Syntax } from '../../../src/console/dialect.js';
import { coded, flag, hexBytes, int, key, text, word } from '../../../src/console/params.js';

/** Regions by their names in `lora:region`. */
export const regions = [
  ...(['EU433', 'CN470', 'IN865', 'EU868', 'US915', 'AU915', 'KR920'] as const),
  ...(['AS923', 'AS923-1', 'AS923-2', 'AS923-3', 'AS923-4'] as const),
] as const;

const eui = hexBytes(8);
const address = hexBytes(4);
const aesKey = key(16);
const uart = int(1, 3);
const pin = int(1, 64);
const line = text(1, 250);
const bauds = word(['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'], { exact: true });

// A line has 255 characters with its end (manual, "AT Command Syntax"): what `at+send=lora:223:` leaves for the payload.
const payload = hexBytes(1, 118);

/** All commands. The word is the path after `at+`; a key of `lora` can be written one by one and read only in `lora:status`. */
export const table = {
  version: { word: 'version', what: 'firmware version; of the bootloader in boot mode', read: [text(1, 64)] },
  help: { word: 'help', what: 'all commands', read: [line], ends: 'idle' },
  restart: { word: 'set_config=device:restart', what: 'restart', run: true, ends: 'boot', withinMs: 5_000 },
  boot: { word: 'set_config=device:boot', what: 'enter the bootloader', run: true, ends: 'boot', withinMs: 5_000 },
  leaveBoot: { word: 'run', what: 'leave the bootloader', run: true, ends: 'boot', withinMs: 5_000 },
  bootStatus: { word: 'bootstatus', what: 'whether it is in the bootloader', run: true, ends: 'first' },
  bootVersion: { word: 'bootver=?', what: 'bootloader version', run: true, ends: 'first' },
  bootReset: { word: 'reset', what: 'restart, from the bootloader', run: true, ends: 'boot', withinMs: 5_000 },
  bootUpdate: { word: 'update', what: 'wait for a firmware, in the bootloader', run: true, ends: 'first' },
  sleep: { word: 'set_config=device:sleep', what: 'sleep (1), wake up (0)', write: [flag] },
  device: { word: 'get_config=device:status', what: 'board, controller, radio', read: [line], ends: 'idle' },
  baud: { word: 'set_config=device:uart', what: 'speed of a port', write: [uart, bauds] },
  dataMode: { word: 'set_config=device:uart_mode', what: 'data mode of a port', write: [uart, int(1, 1)] },
  sendUart: { word: 'send=uart', what: 'text out of a port', write: [uart, text(1, 235)] },
  readPin: { word: 'get_config=device:gpio', what: 'level of a pin', write: [pin] },
  writePin: { word: 'set_config=device:gpio', what: 'level of a pin', write: [pin, flag] },
  readAdc: { word: 'get_config=device:adc', what: 'voltage at a pin', write: [pin] },
  join: { word: 'join', what: 'join; it answers when that is decided', run: true, withinMs: 60_000 },
  send: { word: 'send=lora', what: 'port, payload', write: [int(1, 223), payload], withinMs: 60_000 },
  region: { word: 'set_config=lora:region', what: 'region', write: [word(regions)] },
  channels: { word: 'get_config=lora:channel', what: 'channels', read: [text(1, 4096)] },
  channelMask: { word: 'set_config=lora:ch_mask', what: 'a channel on or off', write: [int(0, 95), flag] },
  devEui: { word: 'set_config=lora:dev_eui', what: 'DevEUI', write: [eui] },
  joinEui: { word: 'set_config=lora:app_eui', what: 'JoinEUI', write: [eui] },
  appKey: { word: 'set_config=lora:app_key', what: 'AppKey', write: [aesKey] },
  devAddr: { word: 'set_config=lora:dev_addr', what: 'device address', write: [address] },
  appSKey: { word: 'set_config=lora:apps_key', what: 'application session key', write: [aesKey] },
  nwkSKey: { word: 'set_config=lora:nwks_key', what: 'network session key', write: [aesKey] },
  multicast: { word: 'set_config=lora:multicastenable', what: 'multicast', write: [flag] },
  multicastAddr: { word: 'set_config=lora:multicast_dev_addr', what: 'multicast address', write: [address] },
  multicastAppSKey: { word: 'set_config=lora:multicast_apps_key', what: 'multicast key', write: [aesKey] },
  multicastNwkSKey: { word: 'set_config=lora:multicast_nwks_key', what: 'multicast key', write: [aesKey] },
  // The opposite of NJM, by which RAK's later firmware says the same.
  activation: { word: 'set_config=lora:join_mode', what: 'OTAA or ABP', write: [coded({ otaa: '0', abp: '1' })] },
  // Class B has the number 1 and is not supported.
  deviceClass: { word: 'set_config=lora:class', what: 'class', write: [coded({ A: '0', C: '2' })] },
  confirmed: { word: 'set_config=lora:confirm', what: 'uplinks ask for an acknowledgement', write: [flag] },
  dataRate: { word: 'set_config=lora:dr', what: 'data rate', write: [int(0, 7)] },
  txPower: { word: 'set_config=lora:tx_power', what: 'power index, 0 is full', write: [int(0, 14)] },
  adr: { word: 'set_config=lora:adr', what: 'adaptive data rate', write: [flag] },
  dutyCycle: { word: 'set_config=lora:dutycycle_enable', what: 'keep the duty cycle', write: [flag] },
  repeats: { word: 'set_config=lora:send_repeat_cnt', what: 'repetitions without acknowledgement', write: [int(0, 7)] },
  sendInterval: {
    word: 'set_config=lora:send_interval',
    what: 'sending by itself: on or off, seconds (RAK811)',
    write: [flag, int(0, 65_535, 's')],
  },
  defaults: { word: 'set_config=lora:default_parameters', what: 'keys and addresses of the factory', run: true },
  status: { word: 'get_config=lora:status', what: 'all of LoRaWAN, keys too', read: [line], ends: 'idle' },
  workMode: {
    word: 'set_config=lora:work_mode',
    what: 'LoRaWAN or point to point; it restarts',
    write: [coded({ lorawan: '0', p2p: '1' })],
    ends: 'boot',
    withinMs: 5_000,
  },
  p2p: {
    word: 'set_config=lorap2p',
    what: 'point to point: Hz, SF, bandwidth (125, 250, 500 kHz), coding rate, preamble, dBm',
    write: [int(137_000_000, 1_020_000_000), int(6, 12), int(0, 2), int(1, 4), int(5, 65_535), int(5, 20)],
  },
  p2pTransfer: {
    word: 'set_config=lorap2p:transfer_mode',
    what: 'point to point: receive or send',
    write: [coded({ receive: '1', send: '2' })],
  },
  p2pSend: { word: 'send=lorap2p', what: 'point to point: payload', write: [hexBytes(1, 118)], withinMs: 10_000 },
} as const satisfies CommandTable;

export type Name = keyof typeof table;

/** `at+set_config=lora:dr:5`, `at+get_config=lora:status`, `at+join`. */
export const syntax: Syntax = {
  ask: (path) => `at+${path}`,
  set: (path, values) => `at+${path}:${values.join(':')}`,
  run: (path) => `at+${path}`,
  // `OK` before the first line is the status; what follows it is the value.
  value: (text) => text,
  separator: '\u0000',
};
