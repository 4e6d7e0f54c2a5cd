/** Quantiles of many latencies, in milliseconds; null where there are none. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly mostMs: number | null;
}

/** Each step is so much longer than the one before: quantiles are right to a hundredth. */
const step = 1.01;
const leastMs = 1;

/** Keeps counts by length, so that memory does not grow with their number. */
export const latencies = (): { add(ms: number): void; read(): LatencyFigures } => {
  const counts: number[] = [];
  let count = 0;
  let mostMs = 0;
  return {
    add(ms) {
      const at = Math.max(0, Math.ceil(Math.log(Math.max(leastMs, ms) / leastMs) / Math.log(step)));
      counts[at] = (counts[at] ?? 0) + 1;
      count++;
      mostMs = Math.max(mostMs, ms);
    },
    read() {
      const quantile = (share: number): number | null => {
        if (count === 0) return null;
        let left = Math.ceil(share * count);
        for (let at = 0; at < counts.length; at++) {
          left -= counts[at] ?? 0;
          if (left <= 0) return Math.min(mostMs, Math.round(leastMs * step ** at));
        }
        return mostMs;
      };
      return {
        count,
        p50Ms: quantile(0.5),
        p95Ms: quantile(0.95),
        p99Ms: quantile(0.99),
        mostMs: count === 0 ? null : Math.round(mostMs),
      };
    },
  };
};
