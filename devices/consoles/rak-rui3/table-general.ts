import type { CommandTable } from '../../../src/console/dialect.js';
import { decimal, flag, hexBytes, int, text, word } from '../../../src/console/params.js';
import { words } from './params.js';

// AT+FSN and AT+FACTORY are left out: they are the factory's, and nobody else's to use.

const testHz = int(150_000_000, 960_000_000, 'Hz');
/** Frequency, power, bandwidth, spreading or bit rate, coding rate, amplifiers, modulation, length, deviation, and two of FSK. */
const testConfig = [
  ...([testHz, int(-9, 22, 'dBm'), int(0, 467_000), int(5, 300_000), int(0, 8), flag, flag] as const),
  ...([int(0, 2), int(1, 256), int(0, 200_000), int(0, 2), int(0, 3)] as const),
] as const;
const hopping = [testHz, testHz, int(1, 100_000_000, 'Hz'), int(1, 65_535)] as const;

/** What works in every mode: the board itself, its port, its name. */
export const general = {
  at: { word: '', what: 'whether it is there', run: true },
  echo: { word: 'E', what: 'echo on or off, in turn', run: true },
  restart: { word: 'Z', what: 'restart', run: true, ends: 'boot', withinMs: 5_000 },
  factory: { word: 'R', what: 'restore factory settings and restart', run: true, ends: 'boot', withinMs: 5_000 },
  bootloader: { word: '+BOOT', what: 'restart in the bootloader', run: true, ends: 'boot', withinMs: 5_000 },
  bootloaderVersion: { word: '+BOOTVER', what: 'version of the bootloader', read: [words] },
  serial: { word: '+SN', what: 'serial number', read: [text(1, 18)] },
  alias: { word: '+ALIAS', what: 'a name for the board', read: [text(0, 16)], write: [text(1, 16)] },
  battery: { word: '+BAT', what: 'battery in volts', read: [decimal(0, 20, 6, 'V')] },
  supply: { word: '+SYSV', what: 'supply in volts', read: [decimal(0, 20, 6, 'V')] },
  buildTime: { word: '+BUILDTIME', what: 'when the firmware was built', read: [text(15, 15)] },
  repository: { word: '+REPOINFO', what: 'commits of the firmware', read: [words] },
  version: { word: '+VER', what: 'version of the firmware', read: [words] },
  userVersion: { word: '+FIRMWAREVER', what: 'version of what a customer made of it', read: [words] },
  cliVersion: { word: '+CLIVER', what: 'version of the console', read: [words] },
  apiVersion: { word: '+APIVER', what: 'version of the API', read: [words] },
  model: { word: '+HWMODEL', what: 'model of the board', read: [words] },
  chip: { word: '+HWID', what: 'chip of the board', read: [words] },
  chipId: { word: '+UID', what: 'number of the chip', read: [hexBytes(8, 12, { case: 'lower' })] },
  bleMac: { word: '+BLEMAC', what: 'Bluetooth address', read: [hexBytes(6, 6, { case: 'lower', separator: ':' })] },
  debug: { word: '+DEBUG', what: 'more lines about the radio', read: [flag], write: [flag] },
  sleep: { word: '+SLEEP', what: 'sleep, for so many milliseconds', run: true, write: [int(1, 4_294_967_295, 'ms')] },
  lowPower: { word: '+LPM', what: 'low power by itself', read: [flag], write: [flag] },
  lowPowerLevel: { word: '+LPMLVL', what: 'how low', read: [int(1, 2)], write: [int(1, 2)] },
  baud: { word: '+BAUD', what: 'speed of the port', read: [int(4_800, 115_200)], write: [int(4_800, 115_200)] },
  lock: {
    word: '+LOCK',
    what: 'lock the port',
    read: [word(['locked', 'unlocked'])],
    run: true,
    // It locks itself out before it could say that it has.
    ends: 'boot',
    withinMs: 500,
  },
  password: { word: '+PWORD', what: 'password of the lock', write: [text(1, 8, { secret: true })] },
  atMode: { word: '+ATM', what: 'this console', run: true },
  apiMode: { word: '+APM', what: 'the binary console', run: true },
  dataMode: { word: 'D', what: 'all that comes is sent as payload; +++ leaves', run: true, write: [int(1, 223)] },
  mode: {
    word: '+NWM',
    what: '0 point to point, 1 LoRaWAN, 2 FSK',
    read: [int(0, 2)],
    write: [int(0, 2)],
    ends: 'boot',
    withinMs: 5_000,
  },
  testRssi: { word: '+TRSSI', what: 'RF test: level', read: [int(-200, 50, 'dBm')], run: true },
  testTone: { word: '+TTONE', what: 'RF test: a tone', run: true },
  testTx: { word: '+TTX', what: 'RF test: send packets', write: [int(1, 65_535)] },
  testRx: { word: '+TRX', what: 'RF test: receive packets', write: [int(1, 65_535)] },
  testConfig: {
    word: '+TCONF',
    what: 'RF test: settings',
    read: testConfig,
    write: testConfig,
  },
  testHop: {
    word: '+TTH',
    what: 'RF test: hop from, to, step, packets',
    write: hopping,
  },
  testRandomHop: {
    word: '+TRTH',
    what: 'RF test: hop at random',
    write: hopping,
  },
  testOff: { word: '+TOFF', what: 'RF test: end', run: true },
  testCarrier: {
    word: '+CW',
    what: 'RF test: a carrier, for so many milliseconds',
    write: [testHz, int(5, 22, 'dBm'), int(0, 65_535, 'ms')],
  },
} as const satisfies CommandTable;
