import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { readRecord, writeRecord } from '../../src/trace/json-lines.js';
import { outcomeOfRecord, outcomeRecord } from '../../src/trace/outcome.js';
import { rxOfRecord, rxRecord } from '../../src/trace/rx.js';
import { anyOutcome, anyRx } from './records.js';

const rx = {
  phy: hex('40f17dbe4900020001954378762b11ff0d'),
  atUs: 1_780_293_600_000_000,
  gateway: '00800000a00009ef',
  freqHz: 868_100_000,
  dataRate: { kind: 'lora', sf: 7, bwHz: 125_000 },
  rssiDbm: -97,
  crc: 'ok',
} as const;

test('a hearing, as it stands in a recording', () =>
  expect(writeRecord(rxRecord(rx, { simulated: true }))).toBe(
    '{"us":1780293600000000,"source":"gateway:00800000a00009ef","kind":"rx","body":{"simulated":true,' +
      '"phy":"40f17dbe4900020001954378762b11ff0d","freqHz":868100000,"dataRate":"SF7BW125","rssiDbm":-97,"crc":"ok"}}',
  ));

test('every hearing survives a recording', () =>
  fc.assert(
    fc.property(anyRx, (one) => {
      expect(must(rxOfRecord(must(readRecord(writeRecord(rxRecord(one))))))).toEqual(one);
    }),
    { numRuns: 1000 },
  ));

test('every outcome survives a recording', () =>
  fc.assert(
    fc.property(anyOutcome, (one) => {
      expect(must(outcomeOfRecord(must(readRecord(writeRecord(outcomeRecord(one))))))).toEqual(one);
    }),
    { numRuns: 1000 },
  ));

test.each([
  [{ kind: 'tx' }, 'its kind is not rx'],
  [{ source: 'gateway:yard' }, 'its source is not gateway: and an EUI'],
  [{ body: { ...rxRecord(rx).body, phy: '4' } }, 'phy has not the form it must have'],
  [{ body: { ...rxRecord(rx).body, phy: 'zz' } }, 'phy has not the form it must have'],
  [{ body: { ...rxRecord(rx).body, dataRate: 'SF13BW125' } }, 'dataRate is none'],
  [{ body: { ...rxRecord(rx).body, freqHz: 868.1 } }, 'freqHz is not a whole number'],
  [{ body: { ...rxRecord(rx).body, tmst: 2 ** 32 } }, 'tmst is out of its range'],
  [{ body: { ...rxRecord(rx).body, crc: 'fine' } }, 'crc is none of ok, bad, none'],
  [{ body: {} }, 'phy is missing'],
])('a record that is no hearing says why: %j', (change, why) => {
  const read = rxOfRecord({ ...rxRecord(rx), body: { ...rxRecord(rx).body }, ...change });
  expect(!read.ok && read.problem.facts['why']).toBe(why);
});

test('any body is a hearing, an outcome or a typed problem', () =>
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(rxRecord(rx).body), 'gateways'), fc.jsonValue()),
      (body) => {
        for (const kind of ['rx', 'outcome']) {
          const record = { us: 0, source: 'gateway:00800000a00009ef', kind, body };
          const read = kind === 'rx' ? rxOfRecord(record) : outcomeOfRecord(record);
          if (!read.ok) expect(read.problem.code).toBe('wrong-record');
        }
      },
    ),
    { numRuns: 2000 },
  ));
