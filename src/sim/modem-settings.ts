import type { Region } from '../lorawan/region.js';
import type { MacProfile } from './behaviour.js';
import type { Mac } from './mac-port.js';
import type { MacMind } from './mac-state.js';
import type { ModemSettings } from './modem-types.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a modem's settings are made of. */
export interface SettingsPlace {
  /** Does something with its MAC, now. */
  mac<T>(give: (mac: Mac) => T): T;
  readonly profile: Mutable<MacProfile>;
  readonly region: Mutable<Region>;
  /** Reads, or writes when there is a value. */
  publicNetwork(value?: boolean): boolean;
}

/** A modem's settings as plain fields: most of them are columns of its MAC, so what the network changes shows. */
export const modemSettings = ({ mac, profile, region, publicNetwork }: SettingsPlace): ModemSettings => {
  const column = (field: 'dataRate' | 'txPower' | 'rx1DelayS' | 'rx2Hz' | 'rx2DataRate') => ({
    get: () => mac(({ row }) => row[field]),
    set: (value: number) => mac(({ row }) => void (row[field] = value)),
  });
  const fields = {
    dataRate: column('dataRate'),
    txPower: column('txPower'),
    rx1DelayS: column('rx1DelayS'),
    rx2Hz: column('rx2Hz'),
    rx2DataRate: column('rx2DataRate'),
    activation: {
      get: () => mac(({ mind }) => (mind.otaa ? 'otaa' : 'abp')),
      set: (value: string) => mac(({ mind }) => void ((mind as Mutable<MacMind>).otaa = value === 'otaa')),
    },
    deviceClass: { get: () => profile.deviceClass, set: (value: 'A' | 'C') => void (profile.deviceClass = value) },
    adr: { get: () => profile.adr, set: (value: boolean) => void (profile.adr = value) },
    dutyCycle: {
      get: () => mac(({ mind }) => mind.orders!.dutyCycle),
      set: (value: boolean) => mac(({ mind }) => void (mind.orders!.dutyCycle = value)),
    },
    publicNetwork: { get: () => publicNetwork(), set: (value: boolean) => void publicNetwork(value) },
    joinAcceptDelay1S: {
      get: () => region.joinAcceptDelay1Ms / 1000,
      set: (value: number) => void (region.joinAcceptDelay1Ms = value * 1000),
    },
  };
  return Object.defineProperties({} as ModemSettings, fields);
};
