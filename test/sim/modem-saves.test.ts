import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { toHex } from '../../src/base/hex.js';
import { usPerSecond } from '../../src/base/time.js';
import { parseFrame } from '../../src/lorawan/frame.js';
import { leap } from '../../src/sim/fleet-state.js';
import { isSavedModem, startModem, type ModemSetup, type SavedModem } from '../../src/sim/modem.js';
import type { Modem } from '../../src/sim/modem-types.js';
import { bench, payload, profile, startUs } from './modem-bench.js';

const key = (fill: number): Uint8Array => new Uint8Array(16).fill(fill);
const uplink = { fPort: 2, bytes: payload(), confirmed: false };

/** What a file makes of it. */
const stored = (modem: Modem, clean: boolean): SavedModem => {
  const read: unknown = JSON.parse(JSON.stringify(modem.save({ clean })));
  if (!isSavedModem(read)) throw new Error('it cannot read what it saves');
  return read;
};
const begin = (change: Partial<ModemSetup> = {}): Modem =>
  startModem({ seed: 'bench', name: 'board', profile, startUs, gateways: [], ...change });
/** Runs and gives the frames that it sent. */
const run = (modem: Modem, seconds: number): Uint8Array[] => {
  const sent: Uint8Array[] = [];
  modem.advance(modem.nowUs + seconds * usPerSecond, { sent: ({ phy }) => void sent.push(phy) });
  return sent;
};
const nonceOf = (phy: Uint8Array): number => {
  const frame = must(parseFrame(phy));
  return frame.kind === 'join-request' ? frame.devNonce : -1;
};
const abp = (modem: Modem): Modem => {
  modem.settings.activation = 'abp';
  expect(modem.join()).toBeUndefined();
  return modem;
};

describe('a clean save', () => {
  test('goes on exactly: identity, session, counters, settings of the network', () => {
    const one = bench();
    one.modem.identity = { ...one.modem.identity, devAddr: 0x01020304, nwkSKey: key(3) };
    one.modem.join();
    one.play(8);
    one.modem.send(uplink);
    one.play(5);
    const { identity, devAddr, fCntUp, fCntDown, settings } = one.modem;
    const next = begin({ saved: stored(one.modem, true), startUs: one.modem.nowUs });
    expect(next.identity).toEqual(identity);
    expect(next.joined).toBe(true);
    expect([next.devAddr, next.fCntUp, next.fCntDown]).toEqual([devAddr, fCntUp, fCntDown]);
    expect(next.settings).toEqual(settings);
  });

  test('gives the next nonce, not the same one again', () => {
    const nonces = new Set<number>();
    let saved: SavedModem | undefined;
    for (let life = 0; life < 20; life++) {
      const modem = begin(saved && { saved });
      modem.join();
      for (const phy of run(modem, 10)) nonces.add(nonceOf(phy));
      saved = stored(modem, true);
    }
    expect(nonces.size).toBe(20);
  });

  test('of a personalised session: its counter goes on, and it is there at once', () => {
    const modem = abp(begin());
    modem.send(uplink);
    run(modem, 5);
    const next = begin({ saved: stored(modem, true) });
    expect(next.settings.activation).toBe('abp');
    expect(next.joined).toBe(true);
    expect(next.fCntUp).toBe(1);
  });
});

describe('a save that was not the end', () => {
  test('leaps over what may have been used since, and the session of a join is gone', () => {
    const one = bench();
    one.modem.join();
    one.play(8);
    const saved = stored(one.modem, false);
    const next = begin({ saved });
    expect(next.joined).toBe(false);
    expect(stored(next, true).device.nonces).toBe(saved.device.nonces + leap);
  });

  test('personalised sessions leap as well, also those that nothing is known of, and each of them once', () => {
    const modem = abp(begin());
    const [a, b] = [modem.identity, { ...modem.identity, appSKey: key(8), devAddr: 7 }];
    modem.send(uplink);
    run(modem, 5);
    const next = begin({ saved: stored(modem, false) });
    expect(next.joined).toBe(false);
    for (const [who, fCntUp] of [
      [a, 1 + leap],
      [b, leap],
      [a, 1 + leap],
    ] as const) {
      next.identity = who;
      expect(abp(next).fCntUp).toBe(fCntUp);
    }
  });

  test('is due at the start, and before a leap is used up', () => {
    const modem = begin();
    expect(modem.mustSave).toBe(true);
    modem.save({ clean: false });
    expect(modem.mustSave).toBe(false);
    abp(modem);
    let used = 0;
    while (!modem.mustSave) {
      expect(modem.send(uplink)).toBeUndefined();
      run(modem, 10);
      expect(++used).toBeLessThan(leap);
    }
    modem.save({ clean: false });
    expect(modem.mustSave).toBe(false);
  });
});

describe('counters of personalised sessions never begin again', () => {
  test('not after a restart, a join, other keys or other keys in part', () => {
    const one = bench();
    const { modem } = one;
    const own = modem.identity;
    const sendOne = (): number => {
      const { fCntUp } = modem;
      expect(modem.send(uplink)).toBeUndefined();
      one.play(6);
      return fCntUp;
    };
    abp(modem);
    expect(modem.devAddr).toBe(own.devAddr);
    expect(sendOne()).toBe(0);
    expect(modem.join()).toBeUndefined();
    expect(sendOne()).toBe(1);
    modem.restart();
    expect(modem.joined).toBe(true);
    expect(sendOne()).toBe(2);
    modem.restart({ keepSession: false });
    expect(modem.joined).toBe(false);
    modem.join();
    expect(sendOne()).toBe(3);
    modem.settings.activation = 'otaa';
    expect(modem.joined).toBe(true);
    modem.join();
    one.play(8);
    expect(one.kinds()).toContain('joined');
    expect(modem.fCntUp).toBe(0);
    abp(modem);
    expect(sendOne()).toBe(4);
    modem.identity = { ...own, nwkSKey: key(9) };
    modem.join();
    // The text is under the other key still.
    expect(sendOne()).toBe(5);
    modem.identity = { ...own, devAddr: own.devAddr ^ 1 };
    modem.join();
    expect(sendOne()).toBe(0);
    modem.identity = own;
    modem.join();
    // So does one of its own keys, which has served six counters by now.
    expect(sendOne()).toBe(6);
  });

  test('whatever happens, and however it is killed: no counter and no nonce twice', () => {
    const act = fc.constantFrom(
      'otaa',
      'abp',
      'key-a',
      'key-b',
      'join',
      'send',
      'send',
      'send',
      'restart',
      'forget',
      'end',
      'kill',
    );
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => {
        let modem = begin();
        // What is on its disk: as whoever owns it must, a save comes when it is due.
        let disk = stored(modem, false);
        const own = modem.identity;
        /** What the running session, or the last join request, was made with. */
        let worn = own;
        const seen = new Map<string, string>();
        const nonces = new Set<string>();
        const take = (sent: readonly Uint8Array[]): void => {
          for (const phy of sent) {
            const frame = must(parseFrame(phy));
            if (frame.kind === 'join-request') {
              const name = `${toHex(worn.appKey)} ${frame.devNonce}`;
              expect(nonces.has(name)).toBe(false);
              nonces.add(name);
            } else if (frame.kind === 'data') {
              const name = `${frame.devAddr} ${toHex(worn.appSKey)} ${frame.fCnt16}`;
              expect(seen.get(name) ?? toHex(phy)).toBe(toHex(phy));
              seen.set(name, toHex(phy));
            }
          }
        };
        let count = 0;
        for (const what of acts) {
          if (what === 'otaa' || what === 'abp') modem.settings.activation = what;
          else if (what === 'key-a') modem.identity = own;
          else if (what === 'key-b') modem.identity = { ...own, appSKey: key(5), appKey: key(6) };
          else if (what === 'join') worn = modem.join() ? worn : modem.identity;
          else if (what === 'send') modem.send({ fPort: 2, bytes: payload(++count), confirmed: false });
          else if (what === 'restart') modem.restart();
          else if (what === 'forget') modem.restart({ keepSession: false });
          else modem = begin({ saved: what === 'end' ? stored(modem, true) : disk, startUs: modem.nowUs });
          // What was ordered is over before its owner changes the keys again.
          if (what === 'join' || what === 'send') take(run(modem, 10));
          if (modem.mustSave) disk = stored(modem, false);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is read from a file', () => {
  test('is what a modem saved, or is refused', () => {
    const good = stored(abp(begin()), false) as unknown as Record<string, unknown>;
    for (const name of ['identity', 'device']) expect(isSavedModem({ ...good, [name]: undefined }), name).toBe(false);
    const identity = good['identity'] as Record<string, unknown>;
    for (const name of Object.keys(identity))
      expect(isSavedModem({ ...good, identity: { ...identity, [name]: '00zz' } }), name).toBe(false);
    expect(isSavedModem({ ...good, counted: [{}] })).toBe(false);
    expect(isSavedModem({ ...good, activation: 'both' })).toBe(false);
    expect(isSavedModem({ ...good, netId: -1 })).toBe(false);
    expect(isSavedModem({ identity: good['identity'], device: good['device'] })).toBe(true);
    fc.assert(fc.property(fc.anything(), (value) => !isSavedModem(value)));
  });
});
