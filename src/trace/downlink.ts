import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import { downlinkLosses, type DownlinkOutcome } from '../ladder/outcome.js';
import type { Eui } from '../lorawan/ids.js';
import { fieldReader, present, unsigned } from './fields.js';
import type { TraceRecord } from './record.js';
import { hex16, reasonForm } from './sent.js';

/** A downlink's outcome as a record's body: everything but its instant, which the record has. */
export type DownlinkBody = Omit<DownlinkOutcome, 'atUs'>;

/** The record of where a downlink frame ended; `source` says whose ladder it was. */
export const downlinkRecord = (
  { atUs, ...body }: DownlinkOutcome,
  source = 'ladder',
): TraceRecord<'downlink', DownlinkBody> => ({ us: atUs, source, kind: 'downlink', body });

type Attempt = DownlinkOutcome['attempts'][number];

const attemptsOf = (value: unknown): readonly Attempt[] | string => {
  if (!Array.isArray(value)) return 'attempts is not a list';
  const attempts: Attempt[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'object' || item === null) return 'an attempt is not an object';
    const read = fieldReader(item as Readonly<Record<string, unknown>>);
    attempts.push({
      gateway: read.text('gateway', hex16),
      window: read.oneOf('window', ['rx1', 'rx2', 'at-once']),
      freqHz: read.number('freqHz', { whole: true, least: 1, most: 1e10 }),
      dataRate: read.text('dataRate', /^\w[\w.]{2,15}$/),
      // Which verdicts there are is known to whoever wrote the record.
      verdict: read.text('verdict', reasonForm) as Attempt['verdict'],
    });
    const why = read.why();
    if (why !== undefined) return `an attempt: ${why}`;
  }
  return attempts;
};

const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

/** The outcome of a downlink in a record, or why it is none. Never throws. */
export const downlinkOfRecord = (record: TraceRecord): Result<DownlinkOutcome> => {
  const wrong = (why: string): Result<DownlinkOutcome> =>
    fail('wrong-record', { kind: record.kind, expected: 'the outcome of a downlink', why });
  if (record.kind !== 'downlink') return wrong('its kind is not downlink');
  const { body } = record;
  const attempts = attemptsOf(body['attempts']);
  if (typeof attempts === 'string') return wrong(attempts);
  const read = fieldReader(body);
  const outcome = present({
    frame: read.text('frame', hex16),
    atUs: record.us,
    devEui: read.text('devEui', hex16),
    devAddr: read.maybeText('devAddr', /^[0-9a-f]{8}$/),
    carries: read.oneOf('carries', ['join-accept', 'acknowledgement', 'commands', 'application']),
    answers: read.maybeText('answers', hex16),
    result: read.oneOf('result', ['sent', 'failed']),
    why: read.maybeOneOf('why', downlinkLosses),
    fCnt: read.maybeNumber('fCnt', unsigned(32)),
    fPort: read.maybeNumber('fPort', unsigned(8)),
    downlinkId: read.maybeText('downlinkId'),
    commands: textsOf(body['commands']),
    attempts,
    simulated: body['simulated'] === true ? (true as const) : undefined,
  }) as DownlinkOutcome;
  const why = read.why();
  return why === undefined ? ok(outcome) : wrong(why);
};

/** What became of a queued downlink, as the network's queue tells it; `why` is a word of the queue's. */
export interface QueueStep {
  readonly id: string;
  readonly devEui: Eui;
  readonly atUs: Us;
  readonly state: 'queued' | 'sent' | 'acknowledged' | 'failed';
  readonly why?: string;
  readonly fPort: number;
  readonly confirmed: boolean;
  readonly fCnt?: number;
  readonly frame?: string;
  readonly simulated?: true;
}

export type QueueStepBody = Omit<QueueStep, 'atUs'>;

/** The record of a step of a queued downlink. */
export const queueStepRecord = (
  { atUs, ...body }: QueueStep,
  source = 'ladder',
): TraceRecord<'downlink-event', QueueStepBody> => ({ us: atUs, source, kind: 'downlink-event', body });

/** The step of a queued downlink in a record, or why it is none. Never throws. */
export const queueStepOfRecord = (record: TraceRecord): Result<QueueStep> => {
  const wrong = (why: string): Result<QueueStep> =>
    fail('wrong-record', { kind: record.kind, expected: 'a step of a queued downlink', why });
  if (record.kind !== 'downlink-event') return wrong('its kind is not downlink-event');
  const { body } = record;
  const read = fieldReader(body);
  const step = present({
    id: read.text('id'),
    devEui: read.text('devEui', hex16),
    atUs: record.us,
    state: read.oneOf('state', ['queued', 'sent', 'acknowledged', 'failed']),
    why: read.maybeText('why', reasonForm),
    fPort: read.number('fPort', { whole: true }),
    confirmed: body['confirmed'] === true,
    fCnt: read.maybeNumber('fCnt', unsigned(32)),
    frame: read.maybeText('frame', hex16),
    simulated: body['simulated'] === true ? (true as const) : undefined,
  }) as QueueStep;
  const why = read.why();
  return why === undefined ? ok(step) : wrong(why);
};
