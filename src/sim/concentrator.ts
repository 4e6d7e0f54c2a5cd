import type { Us } from '../base/time.js';
import { diceKey } from '../base/dice.js';
import { downlinkAirtimeUs } from '../network/downlink.js';
import type { TxFrame, TxVerdict } from '../lorawan/radio.js';

/** A downlink that will be, is or was on the air. */
export interface Emission {
  readonly tx: TxFrame;
  readonly startUs: Us;
  readonly endUs: Us;
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

// sx1302_hal jitqueue.c: TX_START_DELAY 1.5 ms + margin 1 ms + TX_JIT_DELAY 40 ms; TX_MAX_ADVANCE_DELAY (3 + 1) * 128 s.
const tooLateUs = 42_500;
const tooEarlyUs = 512_000_000;
const marginUs = 2_500;
const capacity = 32;
const keepUs = 10_000_000;
const turn = 0x1_0000_0000;

/** A gateway's concentrator; `ideal` drops the limits of one radio (overlap, queue), never those of time. */
export const concentrator = (eui: string, ideal: boolean): Concentrator => {
  // Each gateway was switched on at a moment of its own, so its counter stands elsewhere.
  const offset = diceKey('concentrator', eui).lo;
  const emissions: Emission[] = [];
  const tmst = (atUs: Us): number => (atUs + offset) % turn;

  return {
    eui,
    tmst,
    emissions,
    offer(tx, nowUs) {
      while (emissions.length > 0 && emissions[0]!.endUs < nowUs - keepUs) emissions.shift();
      if (tx.when.kind === 'gps') return 'gps-unlocked';
      const waitUs = tx.when.kind === 'now' ? tooLateUs + 1 : (tx.when.tmst - tmst(nowUs) + turn) % turn;
      // Unsigned difference: what lies behind us looks as if it lay far ahead.
      if (waitUs > turn - tooEarlyUs || waitUs <= tooLateUs) return 'too-late';
      if (waitUs > tooEarlyUs) return 'too-early';
      const startUs = nowUs + waitUs;
      const endUs = startUs + downlinkAirtimeUs(tx);
      if (!ideal) {
        if (emissions.filter((other) => other.endUs > nowUs).length >= capacity) return 'collision-packet';
        if (emissions.some((other) => startUs < other.endUs + marginUs && other.startUs - marginUs < endUs))
          return 'collision-packet';
      }
      const at = emissions.findIndex((other) => other.startUs > startUs);
      emissions.splice(at < 0 ? emissions.length : at, 0, { tx, startUs, endUs });
      return 'ok';
    },
    sendsWithin: (startUs, endUs) => emissions.some((other) => other.startUs < endUs && startUs < other.endUs),
  };
};
