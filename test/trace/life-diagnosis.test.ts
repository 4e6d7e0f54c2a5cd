import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hintOf, missingFacts, sentenceOf } from '../../src/base/problem.js';
import { diagnose, type Case, type Diagnosis } from '../../src/trace/life-diagnosis.js';
import { livesOf } from '../../src/trace/life.js';
import type { TraceRecord } from '../../src/trace/record.js';
import * as one from './lives.js';

const { t0, s, devAddr, gateway } = one;
const hour = 3600 * s;
const caseOf = (records: readonly TraceRecord[], more: Partial<Case> = {}): Case => ({
  who: 'og-12',
  ...livesOf(records),
  ...more,
});
const of = (records: readonly TraceRecord[], more: Partial<Case> = {}): Diagnosis => diagnose(caseOf(records, more));
const times = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));

const good = (n: number, more = {}): TraceRecord => one.outcome(one.dataPhy(n), t0 + n * 60 * s, { fCnt: n, ...more });
const bad = (n: number, why: 'mic-mismatch' | 'replay'): TraceRecord =>
  one.outcome(one.dataPhy(n), t0 + n * 60 * s, { result: 'refused', why, fCnt: n, events: 0 });
const join = (n: number, more = {}): TraceRecord =>
  one.joinOutcome(n, t0 + n * 60 * s, { result: 'joined', devAddr, ...more });
const badJoin = (n: number, why: 'dev-nonce-used' | 'unknown-device' | 'mic-mismatch'): TraceRecord =>
  one.joinOutcome(n, t0 + n * 60 * s, { result: 'refused', why });
const accept = (n: number, more = {}): TraceRecord =>
  one.downlink(n, t0 + n * 60 * s, {
    carries: 'join-accept',
    answers: one.idOf(one.joinPhy(n)),
    devAddr: `000000${n + 10}`,
    ...more,
  });
const request = (n: number): TraceRecord => join(n, { devAddr: `000000${n + 10}` });
const sink = (connected: boolean): TraceRecord =>
  one.around({ kind: 'sink', atUs: t0, sink: 'mqtt://broker', connected });

test.each<[string, string, readonly TraceRecord[], Partial<Case>]>([
  ['nothing at all', 'no gateway has heard og-12', [], {}],
  [
    'only waiting',
    'og-12 has something to say and does not send it: not-joined x 2',
    [one.note('not-joined', t0), one.note('not-joined', t0 + s)],
    {},
  ],
  [
    'lost in the air',
    'og-12 sends, and no gateway hears it: too-weak x 3',
    times(3, (n) => one.sent(one.dataPhy(n), t0 + n * s, { heardBy: 0, lost: 'too-weak' })),
    {},
  ],
  [
    'joins lost in the air',
    'og-12 sends, and no gateway hears it: collision x 2',
    times(2, (n) => one.sent(one.joinPhy(n), t0 + n * s, { kind: 'join', heardBy: 0, lost: 'collision' })),
    {},
  ],
  [
    'heard and not forwarded',
    'gateways hear og-12, and nothing of it came to the server (frames: 2)',
    times(2, (n) => one.heard(one.dataPhy(n), t0 + n * s)),
    {},
  ],
  [
    'heard, by the records of one side alone',
    'og-12 is heard by gateways, and these records do not hold what the server made of it (frames: 2)',
    times(2, (n) => one.heard(one.dataPhy(n), t0 + n * s)),
    { withoutServer: true, strangers: [{ devAddr, frames: 3 }] },
  ],
  [
    'joins, by the records of one side alone',
    'og-12 is heard by gateways, and these records do not hold what the server made of it (frames: 2)',
    times(2, (n) => one.sent(one.joinPhy(n), t0 + n * s, { kind: 'join', heardBy: 1 })),
    { withoutServer: true },
  ],
  [
    'not registered',
    `og-12 is heard by gateway ${gateway}, but it is not registered (joins: 3)`,
    times(3, (n) => badJoin(n, 'unknown-device')),
    {},
  ],
  [
    'joins refused',
    'the joins of og-12 are refused: dev-nonce-used x 14',
    times(14, (n) => badJoin(n, 'dev-nonce-used')),
    {},
  ],
  [
    'joins refused for two reasons',
    'the joins of og-12 are refused: dev-nonce-used x 2, mic-mismatch x 1',
    [badJoin(1, 'mic-mismatch'), badJoin(2, 'dev-nonce-used'), badJoin(3, 'dev-nonce-used')],
    {},
  ],
  [
    'accepts not sent',
    'og-12 asks to join, and no accept could be sent: gateway-duty-cycle x 2',
    times(2, (n) => [request(n), accept(n, { result: 'failed', why: 'gateway-duty-cycle', attempts: [] })]).flat(),
    {},
  ],
  [
    'accepts not heard',
    'an accept was sent to og-12 (3 x) and never used: the device does not hear RX1 or RX2',
    times(3, (n) => [request(n), accept(n)]).flat(),
    {},
  ],
  [
    'accepts not heard, and some not sent',
    'an accept was sent to og-12 (2 x) and never used: the device does not hear RX1 or RX2 (too-late x 1)',
    [
      request(0),
      accept(0),
      request(1),
      accept(1, { result: 'failed', why: 'too-late', attempts: [] }),
      request(2),
      accept(2),
    ],
    {},
  ],
  ['joined a moment ago', 'og-12 has joined, and sent nothing since', [good(0), request(1), accept(1)], {}],
  [
    'data refused',
    'the uplinks of og-12 are refused: mic-mismatch x 2',
    [good(0), bad(1, 'mic-mismatch'), bad(2, 'mic-mismatch')],
    {},
  ],
  [
    'an open end',
    'og-12 was heard, and these records do not tell how it went on',
    [one.around({ kind: 'delivery', atUs: t0, frame: one.downlinkId(1), sink: 'x', result: 'delivered' })],
    {},
  ],
  [
    'answers fail',
    'the uplinks of og-12 arrive, their answers do not: too-late x 3',
    times(3, (n) => [
      good(n),
      one.downlink(n, t0 + n * 60 * s, {
        answers: one.idOf(one.dataPhy(n)),
        result: 'failed',
        why: 'too-late',
        attempts: [],
      }),
    ]).flat(),
    {},
  ],
  [
    'answers are not heard',
    'the uplinks of og-12 arrive, but it does not hear their acknowledgement (repetitions: 2)',
    [
      good(0),
      good(1),
      ...times(2, (n) =>
        one.outcome(one.dataPhy(1), t0 + 61 * s + n * s, { result: 'refused', why: 'retransmission' }),
      ),
    ],
    {},
  ],
  [
    'downlinks fail',
    'the downlinks to og-12 fail: expired x 1',
    [good(0), one.step('queued', t0), one.step('failed', t0 + s, { why: 'expired' })],
    {},
  ],
  [
    'a sink that waits',
    'events of og-12 are made and wait: mqtt://broker is not connected',
    [good(0), sink(false)],
    {},
  ],
  [
    'a sink that gave up',
    'events of og-12 were made and given up (1): mqtt://broker took too long',
    [
      good(0),
      one.around({
        kind: 'delivery',
        atUs: t0 + s,
        sink: 'mqtt://broker',
        frame: one.idOf(one.dataPhy(0)),
        result: 'dropped',
      }),
    ],
    {},
  ],
  [
    'silence',
    'og-12 has been silent for 2d 02h; its longest pause before that was 1m 00s',
    times(4, good),
    { nowUs: t0 + 3 * 60 * s + 50 * hour },
  ],
  [
    'silence by its heartbeat',
    'og-12 has been silent for 3h 00m; its longest pause before that was 1h 00m',
    times(4, good),
    { nowUs: t0 + 3 * 60 * s + 3 * hour, everyUs: hour },
  ],
  [
    'holes between counters',
    'og-12 is heard, but 8 of its last 16 frames were not',
    [0, 1, 3, 6, 8, 11, 13, 15].map((n) => good(n)),
    {},
  ],
  [
    'all well',
    'nothing is wrong with og-12: its last uplink arrived at 2026-06-01 06:03:00 UTC, 3h 00m before now',
    times(4, good),
    { nowUs: t0 + 3 * 60 * s + 3 * hour },
  ],
  [
    'a sink that came back',
    'nothing is wrong with og-12: its last uplink arrived at 2026-06-01 06:00:00 UTC',
    [good(0), sink(false), { ...sink(true), us: t0 + s }],
    {},
  ],
])('%s', (_, sentence, records, more) => {
  const { finding, well } = of(records, more);
  expect(sentenceOf(finding)).toBe(sentence);
  expect(missingFacts(finding)).toEqual([]);
  expect(well).toBe(['why-well', 'why-joining'].includes(finding.code));
  if (!well && finding.code !== 'why-open') expect(hintOf(finding)).toMatch(/^[A-Z].*[.?]$/);
});

test('what happened around is told beside', () => {
  const offline = one.around({ kind: 'gateway', atUs: t0 + s, gateway, state: 'offline' });
  const strange = one.around({
    kind: 'refused',
    atUs: t0,
    why: 'not-allowed',
    gateway: '0000000000000009',
    count: 100,
  });
  expect(of([good(0), offline, strange]).also.map(sentenceOf)).toEqual([
    `gateway ${gateway}, which heard it last, has been offline since 2026-06-01 06:00:01 UTC`,
    'gateway 0000000000000009 speaks to us and is not allowed to (datagrams: 100)',
  ]);
  const strangers = [{ devAddr: '260b1a2f', frames: 12 }];
  expect(of([], { strangers }).also.map(sentenceOf)).toEqual([
    'strangers were heard, whose session nobody here has: 260b1a2f x 12',
  ]);
});

test('there is an answer to every case', () =>
  fc.assert(
    fc.property(
      fc.array(one.anyLifeRecord, { maxLength: 30 }),
      fc.option(fc.integer({ min: 0, max: 1e6 })),
      (records, now) => {
        const { finding, also } = of(records, now === null ? {} : { nowUs: t0 + now * s });
        for (const problem of [finding, ...also]) expect(missingFacts(problem), problem.code).toEqual([]);
      },
    ),
    { numRuns: 300 },
  ));
