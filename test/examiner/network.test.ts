import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, pick } from '../../src/base/dice.js';
import { climb, ladder, ladderWakeUs, type Batch, type LadderState } from '../../src/ladder/ladder.js';
import { aesKey } from '../../src/lorawan/aes.js';
import type { TxFrame, TxVerdict } from '../../src/lorawan/radio.js';
import { drOf } from '../../src/lorawan/region.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { registry } from '../../src/network/registry.js';
import { loadMemory, saveMemory } from '../../src/network/session.js';
import { usualNetwork, type NetworkSettings } from '../../src/network/settings.js';
import bosch from '../../devices/sensors/bosch-tps110.js';
import { device } from './device.js';
import { acceptOf, sfOf, type Data } from './wire.js';

// A device that was not built by us talks to our network. It loses frames both ways, is answered late or twice or not at all,
// joins anew, repeats itself, refuses and forgets; the network is killed at any moment. Whatever happens: what a gateway
// sends meets a window of the device, opens under its keys, says nothing twice and answers what was asked.

const who = { joinEui: '70b3d57ed0000001', devEui: '00000000000000a1', appKey: Buffer.alloc(16, 3) };
const startUs = 1_780_000_000_000_000;
const gateway = '0253544b47570001';

const otherSettings: readonly Partial<NetworkSettings>[] = [
  { rx1DelayS: 1 },
  { rx1DelayS: 5 },
  { rx2DataRate: 3 },
  { rx2DataRate: 0, rx1DrOffset: 2 },
  { rx1DrOffset: 0 },
  { extraChannelsHz: [867_100_000] },
  { extraChannelsHz: [867_100_000, 867_300_000, 867_900_000] },
];

interface Trouble {
  readonly loseUp: number;
  readonly loseDown: number;
  readonly refusal: number;
  readonly silence: number;
  readonly late: number;
  readonly kill: number;
  readonly rejoin: number;
  readonly repeat: number;
  readonly refuses: number;
  readonly forgets: number;
}

const examine = (
  trouble: Trouble,
  how: { seed: string; lorawan: Device['lorawan']; change: Partial<NetworkSettings> },
) => {
  const d = dice(how.seed, 'examiner');
  const happens = (share: number): boolean => d.next() < share;
  let settings = { ...usualNetwork(eu868), statusEveryMs: 120_000, simulated: false, ...how.change };
  const registered: Device = {
    ...{
      devEui: who.devEui,
      name: 'a',
      bay: 'a',
      lot: 'a',
      lorawan: how.lorawan,
      model: bosch,
      options: bosch.defaults,
    },
    activation: { kind: 'otaa', joinEui: who.joinEui, appKey: aesKey(who.appKey) },
  };
  let disk: unknown;
  const stand = (): LadderState => {
    const memory = disk === undefined ? undefined : loadMemory(disk);
    return ladder(settings, registry([registered], memory ? [memory] : []));
  };
  let state = stand();
  const thing = device(who, { chance: () => d.next(), refuses: trouble.refuses, forgets: trouble.forgets });
  const events: DownlinkEvent[] = [];
  const asked = new Map<string, { readonly text: string; readonly confirmed: boolean }>();
  const late: { readonly id: number; readonly verdict: TxVerdict }[] = [];
  const batches: Batch[] = [];
  let nowUs = startUs;
  let heardNow: TxFrame[] = [];
  const out = {
    copy: () => undefined,
    batch(batch: Batch) {
      for (const { memory } of batch.touched) disk = JSON.parse(JSON.stringify(saveMemory(memory)));
      batches.push(batch);
      events.push(...batch.downlinks);
      const { send } = batch;
      if (!send) return;
      const verdict = happens(trouble.refusal) ? 'collision-packet' : happens(trouble.silence) ? 'no-answer' : 'ok';
      // A gateway that gives no answer may have sent it all the same.
      if (verdict === 'ok' || (verdict === 'no-answer' && happens(0.5))) heardNow.push(send);
      if (verdict !== 'collision-packet' && happens(trouble.late)) late.push({ id: send.id, verdict });
      else climb(state, { kind: 'verdict', id: send.id, verdict, atUs: nowUs }, out);
    },
  };
  const tick = (untilUs: number): void => {
    for (let wakeUs = ladderWakeUs(state); wakeUs <= untilUs; wakeUs = ladderWakeUs(state)) {
      nowUs = Math.max(nowUs, wakeUs);
      climb(state, { kind: 'tick', atUs: nowUs }, out);
    }
    nowUs = untilUs;
  };
  const kill = (): void => {
    late.length = 0;
    // Whoever starts it again may have changed its settings.
    if (happens(0.3)) settings = { ...settings, ...pick(d, otherSettings) };
    state = stand();
    climb(state, { kind: 'start', atUs: nowUs }, out);
  };

  /** An uplink ends; what gateways send after it comes back. */
  const send = ({ phy, freqHz, dr }: { phy: Uint8Array; freqHz: number; dr: number }) => {
    heardNow = [];
    const from = batches.length;
    const arrived = !happens(trouble.loseUp);
    const tmst = nowUs % 2 ** 32;
    const dataRate = { kind: 'lora', sf: sfOf(dr), bwHz: 125_000 } as const;
    const rx = { phy, gateway, tmst, freqHz, dataRate, rssiDbm: -90, snrDb: d.next() * 20 - 8, crc: 'ok' } as const;
    if (arrived) climb(state, { kind: 'frame', rx: { ...rx, atUs: nowUs } }, out);
    if (happens(trouble.kill)) kill();
    tick(nowUs + 900_000);
    for (const one of late.splice(0)) climb(state, { kind: 'verdict', ...one, atUs: nowUs }, out);
    if (happens(trouble.kill)) kill();
    const sent = heardNow.map((tx) => {
      if (tx.when.kind !== 'tmst') throw new Error('a class A downlink without a time');
      const afterUs = (tx.when.tmst - tmst + 2 ** 32) % 2 ** 32;
      return { phy: tx.phy, freqHz: tx.freqHz, dr: drOf(eu868, tx.dataRate)!, afterUs };
    });
    if (sent.length > 1) throw new Error('two downlinks after one uplink');
    return { arrived, outcome: batches.slice(from).find(({ outcome }) => outcome)?.outcome, sent: sent[0] };
  };

  let answered = 0;
  let owed = 0;
  for (let i = 0; i < 250; i++) {
    tick(nowUs + 20_000_000);
    if (i % 5 === 2 && asked.size - events.length < 20) {
      const id = `d${i}`;
      const text = `text ${i}`;
      asked.set(id, { text, confirmed: happens(0.5) });
      const request = {
        devEui: who.devEui,
        fPort: 7,
        payload: Buffer.from(text),
        confirmed: asked.get(id)!.confirmed,
        id,
      };
      climb(state, { kind: 'downlink', request, atUs: nowUs }, out);
    }
    if (!thing.joined || happens(trouble.rejoin)) {
      thing.forget();
      tick(nowUs + 60_000_000);
      const { phy, freqHz, dr } = thing.join();
      const { sent } = send({ phy, freqHz, dr });
      if (!sent || happens(trouble.loseDown)) continue;
      const rx1 = sent.afterUs === 5e6 && sent.freqHz === freqHz && sent.dr === dr;
      const rx2 = sent.afterUs === 6e6 && sent.freqHz === 869_525_000 && sent.dr === 0;
      expect([rx1, rx2]).toContain(true);
      expect(acceptOf(sent.phy, who.appKey)).toMatchObject({ netId: 0 });
      thing.accepted(sent.phy);
      continue;
    }
    const again = thing.mayRepeat && happens(trouble.repeat);
    const ask = [...(happens(0.1) ? [2] : []), ...(happens(0.1) ? [13] : [])];
    const payload = Uint8Array.of(i % 2);
    const up = again ? thing.repeat() : thing.say({ confirmed: happens(0.3), payload, ask, adr: happens(0.8) });
    const { sent, outcome } = send(up);
    if (trouble.kill === 0 && outcome && !again) expect(outcome.result).toBe('accepted');
    const needs = up.frame.confirmed || up.frame.adrAckReq || [...up.frame.fOpts].length > 0;
    if (outcome && (up.frame.confirmed || up.frame.adrAckReq)) owed++;
    if (!sent || happens(trouble.loseDown)) continue;
    const down: Data = thing.hear(sent);
    if (needs) answered++;
    expect(down.ack).toBe(up.frame.confirmed);
    if (down.fPort !== undefined && down.fPort > 0) {
      expect(down.fPort).toBe(7);
      const texts = [...asked.values()].filter(({ confirmed }) => confirmed === down.confirmed).map(({ text }) => text);
      expect(texts).toContain(Buffer.from(down.payload).toString());
    } else expect(down.confirmed).toBe(false);
  }
  return { thing, events, asked, answered, owed, state };
};

const calm: Trouble = {
  ...{ loseUp: 0, loseDown: 0, refusal: 0, silence: 0, late: 0 },
  ...{ kill: 0, rejoin: 0, repeat: 0, refuses: 0, forgets: 0 },
};
const share = fc.constantFrom(0, 0, 0.05, 0.2, 0.5);
const rarely = fc.constantFrom(0, 0, 0.01, 0.05);
const troubles: fc.Arbitrary<Trouble> = fc.record({
  ...{ loseUp: share, loseDown: share, refusal: share, silence: share, late: share },
  ...{ kill: rarely, rejoin: rarely, repeat: share, refuses: share, forgets: share },
});

describe('a stranger examines our network', () => {
  test('whatever is lost, late, refused or killed', () => {
    let heard = 0;
    fc.assert(
      fc.property(
        troubles,
        fc.integer({ min: 0, max: 1e9 }),
        fc.constantFrom('1.0.2', '1.0.3', '1.0.4'),
        fc.record({
          rx1DelayS: fc.constantFrom(1, 5),
          rx2DataRate: fc.constantFrom(0, 3),
          rx1DrOffset: fc.constantFrom(0, 2),
        }),
        (trouble, seed, lorawan, change) => {
          const { thing, events, asked } = examine(trouble, { seed: String(seed), lorawan, change });
          heard += thing.received.length;
          for (const [id, { confirmed }] of asked) {
            const states = events.filter((event) => event.id === id).map(({ state }) => state);
            // After a kill what is on the disk is told again, never less.
            if (trouble.kill > 0) continue;
            expect(states.join(' ')).toMatch(
              confirmed ? /^queued( sent)*( acknowledged| failed)?$/ : /^queued( sent| failed)?$/,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
    expect(heard).toBeGreaterThan(1_000);
  }, 30_000);

  test('in calm air every question is answered, and every downlink arrives once', () => {
    const { thing, events, asked, answered, owed } = examine(calm, { seed: '1', lorawan: '1.0.4', change: {} });
    expect(answered).toBeGreaterThanOrEqual(owed);
    const texts = thing.received
      .filter(({ fPort }) => fPort === 7)
      .map(({ payload }) => Buffer.from(payload).toString());
    expect(texts).toEqual([...asked.values()].map(({ text }) => text).slice(0, texts.length));
    expect(asked.size - texts.length).toBeLessThan(3);
    const ends = events.filter(({ state }) => state === 'failed');
    expect(ends).toEqual([]);
  });
});
