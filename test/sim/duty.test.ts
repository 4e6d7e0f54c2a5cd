import { expect, test } from 'vitest';
import { subBandIndex } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { SentFrame } from '../../src/sim/run-types.js';
import { chatter, lab } from './lab.js';

const hourUs = 3_600_000_000;

/** The most airtime in any hour that ends with a frame's end: one of them is the worst. Frames of one sender, in order. */
const worstHourUs = (frames: readonly SentFrame[]): number => {
  let worst = 0;
  let first = 0;
  let whole = 0;
  for (const { startUs, endUs } of frames) {
    const fromUs = endUs - hourUs;
    whole += endUs - startUs;
    for (; frames[first]!.endUs <= fromUs; first++) whole -= frames[first]!.endUs - frames[first]!.startUs;
    worst = Math.max(worst, whole - Math.max(0, fromUs - frames[first]!.startUs));
  }
  return worst;
};

test.each([0, 3, 5])(
  'a day of heavy traffic at DR%i: no sensor ever exceeds the hour of a sub-band, and most use it',
  (dataRate) => {
    const one = lab({
      bays: 1,
      profile: { dataRate, adr: false },
      accept: { cfList: [863_100_000, 868_800_000, 867_100_000] },
      sensor: chatter(1_500, { length: 40 }),
    });
    one.play(86_400, 5_000);
    const bySender = new Map<string, SentFrame[]>();
    for (const frame of one.sent) {
      const name = `${frame.bay} ${subBandIndex(eu868, frame.freqHz)}`;
      if (!bySender.has(name)) bySender.set(name, []);
      bySender.get(name)!.push(frame);
    }
    expect(bySender.size).toBe(4);
    for (const [name, frames] of bySender) {
      const limitUs = hourUs * eu868.subBands[Number(name.split(' ')[1])]!.dutyCycle;
      expect(worstHourUs(frames), name).toBeLessThanOrEqual(limitUs);
    }
    expect(one.notes.some(({ what }) => what === 'waits-duty-cycle')).toBe(true);
  },
);
