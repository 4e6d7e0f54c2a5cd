// What counters of cars say, in our own words: `{ "counter": "garage-1", "free": 12 }`.
import { fail } from '../../base/problem.js';
import { ok, type Result } from '../../base/result.js';
import { usFromIso, type Us } from '../../base/time.js';

/** A count as it was said; `atUs` when the message says its time. */
export interface SaidCount {
  readonly counter: string;
  readonly occupied?: number;
  readonly free?: number;
  readonly in?: number;
  readonly out?: number;
  readonly atUs?: Us;
}

const numbers = ['occupied', 'free', 'in', 'out'] as const;
const mostCars = 1_000_000;
const mostBytes = 4_096;
const known = ['counter', 'time', ...numbers];

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostCars;

const wrong = (field: string, value: unknown): Result<never> =>
  fail('count-field', { field, value: JSON.stringify(value)?.slice(0, 40) ?? 'nothing' });

/** One count of a JSON value. Problem: `count-field` with the field. */
export const countOf = (value: unknown, counter?: string): Result<SaidCount> => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong('count', value);
  const said = value as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(said)) if (!known.includes(field)) return wrong(field, said[field]);
  const named = said['counter'] ?? counter;
  if (typeof named !== 'string' || named === '' || named.length > 100) return wrong('counter', named);
  const counts = numbers.filter((field) => said[field] !== undefined);
  for (const field of counts) if (!isCount(said[field])) return wrong(field, said[field]);
  const absolute = counts.filter((field) => field === 'occupied' || field === 'free').length;
  // One number, or cars that came and left: both at once would say two things.
  if (counts.length === 0 || absolute > 1 || (absolute === 1 && counts.length > 1))
    return wrong(counts[0] ?? 'free', undefined);
  const time = said['time'];
  const atUs = typeof time === 'string' ? usFromIso(time) : undefined;
  if (time !== undefined && atUs === undefined) return wrong('time', time);
  return ok({
    counter: named,
    ...(Object.fromEntries(counts.map((field) => [field, said[field]])) as Partial<SaidCount>),
    ...(atUs !== undefined && { atUs }),
  });
};

/** The count of a text: JSON, or a plain number of free places. Problems: `count-field`, `count-no-json`. */
export const readCount = (text: string, counter?: string): Result<SaidCount> => {
  if (text.length > mostBytes) return wrong('count', text);
  if (/^\s*\d{1,7}\s*$/.test(text)) return countOf({ free: Number(text) }, counter);
  try {
    return countOf(JSON.parse(text), counter);
  } catch {
    return fail('count-no-json', { text: text.slice(0, 40) });
  }
};
