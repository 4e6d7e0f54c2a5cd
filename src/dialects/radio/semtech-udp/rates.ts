import { dataRateText, type DataRate } from '../../../lorawan/radio.js';
import { own, type Fields, type JsonObject } from './json.js';

/** `modu` and `datr` of a data rate: a text for LoRa and LR-FHSS, a number of bits per second for FSK. */
export const rateFields = (rate: DataRate): { readonly modu: string; readonly datr: string | number } => {
  switch (rate.kind) {
    case 'lora':
      return { modu: 'LORA', datr: dataRateText(rate) };
    case 'fsk':
      return { modu: 'FSK', datr: rate.bitRate };
    case 'lr-fhss':
      return { modu: 'LR-FHSS', datr: rate.text };
  }
};

const fsk = (bitRate: number): DataRate | undefined =>
  Number.isSafeInteger(bitRate) && bitRate > 0 && bitRate <= 1_000_000 ? { kind: 'fsk', bitRate } : undefined;

const rateOf = (datr: unknown): DataRate | undefined => {
  if (typeof datr === 'number') return fsk(datr);
  if (typeof datr !== 'string') return undefined;
  const lora = /^SF(5|6|7|8|9|10|11|12)BW(\d{1,4}(?:\.\d{1,3})?)$/.exec(datr);
  if (lora) {
    const bwHz = Math.round(Number(lora[2]) * 1000);
    return bwHz > 0 ? { kind: 'lora', sf: Number(lora[1]), bwHz } : undefined;
  }
  if (/^M\dCW\d{1,4}$/.test(datr)) return { kind: 'lr-fhss', text: datr };
  return /^\d{1,7}$/.test(datr) ? fsk(Number(datr)) : undefined;
};

const modulations = { LORA: 'lora', FSK: 'fsk', 'LR-FHSS': 'lr-fhss', LR_FHSS: 'lr-fhss' } as const;

/** The data rate that `modu` and `datr` name together; notes what is wrong with them. `modu` may be absent. */
export const readRate = (object: JsonObject, read: Fields): DataRate | undefined => {
  const datr = own(object, 'datr');
  if (datr === undefined) return read.refuse('datr', 'is missing');
  const rate = rateOf(datr);
  if (!rate) return read.refuse('datr', 'is no data rate');
  const modu = read.text('modu');
  if (modu === undefined) return rate;
  const kind = Object.hasOwn(modulations, modu) ? modulations[modu as keyof typeof modulations] : undefined;
  if (kind === undefined) return read.refuse('modu', 'is no modulation that is known');
  return kind === rate.kind ? rate : read.refuse('datr', `does not fit the modulation ${modu}`);
};
