import type { Name } from '../../../devices/consoles/rak-rui3/table.js';

/** What tells one board from another on this console. */
export interface BoardFacts {
  readonly model: string;
  readonly chip: string;
  readonly version: string;
  readonly bootloader: string;
  /** Digits of the chip's number. */
  readonly chipIdDigits: number;
  readonly bluetooth: boolean;
  /** USB of its own: it leaves the bus when it restarts. */
  readonly usb: boolean;
}

const stm32: BoardFacts = {
  model: 'rak3172',
  chip: 'stm32wle5xx',
  version: 'RUI_5.0.0_RAK3172-E',
  bootloader: 'RUI_BOOT_0.8_STM32WLE5CC',
  chipIdDigits: 24,
  bluetooth: false,
  usb: false,
};

/** By their ids in devices/boards; the first one stands for what is not there. */
export const boards: Readonly<Record<string, BoardFacts>> = {
  'rak-rak3172': stm32,
  'rak-rak3272': stm32,
  'rak-rak3372': stm32,
  'rak-rak4631-r': {
    model: 'rak4631',
    chip: 'nrf52840',
    version: 'RUI_4.1.2_RAK4631',
    bootloader: 'RUI_BOOT_0.8_NRF52840',
    chipIdDigits: 16,
    bluetooth: true,
    usb: true,
  },
  'rak-rak11720': {
    model: 'rak11720',
    chip: 'apollo3',
    version: 'RUI_4.1.2_RAK11720',
    bootloader: 'RUI_BOOT_0.8_APOLLO3',
    chipIdDigits: 16,
    bluetooth: true,
    usb: false,
  },
};

/** What a new board has (`service_nvm.c` of the firmware); what the modem knows better is not here. */
export const defaults: Readonly<Partial<Record<Name, string>>> = {
  echo: '0',
  alias: '',
  debug: '0',
  lowPower: '0',
  lowPowerLevel: '1',
  baud: '115200',
  password: '00000000',
  dataMode: '1',
  mode: '1',
  testConfig: '868000000:14:4:12:0:0:0:1:16:25000:2:3',
  joinMode: '1',
  join: '0:0:8:0',
  confirm: '0',
  retries: '0',
  adr: '1',
  deviceClass: 'A',
  dutyCycle: '1',
  dataRate: '0',
  txPower: '0',
  joinDelay1: '5',
  joinDelay2: '6',
  rxDelay1: '1',
  rxDelay2: '2',
  publicNetwork: '1',
  linkCheck: '0',
  timeRequest: '0',
  listenFirst: '0',
  listenRssi: '-80',
  listenMs: '5',
  mask: '0000',
  channelHz: '0',
  band: '4',
  pingSlot: '0',
  certification: '0',
  p2pHz: '868000000',
  spreading: '7',
  bandwidth: '0',
  codingRate: '0',
  preamble: '8',
  power: '14',
  fskBitRate: '4915',
  fskDeviation: '5000',
  encrypt: '0',
  encryptionKey: '0'.repeat(32),
  encryptionStart: '0'.repeat(32),
  listen: '0',
  inverted: '0',
  syncWord: '3444',
  symbolTimeout: '0',
  fixedLength: '0',
};

/** Settings with a second name. */
export const aliases: Readonly<Partial<Record<Name, Name>>> = {
  radioHz: 'p2pHz',
  radioPower: 'power',
  radioBandwidth: 'bandwidth',
  radioSpreading: 'spreading',
  radioCodingRate: 'codingRate',
  radioPreamble: 'preamble',
};

/** What a region's number means for the console (RP002-1.0.3): data rates and powers that it takes, its second window. */
export interface RegionFacts {
  readonly dataRates: readonly [least: number, most: number];
  readonly powers: number;
  readonly rx2Hz: number;
  readonly rx2DataRate: number;
  /** Where there are sub-bands: all of them as bits, the largest value that a write may have, and the highest number. */
  readonly subBands?: { readonly all: string; readonly most: number; readonly highest: number };
}

const us = { all: '00FF', most: 0x0100, highest: 8 };
const au = { all: '01FF', most: 0x0100, highest: 8 };
const region = (
  dataRates: readonly [number, number],
  powers: number,
  rx2: readonly [hz: number, dataRate: number],
): RegionFacts => ({ dataRates, powers, rx2Hz: rx2[0], rx2DataRate: rx2[1] });

export const regions: readonly RegionFacts[] = [
  region([0, 5], 5, [434_665_000, 0]),
  { ...region([0, 5], 7, [505_300_000, 0]), subBands: { all: '0FFF', most: 0x0800, highest: 12 } },
  region([0, 5], 7, [869_100_000, 0]),
  region([0, 5], 10, [866_550_000, 2]),
  region([0, 5], 7, [869_525_000, 0]),
  { ...region([0, 4], 14, [923_300_000, 8]), subBands: us },
  { ...region([0, 6], 14, [923_300_000, 8]), subBands: au },
  region([0, 5], 7, [921_900_000, 0]),
  region([2, 5], 7, [923_200_000, 2]),
  region([2, 5], 7, [921_400_000, 2]),
  region([2, 5], 7, [916_600_000, 2]),
  region([2, 5], 7, [917_300_000, 2]),
  { ...region([0, 6], 14, [923_300_000, 8]), subBands: au },
];

/** Hardware for high frequencies does not do these. */
export const lowBands = 2;
