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
  let longestMs = 2 * firstMs;
  return {
    nextMs() {
      const pauseMs = Math.round(longestMs * (1 - random() / 2));
      longestMs = Math.min(mostMs, 2 * longestMs);
      return pauseMs;
    },
    reset() {
      longestMs = 2 * firstMs;
    },
  };
};
