import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dice, type Dice } from '../../src/base/dice.js';
import { toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { usPerSecond } from '../../src/base/time.js';
import { defineSensor } from '../../src/codec/define.js';
import { layout } from '../../src/codec/layout.js';
import { uint } from '../../src/codec/parts.js';
import { simulatedNetwork } from '../../src/city/city.js';
import { climb, ladder, ladderWakeUs, type Batch, type LadderState } from '../../src/ladder/ladder.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { parseFrame } from '../../src/lorawan/frame.js';
import type { RxFrame, TxFrame } from '../../src/lorawan/radio.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import type { Device } from '../../src/network/device.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import { registry } from '../../src/network/registry.js';
import { loadMemory, saveMemory, type Memory } from '../../src/network/session.js';
import { defineBehaviour, type SensorBehaviour } from '../../src/sim/behaviour.js';
import type { FleetState } from '../../src/sim/fleet-state.js';
import { identity } from '../../src/sim/identity.js';
import { startRun } from '../../src/sim/run.js';
import type { Run } from '../../src/sim/run-types.js';
import { smallPlan } from '../sim/harness.js';

// Both ends of LoRaWAN between which everything goes wrong that can: frames are lost, come twice, come late and out of
// order; either side is killed at any moment and comes back with what it had made durable by then. Whatever happens:
// no counter serves two frames of one key, nothing leaves in clear, and a confirmed message is acknowledged or given up.

/** A payload that nobody could overlook in clear. */
const mark = 0x5354574b;
const model = defineSensor({
  id: 'test-marked',
  vendor: 'test',
  model: 'marked',
  defaultFPort: 2,
  source: 'this test',
  ports: { 2: { marked: layout({ mark: uint(32), again: uint(32), count: uint(16) }) } },
  toReadings: () => [],
  examples: [],
});

interface Book {
  sent: number;
  told: number;
  readonly acknowledged: boolean[];
}
const marked = (book: Book, lorawan: '1.0.3' | '1.0.4'): SensorBehaviour =>
  defineBehaviour({
    id: `marked-${lorawan}`,
    model,
    source: 'this test',
    mac: { lorawan, joinDataRates: [5], dataRate: 5, confirmedTries: 4, eirpDbm: 14 },
    columns: { count: 'u16' },
    step(row, input, port) {
      if (input.kind === 'boot' || input.kind === 'wake') {
        if (input.kind === 'wake') {
          row.count++;
          const confirmed = row.count % 2 === 0;
          if (confirmed) book.sent++;
          port.send({ type: 'marked', mark, again: mark, count: row.count }, { confirmed });
        }
        port.wakeInMs(0, 20_000);
      }
      if (input.kind === 'delivered') {
        book.told++;
        book.acknowledged.push(input.acknowledged);
      }
    },
  });

interface Trouble {
  /** Chances in a step, 0 to 1. */
  readonly loseUp: number;
  readonly loseDown: number;
  readonly twice: number;
  readonly late: number;
  readonly killStreet: number;
  readonly killNetwork: number;
}

const bays = ['a', 'b'] as const;

const play = (trouble: Trouble, seed: string, activation: 'otaa' | 'abp') => {
  const chance: Dice = dice(seed, 'trouble');
  const happens = (share: number): boolean => chance.next() < share;
  const book: Book = { sent: 0, told: 0, acknowledged: [] };
  const known = new Map([
    ['marked-1.0.3', marked(book, '1.0.3')],
    ['marked-1.0.4', marked(book, '1.0.4')],
  ]);
  const plan = smallPlan(
    bays.map((id, i) => ({
      id,
      lot: 'x',
      lat: 48.596,
      lon: 8.8703,
      sensor: i === 0 ? 'marked-1.0.3' : 'marked-1.0.4',
    })),
    { bootSpreadMs: 5_000 },
  );
  const devices = plan.bays.map((bay): Device => {
    const { devEui, joinEui, appKey, abp } = identity(seed, bay.id);
    return {
      ...{ devEui, name: bay.id, bay: bay.id, lot: 'x', model, options: {} },
      lorawan: known.get(bay.sensor)!.mac.lorawan,
      activation: activation === 'abp' ? { kind: 'abp', ...abp } : { kind: 'otaa', joinEui, appKey: aesKey(appKey) },
    };
  });

  // What each side has on its disk.
  const disk = new Map<string, string>();
  let saved: FleetState = {};

  const up = new Map<string, string>();
  const down = new Map<string, string>();
  const events: DownlinkEvent[] = [];
  const clear: string[] = [];
  const clearUp = toHex(Uint8Array.of(0x53, 0x54, 0x57, 0x4b));
  /** One frame for one counter of one address; the addresses of sessions differ. */
  const once = (book: Map<string, string>, phy: Uint8Array): void => {
    const parsed = must(parseFrame(phy));
    if (parsed.kind !== 'data') return;
    const text = toHex(phy);
    if (text.includes(clearUp)) clear.push(text);
    const name = `${parsed.devAddr} ${parsed.fCnt16}`;
    expect(book.get(name) ?? text, `counter ${name} served two frames`).toBe(text);
    book.set(name, text);
  };

  const startStreet = (startUs: number): Run =>
    startRun({ plan: { ...plan, startUs }, seed, behaviours: known, region: eu868, activation, state: saved });
  const startNetwork = (atUs: number): LadderState => {
    const memories = [...disk.values()].flatMap((text): Memory[] => [loadMemory(JSON.parse(text))!]);
    const state = ladder(
      { ...simulatedNetwork, dutyCycle: 'ignore', statusEveryMs: 300_000 },
      registry(devices, memories),
    );
    climb(state, { kind: 'start', atUs }, out);
    return state;
  };

  const out = {
    copy: () => undefined,
    batch(batch: Batch) {
      // The disk has it before anything follows.
      for (const { memory } of batch.touched) disk.set(memory.devEui, JSON.stringify(saveMemory(memory)));
      events.push(...batch.downlinks);
      const { send } = batch;
      if (!send) return;
      once(down, send.phy);
      climb(network, { kind: 'verdict', id: send.id, verdict: offer(send), atUs: street.nowUs }, out);
    },
  };
  const offer = (tx: TxFrame) => (happens(trouble.loseDown) ? 'ok' : street.offer(tx));

  let street = startStreet(plan.startUs);
  let network = startNetwork(plan.startUs);
  const underway: { readonly atUs: number; readonly rx: RxFrame }[] = [];
  const stepUs = usPerSecond / 2;
  let calm = false;
  let killed = 0;

  const step = (): void => {
    if (street.mustSave || happens(0.02))
      saved = JSON.parse(JSON.stringify(street.state({ clean: false }))) as FleetState;
    const untilUs = street.nowUs + stepUs;
    street.advance(untilUs, [], {
      sent: ({ phy }) => once(up, phy),
      heard(rx) {
        if (!calm && happens(trouble.loseUp)) return;
        const atUs = rx.atUs + (!calm && happens(trouble.late) ? Math.floor(chance.next() * 4e6) : 0);
        underway.push({ atUs, rx: { ...rx, atUs } });
        if (!calm && happens(trouble.twice)) underway.push({ atUs: atUs + 3e6, rx: { ...rx, atUs: atUs + 3e6 } });
      },
    });
    underway.sort((a, b) => a.atUs - b.atUs);
    while (underway.length > 0 && underway[0]!.atUs <= untilUs) {
      const { rx } = underway.shift()!;
      while (ladderWakeUs(network) <= rx.atUs) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
      climb(network, { kind: 'frame', rx }, out);
    }
    while (ladderWakeUs(network) <= untilUs) climb(network, { kind: 'tick', atUs: ladderWakeUs(network) }, out);
    if (calm) return;
    if (happens(trouble.killStreet)) {
      killed++;
      street = startStreet(street.nowUs);
    }
    if (happens(trouble.killNetwork)) network = startNetwork(street.nowUs);
  };

  for (let i = 0; i < 600; i++) {
    step();
    if (i % 40 !== 0) continue;
    const { devEui } = devices[i % 80 === 0 ? 0 : 1]!;
    const payload = new Uint8Array(8).map((_, k) => (mark >>> (8 * (3 - (k & 3)))) & 255);
    climb(
      network,
      { kind: 'downlink', request: { devEui, fPort: 5, payload, confirmed: i % 3 === 0 }, atUs: street.nowUs },
      out,
    );
  }
  calm = true;
  const sentBy = book.sent;
  for (let i = 0; i < 300; i++) step();
  return { book, up, down, events, clear, killed, sentBy };
};

const share = fc.constantFrom(0, 0, 0.05, 0.2, 0.5);
const rarely = fc.constantFrom(0, 0, 0.002, 0.01);

describe.each(['otaa', 'abp'] as const)('%s: whatever is lost, doubled, late or killed', (activation) => {
  test('no counter serves two frames, nothing leaves in clear, and nobody waits for ever', () => {
    let talked = 0;
    fc.assert(
      fc.property(
        fc.record({
          loseUp: share,
          loseDown: share,
          twice: share,
          late: share,
          killStreet: rarely,
          killNetwork: rarely,
        }),
        fc.integer({ min: 0, max: 1e9 }),
        (trouble, seed) => {
          const story = play(trouble, String(seed), activation);
          expect(story.clear).toEqual([]);
          talked += story.up.size + story.down.size;
          // Without a kill every confirmed message has had its end, but for those of the last moments.
          if (story.killed === 0) expect(story.book.told).toBeGreaterThanOrEqual(story.sentBy - 4);
          // Every downlink has a beginning, and at most one end.
          const ends = new Map<string, number>();
          for (const { id, state } of story.events)
            if (state === 'acknowledged' || state === 'failed') ends.set(id, (ends.get(id) ?? 0) + 1);
          expect([...ends.values()].every((count) => count === 1)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
    expect(talked).toBeGreaterThan(1_000);
  }, 60_000);

  test('in calm air everything is acknowledged', () => {
    const calm = { loseUp: 0, loseDown: 0, twice: 0, late: 0, killStreet: 0, killNetwork: 0 };
    const { book, events } = play(calm, '1', activation);
    expect(book.acknowledged.length).toBeGreaterThan(20);
    expect(book.acknowledged.every(Boolean)).toBe(true);
    const states = events.map(({ state }) => state);
    expect(states.filter((state) => state === 'failed')).toEqual([]);
    expect(states.filter((state) => state === 'acknowledged').length).toBeGreaterThan(3);
  });
});
