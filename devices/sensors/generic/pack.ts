import type { Plain, PlainMap } from '../../../src/codec/cbor-write.js';
import type { ReadingContext } from '../../../src/codec/define.js';
import { ageOf } from '../../../src/codec/age.js';
import type { Reading } from '../../../src/codec/sensor.js';
import { senmlLabels, type SenmlRecord } from '../../../src/codec/senml.js';
import { merged, reader } from './words.js';

/** Times from here on are seconds since 1970, smaller ones seconds from now (RFC 8428 section 4.5.3). */
const absoluteFrom = 2 ** 28;

/** A record with the base fields of all before it worked in (RFC 8428 section 4.6). */
export interface Resolved {
  readonly name: string;
  /** Its name without the base name. */
  readonly own: string;
  readonly unit?: string;
  readonly value: Plain;
  /** Undefined when neither the record nor a base says one. */
  readonly time?: number;
}

const text = (value: Plain | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: Plain | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** The values of a pack, in its order; a record that only sets base fields has none. */
export const resolve = (records: readonly SenmlRecord[]): readonly Resolved[] => {
  let base: SenmlRecord = {};
  return records.flatMap((record): Resolved[] => {
    base = { ...base, ...record };
    const { bn, bt, bu, bv } = base;
    const { n, u, v, vb, vs, vd, t } = record;
    const other = vb ?? vs ?? vd;
    const sum =
      v === null ? null : v !== undefined || bv !== undefined ? (number(v) ?? 0) + (number(bv) ?? 0) : undefined;
    const value = other ?? sum;
    if (value === undefined || (n === undefined && v === undefined && other === undefined)) return [];
    const unit = text(u) ?? text(bu);
    const timed = number(t) !== undefined || number(bt) !== undefined;
    return [
      {
        name: (text(bn) ?? '') + (text(n) ?? ''),
        own: text(n) ?? '',
        value,
        ...(unit !== undefined && { unit }),
        ...(timed && { time: (number(t) ?? 0) + (number(bt) ?? 0) }),
      },
    ];
  });
};

const ageAt = (time: number | undefined, heardUs: number | undefined): Reading => {
  if (time === undefined) return {};
  if (time >= absoluteFrom) return ageOf(time, heardUs);
  // Zero is "about now" and the future is no age: neither says how old this is.
  return time < 0 ? { ageMs: Math.round(-time * 1000) } : {};
};

interface Moment {
  readonly time: number | undefined;
  reading: Reading;
}

const lastPiece = (name: string): string => name.split(/[:/.]/).at(-1)!;

/** Records without any name, and with words that are none of SenML's, are plain maps. */
const isPlain = (records: readonly SenmlRecord[]): boolean =>
  records.every(
    (one) =>
      one['bn'] === undefined &&
      one['n'] === undefined &&
      Object.keys(one).some((key) => !Object.hasOwn(senmlLabels, key)),
  );

/**
 * One reading per moment, oldest first; a name that comes again at the same time begins a new one. In a list of plain
 * maps each is one moment of its own: several heads, or several times.
 */
export const packReadings = (records: readonly SenmlRecord[], context: ReadingContext): readonly Reading[] => {
  if (isPlain(records)) return records.flatMap((fields) => mapReadings(fields, context));
  const read = reader(context);
  const moments: Moment[] = [];
  for (const { name, own, unit, value, time } of resolve(records)) {
    // A base name that ends without a `:` or `/` swallows the name behind it, which counts as well.
    const said = read([name, lastPiece(name), lastPiece(own)], value, unit);
    if (!said || Object.keys(said).length === 0) continue;
    const open = moments.findLast((one) => one.time === time);
    const again = open && Object.keys(said).some((key) => key !== 'fault' && key in open.reading);
    if (open && !again) open.reading = merged(open.reading, said);
    else moments.push({ time, reading: merged(ageAt(time, context.heardUs), said) });
  }
  // Seconds from now; without a "now" times since 1970 keep their order, before all others.
  const now = context.heardUs === undefined ? 2 ** 40 : context.heardUs / 1e6;
  const fromNow = ({ time = 0 }: Moment): number => (time >= absoluteFrom ? time - now : time);
  return moments.toSorted((a, b) => fromNow(a) - fromNow(b)).map(({ reading }) => reading);
};

/** What one map says: one moment. */
export const mapReadings = (fields: PlainMap, context: ReadingContext): readonly Reading[] => {
  const read = reader(context);
  let reading: Reading = {};
  for (const [name, value] of Object.entries(fields)) reading = merged(reading, read([name], value) ?? {});
  const { head: _head, ageMs: _age, ...facts } = reading;
  return Object.keys(facts).length > 0 ? [reading] : [];
};
