// The default algorithm of ChirpStack (chirpstack/src/adr/default.rs at d77207c), for LoRa in 125 kHz. It speeds a device up and then
// turns it down, a step for every three decibels to spare; it turns it up again, but never slows it down: that a device
// does itself when it hears nothing any more.

/** What one uplink tells about a link. */
export interface AdrSample {
  readonly fCnt: number;
  /** Of the gateway that heard it best. */
  readonly maxSnrDb: number;
  /** The TXPower index that it was sent with. */
  readonly txPower: number;
  /** How many heard it. */
  readonly gateways: number;
}

/** So many uplinks are remembered, and are needed before anything is concluded from losses or from weakness. */
export const adrHistoryLength = 20;

/** A step of data rate or power is worth this much. */
const stepDb = 3;

/**
 * Adds an uplink to a history, oldest first, of the last twenty, and returns it: the same list, since a new one for each
 * uplink of a town keeps the garbage collector busy. A retransmission adds nothing; a counter that went back is a new
 * life, whose history begins with it. Begin anew as well whenever a device accepted another data rate, power or number of
 * transmissions.
 */
export const withAdrSample = (history: AdrSample[], sample: AdrSample): AdrSample[] => {
  const last = history.at(-1);
  if (last?.fCnt === sample.fCnt) return history;
  if (last && sample.fCnt < last.fCnt) return [sample];
  if (history.length >= adrHistoryLength) history.shift();
  history.push(sample);
  return history;
};

/** Frames that are missing in a full history, in percent of those that came; 0 until it is full. */
export const packetLoss = (history: readonly AdrSample[]): number => {
  if (history.length < adrHistoryLength) return 0;
  let lost = 0;
  for (let i = 1; i < history.length; i++) lost += Math.max(0, history[i]!.fCnt - history[i - 1]!.fCnt - 1);
  return (lost / history.length) * 100;
};

// By loss below 5, 10 and 30 percent and above (row), and by the number of transmissions until now, 1 to 3 (column).
const transmissions = [
  { belowPct: 5, next: [1, 1, 2] },
  { belowPct: 10, next: [1, 2, 3] },
  { belowPct: 30, next: [2, 3, 3] },
  { belowPct: Infinity, next: [3, 3, 3] },
] as const;

const rowOf = (lossPct: number): (typeof transmissions)[number] =>
  transmissions.find(({ belowPct }) => lossPct < belowPct) ?? transmissions[3];

/** How often each uplink is to be sent, 1 to 3, after a loss in percent. */
export const nbTransFor = (nbTrans: number, lossPct: number): number => {
  const row = lossPct < transmissions[0].belowPct ? transmissions[0] : rowOf(lossPct);
  return row.next[Math.min(3, Math.max(1, nbTrans)) - 1]!;
};

/**
 * Data rate and TXPower index after so many steps: up, first faster until `maxDr`, then quieter until `maxTxPower`; down,
 * louder until 0.
 */
export const idealDrAndPower = (
  steps: number,
  from: { readonly dataRate: number; readonly txPower: number; readonly maxDr: number; readonly maxTxPower: number },
): { readonly dataRate: number; readonly txPower: number } => {
  const { dataRate, txPower, maxDr, maxTxPower } = from;
  if (steps <= 0) return { dataRate, txPower: Math.max(0, Math.min(txPower, txPower + steps)) };
  const faster = Math.min(steps, Math.max(0, maxDr - dataRate));
  const quieter = Math.min(steps - faster, Math.max(0, maxTxPower - txPower));
  return { dataRate: dataRate + faster, txPower: txPower + quieter };
};

/**
 * What a device that sends with ADR is to be asked for; equal to what it has when there is nothing to change.
 *
 * `dataRate`, `txPower`, `nbTrans`: what it has. `requiredSnrDb`: what a receiver needs at that data rate. `marginDb`: to
 * be left unused, usually 10. `maxDr`: the fastest allowed, no faster than the region's `adrMaxDr`; a device beyond it is
 * slowed down to it. `minDr`: the slowest allowed, which ChirpStack's algorithm does not know. `maxTxPower`: the highest
 * index that the device has.
 */
export const adrTarget = (input: {
  readonly history: readonly AdrSample[];
  readonly dataRate: number;
  readonly txPower: number;
  readonly nbTrans: number;
  readonly requiredSnrDb: number;
  readonly marginDb: number;
  readonly maxDr: number;
  readonly minDr?: number;
  readonly maxTxPower: number;
}): { readonly dataRate: number; readonly txPower: number; readonly nbTrans: number } => {
  const { txPower, requiredSnrDb, marginDb, maxDr, maxTxPower } = input;
  const history = input.history.length > adrHistoryLength ? input.history.slice(-adrHistoryLength) : input.history;
  const dataRate = Math.min(Math.max(input.dataRate, input.minDr ?? 0), maxDr);
  const nbTrans = nbTransFor(input.nbTrans, packetLoss(history));
  let maxSnrDb = -Infinity;
  // Louder only after twenty uplinks with this very power, or the power would swing up and down.
  let known = 0;
  for (const sample of history) {
    maxSnrDb = Math.max(maxSnrDb, sample.maxSnrDb);
    if (sample.txPower === txPower) known++;
  }
  // Toward zero: a link that is less than a step too good or too bad stays as it is.
  const steps = Math.trunc((maxSnrDb - requiredSnrDb - marginDb) / stepDb);
  if (steps < 0 && known !== adrHistoryLength) return { dataRate, txPower, nbTrans };
  const ideal = idealDrAndPower(steps, { dataRate, txPower, maxDr, maxTxPower });
  return { dataRate: ideal.dataRate, txPower: ideal.txPower, nbTrans };
};
