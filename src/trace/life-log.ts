import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { usFromIso, type Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import { downlinkOfRecord, queueStepOfRecord, type QueueStep } from './downlink.js';
import { present } from './fields.js';
import { aroundOfRecord } from './life-around.js';
import { mostLineBytes, readRecord } from './json-lines.js';
import { outcomeOfRecord } from './outcome.js';
import type { TraceRecord } from './record.js';

/** An event of the gateway's log: its stable name and its fields. */
export interface LogEvent {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Hearing = Outcome['gateways'][number];

/** `00800000a00009ef -97/8.5`: a gateway beside the best one. */
const hearingText = ({ gateway, rssiDbm, snrDb }: Hearing): string =>
  `${gateway} ${rssiDbm}${snrDb === undefined ? '' : `/${snrDb}`}`;

const hearingOf = (value: unknown): Hearing | undefined => {
  const [, gateway, rssi, snr] =
    /^([0-9a-f]{16}) (-?\d+(?:\.\d+)?)(?:\/(-?\d+(?:\.\d+)?))?$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (gateway === undefined) return undefined;
  return { gateway, rssiDbm: Number(rssi), ...(snr !== undefined && { snrDb: Number(snr) }) };
};

/** What the gateway logs of an outcome; `recordOfLog` reads it again. */
export const logOfOutcome = (outcome: Outcome): LogEvent => {
  const { atUs: _, result, gateways, why, detail, events, simulated: __, ...who } = outcome;
  const [best, ...others] = gateways;
  const fields = {
    ...(why !== undefined && { why }),
    ...(detail !== undefined && { detail }),
    ...who,
    ...best,
    ...(others.length > 0 && { others: others.map(hearingText) }),
    ...(events > 0 && { events }),
  };
  const event = result === 'refused' ? 'uplink_refused' : result === 'joined' ? 'device_joined' : 'uplink_accepted';
  return { event, fields };
};

type Attempt = DownlinkOutcome['attempts'][number];

/** `00800000a00009ef rx1 868100000 SF7BW125 too-late`. */
const attemptText = ({ gateway, window, freqHz, dataRate, verdict }: Attempt): string =>
  `${gateway} ${window} ${freqHz} ${dataRate} ${verdict}`;

const attemptOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const [gateway, window, freqHz, dataRate, verdict] = value.split(' ');
  return { gateway, window, freqHz: Number(freqHz), dataRate, verdict };
};

/** Several windows are a list; a single one stands in the fields themselves. */
const attemptsOf = ({ attempts, gateway, window, freqHz, dataRate }: Readonly<Record<string, unknown>>): unknown => {
  if (Array.isArray(attempts)) return attempts.map(attemptOf);
  return freqHz === undefined ? [] : [{ gateway, window, freqHz, dataRate, verdict: 'ok' }];
};

/** What the gateway logs of a downlink's outcome. */
export const logOfDownlink = (outcome: DownlinkOutcome): LogEvent => {
  const { atUs: _, result, attempts, simulated: __, commands, ...rest } = outcome;
  const { why, ...who } = rest;
  return {
    event: `downlink_${result}`,
    fields: {
      ...(why !== undefined && { why }),
      ...who,
      ...(commands && commands.length > 0 && { commands }),
      ...(attempts.length > 1 || result === 'failed' ? { attempts: attempts.map(attemptText) } : attempts[0]),
    },
  };
};

/** What the gateway logs of a step of a queued downlink. */
export const logOfQueueStep = ({ atUs: _, state, simulated: __, ...fields }: QueueStep): LogEvent => ({
  event: `command_${state}`,
  fields,
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const bodyOf = (event: string, fields: Readonly<Record<string, unknown>>): readonly [string, object] | undefined => {
  const { gateway, rssiDbm, snrDb, others, ...rest } = fields;
  switch (event) {
    case 'uplink_accepted':
    case 'uplink_refused':
    case 'device_joined': {
      const best = typeof gateway === 'string' ? [present({ gateway, rssiDbm, snrDb })] : [];
      const gateways = [...best, ...listOf(others).map(hearingOf)].filter((one) => one !== undefined);
      const result = event === 'uplink_refused' ? 'refused' : event === 'device_joined' ? 'joined' : 'accepted';
      return ['outcome', { ...rest, result, gateways, events: rest['events'] ?? 0 }];
    }
    case 'downlink_sent':
    case 'downlink_failed':
      return ['downlink', { ...rest, result: event.slice(9), attempts: attemptsOf(fields) }];
    case 'gateway_online':
    case 'gateway_offline':
      return ['gateway', { gateway, state: event.slice(8) }];
    case 'broker_connected':
    case 'broker_lost':
      return ['sink', { sink: rest['url'], connected: event === 'broker_connected' }];
    case 'semtech_udp_refused':
      return ['refused', { why: rest['why'], gateway, count: rest['count'] ?? 1 }];
    case 'command_queued':
    case 'command_sent':
    case 'command_acknowledged':
    case 'command_failed':
      // Commands that never came into a queue have no id: they are nobody's life.
      return typeof rest['id'] === 'string' ? ['downlink-event', { ...rest, state: event.slice(8) }] : undefined;
    default:
      return undefined;
  }
};

const check = (record: TraceRecord): Result<unknown> => {
  if (record.kind === 'outcome') return outcomeOfRecord(record);
  if (record.kind === 'downlink') return downlinkOfRecord(record);
  return record.kind === 'downlink-event' ? queueStepOfRecord(record) : aroundOfRecord(record);
};

/** Whether an object looks like a line of the gateway's JSON log: it has an instant and an event's name. */
export const isLogLine = (value: unknown): boolean =>
  isObject(value) && typeof value['time'] === 'string' && typeof value['event'] === 'string';

/**
 * The record in a line of `stellwerk gateway --json`, already parsed; undefined when its event tells nothing of a frame's
 * life. Problem: `wrong-record` (no instant, wrong fields). Never throws.
 */
export const recordOfLog = (value: unknown): Result<TraceRecord | undefined> => {
  const { time, event, ...fields } = (isObject(value) ? value : {}) as Record<string, unknown>;
  const us: Us | undefined = typeof time === 'string' ? usFromIso(time) : undefined;
  const made = typeof event === 'string' ? bodyOf(event, fields) : undefined;
  if (!made) return ok(undefined);
  if (us === undefined)
    return fail('wrong-record', { kind: made[0], expected: 'a line of the log', why: 'time is no instant' });
  const record: TraceRecord = {
    us,
    source: 'ladder',
    kind: made[0],
    body: present(made[1]) as Readonly<Record<string, unknown>>,
  };
  const read = check(record);
  return read.ok ? ok(record) : read;
};

/**
 * The record in a line of a gateway's JSON log or of a recording, whichever it is; undefined when it tells nothing of a
 * frame's life. Problems: `bad-record`, `record-too-long`, `wrong-record`. Never throws.
 */
export const recordOfLine = (text: string, line = 1): Result<TraceRecord | undefined> => {
  // Cheaper than reading it twice: a record of ours begins with its instant.
  if (!text.startsWith('{"us":') && text.length <= mostLineBytes) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return fail('bad-record', { line, why: 'not JSON' });
    }
    if (isLogLine(value)) return recordOfLog(value);
  }
  return readRecord(text, line);
};
