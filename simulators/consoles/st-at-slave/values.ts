import { bands } from '../../../devices/consoles/st-at-slave/params.js';
import type { table } from '../../../devices/consoles/st-at-slave/table.js';
import { hex, toHex } from '../../../src/base/hex.js';
import { isoFromUs, usPerSecond, type Us } from '../../../src/base/time.js';
import type { Modem, ModemRefusal } from '../../../src/sim/modem-types.js';
import type { Stored } from './stored.js';

export type Name = keyof typeof table;

const colons = (digits: string): string => (digits.toUpperCase().match(/../g) ?? []).join(':');
const hexOfAddress = (devAddr: number): string => devAddr.toString(16).padStart(8, '0');

/** What the firmware prints for its versions; numbers are those of the release that was read. */
export const versions = [
  'APPLICATION_VERSION: V1.3.0',
  'MW_LORAWAN_VERSION:  V2.5.0',
  'MW_RADIO_VERSION:    V1.3.0',
  'L2_SPEC_VERSION:     V1.0.4',
  'RP_SPEC_VERSION:     V2-1.0.1',
];

/** Settings that change nothing of the radio, with what they are when new. */
const plain: Partial<Record<Name, string>> = { networkId: '0', band: '5', pingSlot: '4' };

export const refusalWord = (refusal: ModemRefusal): string => {
  switch (refusal.kind) {
    case 'busy':
      return 'AT_BUSY_ERROR';
    case 'not-joined':
      return 'AT_NO_NETWORK_JOINED';
    case 'too-long':
      return 'AT_PARAM_ERROR';
    case 'wait':
      return 'AT_DUTYCYCLE_RESTRICTED';
    default:
      return 'AT_ERROR';
  }
};

/** The firmware's clock begins in 1970 when it starts, is two hours ahead and takes leap seconds away. */
const localTime = (uptimeUs: Us): string => {
  const iso = isoFromUs(uptimeUs + (2 * 3_600 - 18) * usPerSecond);
  const [year, month, day, hour, minute, second] = iso.split(/\D/);
  return `LTIME:${hour}h${minute}m${second}s on ${day}/${month}/${year}`;
};

export interface Values {
  /** The value of a question; undefined when it has none. */
  answer(name: Name, uptimeUs: Us): string | undefined;
  /** Does what a value asks and gives the status word; `told` are lines before it. */
  write(name: Name, values: readonly unknown[], say: (line: string) => void): string;
}

/** Settings, keys and orders over the modem. */
export const valuesOf = (modem: Modem, stored: Stored): Values => {
  const setting = (name: Name): string => stored.get(name) ?? plain[name] ?? '0';
  // The modem knows whole seconds; what was written is shown while it means the same.
  const delay = (name: 'rxDelay1' | 'joinDelay1', nowS: number): number => {
    const wanted = Number(stored.get(name) ?? NaN);
    return Math.max(1, Math.round(wanted / 1_000)) === nowS ? wanted : nowS * 1_000;
  };
  const keyed = (change: Partial<Modem['identity']>): string => {
    modem.identity = { ...modem.identity, ...change };
    return 'OK';
  };
  const put = (name: Name, value: unknown): string => {
    stored.put(name, String(value));
    return 'OK';
  };
  const verdict = (refusal: ModemRefusal | undefined): string => (refusal ? refusalWord(refusal) : 'OK');

  return {
    answer(name, uptimeUs) {
      const { identity: id, settings: mac } = modem;
      switch (name) {
        case 'version':
          return versions.join('\r\n');
        case 'devEui':
          return colons(id.devEui);
        case 'joinEui':
          return colons(id.joinEui);
        case 'appKey':
        case 'nwkKey':
          return colons(toHex(id.appKey));
        case 'nwkSKey':
          return colons(toHex(id.nwkSKey));
        case 'appSKey':
          return colons(toHex(id.appSKey));
        case 'devAddr':
          return colons(hexOfAddress(modem.devAddr ?? id.devAddr));
        case 'band':
          return `${setting('band')}:${bands[Number(setting('band'))]}`;
        case 'adr':
          return mac.adr ? '1' : '0';
        case 'dutyCycle':
          return mac.dutyCycle ? '1' : '0';
        case 'deviceClass':
          return mac.deviceClass;
        case 'dataRate':
        case 'rx2DataRate':
        case 'rx2Hz':
        case 'txPower':
          return String(mac[name]);
        case 'joinDelay1':
          return String(delay('joinDelay1', mac.joinAcceptDelay1S));
        case 'joinDelay2':
          return stored.get('joinDelay2') ?? String(delay('joinDelay1', mac.joinAcceptDelay1S) + 1_000);
        case 'rxDelay1':
          return String(delay('rxDelay1', mac.rx1DelayS));
        case 'rxDelay2':
          return stored.get('rxDelay2') ?? String(delay('rxDelay1', mac.rx1DelayS) + 1_000);
        case 'localTime':
          return localTime(uptimeUs);
        case 'battery':
          return '3300';
        default:
          return plain[name] === undefined ? undefined : setting(name);
      }
    },

    write(name, values, say) {
      const [first] = values;
      const mac = modem.settings;
      switch (name) {
        case 'devEui':
        case 'joinEui':
          return keyed({ [name]: first as string });
        case 'appKey':
        case 'nwkKey':
          return keyed({ appKey: hex(first as string) });
        case 'nwkSKey':
        case 'appSKey':
          return keyed({ [name]: hex(first as string) });
        case 'devAddr':
          return keyed({ devAddr: parseInt(first as string, 16) });
        case 'join':
          mac.activation = first === 1 ? 'otaa' : 'abp';
          return verdict(modem.join());
        case 'send':
          return verdict(
            modem.send({ fPort: first as number, confirmed: values[1] as boolean, bytes: hex(values[2] as string) }),
          );
        case 'adr':
        case 'dutyCycle':
          mac[name] = first as boolean;
          return 'OK';
        case 'dataRate':
        case 'txPower':
        case 'rx2DataRate':
        case 'rx2Hz':
          mac[name] = first as number;
          return 'OK';
        case 'deviceClass':
          if (first === 'B') return 'AT_NO_CLASS_B_ENABLE';
          if (!modem.joined) return 'AT_NO_NETWORK_JOINED';
          if (first !== mac.deviceClass) say(`+EVT:SWITCH_TO_CLASS_${String(first)}`);
          mac.deviceClass = first as 'A' | 'C';
          return 'OK';
        case 'rxDelay1':
          mac.rx1DelayS = Math.max(1, Math.round((first as number) / 1_000));
          return put(name, first);
        case 'joinDelay1':
          mac.joinAcceptDelay1S = Math.max(1, Math.round((first as number) / 1_000));
          return put(name, first);
        // The modem's second window is a second after its first one, whatever is written.
        case 'rxDelay2':
        case 'joinDelay2':
          return put(name, first);
        default:
          return plain[name] === undefined ? 'AT_ERROR' : put(name, first);
      }
    },
  };
};
