import { toBase64 } from '../../../base/base64.js';
import { problem, type Problem } from '../../../base/problem.js';
import { usFromIso, type Us } from '../../../base/time.js';
import type { Eui } from '../../../lorawan/ids.js';
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

const rssiBounds = { least: -250, most: 100 } as const;
const snrBounds = { least: -100, most: 100 } as const;
const byte = { whole: true, least: 0, most: 255 } as const;
const noBytes = new Uint8Array(0);
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
  return typeof tmms === 'number' && Number.isSafeInteger(tmms) && tmms > 0 && tmms < 1e13
    ? usFromGpsMs(tmms)
    : undefined;
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
    if (rssi !== undefined && rssi > (best?.rssi ?? -Infinity))
      best = { rssi, ...(lsnr === undefined ? {} : { lsnr }) };
  }
  return best ?? {};
};

const crcOf = (read: Fields): RxFrame['crc'] => {
  const stat = read.number('stat', { whole: true, least: -1, most: 1 });
  return stat === 1 ? 'ok' : stat === -1 ? 'bad' : 'none';
};

/** What a rxpk says, or the first field that is wrong. */
const readRxpk = (rxpk: JsonObject, gateway: Eui, atUs: Us): RxFrame | ReturnType<Fields['wrong']> => {
  const read = fields(rxpk);
  const phy = read.need('data', readPayload(read), noBytes);
  const dataRate = read.need('datr', readRate(rxpk, read), { kind: 'fsk', bitRate: 1 });
  const freqMhz = read.need('freq', read.number('freq', mhzBounds), 0);
  const antenna = strongest(rxpk);
  const rssiDbm = read.need('rssi', read.number('rssi', rssiBounds) ?? antenna.rssi, 0);
  const snrDb = read.number('lsnr', snrBounds) ?? antenna.lsnr;
  const tmst = read.number('tmst', { whole: true, least: 0, most: 0xffff_ffff });
  const channel = read.number('chan', byte);
  const rfChain = read.number('rfch', byte);
  const codingRate = read.text('codr', /^\S{1,12}$/);
  const crc = crcOf(read);
  const gatewayTimeUs = gatewayTime(rxpk);
  return (
    read.wrong() ?? {
      phy,
      atUs,
      gateway,
      ...(tmst === undefined ? {} : { tmst }),
      ...(gatewayTimeUs === undefined ? {} : { gatewayTimeUs }),
      freqHz: hzOf(freqMhz),
      dataRate,
      ...(codingRate === undefined ? {} : { codingRate }),
      rssiDbm,
      ...(snrDb === undefined ? {} : { snrDb }),
      crc,
      ...(channel === undefined ? {} : { channel }),
      ...(rfChain === undefined ? {} : { rfChain }),
    }
  );
};

/** A rxpk that is no frame: its place in the list, counted from 0, and what is wrong with it (`bad-rxpk`). */
export interface RefusedRxpk {
  readonly index: number;
  readonly problem: Problem;
}

/**
 * The frames of a PUSH_DATA and, each by itself, the entries that are none. Without `stat` a frame counts as one whose
 * CRC nobody checked; without `tmst` it cannot be answered. `atUs` is when the datagram came.
 */
export const rxFramesOf = (
  push: Pick<PushData, 'gateway' | 'rxpk'>,
  atUs: Us,
): { readonly frames: readonly RxFrame[]; readonly refused: readonly RefusedRxpk[] } => {
  const frames: RxFrame[] = [];
  const refused: RefusedRxpk[] = [];
  for (const [index, rxpk] of push.rxpk.entries()) {
    const read = isObject(rxpk) ? readRxpk(rxpk, push.gateway, atUs) : { field: 'the entry', why: 'is not an object' };
    if (read && 'phy' in read) frames.push(read);
    else if (read) refused.push({ index, problem: problem('bad-rxpk', { index, ...read }) });
  }
  return { frames, refused };
};
