import { toHex } from '../../../src/base/hex.js';
import type { Modem, ModemEvent } from '../../../src/sim/modem-types.js';

// The lines of Heltec's libraries that are the same on CubeCell and ESP32.

const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

/** The keys of a modem as the list of parameters shows them. */
export const keyLine = {
  DevEui: ({ identity }: Modem): string => `+DevEui=${identity.devEui.toUpperCase()}(For OTAA Mode)`,
  AppEui: ({ identity }: Modem): string => `+AppEui=${identity.joinEui.toUpperCase()}(For OTAA Mode)`,
  AppKey: ({ identity }: Modem): string => `+AppKey=${upper(identity.appKey)}(For OTAA Mode)`,
  NwkSKey: ({ identity }: Modem): string => `+NwkSKey=${upper(identity.nwkSKey)}(For ABP Mode)`,
  AppSKey: ({ identity }: Modem): string => `+AppSKey=${upper(identity.appSKey)}(For ABP Mode)`,
  DevAddr: ({ identity }: Modem): string =>
    `+DevAddr=${identity.devAddr.toString(16).toUpperCase().padStart(8, '0')}(For ABP Mode)`,
} as const;

export const joinFailed = 'join failed, join again at 30s later\r\n';
export const rejoinMs = 30_000;

export const sendingLine = (confirmed: boolean): string =>
  `${confirmed ? 'confirmed' : 'unconfirmed'} uplink sending ...\r\n`;

const levelLine = ({ rssiDbm, snrDb }: { rssiDbm: number; snrDb: number }, dataRate: number): string =>
  `received unconfirmed downlink: rssi = ${Math.round(rssiDbm)}, snr = ${Math.trunc(snrDb)}, datarate = ${dataRate}\r\n`;

/** A downlink, in three lines. */
export const downlinkLines = (event: ModemEvent & { readonly kind: 'downlink' }): string =>
  `${levelLine(event, event.dataRate)}+REV DATA:${event.window === 'rx1' ? 'RXWIN1' : 'RXWIN2'},RXSIZE ${event.bytes.length},PORT ${event.fPort}\r\n+REV DATA:${upper(event.bytes)}\r\n`;

/** An acknowledgement without a payload: a downlink of which only the level is told. */
export const acknowledgedLine = ({ lastHeard, settings }: Modem): string =>
  levelLine(lastHeard ?? { rssiDbm: 0, snrDb: 0 }, settings.dataRate);
