import { dataRateText } from '../lorawan/radio.js';
import type { Air, Ending, Transmission } from './air.js';
import type { Fleet } from './fleet.js';
import { lateAir, type LateAir } from './late-air.js';
import type { LaneDigest, RunFigures, RunOut, RunSetup } from './run-types.js';
import { sentFrame } from './told.js';

/** A whole number in decimal: in two parts, which V8 writes faster than one that is no small integer. */
const decimal = (value: number): string => {
  const high = Math.floor(value / 1e9);
  return high === 0 ? String(value) : `${high}${String(value - high * 1e9).padStart(9, '0')}`;
};

/** What a run makes of the ends of its frames: digests, sums, and what it tells. */
export interface Endings {
  ended(tx: Transmission, end: Ending): void;
  readonly figures: RunFigures;
  lanes(): readonly LaneDigest[];
  /** Where nobody answers. */
  readonly later: LateAir | undefined;
}

export const endingsOf = (of: {
  readonly setup: RunSetup;
  readonly bays: Fleet['bays'];
  readonly lanes: Fleet['lanes'];
  readonly laneOf: Fleet['laneOf'];
  readonly ether: Air;
  out(): RunOut;
}): Endings => {
  const { setup, bays, lanes, laneOf, ether } = of;
  const figures: RunFigures = { sent: 0, heard: 0, hearings: 0, joins: 0, lost: {} };

  const ended = (tx: Transmission, end: Ending): void => {
    const bay = bays[tx.row]!;
    const { digest } = lanes[laneOf[tx.row]!]!;
    digest.add(`${bay.id} ${decimal(tx.startUs)} ${tx.freqHz} ${dataRateText(tx.dataRate)} `);
    digest.add(tx.phy);
    figures.sent++;
    figures.hearings += end.heardBy;
    if (tx.phy[0] === 0) figures.joins++;
    if (end.lost === undefined) figures.heard++;
    else figures.lost[end.lost] = (figures.lost[end.lost] ?? 0) + 1;
    const out = of.out();
    out.sent?.(sentFrame(bay, tx, end));
    if (out.heard && end.heardBy > 0) for (const rx of end.heard()) out.heard(rx);
  };

  const { exchange } = setup;
  const others = exchange && ((begun: readonly Transmission[]) => exchange(begun, ether));
  return {
    ended,
    figures,
    lanes: () => lanes.map(({ lot, digest }) => ({ lot, digest: digest.value() })),
    later:
      setup.unanswered || exchange
        ? lateAir({ air: ether, fromUs: setup.plan.startUs, ended, ...(others && { exchange: others }) })
        : undefined,
  };
};
