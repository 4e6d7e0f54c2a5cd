import { exponential, gamma, lognormal, normal, weibull, type Dice } from '../base/dice.js';
import type { DwellPlan } from './plan.js';

/** How long cars of one kind stay on the mean, in milliseconds. */
export const meanStayMs = (dwell: DwellPlan): number => {
  switch (dwell.kind) {
    case 'lognormal':
      return dwell.medianMs * Math.exp(dwell.sigma ** 2 / 2);
    case 'weibull':
      return dwell.scaleMs * gammaOf(1 + 1 / dwell.shape);
    case 'gamma':
      return dwell.scaleMs * dwell.shape;
    case 'normal':
    case 'exponential':
    case 'fixed':
      return dwell.meanMs;
  }
};

/** How long one of them stays, in milliseconds; a normal one may come out negative. */
export const oneStayMs = (dwell: DwellPlan, dice: Dice): number => {
  switch (dwell.kind) {
    case 'lognormal':
      return lognormal(dice, dwell.medianMs, dwell.sigma);
    case 'normal':
      return normal(dice, dwell.meanMs, dwell.deviationMs);
    case 'weibull':
      return weibull(dice, dwell.scaleMs, dwell.shape);
    case 'gamma':
      return gamma(dice, dwell.scaleMs, dwell.shape);
    case 'exponential':
      return exponential(dice, dwell.meanMs);
    case 'fixed':
      return dwell.meanMs;
  }
};

/** Euler's gamma function for arguments above a half (Lanczos 1964, g = 7, nine terms: fifteen digits). */
const gammaOf = (x: number): number => {
  const z = x - 1;
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (z + i);
  const t = z + 7.5;
  return Math.sqrt(2 * Math.PI) * t ** (z + 0.5) * Math.exp(-t) * sum;
};
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
