import { hex, toHex } from '../../../src/base/hex.js';
import type { ModemIdentity } from '../../../src/sim/modem-types.js';
import type { Flash, TwinPort, TwinSetup } from '../../../src/sim/twin.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { aliases, defaults, regions, type RegionFacts } from './facts.js';

/** What the board keeps: settings as the text that its console shows, by the names of the table. */
export interface Store {
  get(name: Name | State): string;
  set(name: Name | State, value: string, port: TwinPort): void;
  /** Holds until the next start only. */
  setForNow(name: Name, value: string): void;
  readonly region: RegionFacts;
  /** What a start does: forgets what held for now, and gives the modem its settings. */
  start(): void;
  /** Everything as it came from the factory, keys as well. */
  reset(port: TwinPort): void;
}

/** Not settings of a command, and kept all the same. */
type State = 'portMode' | 'locked' | 'groups' | 'rx2';
const states: Readonly<Record<State, string>> = { portMode: 'at', locked: '0', groups: '', rx2: '' };

interface Keys {
  readonly devEui: string;
  readonly joinEui: string;
  readonly appKey: string;
  readonly devAddr: string;
  readonly nwkSKey: string;
  readonly appSKey: string;
}
const textOf = (id: ModemIdentity): Keys => ({
  devEui: id.devEui,
  joinEui: id.joinEui,
  appKey: toHex(id.appKey),
  devAddr: id.devAddr.toString(16).padStart(8, '0'),
  nwkSKey: toHex(id.nwkSKey),
  appSKey: toHex(id.appSKey),
});
const identityOf = (keys: Keys): ModemIdentity => ({
  devEui: keys.devEui,
  joinEui: keys.joinEui,
  appKey: hex(keys.appKey),
  devAddr: parseInt(keys.devAddr, 16),
  nwkSKey: hex(keys.nwkSKey),
  appSKey: hex(keys.appSKey),
});

const keyNames = ['devEui', 'joinEui', 'appKey', 'devAddr', 'nwkSKey', 'appSKey'] as const;
const factoryName = (name: keyof Keys): string => `factory.${name}`;

export const openStore = ({ modem, flash = {} }: TwinSetup): Store => {
  const kept = new Map<string, string>(
    Object.entries(flash).flatMap(([name, value]) => (name.startsWith('factory.') ? [] : [[name, String(value)]])),
  );
  const forNow = new Map<string, string>();
  const now = textOf(modem.identity);
  // The factory block is what the board had when it was new, whatever was set since.
  const factory = Object.fromEntries(
    keyNames.map((name) => [name, String(flash[factoryName(name)] ?? now[name])]),
  ) as unknown as Keys;

  const write = (port: TwinPort): void => {
    const block = keyNames.map((name) => [factoryName(name), factory[name]]);
    port.event({ kind: 'flash', flash: Object.fromEntries([...block, ...kept]) as Flash });
  };
  const get = (asked: Name | State): string => {
    const name = aliases[asked as Name] ?? asked;
    return forNow.get(name) ?? kept.get(name) ?? defaults[name as Name] ?? states[name as State] ?? '0';
  };
  const regionNow = (): RegionFacts => regions[Number(get('band'))]!;

  const toModem = (): void => {
    const { settings } = modem;
    const [hz, dataRate] = get('rx2').split(':');
    const { rx2Hz, rx2DataRate } = regionNow();
    Object.assign(settings, {
      activation: get('joinMode') === '0' ? 'abp' : 'otaa',
      deviceClass: get('deviceClass') === 'C' ? 'C' : 'A',
      dataRate: Number(get('dataRate')),
      adr: get('adr') === '1',
      txPower: Number(get('txPower')),
      dutyCycle: get('dutyCycle') === '1',
      publicNetwork: get('publicNetwork') === '1',
      rx1DelayS: Number(get('rxDelay1')),
      joinAcceptDelay1S: Number(get('joinDelay1')),
      rx2Hz: hz ? Number(hz) : rx2Hz,
      rx2DataRate: dataRate ? Number(dataRate) : rx2DataRate,
    });
  };

  return {
    get,
    set(name, value, port) {
      const own = aliases[name as Name] ?? name;
      forNow.delete(own);
      kept.set(own, value);
      write(port);
    },
    setForNow: (name, value) => void forNow.set(aliases[name] ?? name, value),
    get region() {
      return regionNow();
    },
    start() {
      forNow.clear();
      toModem();
    },
    reset(port) {
      forNow.clear();
      kept.clear();
      modem.identity = identityOf(factory);
      write(port);
    },
  };
};
