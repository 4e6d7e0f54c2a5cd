// A concentrator counts microseconds in 32 bits: its counter turns over every 71 minutes and 35 seconds.

/** Microseconds of one turn. */
export const tmstTurn = 0x1_0000_0000;

/** What the counter shows so many microseconds after it showed `tmst`; before, when they are negative. */
export const tmstAfter = (tmst: number, us: number): number => (((tmst + us) % tmstTurn) + tmstTurn) % tmstTurn;

/** Microseconds from a counter that shows `now` until it shows `tmst`: less than half a turn ahead, or behind and negative. */
export const waitUs = (tmst: number, now: number): number => {
  const ahead = tmstAfter(tmst, -now);
  return ahead < tmstTurn / 2 ? ahead : ahead - tmstTurn;
};
