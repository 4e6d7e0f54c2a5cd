import type { Us } from '../base/time.js';
import { diceKey } from '../base/dice.js';
import type { DutyBudget } from '../lorawan/duty-budget.js';
import { jitQueue, type Slot } from '../lorawan/jit-queue.js';
import { downlinkAirtimeUs } from '../network/downlink.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';
import { tmstAfter, waitUs } from '../lorawan/tmst.js';

/** A downlink that will be, is or was on the air. */
export interface Emission extends Slot {
  readonly tx: TxFrame;
}

/** The sending half of a simulated gateway: its counter, and what it was asked to transmit. */
export interface Concentrator {
  readonly eui: string;
  /** What the 32-bit microsecond counter shows at an instant. */
  tmst(atUs: Us): number;
  /** Takes a transmission or says why not, as a packet forwarder's just-in-time queue does. */
  offer(tx: TxFrame, nowUs: Us): TxVerdict;
  /** Emissions that may still matter, oldest first. */
  readonly emissions: readonly Emission[];
  /** Whether it transmits at any moment of the interval: then it hears nothing (half duplex). */
  sendsWithin(startUs: Us, endUs: Us): boolean;
}

/**
 * A gateway's concentrator; `ideal` drops the limits of one radio (overlap, queue), never those of time. A real packet
 * forwarder sends whatever it is told; one with a `budget` refuses what would break it.
 */
export const concentrator = (
  eui: string,
  ideal: boolean,
  options: { readonly budget?: DutyBudget } = {},
): Concentrator => {
  const { budget } = options;
  // Each gateway was switched on at a moment of its own, so its counter stands elsewhere.
  const offset = diceKey('concentrator', eui).lo;
  const queue = jitQueue<Emission>({ ideal });
  const { emissions } = queue;
  const tmst = (atUs: Us): number => tmstAfter(offset, atUs);

  return {
    eui,
    tmst,
    emissions,
    offer(tx, nowUs) {
      if (tx.when.kind === 'gps') return 'gps-unlocked';
      const airtimeUs = downlinkAirtimeUs(tx);
      const startUs =
        tx.when.kind === 'now' ? queue.asapUs(airtimeUs, nowUs) : nowUs + waitUs(tx.when.tmst, tmst(nowUs));
      const emission = { tx, startUs, endUs: startUs + airtimeUs };
      const verdict = queue.offer(emission, nowUs);
      if (verdict !== 'ok' || !budget) return verdict;
      const spending = { freqHz: tx.freqHz, airtimeUs, startUs };
      if (budget.fits(spending)) {
        budget.spend(spending);
        return 'ok';
      }
      queue.cancel(emission, nowUs);
      return 'gateway-duty-cycle';
    },
    sendsWithin: (startUs, endUs) => emissions.some((other) => other.startUs < endUs && startUs < other.endUs),
  };
};
