import { eu868 } from '../../../src/lorawan/regions/eu868.js';
import { us915 } from '../../../src/lorawan/regions/us915.js';
import type { Channel } from '../../../src/lorawan/region.js';
import type { Modem } from '../../../src/sim/modem-types.js';
import type { Flash } from '../../../src/sim/twin.js';

/** What the board stores, as it is written on the wire; names of the table where it has one. */
export const defaults = {
  mode: '0',
  band: 'EU868',
  rf: '868100000,12,0,1,8,20',
  uart: '115200,8,0,1,0',
  txPower: '0',
  oldTxPower: '0',
  adr: 'on',
  // Empty: what the modem has when it is new.
  dataRate: '',
  publicNetwork: 'on',
  rxDelay1: '1000',
  rx2: '',
  // Changes to the channels of the region: `3,on,867100000,0,5;1,off`.
  channels: '',
  tries: '8',
  // The firmware takes the number of its region, 48 in Europe: an hour of waiting that nobody needs of a make-believe board.
  joinTries: '1',
  repeats: '1',
  deviceClass: '0',
  dutyCycle: 'on',
  factory: '',
} as const;
export type Kept = { -readonly [K in keyof typeof defaults]: string };

export const keptIn = (flash: Flash): Kept => {
  const kept: Kept = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Kept)[]) {
    const value = flash[name];
    if (value !== undefined) kept[name] = String(value);
  }
  return kept;
};

/** What a new region resets: all of LoRaWAN but the keys (the firmware's defaults of a region). */
export const regional = (band: string): Partial<Kept> => {
  const { mode, rf, txPower, adr, publicNetwork, rxDelay1, channels, tries, repeats, deviceClass, dutyCycle } =
    defaults;
  const radio = { txPower, adr, publicNetwork, rxDelay1, channels, tries, repeats, deviceClass, dutyCycle };
  return { band, mode, rf, ...radio, dataRate: '', rx2: '' };
};

/** Sets the modem as the board keeps it. */
export const apply = (kept: Kept, { settings }: Modem): void => {
  settings.deviceClass = kept.deviceClass === '2' ? 'C' : 'A';
  settings.adr = kept.adr === 'on';
  settings.txPower = Number(kept.txPower);
  settings.dutyCycle = kept.dutyCycle === 'on';
  settings.publicNetwork = kept.publicNetwork === 'on';
  settings.rx1DelayS = Math.max(1, Math.round(Number(kept.rxDelay1) / 1000));
  if (kept.dataRate !== '') settings.dataRate = Number(kept.dataRate);
  if (kept.rx2 === '') return;
  const [rate, hertz] = kept.rx2.split(',').map(Number);
  settings.rx2DataRate = rate!;
  settings.rx2Hz = hertz!;
};

interface Told extends Channel {
  readonly on: boolean;
}

const regionOf = (band: string) => (band === 'US915' ? us915 : eu868);
export const mostChannels = (kept: Kept): number => regionOf(kept.band).mostChannels;

/** The channels of the region with what was changed of them. */
const channelsOf = (kept: Kept): readonly Told[] => {
  const { channels, mostChannels: most } = regionOf(kept.band);
  const none = { freqHz: 0, minDr: 0, maxDr: 0, on: false };
  const all = Array.from({ length: most }, (_, i): Told => (channels[i] ? { ...channels[i], on: true } : none));
  for (const change of kept.channels.split(';').filter(Boolean)) {
    const [id, on, hertz, least, greatest] = change.split(',');
    const before = all[Number(id)];
    if (!before) continue;
    const given = hertz === undefined ? {} : { freqHz: Number(hertz), minDr: Number(least), maxDr: Number(greatest) };
    all[Number(id)] = { ...before, ...given, on: on === 'on' };
  }
  return all;
};

/** `0,on,868100000,0,5;..;3,off;..` */
export const channelList = (kept: Kept): string =>
  channelsOf(kept)
    .map(({ on, freqHz, minDr, maxDr }, i) => (on ? `${i},on,${freqHz},${minDr},${maxDr}` : `${i},off`))
    .join(';');

/** `0,0007`: for each sixteen channels which are on. */
export const channelMasks = (kept: Kept): string => {
  const all = channelsOf(kept);
  return Array.from({ length: Math.ceil(all.length / 16) }, (_, bank) => {
    const bits = all.slice(16 * bank, 16 * bank + 16).reduce((mask, { on }, i) => mask | (on ? 1 << i : 0), 0);
    return `${bank},${bits.toString(16).padStart(4, '0')}`;
  }).join(';');
};

/** One more change to the channels, or undefined when there is no such channel. */
export const withChannel = (kept: Kept, values: readonly string[]): string | undefined => {
  const [id, on] = values;
  if (Number(id) >= mostChannels(kept) || (on === 'on' ? values.length !== 5 : values.length !== 2)) return undefined;
  const others = kept.channels.split(';').filter((one) => one !== '' && Number(one.split(',')[0]) !== Number(id));
  return [...others, values.join(',')].join(';');
};

export const withMask = (kept: Kept, bank: number, mask: string): string | undefined => {
  if (bank >= Math.ceil(mostChannels(kept) / 16)) return undefined;
  const bits = Number.parseInt(mask, 16);
  const changes = channelsOf(kept).map(({ freqHz, minDr, maxDr, on }, i) => {
    const wanted = i >> 4 === bank ? ((bits >> (i & 15)) & 1) === 1 : on;
    return `${i},${wanted ? `on,${freqHz},${minDr},${maxDr}` : 'off'}`;
  });
  return changes.join(';');
};
