import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { StellwerkError } from '../base/problem.js';
import { usPerSecond, type Us } from '../base/time.js';
import { numbersEach } from '../sim/exchange.js';
import { usualHearers } from '../sim/path.js';
import type { LaneDigest, RunFigures } from '../sim/run-types.js';
import type { Scenario } from '../sim/scenario.js';
import { digestOf } from '../sim/told.js';
import { framesInHalf, sign, type PartEnd, type PartMessage, type PartSetup, type SharedMemory } from './part.js';

export interface ThreadsSetup {
  readonly scenario: Scenario;
  readonly seed: string;
  /** A user's own catalogue folders. */
  readonly folders: readonly string[];
  readonly forMs: number;
  /** As many as the machine has processors when absent; never more than there are lots. */
  readonly threads?: number;
  readonly stop: AbortSignal;
  /** Now and then: the simulated time that all have reached, and frames sent. */
  breathe?(nowUs: Us, sent: number): void;
}

export interface ThreadsEnd {
  readonly digest: string;
  readonly figures: RunFigures;
  readonly bays: number;
  readonly threads: number;
  readonly toUs: Us;
}

/** So much simulated time passes between two meetings of the threads. */
const stepUs = 600 * usPerSecond;
const breathMs = 100;
const maxYoungGenerationSizeMb = 32;

/** How many threads play so many lots: each has one at least. */
export const threadsFor = (lots: number, wanted = availableParallelism()): number =>
  Math.max(1, Math.min(wanted, lots));

/** From source, as tests run, the thread's program is the built one. */
const program = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/src/worker.js' : './worker.js', import.meta.url);

const sharedMemory = (parts: number): SharedMemory => ({
  frames: new SharedArrayBuffer(parts * 2 * framesInHalf * numbersEach * 8),
  signs: new SharedArrayBuffer((sign.counts + parts * 4) * 4),
  progress: new SharedArrayBuffer(parts * 2 * 8),
});

/**
 * Plays a scenario that nobody answers as fast as all processors allow: each thread has its lots, and their frames meet in
 * one air. Digest and sums are those of a single run, however many threads there are. Throws a StellwerkError for what a
 * person can mend.
 */
export const playThreads = async (setup: ThreadsSetup): Promise<ThreadsEnd> => {
  const { scenario, seed, folders, stop } = setup;
  // Parts tell each other of no more gateways than the usual number of hearers asks for.
  const isUsual = (scenario.air.hearers ?? usualHearers) <= usualHearers;
  const parts = isUsual ? threadsFor(scenario.lots.length, setup.threads) : 1;
  const memory = sharedMemory(parts);
  const signs = new Int32Array(memory.signs);
  const progress = new Float64Array(memory.progress);
  const ask = (): void => void Atomics.store(signs, sign.stop, 1);
  stop.addEventListener('abort', ask, { once: true });
  if (stop.aborted) ask();
  const workers: Worker[] = [];
  const timer = setInterval(() => {
    const reached = Array.from({ length: parts }, (_, part) => progress[part * 2]!);
    const sent = Array.from({ length: parts }, (_, part) => progress[part * 2 + 1]!);
    const nowUs = Math.min(...reached);
    if (nowUs > 0)
      setup.breathe?.(
        nowUs,
        sent.reduce((a, b) => a + b, 0),
      );
  }, breathMs);
  try {
    const ends = await Promise.all(
      Array.from({ length: parts }, (_, part) => {
        const workerData: PartSetup = {
          ...{ scenario, seed, folders, part, parts, forUs: setup.forMs * 1_000, stepUs, memory },
        };
        // What a frame needs lives for two simulated seconds: with the usual few megabytes most of it would be moved twice.
        const worker = new Worker(program(), { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
        workers.push(worker);
        return endOf(worker);
      }),
    );
    return together(ends, parts);
  } finally {
    clearInterval(timer);
    stop.removeEventListener('abort', ask);
    // One that waits for another that has failed would wait for ever.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};

const endOf = (worker: Worker): Promise<PartEnd> =>
  new Promise((resolve, reject) => {
    worker.once('message', (message: PartMessage) =>
      'end' in message ? resolve(message.end) : reject(new StellwerkError(message.problem)),
    );
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('a thread of the simulation ended before its time')));
  });

const together = (ends: readonly PartEnd[], threads: number): ThreadsEnd => {
  const figures: RunFigures = { sent: 0, heard: 0, hearings: 0, joins: 0, lost: {} };
  const lanes: LaneDigest[] = [];
  for (const end of ends) {
    lanes.push(...end.lanes);
    for (const name of ['sent', 'heard', 'hearings', 'joins'] as const) figures[name] += end.figures[name];
    for (const [why, count] of Object.entries(end.figures.lost)) figures.lost[why] = (figures.lost[why] ?? 0) + count;
  }
  return {
    digest: digestOf(lanes),
    figures,
    bays: ends.reduce((sum, { bays }) => sum + bays, 0),
    threads,
    toUs: Math.min(...ends.map(({ toUs }) => toUs)),
  };
};
