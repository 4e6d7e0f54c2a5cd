import { toBase64 } from '../../../base/base64.js';
import { problem, type Problem } from '../../../base/problem.js';
import { ok, failed, type Result } from '../../../base/result.js';
import { usFromIso, type Us } from '../../../base/time.js';
import type { RxFrame } from '../../../lorawan/radio.js';
import type { PushData } from './datagram.js';
import { fields, isObject, own, type Fields, type JsonObject } from './json.js';
import { hzOf, mhzBounds, readPayload } from './payload.js';
import { rateFields, readRate } from './rates.js';
import { compactTime, gpsMsFromUs, usFromGpsMs } from './times.js';

/** One reception as the reference forwarder writes it, fields in its order (sx1302_hal lora_pkt_fwd.c). */
export interface Rxpk {
  readonly jver: 1;
  readonly tmst?: number;
  readonly time?: string;
  readonly tmms?: number;
  readonly chan?: number;
  readonly rfch?: number;
  readonly freq: number;
  readonly stat: 1 | 0 | -1;
  readonly modu: string;
  readonly datr: string | number;
  readonly codr?: string;
  readonly lsnr?: number;
  readonly rssi: number;
  readonly size: number;
  readonly data: string;
}

const statOfCrc = { ok: 1, none: 0, bad: -1 } as const;
const tenth = (value: number): number => Math.round(value * 10) / 10;

/** The rxpk of a hearing: `rssi` in whole dBm, `lsnr` in 0.1 dB, `freq` in MHz, `data` padded as Go's decoders want it. */
export const rxpkOf = (rx: RxFrame): Rxpk => ({
  jver: 1,
  ...(rx.tmst === undefined ? {} : { tmst: rx.tmst }),
  ...(rx.gatewayTimeUs === undefined
    ? {}
    : { time: compactTime(rx.gatewayTimeUs), tmms: gpsMsFromUs(rx.gatewayTimeUs) }),
  ...(rx.channel === undefined ? {} : { chan: rx.channel }),
  ...(rx.rfChain === undefined ? {} : { rfch: rx.rfChain }),
  freq: rx.freqHz / 1e6,
  stat: statOfCrc[rx.crc],
  ...rateFields(rx.dataRate),
  ...(rx.codingRate === undefined ? {} : { codr: rx.codingRate }),
  ...(rx.snrDb === undefined ? {} : { lsnr: tenth(rx.snrDb) }),
  rssi: Math.round(rx.rssiDbm),
  size: rx.phy.length,
  data: toBase64(rx.phy),
});

/** `time` has microseconds; `tmms` serves where it is missing or unreadable. A bad clock does not spoil a good frame. */
const gatewayTime = (rxpk: JsonObject): Us | undefined => {
  const time = own(rxpk, 'time');
  const us = typeof time === 'string' && time.length <= 40 ? usFromIso(time) : undefined;
  if (us !== undefined) return us;
  const tmms = own(rxpk, 'tmms');
  return typeof tmms === 'number' && Number.isSafeInteger(tmms) && tmms > 0 && tmms < 1e13 ? usFromGpsMs(tmms) : undefined;
};

/** Gateways with several antennas leave `rssi` and `lsnr` out and give a list `rsig`: the strongest is the hearing's. */
const strongest = (rxpk: JsonObject): { readonly rssi?: number; readonly lsnr?: number } => {
  const list = own(rxpk, 'rsig');
  if (!Array.isArray(list)) return {};
  let best: { rssi: number; lsnr?: number } | undefined;
  for (const item of list.slice(0, 16) as readonly unknown[]) {
    if (!isObject(item)) continue;
    const read = fields(item);
    const rssi = read.number('rssic', rssiBounds);
    const lsnr = read.number('lsnr', snrBounds);
    if (rssi !== undefined && rssi > (best?.rssi ?? -Infinity)) best = { rssi, ...(lsnr === undefined ? {} : { lsnr }) };
  }
  return best ?? {};
};

const rssiBounds = { least: -250, most: 100 } as const;
const snrBounds = { least: -100, most: 100 } as const;

const crcOf = (read: Fields): RxFrame['crc'] => {
  const stat = read.number('stat', { whole: true, least: -1, most: 1 });
  return stat === 1 ? 'ok' : stat === -1 ? 'bad' : 'none';
};

const frameOf = (rxpk: JsonObject, gateway: string, atUs: Us): Result<RxFrame, { field: string; why: string }> => {
  throw new Error(`unused ${String(rxpk)} ${gateway} ${atUs}`);
};
