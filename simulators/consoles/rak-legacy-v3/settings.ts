import { hex, toHex } from '../../../src/base/hex.js';
import type { Modem, ModemIdentity } from '../../../src/sim/modem-types.js';
import type { Flash } from '../../../src/sim/twin.js';

const zeros = '0'.repeat(32);

/** By the names of the table, as they are written on the wire: what a new board has (manual, and its example of `lora:status`). */
export const defaults = {
  baud: '115200',
  dataMode: '0',
  region: 'EU868',
  channelMask: '',
  multicast: '0',
  multicastAddr: '00000000',
  multicastAppSKey: zeros,
  multicastNwkSKey: zeros,
  activation: '0',
  deviceClass: '0',
  confirmed: '0',
  dataRate: '',
  txPower: '0',
  adr: '1',
  dutyCycle: '0',
  repeats: '0',
  sendInterval: '0:600',
  workMode: '0',
  p2p: '869525000:12:0:1:8:20',
  p2pTransfer: '2',
  factory: '',
} as const;
export type Kept = { -readonly [K in keyof typeof defaults]: string };

/** What the flash held, on top of the defaults. */
export const keptIn = (flash: Flash): Kept => {
  const kept: Kept = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof Kept)[]) {
    const value = flash[name];
    if (value !== undefined) kept[name] = String(value);
  }
  return kept;
};

/** Sets the modem as the board keeps it. */
export const apply = (kept: Kept, { settings }: Modem): void => {
  settings.activation = kept.activation === '1' ? 'abp' : 'otaa';
  settings.deviceClass = kept.deviceClass === '2' ? 'C' : 'A';
  settings.adr = kept.adr === '1';
  settings.txPower = Number(kept.txPower);
  settings.dutyCycle = kept.dutyCycle === '1';
  if (kept.dataRate !== '') settings.dataRate = Number(kept.dataRate);
};

const addressText = (devAddr: number): string => devAddr.toString(16).padStart(8, '0').toUpperCase();
const keyText = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

/** The keys as one text, to be given back by `identityIn`. */
export const identityText = (id: ModemIdentity): string =>
  [
    ...[id.devEui, id.joinEui, toHex(id.appKey)],
    ...[addressText(id.devAddr), toHex(id.nwkSKey), toHex(id.appSKey)],
  ].join(':');

export const identityIn = (text: string): ModemIdentity => {
  const [devEui = '', joinEui = '', appKey = '', devAddr = '0', nwkSKey = '', appSKey = ''] = text.split(':');
  return {
    devEui,
    joinEui,
    appKey: hex(appKey),
    devAddr: Number.parseInt(devAddr, 16),
    nwkSKey: hex(nwkSKey),
    appSKey: hex(appSKey),
  };
};

/** The lines of `lora:status`: the keys of the activation that is set, multicast keys where multicast is on. */
export const statusLines = (kept: Kept, modem: Modem): readonly string[] => {
  const { identity: id, settings: mac } = modem;
  const on = (value: string): string => (value === '1' ? 'true' : 'false');
  const [auto, seconds] = kept.sendInterval.split(':');
  const keys =
    kept.activation === '0'
      ? [
          'Join_mode: OTAA',
          `DevEui: ${id.devEui.toUpperCase()}`,
          `AppEui: ${id.joinEui.toUpperCase()}`,
          `AppKey: ${keyText(id.appKey)}`,
        ]
      : [
          'Join_mode: ABP',
          `DevAddr: ${addressText(id.devAddr)}`,
          `AppsKey: ${keyText(id.appSKey)}`,
          `NwksKey: ${keyText(id.nwkSKey)}`,
        ];
  const multicast = [
    `Multi_Dev_Addr: ${kept.multicastAddr.toUpperCase()}`,
    `Multi_Apps_Key: ${kept.multicastAppSKey.toUpperCase()}`,
    `Multi_Nwks_Key: ${kept.multicastNwkSKey.toUpperCase()}`,
  ];
  return [
    `Work Mode: ${kept.workMode === '1' ? 'P2P' : 'LoRaWAN'}`,
    `Region: ${kept.region}`,
    `Send_interval: ${seconds}s`,
    `Auto send status: ${on(auto ?? '0')}.`,
    `MulticastEnable: ${on(kept.multicast)}.`,
    ...(kept.multicast === '1' ? multicast : []),
    ...keys,
    `Class: ${mac.deviceClass}`,
    `Joined Network:${modem.joined}`,
    `IsConfirm: ${kept.confirmed === '1' ? 'confirm' : 'unconfirm'}`,
    `AdrEnable: ${mac.adr}`,
    'EnableRepeaterSupport: false',
    `RX2_CHANNEL_FREQUENCY: ${mac.rx2Hz}, RX2_CHANNEL_DR:${mac.rx2DataRate}`,
    'RX_WINDOW_DURATION: 3000ms',
    `RECEIVE_DELAY_1: ${mac.rx1DelayS * 1000}ms`,
    `RECEIVE_DELAY_2: ${(mac.rx1DelayS + 1) * 1000}ms`,
    `JOIN_ACCEPT_DELAY_1: ${mac.joinAcceptDelay1S * 1000}ms`,
    `JOIN_ACCEPT_DELAY_2: ${(mac.joinAcceptDelay1S + 1) * 1000}ms`,
    `Current Datarate: ${mac.dataRate}`,
    `Primeval Datarate: ${kept.dataRate === '' ? mac.dataRate : kept.dataRate}`,
    `ChannelsTxPower: ${mac.txPower}`,
    `UpLinkCounter: ${modem.fCntUp}`,
    `DownLinkCounter: ${modem.fCntDown}`,
  ];
};
