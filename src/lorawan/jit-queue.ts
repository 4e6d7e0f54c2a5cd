import type { Us } from '../base/time.js';
import type { TxVerdict } from './radio.js';

/** A time on the air. */
export interface Slot {
  readonly startUs: Us;
  readonly endUs: Us;
}

/**
 * The limits of a packet forwarder's just-in-time queue (sx1302_hal 2.1.0, packet_forwarder/src/jitqueue.c): TX_START_DELAY
 * 1.5 ms, TX_MARGIN_DELAY 1 ms, TX_JIT_DELAY 40 ms, TX_MAX_ADVANCE_DELAY (3 + 1) * 128 s, JIT_QUEUE_MAX.
 */
export const jitLimits = {
  /** A downlink must start later than this after it is offered. */
  tooLateUs: 42_500,
  /** And no later than this. */
  tooEarlyUs: 512_000_000,
  /** Between the end of one and the start of the next there must be more than this: the radio is programmed in between. */
  gapUs: 42_500,
  /** What is to be sent at once starts this much later: twice TX_JIT_DELAY. */
  asapUs: 80_000,
  /** So many may wait. */
  capacity: 32,
} as const;

/** What one radio is going to send. */
export interface JitQueue<S extends Slot> {
  /** Takes a slot or says why not. What lies behind is `too-late`: the original, which computes without sign, says too early. */
  offer(slot: S, nowUs: Us): Extract<TxVerdict, 'ok' | 'too-late' | 'too-early' | 'collision-packet'>;
  /** The first start for what is to be sent at once (class C): between two others if it fits there. */
  asapUs(airtimeUs: number, nowUs: Us): Us;
  /** Takes back what has not begun; false when there is nothing to take back. */
  cancel(slot: S, nowUs: Us): boolean;
  /** By their start: what is to come, what is on the air, and what was until `keepUs` ago. */
  readonly emissions: readonly S[];
}

/**
 * An empty queue. `ideal`: any number may wait and overlap, only time still counts. `keepUs`: how long emissions are
 * remembered after their end, ten seconds unless told.
 */
export const jitQueue = <S extends Slot>(
  options: { readonly ideal?: boolean; readonly keepUs?: number } = {},
): JitQueue<S> => {
  const { ideal = false, keepUs = 10_000_000 } = options;
  const { gapUs } = jitLimits;
  const emissions: S[] = [];
  const apart = (a: Slot, b: Slot): boolean => a.startUs - b.endUs > gapUs || b.startUs - a.endUs > gapUs;

  return {
    emissions,
    offer(slot, nowUs) {
      while (emissions.length > 0 && emissions[0]!.endUs < nowUs - keepUs) emissions.shift();
      if (!ideal && emissions.filter(({ startUs }) => startUs > nowUs).length >= jitLimits.capacity)
        return 'collision-packet';
      const waitUs = slot.startUs - nowUs;
      if (waitUs <= jitLimits.tooLateUs) return 'too-late';
      if (waitUs > jitLimits.tooEarlyUs) return 'too-early';
      if (!ideal && !emissions.every((other) => apart(slot, other))) return 'collision-packet';
      const at = emissions.findIndex((other) => other.startUs > slot.startUs);
      emissions.splice(at < 0 ? emissions.length : at, 0, slot);
      return 'ok';
    },
    asapUs(airtimeUs, nowUs) {
      let startUs = nowUs + jitLimits.asapUs;
      if (ideal) return startUs;
      for (const other of emissions)
        if (!apart({ startUs, endUs: startUs + airtimeUs }, other)) startUs = other.endUs + gapUs + 1;
      return startUs;
    },
    cancel(slot, nowUs) {
      const at = emissions.indexOf(slot);
      if (at < 0 || slot.startUs <= nowUs) return false;
      emissions.splice(at, 1);
      return true;
    },
  };
};
