import { describe, expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { frameLog } from '../../src/gateway/log-lines.js';
import type { DownlinkOutcome, Outcome } from '../../src/ladder/outcome.js';
import type { DownlinkEvent } from '../../src/network/queue.js';

const startUs = 1_780_293_600_000_000;
const second = 1_000_000;
const ours = (n: number): string => `02000000000000a${n}`;

const refused = (atUs: number, more: Partial<Outcome>): Outcome => ({
  frame: '0123456789abcdef',
  atUs,
  result: 'refused',
  why: 'unknown-dev-addr',
  gateways: [{ gateway: '0253544b47570001', rssiDbm: -90 }],
  events: 0,
  ...more,
});

const stand = () => {
  const { log, events } = keptLog();
  const lines = frameLog(log, {
    devices: 9,
    isOurs: ({ devEui, devAddr }) => devEui?.startsWith('02000000000000a') === true || devAddr === '260b1a2f',
  });
  /** Lines and those left out before them. */
  const accounted = (): number => events.reduce((sum, { fields }) => sum + 1 + Number(fields['leftOut'] ?? 0), 0);
  return { lines, events, accounted };
};

describe('lines about frames', () => {
  test('a registered device has a line for every frame, three transmissions in a minute included', () => {
    const { lines, events } = stand();
    for (let minute = 0; minute < 2_000; minute++)
      for (let copy = 0; copy < 3; copy++)
        lines.outcome(refused(startUs + (minute * 60 + copy * 3) * second, { devEui: ours(1), why: 'retransmission' }));
    expect(events).toHaveLength(6_000);
    expect(events.some(({ fields }) => 'leftOut' in fields)).toBe(false);
  });

  test('what is accepted or joined is always said', () => {
    const { lines, events } = stand();
    for (let i = 0; i < 500; i++)
      lines.outcome(refused(startUs, { devEui: ours(1), result: i % 2 === 0 ? 'accepted' : 'joined' }));
    expect(events).toHaveLength(500);
  });

  test('a flood of strangers is a few lines, and each one left out is accounted for', () => {
    const { lines, events, accounted } = stand();
    const flood = 50_000;
    for (let i = 0; i < flood; i++)
      lines.outcome(refused(startUs + i * 1_000, { devAddr: (0x0500_0000 + i).toString(16).padStart(8, '0') }));
    // A hundred at once, and one in ten seconds of the fifty that it lasts.
    expect(events.length).toBeLessThanOrEqual(106);
    lines.outcome(refused(startUs + 3_600 * second, { devAddr: '0a000000' }));
    expect(accounted()).toBe(flood + 1);
  });

  test('one stranger that sends all day does not use up the lines of the others', () => {
    const { lines, events } = stand();
    for (let i = 0; i < 86_400; i++) {
      lines.outcome(refused(startUs + i * second, { devAddr: '05000001' }));
      if (i === 50_000)
        lines.outcome(refused(startUs + i * second, { devEui: '00000000000000ff', why: 'unknown-device' }));
    }
    expect(events.filter(({ fields }) => fields['devEui'] === '00000000000000ff')).toHaveLength(1);
    expect(events.length).toBeLessThan(40);
  });

  test('a flood in the name of one device is bounded, and takes no line from another one', () => {
    const { lines, events } = stand();
    for (let i = 0; i < 20_000; i++) {
      lines.outcome(refused(startUs + i * 5_000, { devEui: ours(1), why: 'join-flood' }));
      lines.outcome(refused(startUs + i * 5_000, { devAddr: '260b1a2f', why: 'mic-mismatch' }));
      if (i % 1_000 === 0) lines.outcome(refused(startUs + i * 5_000, { devEui: ours(2), why: 'bad-payload' }));
    }
    expect(events.filter(({ fields }) => fields['devEui'] === ours(2))).toHaveLength(20);
    expect(events.length).toBeLessThanOrEqual(20 + 2 * (32 + 11));
  });

  test('a full hour of a gateway is said now and then; the downlink that it cost always', () => {
    const { lines, events } = stand();
    const where = { gateway: '0253544b47570001', window: 'rx1', freqHz: 868_100_000, dataRate: 'SF7BW125' } as const;
    const lost: DownlinkOutcome = {
      frame: '0123456789abcdef',
      devEui: ours(1),
      devAddr: '260b1a2f',
      carries: 'application',
      fCnt: 1,
      atUs: startUs,
      result: 'failed',
      why: 'gateway-duty-cycle',
      attempts: [{ ...where, verdict: 'gateway-duty-cycle' }],
    };
    for (let i = 0; i < 600; i++) lines.descent({ ...lost, atUs: startUs + i * second });
    expect(events.filter(({ event }) => event === 'downlink_failed')).toHaveLength(600);
    const said = events.filter(({ event }) => event === 'gateway_duty_cycle');
    expect(said.length).toBeGreaterThan(5);
    expect(said.length).toBeLessThan(20);
  });

  test('commands without an end are bounded, for one device and for all; what a device can be sent is always said', () => {
    const { lines, events, accounted } = stand();
    const step = (n: number, atUs: number, more: Partial<DownlinkEvent> = {}): DownlinkEvent => ({
      ...{ id: 'a', devEui: ours(n), atUs, state: 'failed', why: 'queue-full', fPort: 1, confirmed: true },
      ...more,
    });
    for (let i = 0; i < 96; i++) lines.command(step(1, startUs, { state: 'queued' }));
    expect(events).toHaveLength(96);
    for (let i = 0; i < 20_000; i++) lines.command(step(2, startUs + i * 5_000));
    expect(events.length).toBeLessThanOrEqual(96 + 128 + 10);
    lines.command(step(3, startUs + 101 * second));
    expect(events.at(-1)!.fields['leftOut']).toBeGreaterThan(1_000);
    expect(accounted()).toBe(96 + 20_000 + 1);

    const many = keptLog();
    const street = frameLog(many.log, { devices: 2_000, isOurs: () => true });
    for (let i = 0; i < 200_000; i++) street.command(step(0, startUs + i * 1_000, { devEui: `${1e15 + (i % 2_000)}` }));
    expect(many.events.length).toBeLessThanOrEqual(10_000 + 200);
  });

  test('a clock that jumps to and fro is a few lines', () => {
    const { lines, events, accounted } = stand();
    for (let i = 0; i < 3_600; i++)
      lines.clockStepped({
        byUs: i % 2 === 0 ? 3_600 * second : -3_600 * second,
        synced: true,
        atUs: startUs + i * second,
      });
    expect(events[0]).toEqual({ event: 'clock_stepped', fields: { byS: 3_600, synced: true } });
    expect(events.length).toBeLessThan(70);
    lines.clockStepped({ byUs: second, synced: true, atUs: startUs + 7_200 * second });
    expect(accounted()).toBe(3_601);
  });

  test('a disk that refuses everything is one line in a minute', () => {
    const { lines, events } = stand();
    for (let i = 0; i < 6_000; i++) lines.unstored(new Error('the disk is full'), startUs + i * 100_000);
    expect(events.length).toBeLessThan(16);
    expect(events[0]).toEqual({ event: 'store_failed', fields: { why: 'the disk is full' } });
  });
});
