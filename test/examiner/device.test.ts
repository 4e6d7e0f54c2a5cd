import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dice, pick, type Dice } from '../../src/base/dice.js';
import { ok } from '../../src/base/result.js';
import type { Message, SensorModel } from '../../src/codec/sensor.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { defineBehaviour, type MacProfile } from '../../src/sim/behaviour.js';
import { identity } from '../../src/sim/identity.js';
import { startRun } from '../../src/sim/run.js';
import type { SentFrame } from '../../src/sim/run-types.js';
import { smallPlan } from '../sim/harness.js';
import { server, type Answer } from './server.js';
import { joinRequest, number, seal, sealAccept, sessionOf, sfOf } from './wire.js';

// A server that was not built by us talks to our device: it asks everything that a class A device of EU868 can be asked, well
// and badly, answers at the right moment and at wrong ones, or not at all, and checks each frame against the standard.

const model = {
  id: 'raw',
  encode: ({ length }: Message) => ok({ fPort: 2, bytes: new Uint8Array(length as number).fill(7) }),
} as unknown as SensorModel;

const examine = (how: {
  seed: string;
  profile: Partial<MacProfile>;
  answers: number;
  wrong: number;
  hours: number;
}) => {
  const d: Dice = dice(how.seed, 'examiner');
  const mac: MacProfile = {
    ...{ lorawan: '1.0.3', joinDataRates: [5, 3, 0], dataRate: 5, confirmedTries: 4, eirpDbm: 16 },
    ...how.profile,
  } as MacProfile;
  const told: string[] = [];
  let sent = 0;
  const behaviour = defineBehaviour({
    ...{ id: 'raw', model, mac, source: 'this test', columns: {} },
    step(_row, input, port) {
      if (input.kind === 'downlink') told.push(Buffer.from(input.bytes).toString());
      if (input.kind !== 'joined' && input.kind !== 'wake') return;
      port.wakeInMs(0, 90_000);
      sent++;
      port.send({ type: 'raw', length: sent % 9 }, { confirmed: sent % 4 === 0 });
    },
  });
  const plan = smallPlan([{ id: 'a', lot: 'x', lat: 48.5962, lon: 8.8703, sensor: 'raw' }], { bootSpreadMs: 0 });
  const alone = { ...plan, gateways: plan.gateways.slice(0, 1) };
  const run = startRun({
    ...{ plan: alone, seed: how.seed, region: eu868, activation: 'otaa' },
    behaviours: new Map([['raw', behaviour]]),
  });
  const who = identity(how.seed, 'a');
  const judge = server({
    d,
    lorawan: mac.lorawan,
    adr: mac.adr !== false,
    tries: mac.confirmedTries,
    dr: mac.dataRate,
  });
  const nonces: number[] = [];
  const frames: SentFrame[] = [];
  const expected: string[] = [];
  let joinNonce = 0;
  let id = 0;
  let tmst = 0;

  const transmit = (phy: Uint8Array, at: { afterUs: number; freqHz: number; dr: number }): string =>
    run.offer({
      phy,
      gateway: alone.gateways[0]!.eui,
      when: { kind: 'tmst', tmst: (tmst + at.afterUs) % 2 ** 32 },
      freqHz: at.freqHz,
      dataRate: { kind: 'lora', sf: sfOf(at.dr), bwHz: 125_000 },
      ...{ codingRate: '4/5', powerDbm: 14, invertPolarity: true, rfChain: 0, id: ++id },
    });

  const takeJoin = ({ phy, freqHz }: SentFrame, dr: number): void => {
    const devNonce = number(phy, 17, 2);
    expect(Buffer.from(phy)).toEqual(joinRequest({ ...who, devNonce }));
    expect(nonces).not.toContain(devNonce);
    if (mac.lorawan === '1.0.4') expect(devNonce).toBe((nonces.at(-1) ?? -1) + 1);
    nonces.push(devNonce);
    expect([868_100_000, 868_300_000, 868_500_000]).toContain(freqHz);
    if (d.next() > Math.max(0.5, how.answers)) return;
    const accept = {
      ...{
        joinNonce: ++joinNonce,
        netId: 0x13,
        devAddr: 0x26000000 + joinNonce,
        channels: [867_100_000, 0, 867_500_000, 0, 0],
      },
      ...{ rx1DrOffset: pick(d, [0, 3]), rx2Dr: pick(d, [0, 3]), delayS: pick(d, [1, 5]) },
    };
    const window = d.next() < 0.5 ? { afterUs: 5e6, freqHz, dr } : { afterUs: 6e6, freqHz: 869_525_000, dr: 0 };
    expect(transmit(sealAccept(accept, who.appKey), window)).toBe('ok');
    judge.joined(accept, sessionOf({ ...who, ...accept, devNonce }));
  };

  const answer = (one: Answer): void => {
    const { frame, window } = one;
    const right = transmit(seal(frame, judge.keys), window) === 'ok';
    expect(right).toBe(true);
  };

  const untilUs = run.nowUs + how.hours * 3_600_000_000;
  while (run.nowUs < untilUs) {
    const ended: { frame: SentFrame; tmst: number }[] = [];
    let last: SentFrame | undefined;
    run.advance(Math.max(run.nowUs + 1, Math.min(untilUs, run.nextUs)), [], {
      sent: (frame) => void (last = frame),
      heard: (rx) => void ended.push({ frame: last!, tmst: rx.tmst! }),
    });
    for (const { frame, tmst: endOf } of ended) {
      frames.push(frame);
      tmst = endOf;
      const dr = frame.dataRate.kind === 'lora' ? 12 - frame.dataRate.sf : -1;
      if (frame.kind === 'join') {
        takeJoin(frame, dr);
        continue;
      }
      judge.uplink(frame, dr);
      if (d.next() < how.answers) {
        const one = judge.answer(d.next() < how.wrong);
        if (one.tells !== undefined) expected.push(one.tells);
        answer(one);
      }
    }
  }
  // Every message that a good downlink carried has reached the sensor once; the last one may still be on its way.
  expect(told).toEqual(expected.slice(0, told.length));
  expect(expected.length - told.length).toBeLessThanOrEqual(1);
  return { frames, commands: judge.asked };
};

test('whatever a server asks, and however badly', () => {
  let frames = 0;
  let commands = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.constantFrom('1.0.2', '1.0.3', '1.0.4'),
      fc.constantFrom(0.005, 0.1, 0.5, 0.9),
      fc.constantFrom(0, 0.3),
      fc.boolean(),
      (seed, lorawan, answers, wrong, adr) => {
        const story = examine({ seed: String(seed), profile: { lorawan, adr }, answers, wrong, hours: 8 });
        frames += story.frames.length;
        commands += story.commands;
      },
    ),
    { numRuns: 16 },
  );
  expect(frames).toBeGreaterThan(1_500);
  expect(commands).toBeGreaterThan(500);
}, 30_000);
