/** Pauses between attempts that grow while these fail. */
export interface BackOff {
  /** The next pause: each is up to twice as long as the one before, and never the same for two of us. */
  nextMs(): number;
  /** It went well: the next pause is a short one again. */
  reset(): void;
}

/**
 * Pauses from `firstMs` up to `mostMs`. A random half of each is left out, so that a fleet that lost its server together
 * does not come back together.
 */
export const backOff = ({ firstMs = 500, mostMs = 60_000, random = Math.random } = {}): BackOff => {
  let pauseMs = firstMs;
  return {
    nextMs() {
      const longest = pauseMs;
      pauseMs = Math.min(mostMs, 2 * pauseMs);
      return Math.max(firstMs, Math.round(longest * (1 - random() / 2)));
    },
    reset() {
      pauseMs = firstMs;
    },
  };
};
