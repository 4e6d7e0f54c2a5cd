/** Below this a simulated sensor calls its battery low. */
export const lowCharge = 0.1;

/** What a battery of a sensor that lives ten years loses by itself: assumed, as vendors promise it. */
const lifeMs = 10 * 365 * 86_400_000;
/** And with each frame: a hundred thousand frames empty it (assumed: 0.1 mAh a frame at a middling data rate, 10 Ah). */
const framesInBattery = 100_000;

/**
 * What is left in a battery, 1 to 0: it begins where `draw` (0 to 1) puts it, since a street's sensors are of many ages,
 * about one in thirty of them near its end; time and frames take their share.
 */
export const chargeLeft = (draw: number, spent: { readonly ms: number; readonly frames: number }): number => {
  const first = draw < 1 / 30 ? 0.02 + draw * 2 : 0.3 + 0.7 * draw;
  return Math.max(0, first - spent.ms / lifeMs - spent.frames / framesInBattery);
};

/**
 * Volts of a lithium thionyl chloride cell: flat for most of its life, then it sags; in the cold it gives less.
 * The shape is that of data sheets of such cells; `freshV` is what a new one shows.
 */
export const lithiumV = (charge: number, { freshV = 3.6, temperatureC = 20 } = {}): number => {
  const sag = charge < lowCharge ? (1 - charge / lowCharge) * 0.7 : (1 - charge) * 0.05;
  const cold = temperatureC < 0 ? Math.min(0.2, -temperatureC * 0.005) : 0;
  return Number((freshV - sag - cold).toFixed(3));
};
