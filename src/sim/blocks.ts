import { runningDigest } from '../base/digest.js';
import { usPerSecond, type Us } from '../base/time.js';
import { air, type Transmission } from './air.js';
import { concentrator } from './concentrator.js';
import { endingsOf } from './endings.js';
import { path as pathOf } from './path.js';
import { startRun } from './run.js';
import type { Run, RunSetup } from './run-types.js';
import { digestOf } from './told.js';

/** So many devices live through a step one after the other before the next ones do: their state fits into a cache. */
const usualBlock = 5_000;

/**
 * A run that nobody answers, for very many bays: as devices do not hear each other, they are played in blocks, each of them
 * a whole step at a time, and then all frames of the step are judged in the order of time. Every frame, verdict and digest
 * is that of `startRun`; only frames are told, and only their sums.
 */
export const startBlocks = (
  setup: Omit<RunSetup, 'state' | 'report' | 'hand'> & { readonly blockBays?: number },
): Pick<Run, 'nowUs' | 'figures' | 'lanes' | 'digest'> & { advance(untilUs: Us): void } => {
  const { plan, seed, blockBays = usualBlock } = setup;
  const bays = [...plan.bays].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { gateways, air: airPlan } = plan;
  const lots = [...new Set(bays.map((bay) => bay.lot))].sort();
  const laneByLot = new Map(lots.map((lot, lane) => [lot, lane]));
  const endings = endingsOf({
    setup: { ...setup, unanswered: true },
    bays,
    lanes: lots.map((lot) => ({ lot, digest: runningDigest() })),
    laneOf: Int32Array.from(bays, (bay) => laneByLot.get(bay.lot)!),
    ether: air({
      ...{ seed, plan: airPlan, bays, gateways },
      path: pathOf({ seed, plan: airPlan, bays, gateways }),
      concentrators: gateways.map(({ eui }) => concentrator(eui, airPlan.ideal)),
    }),
    out: () => ({}),
  });
  const later = endings.later!;

  let nowUs = plan.startUs;
  /** Frames that begin in a step, by the second. */
  const seconds: Transmission[][] = [];
  const begin = (tx: Transmission): void => {
    const second = Math.floor((tx.startUs - nowUs) / usPerSecond);
    (seconds[second] ??= []).push(tx);
  };
  const blocks = Array.from({ length: Math.ceil(bays.length / blockBays) }, (_, block) => {
    const firstRow = block * blockBays;
    return startRun({
      ...setup,
      plan: { ...plan, bays: bays.slice(firstRow, firstRow + blockBays) },
      hand: { firstRow, begin },
    });
  });

  return {
    figures: endings.figures,
    lanes: endings.lanes,
    digest: () => digestOf(endings.lanes()),
    get nowUs() {
      return nowUs;
    },
    advance(untilUs) {
      for (const block of blocks) block.advance(untilUs, [], {});
      for (let second = 0; second < seconds.length; second++) {
        const begun = seconds[second];
        if (begun) for (const tx of begun.sort((a, b) => a.startUs - b.startUs)) later.begin(tx);
      }
      seconds.length = 0;
      nowUs = untilUs;
      later.advance(untilUs);
    },
  };
};
