import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usPerSecond } from '../../src/base/time.js';
import type { GatewayPlan } from '../../src/sim/plan.js';
import { chatter, lab, raw, type LabSetup, type Reply } from './lab.js';

const hello: Reply = { fPort: 9, payload: new Uint8Array([1]) };
const real = { ideal: false, shadowingDb: 0, fadingDb: 0 };
const once: LabSetup['sensor'] = (port, input) => void (input.kind === 'joined' && port.send(raw()));
const near: GatewayPlan = {
  eui: '0253544b47570001',
  name: 'near',
  lat: 48.5962,
  lon: 8.8713,
  heightM: 10,
  antennaGainDb: 0,
};
/** Ten times as far: 37.6 dB less. */
const far: GatewayPlan = { ...near, eui: '0253544b47570002', name: 'far', lon: 8.8803 };
const gateways = [near, far];

describe('the fate of a downlink', () => {
  test('too weak for its device', () => {
    const one = lab({
      air: real,
      gateways,
      sensor: once,
      uplink: (u, server) => void server.reply(u, { ...hello, powerDbm: -60 }),
    });
    one.play(20);
    expect(one.fates.at(-1)).toMatchObject({ bay: 'b-01', gateway: near.eui, result: 'too-weak' });
    expect(one.told.some(({ kind }) => kind === 'downlink')).toBe(false);
  });

  test('spoilt by another one on its frequency, unless it is loud enough', () => {
    const both = (powerDbm: number): readonly string[] => {
      const one = lab({
        air: real,
        gateways,
        sensor: once,
        uplink(uplink, server) {
          if (uplink.fCnt > 0) return;
          server.reply(uplink, hello);
          // The stranger begins in the middle of the answer.
          server.reply(uplink, { ...hello, gateway: far.eui, powerDbm, afterUs: usPerSecond + 20_000, fCnt: 99 });
        },
      });
      one.play(20);
      return one.fates.slice(-2).map(({ result }) => result);
    };
    expect(both(14)).toEqual(['received', 'not-listening']);
    expect(both(14 + 60)).toEqual(['collision', 'not-listening']);
  });

  test('in ideal air the same two do each other no harm', () => {
    const one = lab({
      gateways,
      sensor: once,
      uplink(uplink, server) {
        if (uplink.fCnt > 0) return;
        server.reply(uplink, hello);
        server.reply(uplink, { ...hello, gateway: far.eui, powerDbm: 80, afterUs: usPerSecond + 20_000, fCnt: 99 });
      },
    });
    one.play(20);
    expect(one.fates.slice(-2).map(({ result }) => result)).toEqual(['received', 'not-listening']);
  });

  test('every downlink that was taken ends once, at its end; refused ones never', () => {
    const reply = fc.record({
      window: fc.constantFrom(1 as const, 2 as const),
      shiftUs: fc.integer({ min: -900_000, max: 3_000_000 }),
      powerDbm: fc.integer({ min: -70, max: 27 }),
      dr: fc.integer({ min: 0, max: 5 }),
      exact: fc.boolean(),
      ideal: fc.boolean(),
      deviceClass: fc.constantFrom('A' as const, 'C' as const),
    });
    const property = fc.property(fc.array(reply, { minLength: 1, maxLength: 12 }), (replies) => {
      const { ideal, deviceClass } = replies[0]!;
      let n = 0;
      let quiet = false;
      const one = lab({
        bays: 3,
        air: { ...real, ideal },
        gateways,
        profile: { deviceClass },
        sensor: chatter(7_000),
        uplink(uplink, server) {
          if (quiet) return;
          const { window, shiftUs, powerDbm, dr, exact } = replies[n++ % replies.length]!;
          const odd: Reply = { ...hello, window, afterUs: Math.max(0, window * usPerSecond + shiftUs), powerDbm, dr };
          server.reply(uplink, exact ? { ...hello, window } : odd);
        },
      });
      one.play(60);
      quiet = true;
      one.play(20);
      expect(one.fates).toHaveLength(one.verdicts.filter((verdict) => verdict === 'ok').length);
      expect(one.fates.every(({ endUs }, i) => i === 0 || endUs >= one.fates[i - 1]!.endUs)).toBe(true);
      for (const { bay, result } of one.fates) {
        if (ideal) expect(['received', 'not-listening']).toContain(result);
        expect(bay === undefined).toBe(result === 'not-listening');
      }
    });
    fc.assert(property, { numRuns: 40 });
  });
});
