import { toBase64 } from '../../../base/base64.js';
import { fail } from '../../../base/problem.js';
import { ok, type Result } from '../../../base/result.js';
import type { Eui } from '../../../lorawan/ids.js';
import type { TxFrame, TxWhen } from '../../../lorawan/radio.js';
import { fields, own, type Fields, type JsonObject } from './json.js';
import { hzOf, mhzBounds, readPayload } from './payload.js';
import { rateFields, readRate } from './rates.js';

/** One transmission as a server asks for it (PROTOCOL.md v1.6 §6). */
export interface Txpk {
  readonly imme: boolean;
  readonly tmst?: number;
  readonly tmms?: number;
  readonly freq: number;
  readonly rfch: number;
  readonly powe: number;
  readonly modu: string;
  readonly datr: string | number;
  readonly codr?: string;
  readonly fdev?: number;
  readonly ipol: boolean;
  readonly size: number;
  readonly ncrc?: true;
  readonly data: string;
}

const whenFields = (when: TxWhen): Pick<Txpk, 'imme' | 'tmst' | 'tmms'> => {
  switch (when.kind) {
    case 'now':
      return { imme: true };
    case 'tmst':
      return { imme: false, tmst: when.tmst >>> 0 };
    case 'gps':
      return { imme: false, tmms: when.gpsMs };
  }
};

/** The txpk of a transmission: power in whole dBm, FSK with half its bit rate as deviation, LoRaWAN without payload CRC. */
export const txpkOf = (tx: TxFrame): Txpk => ({
  ...whenFields(tx.when),
  freq: tx.freqHz / 1e6,
  rfch: tx.rfChain,
  powe: Math.round(tx.powerDbm),
  ...rateFields(tx.dataRate),
  ...(tx.dataRate.kind === 'fsk' ? { fdev: Math.round(tx.dataRate.bitRate / 2) } : { codr: tx.codingRate }),
  ipol: tx.invertPolarity,
  size: tx.phy.length,
  // Only what goes down to a device has no CRC of its own (LoRaWAN 1.0.4 §3.2); a beacon brings one inside.
  ...(tx.dataRate.kind === 'lora' && tx.invertPolarity ? { ncrc: true as const } : {}),
  data: toBase64(tx.phy),
});

/** `imme` outranks `tmst`, `tmst` outranks `tmms`, as in the reference forwarder. */
const readWhen = (read: Fields): TxWhen | undefined => {
  if (read.flag('imme') === true) return { kind: 'now' };
  const tmst = read.number('tmst', { whole: true, least: 0, most: 0xffff_ffff });
  if (tmst !== undefined) return { kind: 'tmst', tmst };
  const gpsMs = read.number('tmms', { whole: true, least: 0, most: 1e13 });
  if (gpsMs !== undefined) return { kind: 'gps', gpsMs };
  return read.refuse('tmst', 'is missing, and so are imme and tmms');
};

/**
 * The transmission that a txpk asks for, or `bad-txpk` with the first field that is missing or wrong. The reference
 * forwarder drops such a request without an answer. `powe` may be absent: the forwarder then asks for 0 dBm.
 */
export const txFrameOf = (txpk: JsonObject, who: { readonly gateway: Eui; readonly id: number }): Result<TxFrame> => {
  const read = fields(txpk);
  const when = read.need('tmst', readWhen(read), { kind: 'now' });
  const freqMhz = read.need('freq', read.number('freq', mhzBounds), 0);
  const rfChain = read.need('rfch', read.number('rfch', { whole: true, least: 0, most: 255 }), 0);
  const powerDbm = read.number('powe', { least: -50, most: 50 }) ?? 0;
  if (own(txpk, 'modu') === undefined) read.refuse('modu', 'is missing');
  const dataRate = read.need('datr', readRate(txpk, read), { kind: 'fsk', bitRate: 1 });
  const codr = read.text('codr', /^\S{1,12}$/);
  const codingRate = dataRate.kind === 'fsk' ? (codr ?? '') : read.need('codr', codr, '');
  const invertPolarity = read.flag('ipol') ?? false;
  if (own(txpk, 'size') === undefined) read.refuse('size', 'is missing');
  const phy = read.need('data', readPayload(read), new Uint8Array(0));
  const wrong = read.wrong();
  if (wrong) return fail('bad-txpk', wrong);
  const { gateway, id } = who;
  const freqHz = hzOf(freqMhz);
  return ok({ phy, gateway, when, freqHz, dataRate, codingRate, powerDbm, invertPolarity, rfChain, id });
};
