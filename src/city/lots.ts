import type { LotFigures } from '../report/city-view.js';
import type { BayPlan } from '../sim/plan.js';

/** What is known of one bay: enough of a BayState to count. */
interface Known {
  readonly occupied: boolean | undefined;
}

/** Free and taken bays of every lot, in the plan's order, as the network knows them. */
export const lotFigures = (bays: readonly BayPlan[], known: ReadonlyMap<string, Known>): readonly LotFigures[] => {
  const lots = new Map<string, { lot: string; bays: number; free: number; taken: number; unknown: number }>();
  for (const { id, lot } of bays) {
    const figures = lots.get(lot) ?? { lot, bays: 0, free: 0, taken: 0, unknown: 0 };
    lots.set(lot, figures);
    figures.bays++;
    const occupied = known.get(id)?.occupied;
    if (occupied === undefined) figures.unknown++;
    else if (occupied) figures.taken++;
    else figures.free++;
  }
  return [...lots.values()];
};
