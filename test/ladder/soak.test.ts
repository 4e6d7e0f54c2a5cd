import { expect, test } from 'vitest';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { dice } from '../../src/base/dice.js';
import { climb, ladder, ladderWakeUs, type LadderInput, type LadderState } from '../../src/ladder/ladder.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import type { RxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import { registry } from '../../src/network/registry.js';
import { usualNetwork } from '../../src/network/settings.js';

const startUs = 1_780_293_600_000_000;
const hourUs = 3_600_000_000;
const days = 30;
const key = new Uint8Array(16).fill(5);
const aes = aesKey(key);
const gateways = ['0253544b47570001', '0253544b47570002', '0253544b47570003'];
const addrOf = (n: number): number => 0x0100_0000 + n;
const euiOf = (n: number): string => `02${n.toString(16).padStart(14, '0')}`;

/** Every third device always listens. */
const devices: readonly Device[] = Array.from({ length: 12 }, (_, n) => ({
  devEui: euiOf(n),
  name: `bay-${n}`,
  bay: `bay-${n}`,
  lot: 'lot',
  lorawan: '1.0.3',
  activation: { kind: 'abp', devAddr: addrOf(n), nwkSKey: key, appSKey: key },
  deviceClass: n % 3 === 0 ? 'C' : 'A',
  model: bosch,
  options: bosch.defaults,
}));
const joiners: readonly Device[] = Array.from({ length: 4 }, (_, n) => ({
  ...devices[0]!,
  devEui: euiOf(100 + n),
  bay: `joiner-${n}`,
  activation: { kind: 'otaa', appKey: aes },
}));

/** Everything in a ladder that has a length. */
const sizes = ({ dedup, scheduler, underway, lockedUs, bays }: LadderState) => ({
  open: dedup.open.length,
  byKey: dedup.byKey.size,
  closed: dedup.closed.size,
  closedInOrder: dedup.closedInOrder.length,
  underway: underway.size,
  lockedUs: lockedUs.size,
  bays: bays.size,
  budgets: scheduler.budgets.size,
  planned: Math.max(0, ...[...scheduler.planned.values()].map((list) => list.length)),
  spent: Math.max(0, ...[...scheduler.budgets.values()].map((budget) => budget.spent().length)),
});

test('thirty days of sensors, strangers, joins and commands leave nothing behind that grows with time', () => {
  const state = ladder({ ...usualNetwork(eu868), simulated: false }, registry([...devices, ...joiners]));
  const chance = dice('soak', 'a month');
  const verdicts: readonly TxVerdict[] = ['ok', 'ok', 'ok', 'ok', 'too-late', 'no-answer', 'collision-packet'];
  let accepted = 0;
  let sent = 0;
  const answers: { readonly id: number; readonly verdict: TxVerdict }[] = [];
  const tell = (input: LadderInput): void =>
    climb(state, input, {
      copy: () => undefined,
      batch({ outcome, send }) {
        if (outcome?.result === 'accepted') accepted++;
        if (!send) return;
        sent++;
        answers.push({ id: send.id, verdict: verdicts[Math.floor(chance.next() * verdicts.length)]! });
      },
    });
  const settle = (atUs: number): void => {
    for (let next = answers.shift(); next; next = answers.shift()) tell({ kind: 'verdict', ...next, atUs });
  };
  const pass = (untilUs: number): void => {
    for (let us = ladderWakeUs(state); us <= untilUs; us = ladderWakeUs(state)) {
      tell({ kind: 'tick', atUs: us });
      settle(us);
    }
  };
  const hear = (phy: Uint8Array, atUs: number, heardBy = 1): void => {
    for (let g = 0; g < heardBy; g++) {
      const rx: RxFrame = {
        phy,
        atUs: atUs + g,
        gateway: gateways[g]!,
        tmst: atUs % 2 ** 32,
        freqHz: 868_100_000,
        dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
        rssiDbm: -100,
        snrDb: 3 - g,
        crc: 'ok',
      };
      tell({ kind: 'frame', rx });
    }
  };
  const seal = (devAddr: number, fCnt: number, confirmed: boolean): Uint8Array =>
    sealData({
      uplink: true,
      confirmed,
      adr: true,
      devAddr,
      fCnt,
      fPort: 1,
      payload: Uint8Array.of(fCnt & 1),
      nwkSKey: aes,
      appSKey: aes,
    });

  tell({ kind: 'start', atUs: startUs });
  const seen: ReturnType<typeof sizes>[] = [];
  for (let hour = 0; hour < days * 24; hour++) {
    for (let n = 0; n < devices.length; n++) {
      const nowUs = startUs + hour * hourUs + n * Math.floor(hourUs / devices.length);
      pass(nowUs);
      const phy = seal(addrOf(n), hour, chance.next() < 0.1);
      hear(phy, nowUs, 1 + Math.floor(chance.next() * 3));
      if (chance.next() < 0.1) {
        pass(nowUs + 900_000);
        hear(phy, nowUs + 900_000);
      }
      if (chance.next() < 0.3)
        hear(seal(0x0500_0000 + Math.floor(chance.next() * 2 ** 24), 1, false), nowUs + 1_000_000);
      if (chance.next() < 0.05) {
        const devEui = joiners[n % joiners.length]!.devEui;
        const devNonce = Math.floor(chance.next() * 65_536);
        hear(sealJoinRequest({ joinEui: euiOf(0), devEui, devNonce, appKey: aes }), nowUs + 1_100_000);
      }
      if (chance.next() < 0.2) {
        const request = { devEui: euiOf(n), fPort: 1, payload: Uint8Array.of(1), confirmed: chance.next() < 0.3 };
        tell({ kind: 'downlink', request, atUs: nowUs + 1_200_000 });
        settle(nowUs + 1_200_000);
      }
    }
    if (hour % 24 === 23) seen.push(sizes(state));
  }
  pass(startUs + days * 24 * hourUs);
  expect(accepted).toBe(days * 24 * devices.length);
  expect(sent).toBeGreaterThan(1_500);
  const most = (from: number, to: number): Record<string, number> => {
    const largest: Record<string, number> = {};
    for (const one of seen.slice(from, to))
      for (const [name, size] of Object.entries(one)) largest[name] = Math.max(largest[name] ?? 0, size);
    return largest;
  };
  const early = most(0, 10);
  for (const [name, size] of Object.entries(most(20, days)))
    expect(size, name).toBeLessThanOrEqual(1.5 * early[name]! + 8);
  expect(most(20, days)).toMatchObject({
    bays: devices.length,
    budgets: gateways.length,
    lockedUs: devices.length / 3,
  });
});
