import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { meanStayMs, oneStayMs } from '../../src/sim/dwell.js';
import type { DwellPlan } from '../../src/sim/plan.js';
import { world } from '../../src/sim/world.js';

const minuteMs = 60_000;
const families: readonly (readonly [string, DwellPlan])[] = [
  ['lognormal', { kind: 'lognormal', share: 1, medianMs: 30 * minuteMs, sigma: 0.7 }],
  ['normal', { kind: 'normal', share: 1, meanMs: 90 * minuteMs, deviationMs: 15 * minuteMs }],
  ['weibull, long tail', { kind: 'weibull', share: 1, scaleMs: 30 * minuteMs, shape: 0.8 }],
  ['weibull', { kind: 'weibull', share: 1, scaleMs: 60 * minuteMs, shape: 3 }],
  ['gamma', { kind: 'gamma', share: 1, scaleMs: 142 * minuteMs, shape: 1.6 }],
  ['gamma below one', { kind: 'gamma', share: 1, scaleMs: 60 * minuteMs, shape: 0.7 }],
  ['exponential', { kind: 'exponential', share: 1, meanMs: 40 * minuteMs }],
  ['fixed', { kind: 'fixed', share: 1, meanMs: 45 * minuteMs }],
];

describe.each(families)('stays: %s', (_name, dwell) => {
  test('their mean is the one that is reckoned with', () => {
    const d = dice('dwell', JSON.stringify(dwell));
    const count = 60_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const ms = oneStayMs(dwell, d);
      sum += ms;
      squares += ms * ms;
    }
    const mean = sum / count;
    const error = Math.sqrt(Math.max(0, squares / count - mean * mean) / count);
    expect(Math.abs(mean - meanStayMs(dwell))).toBeLessThanOrEqual(4 * error + 1e-6);
  });

  test('a bay is taken for the share of time that the profile says, whatever the stays look like', () => {
    const share = 0.6;
    const hours = new Array<number>(24).fill(share);
    const place = world({ zone: 'Europe/Berlin', weekday: hours, saturday: hours, sunday: hours, dwell: [dwell] });
    const d = dice('occupancy', JSON.stringify(dwell));
    let takenUs = 0;
    let freeUs = 0;
    let us = 1_780_000_000_000_000;
    for (let n = 0; n < 30_000; n++) {
      const stay = place.stayUs(d);
      const gap = place.gapUs(d, us + stay);
      takenUs += stay;
      freeUs += gap;
      us += stay + gap;
    }
    // The shortest stay is a minute, which lifts long-tailed kinds a little.
    expect(Math.abs(takenUs / (takenUs + freeUs) - share)).toBeLessThan(0.02);
  });
});
