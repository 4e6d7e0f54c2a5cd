import type { Modem } from '../../../src/sim/modem-types.js';
import type { Flash } from '../../../src/sim/twin.js';

/** What it keeps when it is switched off. */
export interface Kept {
  mode: 'LWOTAA' | 'LWABP' | 'TEST';
  scheme: string;
  channels: string;
  port: number;
  baud: number;
  timeoutMs: number;
  dataRate: number;
  adr: boolean;
  deviceClass: 'A' | 'B' | 'C';
}

const fresh: Kept = {
  mode: 'LWOTAA',
  scheme: 'EU868',
  channels: '0-2',
  port: 8,
  baud: 9_600,
  timeoutMs: 0,
  dataRate: 0,
  adr: true,
  deviceClass: 'A',
};

export interface Settings {
  readonly kept: Readonly<Kept>;
  keep(change: Partial<Kept>): void;
  /** As it left the factory, names and keys included. */
  reset(): void;
  /** Hands the modem what it does not keep itself. */
  apply(): void;
}

/** The settings of a make-believe module; `flash` of an earlier life stands above the factory's. */
export const settingsOf = (modem: Modem, flash: Flash): Settings => {
  const identity = modem.identity;
  let kept: Kept = { ...fresh, ...(flash as Partial<Kept>) };
  const apply = (): void => {
    modem.settings.activation = kept.mode === 'LWABP' ? 'abp' : 'otaa';
    modem.settings.adr = kept.adr;
    modem.settings.dataRate = kept.dataRate;
    modem.settings.deviceClass = kept.deviceClass === 'C' ? 'C' : 'A';
  };
  return {
    get kept() {
      return kept;
    },
    keep(change) {
      kept = { ...kept, ...change };
      apply();
    },
    reset() {
      kept = { ...fresh };
      modem.identity = identity;
      apply();
    },
    apply,
  };
};

/** The values of a command: a comma within quotation marks parts nothing, and blanks around a value are no part of it. */
export const valuesIn = (text: string): readonly string[] =>
  (text.match(/("[^"]*"?|[^,"])+|(?<=,|^)(?=,|$)/g) ?? []).map((value) => value.trim());

/** Without its quotation marks. */
export const plain = (value: string | undefined): string => (value ?? '').replace(/^"(.*)"$/, '$1');
