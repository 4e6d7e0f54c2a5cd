import { beforeAll, describe, expect, test } from 'vitest';
import { silent } from '../../src/base/log.js';
import { hourMs, usPerMs } from '../../src/base/time.js';
import { simulate, type SimulateEnd } from '../../src/city/simulate.js';
import type { DownlinkOutcome } from '../../src/ladder/outcome.js';
import { subBandOf } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { DownlinkFate, SentFrame } from '../../src/sim/run-types.js';
import { worstHourUs } from '../lorawan/worst-hour.js';
import { catalogue, crowded, herrenberg } from './fleet.js';

// Honest air, and the law: nobody sends more than the sliding hour of his sub-band allows, gateways included, and whoever
// waits in vain for an answer is told why.

interface OnAir {
  readonly startUs: number;
  readonly airtimeUs: number;
}

const play = async (scenario: Awaited<ReturnType<typeof herrenberg>>, hours: number) => {
  const frames: SentFrame[] = [];
  const descents: DownlinkOutcome[] = [];
  const fates: DownlinkFate[] = [];
  const end = await simulate({
    ...{ scenario, seed: '1', to: 'loopback', forMs: hours * hourMs, uplinkOnly: false, catalogue, fresh: false },
    log: silent,
    stop: new AbortController().signal,
    sent: (frame) => frames.push(frame),
    descent: (descent) => descents.push(descent),
    truths: [{ downlink: (fate) => void fates.push(fate) }],
  });
  return { end, frames, descents, fates };
};

/** Every transmitter's emissions by sub-band, gathered from what the air saw. */
const transmitters = ({ frames, descents, fates }: Awaited<ReturnType<typeof play>>): Map<string, OnAir[]> => {
  const all = new Map<string, OnAir[]>();
  const add = (who: string, freqHz: number, on: OnAir): void => {
    const band = subBandOf(eu868, freqHz)!;
    const key = `${who} ${band.name}`;
    all.set(key, [...(all.get(key) ?? []), on]);
  };
  for (const { bay, freqHz, startUs, endUs } of frames) add(bay, freqHz, { startUs, airtimeUs: endUs - startUs });
  const freqOf = new Map(descents.map(({ frame, attempts }) => [frame, attempts.at(-1)?.freqHz]));
  for (const { id, gateway, startUs, endUs } of fates)
    add(gateway, freqOf.get(id)!, { startUs, airtimeUs: endUs - startUs });
  return all;
};

const explained = ['too-weak', 'no-demodulator', 'collision', 'gateway-sending', 'gateway-duty-cycle', 'too-late'];
const inTheAir = ['downlink-too-weak', 'downlink-collision', 'downlink-not-listening'];

const lawful = (story: Awaited<ReturnType<typeof play>>): void => {
  const worst = [...transmitters(story)].map(([key, emissions]) => {
    const band = eu868.subBands.find(({ name }) => name === key.split(' ')[1])!;
    return { key, share: worstHourUs(emissions) / (hourMs * usPerMs * band.dutyCycle) };
  });
  expect(worst.length).toBeGreaterThan(10);
  expect(worst.filter(({ share }) => share > 1)).toEqual([]);
};

const answered = ({ answers, ledger }: SimulateEnd): void => {
  const { expected, received, missing, open } = answers;
  expect(ledger).toMatchObject({ balanced: true, open: 0 });
  expect(received + Object.values(missing).reduce((a, b) => a + b, 0) + open).toBe(expected);
  expect(open).toBe(0);
  expect(Object.keys(missing).filter((why) => ![...explained, ...inTheAir].includes(why))).toEqual([]);
};

describe('a day in Herrenberg', () => {
  let story: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => void (story = await play(await herrenberg(), 24)), 60_000);
  test('no transmitter exceeds its sliding hour', () => lawful(story));
  test('every answer that did not come has its reason', () => {
    answered(story.end);
    expect(story.end.answers.received).toBeGreaterThan(400);
  });
});

describe('a crowd that wants every slow frame acknowledged', () => {
  let story: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => void (story = await play(await crowded(), 3)), 120_000);
  test('no transmitter exceeds its sliding hour, and the gateways use what they have', () => {
    lawful(story);
    const gateways = new Set(story.fates.map(({ gateway }) => gateway));
    for (const gateway of gateways) {
      const rx2 = transmitters(story).get(`${gateway} P`) ?? [];
      expect(worstHourUs(rx2)).toBeGreaterThan(0.9 * 360_000_000);
    }
  });
  test('every answer that did not come has its reason, and the hour of the gateways is the first of them', () => {
    answered(story.end);
    expect(story.end.answers.missing['gateway-duty-cycle']).toBeGreaterThan(100);
  });
});
