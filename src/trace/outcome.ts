import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { refusals, type Outcome } from '../ladder/outcome.js';
import { fieldReader, present, unsigned } from './fields.js';
import type { TraceRecord } from './record.js';

/** An outcome as a record's body: everything but its instant, which the record has. */
export type OutcomeBody = Omit<Outcome, 'atUs'>;

/** The record of where a frame ended; `source` says whose ladder it was. */
export const outcomeRecord = (outcome: Outcome, source = 'ladder'): TraceRecord<'outcome', OutcomeBody> => ({
  us: outcome.atUs,
  source,
  kind: 'outcome',
  // Made when somebody looks: a gateway remembers every frame, and is asked about few of them.
  get body() {
    const { atUs: _, ...body } = outcome;
    return body;
  },
});

type Hearing = Outcome['gateways'][number];
const eui = /^[0-9a-f]{16}$/;

const hearings = (value: unknown): readonly Hearing[] | string => {
  if (!Array.isArray(value)) return 'gateways is not a list';
  const heard: Hearing[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'object' || item === null) return 'a gateway is not an object';
    const read = fieldReader(item as Readonly<Record<string, unknown>>);
    heard.push(
      present({
        gateway: read.text('gateway', eui),
        rssiDbm: read.number('rssiDbm'),
        snrDb: read.maybeNumber('snrDb'),
      }) as Hearing,
    );
    const why = read.why();
    if (why !== undefined) return `a gateway: ${why}`;
  }
  return heard;
};

/** The outcome in a record, or why it is none. Never throws. */
export const outcomeOfRecord = (record: TraceRecord): Result<Outcome> => {
  const wrong = (why: string): Result<Outcome> =>
    fail('wrong-record', { kind: record.kind, expected: 'the outcome of a frame', why });
  if (record.kind !== 'outcome') return wrong('its kind is not outcome');
  const { body } = record;
  const read = fieldReader(body);
  const gateways = hearings(body['gateways']);
  if (typeof gateways === 'string') return wrong(gateways);
  const outcome = present({
    frame: read.text('frame', eui),
    atUs: record.us,
    result: read.oneOf('result', ['accepted', 'joined', 'refused']),
    why: read.maybeOneOf('why', refusals),
    detail: read.maybeText('detail'),
    devEui: read.maybeText('devEui', eui),
    devAddr: read.maybeText('devAddr', /^[0-9a-f]{8}$/),
    fCnt: read.maybeNumber('fCnt', unsigned(32)),
    fPort: read.maybeNumber('fPort', unsigned(8)),
    bay: read.maybeText('bay'),
    gateways,
    events: read.number('events', unsigned(32)),
    simulated: body['simulated'] === true ? (true as const) : undefined,
  }) as Outcome;
  const why = read.why();
  return why === undefined ? ok(outcome) : wrong(why);
};
