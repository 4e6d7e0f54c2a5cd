import { toHex } from '../../../src/base/hex.js';
import { isoFromUs } from '../../../src/base/time.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { groupList } from './groups.js';
import type { Unit } from './unit.js';

const upper = (text: string): string => text.toUpperCase();
const bit = (is: boolean): string => (is ? '1' : '0');

/** `00h37m58s 2018-11-14` */
const clockText = (us: number): string => {
  const [date = '', time = ''] = isoFromUs(us).split('T');
  const [hours, minutes, seconds] = time.slice(0, 8).split(':');
  return `${hours}h${minutes}m${seconds}s ${date}`;
};

const maskText = ({ store }: Unit): string => {
  const written = store.get('mask');
  const mask = written === '0000' ? (store.region.subBands?.all ?? written) : written;
  return mask + single(store.get('channelHz'));
};
const single = (hz: string): string => (hz === '0' ? '' : `(single channel mode: ${hz})`);

const subBandText = ({ store }: Unit): string => {
  const mask = parseInt(store.get('mask'), 16);
  const list = Array.from({ length: 16 }, (_, i) => i).flatMap((i) => ((mask >> i) & 1 ? [i + 1] : []));
  return (list.length === 0 ? '0' : list.join(':')) + single(store.get('channelHz'));
};

/** A question's answer: `value` after the name, `bare` without it, or the word of a refusal. */
export type Told = { readonly value: string } | { readonly bare: string } | { readonly refused: string };

const notInBand: Told = { refused: 'AT_ERROR' };

/** What the board says when it is asked for this. */
export const answerTo = (unit: Unit, name: Name, nowUs: number): Told => {
  const { modem, store, facts, serial, run } = unit;
  const { identity: id, settings: mac } = modem;
  const value = (text: string): Told => ({ value: text });
  switch (name) {
    case 'serial':
      return value(upper(serial));
    case 'version':
      return value(facts.version);
    case 'userVersion':
      return value(facts.version);
    case 'cliVersion':
      return value('1.5.13');
    case 'apiVersion':
      return value('3.2.9');
    case 'bootloaderVersion':
      return value(facts.bootloader);
    case 'buildTime':
      return value('20241218-101512');
    case 'repository':
      return value(
        ['e5a28be0', '6ecbb45f', 'e198f620', 'b43f5395', '4a6defb9', 'c9438443', '5ccb8eec', '70e5bb3f'].join(':'),
      );
    case 'model':
      return value(facts.model);
    case 'chip':
      return value(facts.chip);
    case 'chipId':
      return value((serial + serial).toLowerCase().slice(0, facts.chipIdDigits));
    case 'bleMac':
      return value((serial.toLowerCase().slice(0, 12).match(/../g) ?? []).join(':'));
    case 'battery':
    case 'supply':
      return value((3.3).toFixed(6));
    case 'lock':
      return value('unlocked');
    case 'devEui':
    case 'joinEui':
      return value(upper(id[name]));
    case 'appKey':
    case 'nwkSKey':
    case 'appSKey':
      return value(upper(toHex(id[name])));
    case 'devAddr':
      return value(upper((modem.devAddr ?? id.devAddr).toString(16).padStart(8, '0')));
    case 'netId':
      return value(upper(modem.netId.toString(16).padStart(6, '0')));
    case 'multicastRootKey':
      return value('0'.repeat(32));
    case 'join':
      return value(bit(run.joinStarted) + store.get('join').slice(1));
    case 'joined':
      return value(bit(modem.joined));
    case 'confirmed':
      return value(bit(run.acknowledged));
    case 'received': {
      const { received } = run;
      run.received = undefined;
      return value(received ? `${received.fPort}:${upper(received.hex)}` : '0:');
    }
    case 'adr':
    case 'dutyCycle':
      return value(bit(mac[name]));
    case 'dataRate':
    case 'txPower':
    case 'rx2DataRate':
    case 'rx2Hz':
      return value(String(mac[name]));
    case 'rxDelay1':
      return value(String(mac.rx1DelayS));
    case 'rxDelay2':
      return value(String(mac.rx1DelayS + 1));
    case 'deviceClass':
      // No network of ours has a beacon: a board of class B asks for the time for ever.
      return value(store.get('deviceClass') === 'B' ? 'B:S0' : store.get('deviceClass'));
    case 'rssi':
      return value(String(Math.round(modem.lastHeard?.rssiDbm ?? 0)));
    case 'snr':
      return value(String(Math.round(modem.lastHeard?.snrDb ?? 0)));
    case 'channelRssi':
      return value([0, 1, 2].map((i) => `${i}:${Math.round(modem.lastHeard?.rssiDbm ?? 0)}`).join(','));
    case 'mask':
      return store.region.subBands ? value(maskText(unit)) : notInBand;
    case 'subBands':
      return store.region.subBands ? value(subBandText(unit)) : notInBand;
    case 'channelHz':
      return store.region.subBands ? value(store.get('channelHz')) : notInBand;
    case 'beaconHz':
    case 'beaconTime':
    case 'beaconGateway':
      return { refused: 'AT_NO_CLASSB_ENABLE' };
    case 'localTime':
      return value(clockText(nowUs + (run.clockAheadUs ?? -nowUs)));
    case 'groups':
      return { bare: groupList(store.get('groups')) };
    case 'p2p':
      return value(
        (['p2pHz', 'spreading', 'bandwidth', 'codingRate', 'preamble', 'power'] as const)
          .map((one) => store.get(one))
          .join(':'),
      );
    case 'p2pReceive':
      return { bare: run.receiving === 0 ? 'P2P_RX_OFF' : 'P2P_RX_ON' };
    case 'testRssi':
      return value('-110');
    case 'encryptionKey':
    case 'encryptionStart':
    case 'syncWord':
      return value(upper(store.get(name)));
    default:
      return value(store.get(name));
  }
};
