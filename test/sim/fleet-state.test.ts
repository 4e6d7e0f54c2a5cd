import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { isFleetState, leap, saveAfter, type FleetState } from '../../src/sim/fleet-state.js';
import { chatter, lab, type LabSetup, type Memory, type Reply } from './lab.js';

const newMemory = (): Memory => ({ joinNonce: 0, sessions: new Map() });
const hello: Reply = { fPort: 9, payload: new Uint8Array([1]) };
const onDisk = (state: FleetState): FleetState => JSON.parse(JSON.stringify(state)) as FleetState;

describe('a clean end', () => {
  test('is continued exactly: counters, session, channels and what the network has set', () => {
    const memory = newMemory();
    const setup: LabSetup = {
      memory,
      sensor: chatter(60_000),
      accept: { cfList: [867_100_000] },
      uplink(uplink, server) {
        if (uplink.fCnt !== 0) return;
        const commands = [
          { kind: 'link-adr-req', dataRate: 3, txPower: 2, channelMask: 8, channelMaskControl: 0, nbTrans: 2 },
          { kind: 'rx-timing-setup-req', delayS: 2 },
          { kind: 'duty-cycle-req', exponent: 5 },
        ] as const;
        server.reply(uplink, { commands });
      },
    };
    const first = lab(setup);
    first.play(200);
    const state = onDisk(first.run.state({ clean: true }));
    expect(isFleetState(state)).toBe(true);
    const last = first.uplinks.at(-1)!;
    const second = lab({
      ...setup,
      state,
      uplink: (uplink, server) => void server.reply(uplink, { ...hello, afterUs: 2_000_000 }),
    });
    second.play(100);
    const next = second.uplinks[0]!;
    expect([next.fCnt, next.dr, next.rx.freqHz]).toEqual([last.fCnt + 1, 3, 867_100_000]);
    expect(second.fates[0]!.result).toBe('received');
    expect(second.joins).toEqual([]);
    expect(second.run.state({ clean: true })['b-01']).toMatchObject({ dutyExponent: 5, txPower: 2, nbTrans: 2 });
  });

  test('files of older versions are taken as clean, damaged ones are not taken', () => {
    const old = { nonces: 3, fCntUp: 7, fCntDown: 2, rx1DelayS: 1, rx1DrOffset: 0, rx2DataRate: 0 };
    const session = { devAddr: 5, nwkSKey: '00'.repeat(16), appSKey: '11'.repeat(16) };
    const state = { 'b-01': { ...old, extraHz: [867_100_000], session } };
    expect(isFleetState(state)).toBe(true);
    const one = lab({
      state,
      sensor: chatter(5_000),
      memory: {
        joinNonce: 0,
        sessions: new Map([
          [
            'b-01',
            { devAddr: 5, nwkSKey: new Uint8Array(16), appSKey: new Uint8Array(16).fill(17), next: 7, fCntDown: 2 },
          ],
        ]),
      },
    });
    one.play(300);
    expect(one.uplinks[0]!.fCnt).toBe(7);
    expect(one.uplinks.some(({ rx }) => rx.freqHz === 867_100_000)).toBe(true);
    const bad: readonly unknown[] = [
      { 'b-01': old },
      { 'b-01': { ...old, plan: [{ freqHz: 'x' }] } },
      { 'b-01': { ...old, extraHz: [], dataRate: -1 } },
      { 'b-01': { ...old, extraHz: [], clean: 'no' } },
      { 'b-01': { ...old, extraHz: [], session: { devAddr: 5 } } },
      { 'b-01': null },
      null,
    ];
    for (const value of bad) expect(isFleetState(value)).toBe(false);
  });

  test("another region's channels are not taken over", () => {
    const memory = newMemory();
    const first = lab({ memory, region: eu868, sensor: chatter(60_000), activation: 'abp' });
    first.play(100);
    const state = onDisk(first.run.state({ clean: true }));
    const second = lab({ memory, region: us915, sensor: chatter(60_000), activation: 'abp', state });
    second.play(100);
    expect(second.uplinks[0]!.rx.freqHz).toBeGreaterThan(902_000_000);
  });
});

describe('the last counter of 32 bits', () => {
  const spent = (activation: 'otaa' | 'abp', memory: Memory) => {
    const first = lab({ memory, activation, sensor: chatter(60_000) });
    first.play(30);
    const state = onDisk(first.run.state({ clean: true }));
    memory.sessions.get('b-01')!.next = 0xffff_ffff;
    const last = { 'b-01': { ...state['b-01']!, fCntUp: 0xffff_ffff } };
    const one = lab({ memory, activation, sensor: chatter(60_000), state: last });
    one.play(300);
    return one;
  };

  test('is used once; then an OTAA device joins anew', () => {
    const one = spent('otaa', newMemory());
    expect(one.uplinks.slice(0, 3).map(({ fCnt }) => fCnt)).toEqual([0xffff_ffff, 0, 1]);
    expect(one.joins).toHaveLength(1);
  });

  test('is used once; then an ABP device is silent, and says why', () => {
    const one = spent('abp', newMemory());
    expect(one.uplinks.map(({ fCnt }) => fCnt)).toEqual([0xffff_ffff]);
    expect(one.notes.some(({ what }) => what === 'counter-exhausted')).toBe(true);
  });
});

describe('an unclean end', () => {
  test('an OTAA device joins anew with nonces that leap, an ABP device goes on with a counter that leaps', () => {
    const memory = newMemory();
    const otaa = lab({ memory, profile: { lorawan: '1.0.4' }, sensor: chatter(60_000) });
    otaa.play(130);
    const state = onDisk(otaa.run.state({ clean: false }));
    const again = lab({ memory, profile: { lorawan: '1.0.4' }, sensor: chatter(60_000), state });
    again.play(30);
    expect(again.joins[0]!.devNonce).toBe(otaa.joins.length + leap);
    expect(again.uplinks[0]!.fCnt).toBe(0);

    const abp = lab({ activation: 'abp', sensor: chatter(60_000) });
    abp.play(130);
    const next = lab({ activation: 'abp', sensor: chatter(60_000), state: onDisk(abp.run.state({ clean: false })) });
    next.play(30);
    expect(next.uplinks[0]!.fCnt).toBe(abp.uplinks.length + leap);
  });

  test('time must stand still for a save at the start, and when a third of the leap is used', () => {
    const one = lab({ activation: 'abp', sensor: chatter(10_000) });
    expect(one.run.mustSave).toBe(true);
    one.run.state({ clean: false });
    while (!one.run.mustSave) one.play(1);
    expect(one.uplinks.length).toBe(saveAfter);
    one.run.state({ clean: false });
    expect(one.run.mustSave).toBe(false);
  });

  /** A life: how long it lasts, what it asks to be saved by itself, whether those saves were on disk, how it ends. */
  const aLife = fc.record({
    seconds: fc.integer({ min: 1, max: 500 }),
    saveEvery: fc.integer({ min: 5, max: 200 }),
    durable: fc.boolean(),
    clean: fc.boolean(),
    answered: fc.boolean(),
  });
  test.each(['otaa', 'abp'] as const)(
    '%s: whenever it is killed, no nonce and no counter of a key comes twice',
    (activation) => {
      const property = fc.property(
        fc.array(aLife, { minLength: 2, maxLength: 5 }),
        fc.constantFrom('1.0.3' as const, '1.0.4' as const),
        fc.constantFrom(3_000, 9_000, 40_000),
        (lives, lorawan, everyMs) => {
          const memory = newMemory();
          const nonces = new Set<string>();
          const frames = new Map<string, string>();
          let disk: FleetState | undefined;
          for (const [life, { seconds, saveEvery, durable, clean, answered }] of lives.entries()) {
            const one = lab({
              bays: 2,
              activation,
              memory,
              profile: { lorawan },
              sensor: chatter(everyMs, { confirmed: true }),
              ...(!answered && { accept: false as const }),
              ...(disk && { state: disk }),
            });
            let underWay: FleetState | undefined;
            for (let s = 0; s < seconds; s++) {
              if (one.run.mustSave) {
                // Time stands still until both are on disk.
                disk = onDisk(one.run.state({ clean: false }));
                underWay = undefined;
              } else if (s % saveEvery === 0) {
                // One at a time may be under way while time goes on; it is lost when the machine stops.
                if (underWay && durable) disk = underWay;
                if (!underWay || durable) underWay = onDisk(one.run.state({ clean: false }));
              }
              one.play(1);
            }
            if (clean) disk = onDisk(one.run.state({ clean: true }));
            for (const { bay, devNonce } of one.joins) {
              const name = `${bay} ${devNonce}`;
              expect(nonces.has(name)).toBe(false);
              nonces.add(name);
            }
            for (const { bay, frame, fCnt, phy } of one.uplinks) {
              const name = `${bay} ${frame.devAddr} ${fCnt}`;
              // Within one life a counter comes again with the same frame; another life never uses it.
              const text = `${life} ${phy}`;
              expect(frames.get(name) ?? text).toBe(text);
              frames.set(name, text);
            }
          }
        },
      );
      fc.assert(property, { numRuns: 25 });
    },
  );
});
