import { hex } from '../../../src/base/hex.js';
import type { ModemIdentity } from '../../../src/sim/modem-types.js';

/** A setting that is a plain value: what it is when new, and what is wrong with a text that is to be one. */
export interface Setting {
  readonly initial: string;
  readonly error: Check;
  /** Only in LoRaWAN mode. */
  readonly wan?: true;
}
type Check = (name: string, value: string) => string | undefined;

const binary: Check = (name, value) => {
  if (value.length !== 1) return `${name} input size should be 1`;
  return /^[01]$/.test(value) ? undefined : `${name} input should be binary`;
};

/** Exactly so many hex digits. */
export const digits =
  (count: number): Check =>
  (name, value) => {
    if (!/^[0-9A-Fa-f]*$/.test(value)) return `${name} input should be hexadecimal`;
    return value.length === count ? undefined : `${name} length should be ${count}`;
  };

const decimal =
  (most: number, words = ''): Check =>
  (name, value) => {
    if (!/^\d+$/.test(value)) return `${name} input should be decimal`;
    if (Number(value) <= most) return undefined;
    return words === '' ? `${name} max value is ${most}` : words;
  };

const period: Check = (name, value) => {
  if (!/^\d+$/.test(value)) return `${name} input should be decimal`;
  return Number(value) > 4_294_967_295 ? `${name} is too large` : undefined;
};

const dataRates: Check = (name, value) => {
  if (!/^\d+$/.test(value)) return `${name} input should be decimal`;
  // EU868 without FSK.
  return Number(value) > 5 ? 'DR should be 0 - 5' : undefined;
};

/** In the order of the list at the start; what stands in `hidden` is not in it. */
export const settings: Readonly<Record<string, Setting>> = {
  AutoLPM: { initial: '1', error: binary },
  LORAWAN: { initial: '1', error: binary },
  KeepNet: { initial: '0', error: binary, wan: true },
  OTAA: { initial: '1', error: binary, wan: true },
  Class: {
    initial: 'A',
    error: (_name, value) => (/^[AC]$/.test(value) ? undefined : 'only CLASS A or C supported now'),
    wan: true,
  },
  ADR: { initial: '1', error: binary, wan: true },
  IsTxConfirmed: { initial: '1', error: binary, wan: true },
  AppPort: { initial: '2', error: decimal(255), wan: true },
  DutyCycle: { initial: '15000', error: period, wan: true },
  ConfirmedNbTrials: { initial: '4', error: decimal(8), wan: true },
  ChMask: { initial: '0000000000000000000000FF', error: digits(24), wan: true },
  SetDR: { initial: '5', error: dataRates, wan: true },
  RX: { initial: '3000', error: decimal(60_000, 'Rx timeout max value is 60000(1 minute)') },
  PrintMode: { initial: '1', error: binary },
  Copyright: { initial: '1', error: binary },
};
export const hidden: ReadonlySet<string> = new Set(['SetDR', 'RX', 'PrintMode', 'Copyright']);

export const keySizes: Readonly<Record<string, number>> = {
  DevEui: 16,
  AppEui: 16,
  AppKey: 32,
  NwkSKey: 32,
  AppSKey: 32,
  DevAddr: 8,
};

/** The keys with which Heltec's examples are built: every board has them until it is told others. */
export const sketchKeys: ModemIdentity = {
  devEui: '2232330000888802',
  joinEui: '0000000000000000',
  appKey: hex('88888888888888888888888888886601'),
  nwkSKey: hex('15b1d0efa463dfbe3d11181e1ec7da85'),
  appSKey: hex('d72c78758cdccabf55ee4a778d16ef67'),
  devAddr: 0x007e6ae1,
};

/** What a key's name changes of a modem's identity. */
export const keyChange = (name: string, value: string): Partial<ModemIdentity> => {
  const lower = value.toLowerCase();
  switch (name) {
    case 'DevEui':
      return { devEui: lower };
    case 'AppEui':
      return { joinEui: lower };
    case 'AppKey':
      return { appKey: hex(lower) };
    case 'NwkSKey':
      return { nwkSKey: hex(lower) };
    case 'AppSKey':
      return { appSKey: hex(lower) };
    default:
      return { devAddr: parseInt(lower, 16) };
  }
};

export interface LoraSetting {
  readonly frequencyHz: number;
  readonly powerDbm: number;
  readonly sf: number;
  readonly bandwidth: number;
  readonly codingRate: number;
  readonly preamble: number;
  readonly crc: number;
  readonly iq: number;
}

/** Of Heltec's LoRa_APP.cpp. */
export const loraInitial: LoraSetting = {
  frequencyHz: 470_000_000,
  powerDbm: 10,
  sf: 7,
  bandwidth: 0,
  codingRate: 1,
  preamble: 8,
  crc: 1,
  iq: 0,
};

const ranges: readonly (readonly [least: number, most: number])[] = [
  [150_000_000, 960_000_000],
  [0, 22],
  [5, 12],
  [0, 2],
  [1, 4],
  [4, 65_535],
  [0, 1],
  [0, 1],
  [0, 1],
];

/** Nine numbers, the last one whether they are to be kept; undefined when they are not. */
export const readLora = (text: string): readonly [LoraSetting, keep: boolean] | undefined => {
  const parts = text.split(',');
  const fits = parts.every((part, i) => {
    const [least, most] = ranges[i] ?? [1, 0];
    return /^\d{1,9}$/.test(part) && Number(part) >= least && Number(part) <= most;
  });
  if (!fits || parts.length !== ranges.length) return undefined;
  const [frequencyHz, powerDbm, sf, bandwidth, codingRate, preamble, crc, iq, keep] = parts.map(Number);
  const setting = { frequencyHz, powerDbm, sf, bandwidth, codingRate, preamble, crc, iq } as LoraSetting;
  return [setting, keep === 1];
};

export const loraLine = (of: LoraSetting): string => `+LoraPara:${Object.values(of).join(',')}`;
