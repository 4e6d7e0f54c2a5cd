import { describe, expect, test } from 'vitest';
import { climb, ladder, ladderWakeUs, type Batch, type LadderState } from '../../src/ladder/ladder.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealJoinRequest } from '../../src/lorawan/join.js';
import { eu868 } from '../../src/lorawan/regions/eu868.js';
import { us915 } from '../../src/lorawan/regions/us915.js';
import { packetLoss } from '../../src/network/adr.js';
import type { Device } from '../../src/network/device.js';
import { registry } from '../../src/network/registry.js';
import { loadMemory, saveMemory } from '../../src/network/session.js';
import { usualNetwork } from '../../src/network/settings.js';
import { bench, devEui, gateways, startUs } from './bench-device.js';
import bosch from '../../devices/sensors/bosch-tps110.js';

const states = (events: readonly { readonly state: string; readonly why?: string }[]): string[] =>
  events.map(({ state, why }) => (why === undefined ? state : `${state} ${why}`));

describe('somebody who repeats what he has heard', () => {
  test('gets no more answers to one frame than a device may need transmissions', () => {
    const b = bench();
    b.up({ confirmed: true });
    for (let i = 0; i < 100; i++) b.again();
    // NbTrans is 15 at most, and a confirmed frame of 1.0.2 is sent eight times.
    expect(b.downlinks).toHaveLength(15);
    b.up({ confirmed: true });
    expect(b.downlinks).toHaveLength(16);
  });

  test('cannot lock out a device whose counter may begin anew', () => {
    const b = bench({ device: { counters: 'may-reset' } });
    b.up({ fCnt: 5 });
    for (let fCnt = 16_000; fCnt <= 48_000; fCnt += 16_000) b.up({ fCnt });
    expect(b.up({ fCnt: 5 }).outcome).toMatchObject({ result: 'accepted', fCnt: 5 });
    expect(b.up({ fCnt: 48_001 }).outcome).toMatchObject({ result: 'accepted', fCnt: 48_001 });
  });
});

test('a device that begins anew has forgotten its settings as well', () => {
  const b = bench({ device: { counters: 'may-reset' }, settings: { rx1DelayS: 5 } });
  b.up();
  b.up();
  b.up({ fCnt: 0, confirmed: true });
  expect(b.downlinks.at(-1)!.tx.when).toEqual({ kind: 'tmst', tmst: (b.nowUs - 300_000 + 1_000_000) % 2 ** 32 });
  expect(b.downlinks.at(-1)!.commands).toContainEqual({ kind: 'rx-timing-setup-req', delayS: 5 });
});

test('a counter may be 16384 ahead of the last one and no more', () => {
  const b = bench();
  b.up({ fCnt: 7 });
  expect(b.up({ fCnt: 7 + 16_385 }).outcome).toMatchObject({ why: 'counter-jump' });
  expect(b.up({ fCnt: 7 + 16_384 }).outcome).toMatchObject({ result: 'accepted' });
});

describe('joins', () => {
  const appKey = aesKey(new Uint8Array(16).fill(3));
  const joiner = (lorawan: Device['lorawan'], deviceClass: 'A' | 'C' = 'A'): Device => ({
    ...{ devEui, name: 'a', bay: 'a', lot: 'a', model: bosch, options: bosch.defaults, lorawan, deviceClass },
    activation: { kind: 'otaa', appKey },
  });
  const stand = (state: LadderState) => {
    let nowUs = startUs;
    const batches: Batch[] = [];
    const out = {
      copy: () => undefined,
      batch(batch: Batch) {
        batches.push(batch);
        if (batch.send) climb(state, { kind: 'verdict', id: batch.send.id, verdict: 'ok', atUs: nowUs }, out);
      },
    };
    return {
      request(devNonce: number, afterMs = 5_000) {
        nowUs += afterMs * 1000;
        const phy = sealJoinRequest({ joinEui: '0000000000000000', devEui, devNonce, appKey });
        const rx = { phy, gateway: gateways[0], tmst: nowUs % 2 ** 32, rssiDbm: -100, snrDb: 5, crc: 'ok' } as const;
        const on = { freqHz: 868_100_000, dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 } } as const;
        climb(state, { kind: 'frame', rx: { ...rx, ...on, atUs: nowUs } }, out);
        const from = batches.length;
        nowUs = ladderWakeUs(state);
        climb(state, { kind: 'tick', atUs: nowUs }, out);
        const { result, why } = batches[from]!.outcome!;
        return why ?? result;
      },
    };
  };
  const settings = { ...usualNetwork(eu868), simulated: false };

  test('old requests, sent again and again, do not keep a device out', () => {
    const { request } = stand(ladder(settings, registry([joiner('1.0.3')])));
    expect(request(1)).toBe('joined');
    for (let i = 0; i < 100; i++) expect(request(1)).toBe('dev-nonce-used');
    expect(request(2)).toBe('joined');
  });

  test('one that joins without an end is let in once in a minute, and burns no nonce meanwhile', () => {
    const { request } = stand(ladder(settings, registry([joiner('1.0.3')])));
    for (let nonce = 0; nonce < 10; nonce++) expect(request(nonce)).toBe('joined');
    expect(request(10)).toBe('join-flood');
    expect(request(10, 60_000)).toBe('joined');
  });

  test('a device that was registered as 1.0.3 and is 1.0.4 cannot be replayed', () => {
    const state = ladder(settings, registry([joiner('1.0.3')]));
    for (const nonce of [0, 1, 2, 3]) expect(stand(state).request(nonce)).toBe('joined');
    const saved = loadMemory(JSON.parse(JSON.stringify(saveMemory(state.devices.byDevEui(devEui)!.memory))))!;
    const { request } = stand(ladder(settings, registry([joiner('1.0.4')], [saved])));
    expect(request(2)).toBe('dev-nonce-used');
    expect(request(4)).toBe('joined');
  });
});

describe('what cannot be answered as usual', () => {
  test('an uplink on a channel that the network did not give is answered there: the device listens where it sent', () => {
    const b = bench({ factory: true, settings: { extraChannelsHz: [] } });
    b.up({ confirmed: true }, { freqHz: 867_500_000 });
    expect(b.downlinks[0]!.tx).toMatchObject({ freqHz: 867_500_000, dataRate: { sf: 9 } });
  });

  test('nor in a gap between the sub-bands', () => {
    const b = bench({ settings: { dutyCycle: 'ignore' } });
    b.up({ confirmed: true }, { freqHz: 868_650_000 });
    expect(b.downlinks[0]!.tx).toMatchObject({ freqHz: 869_525_000 });
  });
});

test('what was sent in another region, or where nobody may send, does not stop a start', () => {
  const emission = { gateway: gateways[0], startUs, airtimeUs: 1_000 };
  const emissions = [868_100_000, 868_650_000].map((freqHz) => ({ ...emission, freqHz }));
  for (const region of [eu868, us915])
    expect(() => ladder({ ...usualNetwork(region), simulated: false }, registry([]), { emissions })).not.toThrow();
});

describe('a new session in the middle of a confirmed downlink', () => {
  test('what went out under the old keys is sent again under the new ones, whatever its gateway answers then', () => {
    for (const confirmed of [true, false]) {
      const b = bench({ verdict: () => 'later' });
      b.ask({ id: 'x', confirmed });
      b.up();
      const { memory } = b.state.devices.byDevEui(devEui)!;
      memory.pending = { ...memory.session!, nextFCntUp: 0, nextFCntDown: 5, adrHistory: [] };
      memory.session = { ...memory.session!, devAddr: 1 };
      b.state.devices.reindex(b.state.devices.byDevEui(devEui)!);
      b.up({ fCnt: 0 });
      b.answer('ok');
      expect(states(b.events)).toEqual(['queued']);
      b.answer('ok');
      expect(states(b.events)).toEqual(['queued', 'sent']);
      expect(b.downlinks.at(-1)!.frame.fPort).toBe(3);
      b.up({ fCnt: 1, ack: true });
      expect(states(b.events)).toEqual(confirmed ? ['queued', 'sent', 'acknowledged'] : ['queued', 'sent']);
    }
  });
});

test('a frame that NbTrans repeats is one event, one sample for ADR, and no loss', () => {
  const b = bench({ settings: { adr: { marginDb: 10, maxDr: 3 } } });
  const batches = Array.from({ length: 20 }, () => [b.up({ adr: true }), b.again(), b.again()]).flat();
  expect(batches.map(({ events }) => events.length)).toEqual(Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0)));
  expect(batches.filter(({ outcome }) => outcome?.why === 'retransmission')).toHaveLength(40);
  const { adrHistory } = b.state.devices.byDevEui(devEui)!.memory.session!;
  expect(adrHistory.map(({ fCnt }) => fCnt)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(packetLoss(adrHistory)).toBe(0);
});
