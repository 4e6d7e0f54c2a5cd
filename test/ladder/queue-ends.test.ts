import { describe, expect, test } from 'vitest';
import { climb, ladderWakeUs } from '../../src/ladder/ladder.js';
import type { TxVerdict } from '../../src/lorawan/radio.js';
import { bench, devEui, startUs } from './bench-device.js';

// What becomes of a queued downlink when its gateway answers late, never, twice or not as hoped.

const states = (events: readonly { readonly state: string; readonly why?: string }[]): string[] =>
  events.map(({ state, why }) => (why === undefined ? state : `${state} ${why}`));

const memoryOf = (b: ReturnType<typeof bench>) => b.state.devices.byDevEui(devEui)!.memory;

describe('a gateway that answers late', () => {
  test('an acknowledgement that comes before the answer of the gateway counts', () => {
    const b = bench({ verdict: () => 'later' });
    b.ask({ id: 'c', confirmed: true });
    b.up();
    b.up({ ack: true });
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
    b.answer('ok');
    b.up();
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
    expect(b.downlinks).toHaveLength(1);
  });

  test('an acknowledgement counts when the gateway never answered', () => {
    const b = bench({ verdict: () => 'no-answer' });
    b.ask({ id: 'c', confirmed: true });
    b.up();
    expect(states(b.events)).toEqual(['queued']);
    b.up({ ack: true });
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
    expect(memoryOf(b).queue).toEqual([]);
  });

  test('without an acknowledgement it is sent again; what no gateway confirmed is no transmission', () => {
    const verdicts: TxVerdict[] = ['no-answer', 'ok', 'ok'];
    const b = bench({ verdict: () => verdicts.shift() ?? 'ok', settings: { confirmedTries: 2 } });
    b.ask({ confirmed: true });
    for (let i = 0; i < 5; i++) b.up();
    expect(states(b.events)).toEqual(['queued', 'sent', 'sent', 'failed not-acknowledged']);
  });

  test('an answer that comes twice, or to nobody, changes nothing', () => {
    const b = bench();
    b.ask({ id: 'u' });
    b.up();
    const before = b.batches.length;
    for (const id of [1, 2, 3, 99]) {
      const out = { batch: (batch: (typeof b.batches)[number]) => void b.batches.push(batch), copy: () => undefined };
      climb(b.state, { kind: 'verdict', id, verdict: 'ok', atUs: b.nowUs }, out);
    }
    expect(b.batches).toHaveLength(before);
    expect(states(b.events)).toEqual(['queued', 'sent']);
  });
});

describe('transmissions', () => {
  test('those that gateways refused are not counted against a confirmed downlink', () => {
    const verdicts: TxVerdict[] = Array<TxVerdict>(6).fill('collision-packet');
    const b = bench({ verdict: () => verdicts.shift() ?? 'ok', settings: { confirmedTries: 3 } });
    b.ask({ confirmed: true });
    for (let i = 0; i < 8; i++) b.up();
    expect(b.downlinks).toHaveLength(3);
    expect(states(b.events)).toEqual(['queued', 'sent', 'sent', 'sent', 'failed not-acknowledged']);
  });
  test('are remembered over a restart', () => {
    const b = bench({ settings: { confirmedTries: 2 } });
    b.ask({ confirmed: true });
    b.up();
    b.restart();
    for (let i = 0; i < 4; i++) b.up();
    expect(b.downlinks.map(({ fCnt }) => fCnt)).toEqual([0, 1]);
    expect(states(b.events)).toEqual(['queued', 'sent', 'sent', 'failed not-acknowledged']);
  });
});

describe('the time of a downlink that is on its way', () => {
  test.each(['A', 'C'] as const)('class %s: it is over, and the ladder does not wake for it again and again', (one) => {
    const b = bench({ device: { deviceClass: one } });
    b.up();
    b.pass(10_000);
    b.ask({ confirmed: true, expiresUs: b.nowUs + 15_000_000 });
    b.up();
    b.pass(5_001);
    let ticks = 0;
    while (ladderWakeUs(b.state) <= b.nowUs && ticks < 100) {
      ticks++;
      climb(b.state, { kind: 'tick', atUs: b.nowUs }, { batch: () => undefined, copy: () => undefined });
    }
    expect(ticks).toBeLessThan(3);
  });

  test('an acknowledgement still counts after it; without one it has expired', () => {
    for (const ack of [true, false]) {
      const b = bench();
      b.ask({ confirmed: true, expiresUs: startUs + 15_000_000 });
      b.up();
      b.up({ ack });
      expect(states(b.events)).toEqual(['queued', 'sent', ack ? 'acknowledged' : 'failed expired']);
    }
  });
});
