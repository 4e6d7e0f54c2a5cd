import fc from 'fast-check';
import { refusals, type Outcome } from '../../src/ladder/outcome.js';
import type { DataRate, RxFrame } from '../../src/lorawan/radio.js';
import { present } from '../../src/trace/fields.js';

const eui = fc.bigInt(0n, 2n ** 64n - 1n).map((value) => value.toString(16).padStart(16, '0'));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const decibels = fc.integer({ min: -1500, max: 200 }).map((tenths) => tenths / 10);
const instant = fc.integer({ min: 0, max: 4e15 });

const dataRate: fc.Arbitrary<DataRate> = fc.oneof(
  fc.record({
    kind: fc.constant('lora' as const),
    sf: fc.integer({ min: 5, max: 12 }),
    bwHz: fc.constantFrom(7800, 62_500, 125_000, 250_000, 500_000, 812_500),
  }),
  fc.record({ kind: fc.constant('fsk' as const), bitRate: fc.integer({ min: 600, max: 300_000 }) }),
  fc.record({ kind: fc.constant('lr-fhss' as const), text: fc.constantFrom('M0CW137', 'M0CW336', 'M1CW1523') }),
);

/** Any hearing that a gateway can tell. */
export const anyRx: fc.Arbitrary<RxFrame> = fc
  .record({
    phy: fc.uint8Array({ maxLength: 255 }),
    atUs: instant,
    gateway: eui,
    tmst: maybe(u32),
    gatewayTimeUs: maybe(instant),
    freqHz: fc.integer({ min: 137_000_000, max: 2_500_000_000 }),
    dataRate,
    codingRate: maybe(fc.constantFrom('4/5', '4/6', '4/7', '4/8', '1/3')),
    rssiDbm: decibels,
    snrDb: maybe(decibels),
    crc: fc.constantFrom('ok' as const, 'bad' as const, 'none' as const),
    channel: maybe(fc.nat(63)),
    rfChain: maybe(fc.nat(3)),
  })
  .map((rx) => present(rx) as RxFrame);

/** Any way out of the ladder. */
export const anyOutcome: fc.Arbitrary<Outcome> = fc
  .record({
    frame: eui,
    atUs: instant,
    result: fc.constantFrom('accepted' as const, 'joined' as const, 'refused' as const),
    why: maybe(fc.constantFrom(...refusals)),
    detail: maybe(fc.stringMatching(/^port \d{1,3}$/)),
    devEui: maybe(eui),
    devAddr: maybe(eui.map((text) => text.slice(8))),
    fCnt: maybe(u32),
    fPort: maybe(fc.nat(255)),
    bay: maybe(fc.string()),
    gateways: fc.array(
      fc.record({ gateway: eui, rssiDbm: decibels, snrDb: maybe(decibels) }).map((one) => present(one)),
      { maxLength: 4 },
    ) as fc.Arbitrary<Outcome['gateways']>,
    events: fc.nat(8),
    simulated: maybe(fc.constant(true as const)),
  })
  .map((outcome) => present(outcome) as Outcome);
