import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dedup, hear, nextClose, takeClosed } from '../../src/network/dedup.js';
import type { RxFrame } from '../../src/lorawan/radio.js';

const rx = (gateway: string, atMs: number, more: Partial<RxFrame> = {}): RxFrame => ({
  phy: new Uint8Array([0x40, 1, 2, 3]),
  atUs: atMs * 1000,
  gateway,
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  rssiDbm: -100,
  snrDb: 5,
  crc: 'ok',
  ...more,
});

describe('dedup', () => {
  test('copies within 200 ms are one frame, the best gateway first', () => {
    const state = dedup();
    expect(hear(state, rx('a', 0))).toBe('first');
    expect(hear(state, rx('b', 199, { snrDb: 9 }))).toBe('copy');
    expect(takeClosed(state, 199_999)).toBeUndefined();
    expect(nextClose(state)).toBe(200_000);
    expect(takeClosed(state, 200_000)?.map((one) => one.gateway)).toEqual(['b', 'a']);
    expect(nextClose(state)).toBe(Infinity);
  });

  test('a copy after the window is late, a repetition after 1.2 s is a frame of its own', () => {
    const state = dedup();
    hear(state, rx('a', 0));
    takeClosed(state, 200_000);
    expect(hear(state, rx('b', 900))).toBe('late');
    expect(hear(state, rx('a', 1_300))).toBe('first');
  });

  test('one gateway counts once, however often it hands a hearing over', () => {
    const state = dedup();
    hear(state, rx('a', 0));
    hear(state, rx('a', 1));
    expect(takeClosed(state, 500_000)).toHaveLength(1);
  });

  test('whatever comes, every hearing is in exactly one group, and memory does not grow with the past', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(4), fc.nat(400))), (steps) => {
        const state = dedup();
        let now = 0;
        let first = 0;
        let taken = 0;
        for (const [frame, gateway, waitMs] of steps) {
          now += waitMs;
          while (takeClosed(state, now * 1000)) taken++;
          if (hear(state, rx(`g${gateway}`, now, { phy: new Uint8Array([frame]) })) === 'first') first++;
        }
        while (takeClosed(state, Infinity)) taken++;
        expect(taken).toBe(first);
        expect(state.byKey.size).toBe(0);
        expect(state.closed.size).toBeLessThanOrEqual(4);
      }),
    );
  });
});
