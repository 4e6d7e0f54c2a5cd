// What parts of a city tell each other of their frames, as numbers: threads share memory, not objects.
import { loraRate } from '../lorawan/radio.js';
import type { Air, Transmission } from './air.js';

/** So many gateways that may hear a frame are told: as many as it disturbs others at, by default. */
const mostGates = 16;
const gatesAt = 6;
const dbmAt = gatesAt + mostGates;
/** Numbers that one transmission takes. */
export const numbersEach = dbmAt + mostGates;

const noBytes = new Uint8Array(0);

/** Writes a LoRa transmission at a place. */
export const writeTransmission = (
  to: Float64Array,
  at: number,
  { tx, air }: { readonly tx: Transmission; readonly air: Pick<Air, 'meet'> },
): void => {
  air.meet(tx);
  const { dataRate: rate } = tx;
  const gates = tx.gates!;
  const count = Math.min(mostGates, gates.length);
  to[at] = tx.startUs;
  to[at + 1] = tx.endUs;
  to[at + 2] = tx.freqHz;
  to[at + 3] = rate.kind === 'lora' ? rate.sf : 0;
  to[at + 4] = rate.kind === 'lora' ? rate.bwHz : 0;
  to[at + 5] = count;
  for (let i = 0; i < count; i++) {
    to[at + gatesAt + i] = gates[i]!;
    to[at + dbmAt + i] = tx.dbm![i]!;
  }
};

/** Reads it back: a stranger's, of which nobody here needs more. */
export const readTransmission = (from: Float64Array, at: number): Transmission => {
  const gates: number[] = [];
  const dbm: number[] = [];
  for (let i = 0; i < from[at + 5]!; i++) {
    gates.push(from[at + gatesAt + i]!);
    dbm.push(from[at + dbmAt + i]!);
  }
  return {
    row: -1,
    phy: noBytes,
    channel: -1,
    startUs: from[at]!,
    endUs: from[at + 1]!,
    freqHz: from[at + 2]!,
    dataRate: rateOf(from[at + 3]!, from[at + 4]!),
    eirpDbm: 0,
    covered: false,
    number: 0,
    gates,
    dbm,
    rivals: undefined,
  };
};

/** The same object for the same rate. */
const rateOf = (() => {
  const known = new Map<number, ReturnType<typeof loraRate>>();
  return (sf: number, bwHz: number): ReturnType<typeof loraRate> => {
    const key = bwHz * 16 + sf;
    let rate = known.get(key);
    if (!rate) known.set(key, (rate = loraRate(sf, bwHz)));
    return rate;
  };
})();
