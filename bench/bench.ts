/** Figures of one round: work per second of ours and of the peer, measured one after the other in one process. */
export interface Round {
  readonly ours: number;
  readonly peer: number;
}

/** A comparison with a peer. Only its ratio means something: machines differ, the process is the same. */
export interface Bench {
  /** Equals the file name before `.bench.ts`. */
  readonly id: string;
  readonly what: string;
  readonly peer: string;
  /** Of both figures, such as `pairs/s`; more is better. */
  readonly unit: string;
  /** The least median of ours / peer that is good enough; absent when the figures are only shown. */
  readonly floor?: number;
  setup?(): Promise<void>;
  /** Measures both sides for about `sideMs` each; `number` counts from 0 and may decide who goes first. */
  round(round: { readonly number: number; readonly sideMs: number }): Promise<Round> | Round;
  teardown?(): Promise<void>;
}

/** How often per second `work(i)` runs, measured for about `forMs`; the clock is read once per `batch`. */
export const perSecond = (
  work: (i: number) => void,
  { forMs, batch }: { readonly forMs: number; readonly batch: number },
): number => {
  const start = performance.now();
  let count = 0;
  let spentMs = 0;
  do {
    for (let i = 0; i < batch; i++) work(count + i);
    count += batch;
    spentMs = performance.now() - start;
  } while (spentMs < forMs);
  return (count * 1000) / spentMs;
};
