// What parts of a city tell each other of their frames, as numbers: threads share memory, not objects.
import { loraRate } from '../lorawan/radio.js';
import type { Air, Transmission } from './air.js';

/** So many gateways of those that notice a frame are told: as many as judge it, by default. */
const mostNoticed = 8;
/** Numbers that one transmission takes. */
export const numbersEach = 14 + mostNoticed;

const noBytes = new Uint8Array(0);

/** Writes a LoRa transmission at a place. */
export const writeTransmission = (
  to: Float64Array,
  at: number,
  { tx, air }: { readonly tx: Transmission; readonly air: Pick<Air, 'voiceOf' | 'noticedBy'> },
): void => {
  const { dataRate: rate } = tx;
  const who = air.voiceOf(tx);
  const noticedBy = air.noticedBy(tx);
  to[at] = tx.startUs;
  to[at + 1] = tx.endUs;
  to[at + 2] = tx.freqHz;
  to[at + 3] = rate.kind === 'lora' ? rate.sf : 0;
  to[at + 4] = rate.kind === 'lora' ? rate.bwHz : 0;
  to[at + 5] = tx.eirpDbm;
  to[at + 6] = tx.covered ? 1 : 0;
  to[at + 7] = tx.number;
  to[at + 8] = who.x;
  to[at + 9] = who.y;
  to[at + 10] = who.carDb;
  to[at + 11] = who.fadeHi;
  to[at + 12] = who.fadeLo;
  const noticed = Math.min(mostNoticed, noticedBy.length);
  to[at + 13] = noticed;
  for (let i = 0; i < noticed; i++) to[at + 14 + i] = noticedBy[i]!;
};

/** Reads it back: a stranger's, of which nobody here needs the bytes. */
export const readTransmission = (from: Float64Array, at: number): Transmission => ({
  row: -1,
  phy: noBytes,
  channel: -1,
  startUs: from[at]!,
  endUs: from[at + 1]!,
  freqHz: from[at + 2]!,
  dataRate: loraRate(from[at + 3]!, from[at + 4]!),
  eirpDbm: from[at + 5]!,
  covered: from[at + 6] === 1,
  number: from[at + 7]!,
  voice: {
    x: from[at + 8]!,
    y: from[at + 9]!,
    carDb: from[at + 10]!,
    fadeHi: from[at + 11]!,
    fadeLo: from[at + 12]!,
  },
  noticedBy: Array.from({ length: from[at + 13]! }, (_, i) => from[at + 14 + i]!),
  rivals: undefined,
});
