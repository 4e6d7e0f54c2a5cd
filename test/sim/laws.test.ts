import { beforeAll, describe, expect, test } from 'vitest';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { behaviours, playTogether, smallPlan, someBays, story } from './harness.js';

let known: ReadonlyMap<string, SensorBehaviour>;
beforeAll(async () => {
  known = await behaviours();
});

describe('a run is a function of scenario, seed, inputs and starting state', () => {
  test('same four, same digest and same events', () => {
    const plan = smallPlan(someBays(6));
    const first = playTogether({ plan, known, hours: 3 });
    const second = playTogether({ plan, known, hours: 3 });
    expect(second.digest).toBe(first.digest);
    expect(second.events).toEqual(first.events);
    expect(first.frames.length).toBeGreaterThan(20);
  });

  test('another seed, another digest', () => {
    const plan = smallPlan(someBays(2));
    const one = playTogether({ plan, known, hours: 1, seed: 'one' });
    expect(playTogether({ plan, known, hours: 1, seed: 'two' }).digest).not.toBe(one.digest);
  });

  test('the size of the windows changes nothing', () => {
    const plan = smallPlan(someBays(5));
    const coarse = playTogether({ plan, known, hours: 2, stepMs: 500 });
    const fine = playTogether({ plan, known, hours: 2, stepMs: 70 });
    expect(story(fine.frames)).toEqual(story(coarse.frames));
    expect(fine.digest).toBe(coarse.digest);
  });

  test('the starting state is an input: a second run continues nonces and counters, and is accepted', () => {
    const plan = smallPlan(someBays(4));
    const first = playTogether({ plan, known, hours: 2 });
    const second = playTogether({ plan, known, hours: 2, state: first.state, memories: first.memories });
    expect(second.digest).not.toBe(first.digest);
    expect(second.frames.filter((frame) => frame.kind === 'join')).toEqual([]);
    expect(second.outcomes.filter((outcome) => outcome.result === 'refused')).toEqual([]);
    // A network that forgot: nobody is known. The Bosch sensors notice by their missing acknowledgements, and join again.
    const again = playTogether({ plan, known, hours: 2, state: first.state });
    expect(again.outcomes[0]?.why).toBe('unknown-dev-addr');
    const rejoined = again.frames.filter((frame) => frame.kind === 'join');
    expect(rejoined.length).toBeGreaterThan(0);
    expect(new Set(rejoined.map((frame) => frame.sensor))).toEqual(new Set(['bosch-tps110']));
  });
});

describe('with ideal air', () => {
  test('a 64th bay changes no frame of the other 63', () => {
    const bays = someBays(63);
    const without = playTogether({ plan: smallPlan(bays), known, hours: 1 });
    const withOne = playTogether({ plan: smallPlan([...bays, ...someBays(1, 64)]), known, hours: 1 });
    const names = new Set(bays.map((bay) => bay.id));
    expect(story(withOne.frames, names)).toEqual(story(without.frames));
    expect(withOne.frames.some((frame) => frame.bay === 'p-64')).toBe(true);
  });

  test('N fleets of one send the frames of one fleet of N', () => {
    const bays = someBays(5);
    const together = playTogether({ plan: smallPlan(bays), known, hours: 2 });
    const apart = bays.flatMap((bay) => playTogether({ plan: smallPlan([bay]), known, hours: 2 }).frames);
    expect(story(apart)).toEqual(story(together.frames));
  });

  test('every frame is accepted or joins, and each joins once', () => {
    const played = playTogether({ plan: smallPlan(someBays(9)), known, hours: 2 });
    expect(played.outcomes.filter((outcome) => outcome.result === 'refused')).toEqual([]);
    expect(played.outcomes.filter((outcome) => outcome.result === 'joined')).toHaveLength(9);
    expect(played.outcomes).toHaveLength(played.frames.length);
  });
});

describe('with real air', () => {
  test('every frame ends somewhere: lost for a reason, or with one outcome', () => {
    const air = { ...smallPlan([]).air, ideal: false, exponent: 4.6 };
    const played = playTogether({ plan: smallPlan(someBays(30), { air }), known, hours: 2 });
    const lost = played.frames.filter((frame) => frame.lost);
    expect(lost.length).toBeGreaterThan(0);
    expect(played.outcomes.length).toBe(played.frames.length - lost.length);
    const ids = new Set(played.frames.map((frame) => frame.id));
    expect(played.outcomes.every((outcome) => ids.has(outcome.frame))).toBe(true);
  });

  test('sensors keep one percent in every sub-band', () => {
    const played = playTogether({ plan: smallPlan(someBays(6)), known, hours: 6 });
    const onAir = new Map<string, number>();
    for (const { bay, freqHz, startUs, endUs } of played.frames) {
      const key = `${bay} ${freqHz < 868_000_000 ? 'L' : 'M'}`;
      onAir.set(key, (onAir.get(key) ?? 0) + endUs - startUs);
    }
    for (const us of onAir.values()) expect(us / (6 * 3_600_000_000)).toBeLessThanOrEqual(0.01);
  });
});
