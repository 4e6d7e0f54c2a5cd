import { airtimeUs, type CodingRate } from '../../../src/lorawan/airtime.js';
import type { Name, Wanted } from './lines.js';

/** What the radio is set to when it is new: usual values; that a module has just these was not verified. */
const fresh: Partial<Record<Name, string>> = {
  shaping: '0.5',
  modulation: 'lora',
  frequency: '868100000',
  radioPower: '1',
  spreading: 'sf12',
  correction: '41.7',
  receiverWidth: '25',
  bitRate: '50000',
  deviation: '25000',
  preamble: '8',
  crc: 'on',
  inverted: 'off',
  coding: '4/5',
  watchdog: '15000',
  radioSync: '34',
  bandwidth: '125',
};

export interface Level {
  readonly rssiDbm: number;
  readonly snrDb: number;
}

export interface Radio {
  /** The answer to a `radio` command, and what comes later; undefined when it is none. */
  obey(
    wanted: Wanted,
    paused: boolean,
  ): { readonly now: string; readonly later?: { readonly word: string; readonly ms: number } } | undefined;
  /** What was under way is over. */
  free(): void;
  restart(): void;
}

/** The bare radio: a frame that is sent is heard by nobody, and none is ever received. */
export const radioOf = (heard: () => Level | undefined): Radio => {
  let kept: Partial<Record<Name, string>> = { ...fresh };
  let busy = false;

  const number = (name: Name): number => Number((kept[name] ?? '0').replace(/^sf/, ''));
  const symbolMs = (): number => 2 ** number('spreading') / number('bandwidth');
  const isLora = (): boolean => kept.modulation === 'lora';

  const transmitMs = (bytes: number): number => {
    const dataRate = isLora()
      ? ({ kind: 'lora', sf: number('spreading') as 7, bwHz: number('bandwidth') * 1_000 } as const)
      : ({ kind: 'fsk', bitRate: number('bitRate') } as const);
    const how = { preambleSymbols: number('preamble'), codingRate: kept.coding as CodingRate, crc: kept.crc === 'on' };
    return airtimeUs({ dataRate, phyBytes: bytes, ...how }) / 1_000;
  };
  /** Until nothing came: the window, or the watchdog when that is shorter. */
  const receiveMs = (window: number): number | undefined => {
    const watchdog = number('watchdog');
    const windowMs = window === 0 ? Infinity : window * (isLora() ? symbolMs() : 1);
    const ms = Math.min(windowMs, watchdog === 0 ? Infinity : watchdog);
    return Number.isFinite(ms) ? ms : undefined;
  };

  const set = (name: Name, value: unknown, paused: boolean): ReturnType<Radio['obey']> => {
    switch (name) {
      case 'receive':
      case 'transmit': {
        // The radio is LoRaWAN's until that is paused.
        if (!paused || busy) return { now: 'busy' };
        const bytes = name === 'transmit' ? (value as string).length / 2 : 0;
        if (name === 'transmit' && !isLora() && bytes > 64) return { now: 'invalid_param' };
        const ms = name === 'transmit' ? transmitMs(bytes) : receiveMs(value as number);
        busy = true;
        return {
          now: 'ok',
          ...(ms !== undefined && { later: { word: name === 'transmit' ? 'radio_tx_ok' : 'radio_err', ms } }),
        };
      }
      case 'carrier':
        return { now: 'ok' };
      default:
        if (fresh[name] === undefined) return undefined;
        kept = { ...kept, [name]: name === 'radioSync' ? String(value).toUpperCase() : String(value) };
        return { now: 'ok' };
    }
  };

  return {
    obey(wanted, paused) {
      const { name } = wanted;
      if (wanted.kind === 'set') return set(name, wanted.values[0], paused);
      if (name === 'stopReceiving') {
        busy = false;
        return { now: 'ok' };
      }
      // The lowest number when nothing was ever heard.
      if (name === 'snr') return { now: String(Math.round(heard()?.snrDb ?? -128)) };
      if (name === 'rssi') return { now: String(Math.round(heard()?.rssiDbm ?? -128)) };
      const value = kept[name];
      return value === undefined ? undefined : { now: value };
    },
    free: () => void (busy = false),
    restart() {
      kept = { ...fresh };
      busy = false;
    },
  };
};
