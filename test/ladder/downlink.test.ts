import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/hex.js';
import { bench, devEui, gateways, startUs } from './bench-device.js';

const states = (events: readonly { readonly state: string; readonly why?: string }[]): string[] =>
  events.map(({ state, why }) => (why === undefined ? state : `${state} ${why}`));

describe('a queued downlink', () => {
  test('waits for the next uplink of a class A device, is sent in its window and told step by step', () => {
    const b = bench();
    expect(b.ask({ id: 'x', fPort: 15, payload: Uint8Array.of(7, 8) })).toMatchObject({ id: 'x', state: 'queued' });
    b.pass(600_000);
    expect(b.downlinks).toHaveLength(0);
    const { outcome } = b.up();
    expect(b.downlinks).toHaveLength(1);
    const [down] = b.downlinks;
    expect(down).toMatchObject({ fCnt: 0, frame: { fPort: 15, ack: false, fPending: false, confirmed: false } });
    expect(toHex(down!.payload)).toBe('0708');
    expect(down!.tx.when).toEqual({ kind: 'tmst', tmst: (b.nowUs - 300_000 + 1_000_000) % 2 ** 32 });
    expect(states(b.events)).toEqual(['queued', 'sent']);
    expect(b.events[1]).toMatchObject({ id: 'x', fCnt: 0, fPort: 15 });
    expect(b.descents).toMatchObject([
      {
        carries: 'application',
        answers: outcome!.frame,
        result: 'sent',
        downlinkId: 'x',
        attempts: [{ verdict: 'ok', window: 'rx1' }],
      },
    ]);
    b.up();
    expect(b.downlinks).toHaveLength(1);
  });

  test('several go one by one, each but the last announces more', () => {
    const b = bench();
    for (const id of ['1', '2', '3']) b.ask({ id });
    for (let i = 0; i < 4; i++) b.up();
    expect(b.downlinks.map(({ frame, fCnt }) => [fCnt, frame.fPending])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
  });

  test('a confirmed one is acknowledged by the next uplink with the ACK bit', () => {
    const b = bench();
    b.ask({ id: 'c', confirmed: true });
    b.up();
    expect(b.downlinks[0]!.frame.confirmed).toBe(true);
    b.up({ ack: true });
    expect(states(b.events)).toEqual(['queued', 'sent', 'acknowledged']);
    expect(b.downlinks).toHaveLength(1);
  });

  test('one that is never acknowledged is sent as often as it may be, under a new counter each time, and then has failed', () => {
    const b = bench({ settings: { confirmedTries: 3 } });
    b.ask({ confirmed: true });
    for (let i = 0; i < 6; i++) b.up();
    expect(b.downlinks.map(({ fCnt }) => fCnt)).toEqual([0, 1, 2]);
    expect(states(b.events)).toEqual(['queued', 'sent', 'sent', 'sent', 'failed not-acknowledged']);
  });

  test('what is too long for both windows has failed, and the next one goes', () => {
    const b = bench();
    b.ask({ id: 'long', payload: new Uint8Array(116) });
    b.ask({ id: 'short' });
    b.up();
    expect(states(b.events)).toEqual(['queued', 'queued', 'failed payload-too-long', 'sent']);
    expect(b.downlinks).toHaveLength(1);
  });

  test('one that fits the first window only does not go into the second', () => {
    const b = bench({ verdict: () => 'collision-packet' });
    b.ask({ payload: new Uint8Array(100) });
    b.up();
    expect(b.descents).toMatchObject([{ result: 'failed', why: 'collision', attempts: [{ window: 'rx1' }] }]);
  });

  test('its time over, it has failed at that moment, whether its device speaks or not', () => {
    const b = bench();
    b.ask({ expiresUs: startUs + 60_000_000 });
    b.pass(61_000);
    expect(states(b.events)).toEqual(['queued', 'failed expired']);
    expect(b.events[1]!.atUs).toBe(startUs + 60_000_000);
  });

  test('what cannot be queued says why at once', () => {
    const b = bench();
    expect(b.ask({ devEui: '00000000000000ff' })).toMatchObject({ state: 'failed', why: 'unknown-device' });
    for (const fPort of [0, 224, 1.5, -1]) expect(b.ask({ fPort })).toMatchObject({ why: 'bad-port' });
    expect(b.ask({ payload: new Uint8Array(243) })).toMatchObject({ why: 'payload-too-long' });
    b.ask({ id: 'a' });
    expect(b.ask({ id: 'a' })).toMatchObject({ why: 'duplicate-id' });
    expect(b.ask({ expiresUs: 1 })).toMatchObject({ why: 'expired' });
    for (let i = 0; i < 31; i++) b.ask({});
    expect(b.ask({})).toMatchObject({ why: 'queue-full' });
  });

  test('gateways that cannot send leave it waiting; it has failed after many of them, counters never repeating', () => {
    const b = bench({ verdict: () => 'tx-freq' });
    b.ask({});
    for (let i = 0; i < 20; i++) b.up();
    expect(states(b.events)).toEqual(['queued', 'failed not-sent']);
    const counters = b.descents.map(({ fCnt }) => fCnt);
    expect(new Set(counters).size).toBe(counters.length);
    expect(b.descents.every(({ why }) => why === 'gateway-refused')).toBe(true);
  });
});

test('a command that a broker delivers twice is done once, also when the first is done already', () => {
  const b = bench();
  b.ask({ id: 'same' });
  b.up();
  expect(b.ask({ id: 'same' })).toMatchObject({ state: 'failed', why: 'duplicate-id' });
  for (let i = 0; i < 40; i++) {
    b.ask({});
    b.up();
  }
  expect(b.ask({ id: 'same' })).toMatchObject({ state: 'queued' });
});

describe('acknowledgements', () => {
  test('a retransmission is acknowledged again under a new counter, and carries nothing that waits', () => {
    const b = bench();
    b.up({ confirmed: true });
    b.ask({ id: 'later' });
    b.again();
    expect(b.downlinks.map(({ fCnt, frame }) => [fCnt, frame.ack, frame.fPort])).toEqual([
      [0, true, undefined],
      [1, true, undefined],
    ]);
    b.up({ confirmed: true });
    expect(b.downlinks.at(-1)).toMatchObject({ frame: { ack: true, fPort: 3 } });
  });

  test('an unconfirmed frame that is repeated asks for nothing, unless it asked for something', () => {
    const b = bench();
    b.up();
    b.again();
    expect(b.downlinks).toHaveLength(0);
    b.up({ adrAckReq: true });
    b.again();
    expect(b.downlinks).toHaveLength(2);
  });

  test('the second window is tried when the first is refused; when nobody answers, nothing is sent twice', () => {
    const tries: number[] = [];
    const b = bench({ verdict: (tx) => (tries.push(tx.freqHz), tries.length === 1 ? 'collision-packet' : 'ok') });
    b.up({ confirmed: true });
    expect(tries).toEqual([868_300_000, 869_525_000]);
    expect(b.descents[0]).toMatchObject({
      result: 'sent',
      attempts: [{ verdict: 'collision-packet' }, { verdict: 'ok' }],
    });
    const silent = bench({ verdict: () => 'no-answer' });
    silent.up({ confirmed: true });
    expect(silent.descents).toMatchObject([
      { result: 'failed', why: 'no-answer', attempts: [{ verdict: 'no-answer' }] },
    ]);
  });

  test('every way is tried: both windows of all gateways that heard it', () => {
    const b = bench({ heardBy: 3, verdict: () => 'collision-packet' });
    b.up({ confirmed: true });
    const tried = b.descents[0]!.attempts.map(({ gateway, window }) => `${gateway.slice(-1)} ${window}`);
    expect([...tried].sort()).toEqual(['1 rx1', '1 rx2', '2 rx1', '2 rx2', '3 rx1', '3 rx2']);
    expect(b.descents[0]).toMatchObject({ why: 'collision' });
  });

  test('an uplink without a counter value has no window', () => {
    const b = bench();
    b.up({ confirmed: true }, { tmst: undefined as unknown as number });
    expect(b.descents).toMatchObject([{ result: 'failed', why: 'no-window', attempts: [] }]);
  });

  test('a session whose counter is used up sends nothing more', () => {
    const b = bench();
    b.state.devices.byDevEui(devEui)!.memory.session!.nextFCntDown = 0x1_0000_0000;
    b.ask({});
    b.up({ confirmed: true });
    expect(b.downlinks).toHaveLength(0);
    expect(states(b.events)).toEqual(['queued', 'failed counter-exhausted']);
  });
});

describe("the gateways' hour", () => {
  test('an answer that no gateway may send any more is told so, and counted by window', () => {
    const b = bench({ settings: { reserve: 0 } });
    let sent = 0;
    for (let i = 0; i < 3_000 && b.descents.every(({ result }) => result === 'sent'); i++) {
      b.up({ confirmed: true }, { dataRate: { kind: 'lora', sf: 12, bwHz: 125_000 } });
      sent++;
      b.nowUs -= 9_000_000;
    }
    // 36 s on 868.3 MHz and 360 s on 869.525 MHz, at 991 ms for an empty downlink at SF12.
    expect(sent - 1).toBe(Math.floor(36_000 / 991.232) + Math.floor(360_000 / 991.232));
    expect(b.descents.at(-1)).toMatchObject({
      result: 'failed',
      why: 'gateway-duty-cycle',
      attempts: [{ verdict: 'gateway-duty-cycle' }, { verdict: 'gateway-duty-cycle' }],
    });
  });

  test('a second gateway takes over, and the reserve is for joins and acknowledgements', () => {
    const b = bench({ heardBy: 2, settings: { reserve: 0.5 } });
    const slow = { dataRate: { kind: 'lora', sf: 12, bwHz: 125_000 } } as const;
    for (let i = 0; i < 600; i++) {
      b.ask({});
      b.up({}, slow);
      b.nowUs -= 9_000_000;
    }
    const used = new Set(b.downlinks.map(({ tx }) => tx.gateway));
    expect(used).toEqual(new Set(gateways.slice(0, 2)));
    // Half of each hour is left for those who wait for an answer.
    expect(b.descents.at(-1)).toMatchObject({ result: 'failed', why: 'gateway-duty-cycle' });
    b.up({ confirmed: true }, slow);
    expect(b.descents.at(-1)).toMatchObject({ result: 'sent' });
  });

  test('what was refused by the gateway is given back to its hour', () => {
    const b = bench({ verdict: () => 'collision-packet' });
    for (let i = 0; i < 100; i++) b.up({ confirmed: true });
    for (const budget of b.state.scheduler.budgets.values())
      for (const freqHz of [868_300_000, 869_525_000]) expect(budget.usedUs(freqHz, b.nowUs).usedUs).toBe(0);
  });
});

describe('class C', () => {
  const always = { device: { deviceClass: 'C' } } as const;

  test('a downlink leaves at once, through the gateway that heard the device best, on RX2', () => {
    const b = bench({ ...always, heardBy: 2 });
    b.ask({ id: 'early' });
    b.pass(60_000);
    expect(b.downlinks).toHaveLength(0);
    b.up();
    b.pass(10_000);
    expect(b.downlinks).toHaveLength(1);
    b.ask({ id: 'now' });
    b.pass(10);
    expect(b.downlinks[1]!.tx).toMatchObject({ when: { kind: 'now' }, freqHz: 869_525_000, gateway: gateways[0] });
    expect(states(b.events)).toEqual(['queued', 'sent', 'queued', 'sent']);
  });

  test('a confirmed one is repeated after its time, acknowledged by any uplink, or given up', () => {
    const b = bench({ ...always, settings: { confirmedTries: 2, classCTimeoutMs: 12_000 } });
    b.up();
    b.pass(10_000);
    b.ask({ confirmed: true });
    b.pass(100);
    expect(b.downlinks).toHaveLength(1);
    b.pass(30_000);
    expect(b.downlinks).toHaveLength(2);
    b.pass(30_000);
    expect(states(b.events)).toEqual(['queued', 'sent', 'sent', 'failed not-acknowledged']);
    b.ask({ confirmed: true });
    b.pass(100);
    b.up({ ack: true });
    expect(states(b.events).slice(-3)).toEqual(['queued', 'sent', 'acknowledged']);
  });

  test('while its windows after an uplink last it is left alone', () => {
    const b = bench(always);
    b.up();
    b.ask({});
    b.pass(3_000);
    expect(b.downlinks).toHaveLength(0);
    b.pass(3_000);
    expect(b.downlinks).toHaveLength(1);
  });
});
