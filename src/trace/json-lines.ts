import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { redact } from '../base/secrets.js';
import type { TraceRecord } from './record.js';

/** The longest line that is read: 1 MiB of UTF-8, line end not counted. A record of ours has a few hundred bytes. */
export const mostLineBytes = 1 << 20;

/** One line without its end: the record as JSON, fields in the order us, source, kind, body; secrets are redacted. */
export const writeRecord = (record: TraceRecord<string, object>): string =>
  JSON.stringify({ us: record.us, source: record.source, kind: record.kind, body: redact(record.body) });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * The record in a line of JSON, or what is wrong with it. Never throws. Fields beyond the four are dropped.
 * `at` is the line's number in its file, counted from 1.
 */
export const readRecord = (line: string, at = 1): Result<TraceRecord> => {
  if (line.length > mostLineBytes) return fail('record-too-long', { line: at, most: mostLineBytes });
  const wrong = (why: string): Result<TraceRecord> => fail('bad-record', { line: at, why });
  const value = parse(line);
  if (value === undefined) return wrong('not JSON');
  if (!isObject(value)) return wrong('not a JSON object');
  const { us, source, kind, body } = value;
  if (typeof us !== 'number' || !Number.isSafeInteger(us)) return wrong('us is not a whole number of microseconds');
  if (typeof source !== 'string' || source === '') return wrong('source is missing');
  if (typeof kind !== 'string' || kind === '') return wrong('kind is missing');
  if (!isObject(body)) return wrong('body is not an object');
  return ok({ us, source, kind, body });
};
