import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../src/base/result.js';
import { usPerMs, type Us } from '../../src/base/time.js';
import type { SensorModel } from '../../src/codec/sensor.js';
import type { RxFrame } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { defineBehaviour, type MacProfile } from '../../src/sim/behaviour.js';
import { identity } from '../../src/sim/identity.js';
import { bay, modemPlan } from '../../src/sim/modem-plan.js';
import { startModem } from '../../src/sim/modem.js';
import { startRun } from '../../src/sim/run.js';
import { deviceOf, payload, profile, serve, startUs, story, type Sender } from './modem-bench.js';

// One device, two sizes: a modem that is told what a sensor does sends what the sensor sends, byte for byte.

interface Deed {
  readonly afterMs: number;
  readonly confirmed: boolean;
  readonly ask?: 'link-check' | 'time' | undefined;
}
interface Story {
  readonly mac: MacProfile;
  readonly deeds: readonly Deed[];
  /** Which frames nobody hears, by number. */
  readonly deaf: readonly number[];
}

const who = { seed: 'law', name: 'board', startUs };
const { abp, ...otaa } = identity(`${who.seed} ${who.name}`, bay);
/** When each deed is done. */
const timesOf = (deeds: readonly Deed[]): Us[] => {
  let us = startUs + 1;
  return deeds.map(({ afterMs }) => (us += afterMs * usPerMs));
};

/** A sensor of a fleet of one. */
const sensor = ({ mac, deeds }: Story): Sender => {
  const model = {
    id: 'modem',
    encode: (message: { readonly count: number }) => ok({ fPort: 2, bytes: payload(message.count) }),
  } as unknown as SensorModel;
  const behaviour = defineBehaviour({
    id: 'modem',
    model,
    mac,
    source: 'made for this test',
    columns: { done: 'u16' },
    step(row, input, port) {
      if (input.kind !== 'boot' && input.kind !== 'wake') return;
      if (input.kind === 'wake') {
        const { confirmed, ask } = deeds[row.done]!;
        row.done++;
        if (ask) port.ask(ask);
        port.send({ type: 'count', count: row.done }, { confirmed });
      }
      const next = deeds[row.done];
      if (next) port.wakeInMs(0, next.afterMs);
    },
  });
  const run = startRun({
    plan: modemPlan(who),
    seed: `${who.seed} ${who.name}`,
    behaviours: new Map([['modem', behaviour]]),
    region: eu868,
    activation: 'otaa',
  });
  return {
    get nowUs() {
      return run.nowUs;
    },
    get nextUs() {
      return run.nextUs;
    },
    advance: (untilUs, out) => run.advance(untilUs, [], out),
    offer: (tx) => run.offer(tx),
  };
};

const play = (sender: Sender, { deeds, deaf, mac }: Story, at?: (index: number) => void) => {
  let heard = 0;
  const one = serve(sender, {
    devices: [deviceOf({ ...otaa, ...abp }, { lorawan: mac.lorawan })],
    settings: { adr: { marginDb: 10, maxDr: 5 }, statusEveryMs: 600_000 },
    hears: (_rx: RxFrame) => !deaf.includes(heard++),
  });
  one.playTo(startUs + 1);
  at?.(-1);
  timesOf(deeds).forEach((us, index) => {
    one.playTo(us);
    at?.(index);
  });
  one.play(60);
  return one;
};

const asModem = (how: Story) => {
  const modem = startModem({ ...who, profile: how.mac });
  expect(modem.identity).toEqual({ ...otaa, ...abp });
  return play(modem, how, (index) => {
    if (index < 0) return expect(modem.join()).toBeUndefined();
    const { confirmed, ask } = how.deeds[index]!;
    if (ask) modem.ask(ask);
    expect(modem.send({ fPort: 2, bytes: payload(index + 1), confirmed })).toBeUndefined();
  });
};

// Far enough apart for a confirmed message to be over, with four tries at the slowest data rate.
const deed = fc.record({
  afterMs: fc.integer({ min: 60_000, max: 180_000 }),
  confirmed: fc.boolean(),
  ask: fc.constantFrom(undefined, undefined, 'link-check' as const, 'time' as const),
});
const stories = fc.record({
  mac: fc.record({
    lorawan: fc.constantFrom('1.0.2' as const, '1.0.3' as const, '1.0.4' as const),
    dataRate: fc.integer({ min: 0, max: 5 }),
    joinDataRates: fc.constantFrom([5], [0], [3, 2]),
    confirmedTries: fc.integer({ min: 1, max: 4 }),
    eirpDbm: fc.constantFrom(14, 16),
    deviceClass: fc.constantFrom('A' as const, 'C' as const),
  }),
  deeds: fc.array(deed, { minLength: 1, maxLength: 30, size: 'max' }),
  // Not the join: a sensor asks again by itself, when it likes.
  deaf: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
});

describe('a modem that is told what a sensor does', () => {
  test('sends byte for byte what the sensor sends', () => {
    let frames = 0;
    fc.assert(
      fc.property(stories, (how) => {
        const one = play(sensor(how), how);
        const two = asModem(how);
        expect(story(two.frames)).toEqual(story(one.frames));
        frames += one.frames.length;
        expect(one.outcomes[0]).toMatchObject({ result: 'joined' });
      }),
      { numRuns: 40 },
    );
    expect(frames).toBeGreaterThan(400);
  });

  test('and after a join that failed the dice of both stand at the same place', () => {
    const mac = { ...profile, joinDataRates: [5, 4, 3] };
    const how: Story = { mac, deeds: [], deaf: [0, 1] };
    const one = play(sensor(how), how);
    const joins = one.frames.map(({ startUs: us }) => us);
    expect(joins.length).toBe(3);
    const modem = startModem({ ...who, profile: mac });
    let heard = 0;
    const two = serve(modem, { devices: [deviceOf({ ...otaa, ...abp })], hears: () => heard++ > 1 });
    for (const us of joins) {
      two.playTo(us);
      expect(modem.join()).toBeUndefined();
    }
    two.play(20);
    expect(story(two.frames)).toEqual(story(one.frames));
    expect(two.kinds()).toEqual(['join-failed', 'join-failed', 'joined']);
  });
});
