import type { Region } from '../lorawan/region.js';
import type { MacProfile } from './behaviour.js';
import type { Mac } from './mac-port.js';
import type { ModemSettings } from './modem-types.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a modem's settings are made of: its MAC's columns, and what a life or a join begins with. */
export interface SettingsPlace {
  /** Does something with its MAC, now. */
  mac<T>(give: (mac: Mac) => T): T;
  readonly profile: Mutable<MacProfile>;
  readonly region: Mutable<Region>;
  /** What the next join will be. */
  readonly wanted: { activation: ModemSettings['activation'] };
}

type Column = 'dataRate' | 'txPower' | 'rx1DelayS' | 'rx2Hz' | 'rx2DataRate';

/**
 * A modem's settings as plain fields. Most of them are columns of its MAC, so what the network changes shows; what a console
 * writes is also what the MAC begins with after a join or a restart.
 */
export const modemSettings = ({ mac, profile, region, wanted }: SettingsPlace): ModemSettings => {
  const column = (name: Column, keep: (value: number) => void) => ({
    get: () => mac(({ row }) => row[name]),
    set(value: number) {
      mac(({ row }) => void (row[name] = value));
      keep(value);
    },
  });
  const order = (name: 'dutyCycle' | 'publicNetwork') => ({
    get: () => mac(({ mind }) => mind.orders![name]),
    set: (value: boolean) => mac(({ mind }) => void (mind.orders![name] = value)),
  });
  const fields = {
    dataRate: column('dataRate', (value) => void (profile.dataRate = value)),
    txPower: column('txPower', (value) => void (profile.txPower = value)),
    rx1DelayS: column('rx1DelayS', (value) => void (region.receiveDelay1Ms = value * 1000)),
    rx2Hz: column('rx2Hz', (freqHz) => void (region.rx2 = { ...region.rx2, freqHz })),
    rx2DataRate: column('rx2DataRate', (dr) => void (region.rx2 = { ...region.rx2, dr })),
    activation: {
      get: () => wanted.activation,
      set: (value: ModemSettings['activation']) => void (wanted.activation = value),
    },
    deviceClass: { get: () => profile.deviceClass, set: (value: 'A' | 'C') => void (profile.deviceClass = value) },
    adr: { get: () => profile.adr, set: (value: boolean) => void (profile.adr = value) },
    dutyCycle: order('dutyCycle'),
    publicNetwork: order('publicNetwork'),
    joinAcceptDelay1S: {
      get: () => region.joinAcceptDelay1Ms / 1000,
      set: (value: number) => void (region.joinAcceptDelay1Ms = value * 1000),
    },
  };
  return Object.defineProperties({} as ModemSettings, fields);
};
