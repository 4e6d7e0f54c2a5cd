import { StellwerkError, type Problem } from '../base/problem.js';
import type { Us } from '../base/time.js';
import { openCatalogue } from '../catalogue.js';
import type { Transmission } from '../sim/air.js';
import { startRun } from '../sim/run.js';
import { numbersEach, readTransmission, writeTransmission } from '../sim/exchange.js';
import type { Exchange, LaneDigest, RunFigures } from '../sim/run-types.js';
import type { Scenario } from '../sim/scenario.js';
import { runSetupOf } from './city.js';

/** What the threads of a city share. */
export interface SharedMemory {
  /** Two halves for each thread, used in turn: while one is read the other is written. */
  readonly frames: SharedArrayBuffer;
  /** Whole numbers: who waits, how often all have met, whether to stop; then for each thread and half how many, and more. */
  readonly signs: SharedArrayBuffer;
  /** For each thread: the simulated time it has reached, and frames sent. */
  readonly progress: SharedArrayBuffer;
}

/** A part of a city: its lots are every `parts`-th, from the `part`-th on. */
export interface PartSetup {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly folders: readonly string[];
  readonly part: number;
  readonly parts: number;
  readonly forUs: number;
  readonly stepUs: number;
  readonly memory: SharedMemory;
}

export interface PartEnd {
  readonly figures: RunFigures;
  readonly lanes: readonly LaneDigest[];
  readonly bays: number;
  readonly toUs: Us;
}

/** What a thread says when it is over. */
export type PartMessage = { readonly end: PartEnd } | { readonly problem: Problem };

/** Transmissions that one half holds; more go in several rounds. */
export const framesInHalf = 8_192;

/** Names of the whole numbers in `signs`. */
export const sign = { waiting: 0, meetings: 1, stop: 2, counts: 3 } as const;

/** The lots of a part. */
export const partOf = (scenario: Scenario, part: number, parts: number): Scenario => ({
  ...scenario,
  lots: scenario.lots.filter((_, at) => at % parts === part),
});

/** Plays a part of a city to its end, in step with the others; blocks its thread. */
export const playPart = async (setup: PartSetup): Promise<PartEnd> => {
  const { scenario, seed, folders, part, parts, forUs, stepUs, memory } = setup;
  const signs = new Int32Array(memory.signs);
  const progress = new Float64Array(memory.progress);
  const halves = Array.from({ length: parts * 2 }, (_, half) => {
    const numbers = framesInHalf * numbersEach;
    return new Float64Array(memory.frames, half * numbers * 8, numbers);
  });
  let half = 0;
  let stopped = false;

  /** Waits until all have come. */
  const meet = (): void => {
    const meetings = Atomics.load(signs, sign.meetings);
    if (Atomics.add(signs, sign.waiting, 1) === parts - 1) {
      Atomics.store(signs, sign.waiting, 0);
      Atomics.add(signs, sign.meetings, 1);
      Atomics.notify(signs, sign.meetings);
      return;
    }
    while (Atomics.load(signs, sign.meetings) === meetings) Atomics.wait(signs, sign.meetings, meetings);
  };
  const countAt = (of: number): number => sign.counts + (of * 2 + half) * 2;

  const exchange: Exchange = (begun, air) => {
    const others: Transmission[] = [];
    for (let from = 0, more = true; more;) {
      const mine = halves[part * 2 + half]!;
      const count = Math.min(framesInHalf, begun.length - from);
      for (let i = 0; i < count; i++) {
        const tx = begun[from + i]!;
        writeTransmission(mine, i * numbersEach, { tx, air });
      }
      from += count;
      Atomics.store(signs, countAt(part), count);
      // One of us decides whether to stop, for all: they must make the same steps.
      const asked = part === 0 && Atomics.load(signs, sign.stop) === 1;
      Atomics.store(signs, countAt(part) + 1, (from < begun.length ? 1 : 0) | (asked ? 2 : 0));
      meet();
      more = false;
      for (let of = 0; of < parts; of++) {
        const said = Atomics.load(signs, countAt(of) + 1);
        if (said & 1) more = true;
        if (said & 2) stopped = true;
        if (of === part) continue;
        const theirs = halves[of * 2 + half]!;
        const length = Atomics.load(signs, countAt(of));
        for (let i = 0; i < length; i++) others.push(readTransmission(theirs, i * numbersEach));
      }
      half = 1 - half;
    }
    return parts > 2 ? others.sort((a, b) => a.startUs - b.startUs) : others;
  };

  const wanted = await runSetupOf({
    scenario: partOf(scenario, part, parts),
    ...{ seed, catalogue: openCatalogue({ folders }), activation: 'abp' },
  });
  const { plan } = wanted;
  const run = startRun({ ...wanted, exchange });
  const untilUs = plan.startUs + forUs;
  while (run.nowUs < untilUs && !stopped) {
    run.advance(Math.min(untilUs, run.nowUs + stepUs), [], {});
    progress[part * 2] = run.nowUs;
    progress[part * 2 + 1] = run.figures.sent;
  }
  return { figures: run.figures, lanes: run.lanes(), bays: plan.bays.length, toUs: run.nowUs };
};

/** The same, whatever goes wrong. */
export const partMessage = async (setup: PartSetup): Promise<PartMessage> => {
  try {
    return { end: await playPart(setup) };
  } catch (error) {
    if (error instanceof StellwerkError) return { problem: error.problem };
    throw error;
  }
};
