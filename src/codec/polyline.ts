import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { signed } from './bits.js';

/** A line of places in Cayenne LPP: each place as latitude and longitude in degrees, one behind the other. */
export interface Polyline {
  /** The byte that says how fine its steps are. */
  readonly factor: number;
  readonly value: readonly number[];
}

/** Its type number. */
export const polylineType = 240;

/** Length, factor, and the first place. */
const headBytes = 8;
const perDegree = 10_000;
/** From here on the factor is a number of a table: 1, 2 and 5 of each power of ten. */
const firstNamed = 227;
const named = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** How many ten-thousandths of a degree a step is; undefined for a factor that is reserved. */
const stepOf = (factor: number): number | undefined =>
  factor > 0 && factor < 200 ? factor : named[factor - firstNamed];

/** The line behind a type of 240, and its bytes; undefined when it is cut short or its factor is reserved. */
export const readPolyline = (bytes: Uint8Array, at: number): (Polyline & { readonly size: number }) | undefined => {
  const size = bytes[at] ?? 0;
  const factor = bytes[at + 1] ?? 0;
  const step = stepOf(factor);
  if (step === undefined || size < headBytes || at + size > bytes.length) return undefined;
  const int24 = (from: number): number =>
    signed(bytes[from]! * 65_536 + bytes[from + 1]! * 256 + bytes[from + 2]!, 24) * step;
  let latitude = int24(at + 2);
  let longitude = int24(at + 5);
  const value = [latitude / perDegree, longitude / perDegree];
  for (const delta of bytes.subarray(at + headBytes, at + size)) {
    latitude += signed(delta & 15, 4) * step;
    longitude += signed(delta >> 4, 4) * step;
    value.push(latitude / perDegree, longitude / perDegree);
  }
  return { factor, value, size };
};

const bad = (field: string, why: string): Result<never> => fail('bad-message', { field, why });

/** The bytes behind a type of 240. */
export const writePolyline = (factor: unknown, value: readonly number[]): Result<number[]> => {
  const step = Number.isInteger(factor) ? stepOf(Number(factor)) : undefined;
  if (step === undefined) return bad('factor', 'expected is one of 1 to 199 or 227 to 239');
  const size = headBytes + value.length / 2 - 1;
  if (value.length < 2 || value.length % 2 === 1 || size > 255)
    return bad('value', `expected are 1 to ${256 - headBytes} pairs of latitude and longitude`);
  const bytes = [size, Number(factor)];
  const last = [0, 0];
  for (const [i, degrees] of value.entries()) {
    const steps = Math.round((Math.round(degrees * perDegree) - last[i % 2]!) / step);
    const most = i < 2 ? 2 ** 23 - 1 : 7;
    if (!(steps <= most && steps >= -most - 1)) return bad('value', `${degrees} is too far from the place before it`);
    last[i % 2]! += steps * step;
    if (i < 2) bytes.push((steps >> 16) & 255, (steps >> 8) & 255, steps & 255);
    else if (i % 2 === 0) bytes.push(steps & 15);
    else bytes[bytes.length - 1]! |= (steps & 15) << 4;
  }
  return ok(bytes);
};
