import { toHex } from '../../../src/base/hex.js';
import type { Modem } from '../../../src/sim/modem-types.js';
import type { Name } from '../../../devices/consoles/rak-811-v2/table.js';
import { channelList, channelMasks, mostChannels, type Kept } from './settings.js';

export type Key = 'devEui' | 'joinEui' | 'appKey' | 'nwkSKey' | 'appSKey' | 'devAddr';

/** All zeros or all ones is what an empty flash reads as. */
export const isSet = (value: string): boolean => !/^(?:0+|f+)$/i.test(value);

/** Lower-case hex, all digits. */
export const keyText = ({ identity }: Modem, name: Key): string => {
  if (name === 'devAddr') return identity.devAddr.toString(16).padStart(8, '0');
  const value = identity[name];
  return typeof value === 'string' ? value.toLowerCase() : toHex(value);
};

/** NetID and address without leading zeros, keys in lower case: as the firmware prints them. */
const session = (modem: Modem): string => {
  const { nwkSKey, appSKey } = modem.identity;
  const devAddr = (modem.devAddr ?? 0).toString(16);
  return `${modem.netId.toString(16)},${devAddr},${toHex(nwkSKey)},${toHex(appSKey)}`;
};

/** What a question is answered from. */
export interface Told {
  readonly kept: Kept;
  readonly modem: Modem;
  readonly levels: boolean;
  readonly p2pTotal: number;
}

/** What stands behind OK when it is asked; undefined when it has no such value. */
export const valueOf = (name: Name, { kept, modem, levels, p2pTotal }: Told): string | undefined => {
  const { settings, lastHeard } = modem;
  switch (name) {
    case 'version':
      return '2.0.3.0';
    case 'levels':
      return levels ? '1' : '0';
    case 'signal':
      return `${Math.round(lastHeard?.rssiDbm ?? 0)},${Math.round(lastHeard?.snrDb ?? 0)}`;
    case 'currentRate':
      return String(settings.dataRate);
    case 'counters':
      return `${modem.fCntUp},${modem.fCntDown}`;
    case 'session':
      return session(modem);
    case 'statistics':
      return `${p2pTotal},0,0,0,0,0,0`;
    case 'devAddr':
    case 'devEui':
    case 'joinEui':
    case 'appKey':
    case 'nwkSKey':
    case 'appSKey':
      return isSet(keyText(modem, name)) ? keyText(modem, name).toUpperCase() : undefined;
    case 'dataRate':
      return kept.dataRate === '' ? String(settings.dataRate) : kept.dataRate;
    case 'rx2':
      return `${settings.rx2DataRate},${settings.rx2Hz}`;
    case 'channels':
      return channelList(kept);
    case 'channelMask':
      return channelMasks(kept);
    case 'mostChannels':
      return String(mostChannels(kept));
    default:
      return name in kept ? kept[name as keyof Kept] : undefined;
  }
};
