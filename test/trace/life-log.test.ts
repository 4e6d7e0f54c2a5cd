import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steppedClock } from '../../src/io/clock.js';
import { lineLog } from '../../src/io/log.js';
import type { DownlinkOutcome } from '../../src/ladder/outcome.js';
import { downlinkOfRecord, queueStepOfRecord } from '../../src/trace/downlink.js';
import { factOf } from '../../src/trace/life-facts.js';
import { logOfDownlink, logOfOutcome, logOfQueueStep, recordOfLine, type LogEvent } from '../../src/trace/life-log.js';
import { readRecord, writeRecord } from '../../src/trace/json-lines.js';
import { outcomeOfRecord } from '../../src/trace/outcome.js';
import { anyOutcome } from './records.js';
import * as one from './lives.js';

/** What a gateway writes at that instant, and what is read of it. */
const through = (atUs: number, { event, fields }: LogEvent): ReturnType<typeof recordOfLine> => {
  const lines: string[] = [];
  lineLog((line) => lines.push(line), { clock: steppedClock(atUs), json: true })(event, fields);
  return recordOfLine(lines[0]!);
};
const toMs = (us: number): number => Math.floor(us / 1000) * 1000;

describe('a line of the log', () => {
  test('gives every outcome back, but for what is below a millisecond', () =>
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const record = through(outcome.atUs, logOfOutcome(outcome));
        const { simulated: _, ...rest } = outcome;
        expect(record.ok && record.value && outcomeOfRecord(record.value)).toEqual({
          ok: true,
          value: { ...rest, atUs: toMs(outcome.atUs) },
        });
      }),
      { numRuns: 300 },
    ));

  const base: DownlinkOutcome = {
    frame: one.downlinkId(1),
    atUs: one.t0,
    devEui: one.devEui,
    carries: 'acknowledgement',
    answers: one.downlinkId(2),
    result: 'sent',
    fCnt: 3,
    commands: ['link-adr-req', 'dev-status-req'],
    attempts: [{ gateway: one.gateway, window: 'rx2', freqHz: 869_525_000, dataRate: 'SF12BW125', verdict: 'ok' }],
  };
  const passed = { ...base.attempts[0]!, window: 'rx1', verdict: 'gateway-duty-cycle' } as const;
  test.each<[string, DownlinkOutcome]>([
    ['sent in the first window', base],
    ['sent in the second', { ...base, attempts: [passed, ...base.attempts] }],
    ['failed', { ...base, result: 'failed', why: 'gateway-duty-cycle', attempts: [passed] }],
    ['failed without a window', { ...base, result: 'failed', why: 'no-window', attempts: [] }],
  ])('gives a downlink back: %s', (_, outcome) => {
    const record = through(outcome.atUs, logOfDownlink(outcome));
    expect(record.ok && record.value && downlinkOfRecord(record.value)).toEqual({ ok: true, value: outcome });
  });

  test.each(['queued', 'sent', 'acknowledged', 'failed'] as const)('gives a step of the queue back: %s', (state) => {
    const told = { id: 'c', devEui: one.devEui, atUs: one.t0, state, fPort: 15, confirmed: true, fCnt: 4 } as const;
    const record = through(one.t0, logOfQueueStep(told));
    expect(record.ok && record.value && queueStepOfRecord(record.value)).toEqual({ ok: true, value: told });
  });

  test.each([
    ['{"time":"2026-06-01T06:00:00.000Z","event":"gateway_offline","gateway":"00800000a00009ef"}', 'gateway'],
    ['{"time":"2026-06-01T06:00:00.000Z","event":"broker_lost","url":"mqtt://b:1883","why":"refused"}', 'sink'],
    [
      '{"time":"2026-06-01T06:00:00.000Z","event":"semtech_udp_refused","gateway":"00800000a00009ef","why":"not-allowed","count":10}',
      'refused',
    ],
    // Written before the best gateway's SNR and the number of events stood in the log.
    [
      '{"time":"2026-06-01T06:00:00.000Z","event":"uplink_refused","why":"mic-mismatch","frame":"00112233445566ff","devAddr":"260b1a2f","fCnt":3,"gateway":"00800000a00009ef","rssiDbm":-97}',
      'outcome',
    ],
  ])('%s', (line, kind) => {
    const record = recordOfLine(line);
    expect(record.ok && record.value).toMatchObject({ kind, us: one.t0 });
    expect(record.ok && record.value && factOf(record.value)?.ok).toBe(true);
  });

  test.each([
    '{"time":"2026-06-01T06:00:00.000Z","event":"gateway_started","name":"kerb"}',
    '{"time":"2026-06-01T06:00:00.000Z","event":"command_failed","model":"x","why":"internal"}',
    '{"us":1,"source":"bay:a","kind":"truth","body":{}}',
  ])('of no interest is no problem: %s', (line) => {
    const record = recordOfLine(line);
    expect(record.ok && (record.value === undefined || factOf(record.value) === undefined)).toBe(true);
  });

  test.each([
    '06:00:00 uplink_accepted frame=00112233445566ff',
    '{"time":"yesterday","event":"gateway_offline","gateway":"00800000a00009ef"}',
    '{"time":"2026-06-01T06:00:00.000Z","event":"uplink_accepted","frame":"00',
    '{"time":"2026-06-01T06:00:00.000Z","event":"uplink_accepted","frame":"short"}',
    '[]',
    '',
  ])('that is none is a problem: %s', (line) => expect(recordOfLine(line).ok).toBe(false));

  test('noise never throws', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .tuple(
              fc.constantFrom(
                'uplink_accepted',
                'downlink_failed',
                'command_sent',
                'broker_lost',
                'semtech_udp_refused',
              ),
              fc.dictionary(
                fc.constantFrom('frame', 'gateway', 'others', 'attempts', 'why', 'url', 'id'),
                fc.jsonValue(),
              ),
            )
            .map(([event, fields]) => JSON.stringify({ time: '2026-06-01T06:00:00.000Z', event, ...fields })),
        ),
        (line) => void recordOfLine(line),
      ),
      { numRuns: 1000 },
    ));
});

test('every record of a life comes back from its line in a recording', () =>
  fc.assert(
    fc.property(one.anyLifeRecord, (record) => {
      const read = readRecord(writeRecord(record));
      expect(read.ok && factOf(read.value)).toEqual(factOf(record));
      expect(factOf(record)?.ok).toBe(true);
    }),
    { numRuns: 300 },
  ));
