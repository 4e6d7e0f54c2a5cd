// When a server wants to be asked again: RFC 9110 §10.2.3, with the dates of §5.6.7.
import { secondMs } from '../base/time.js';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const clockTime = '(?<h>\\d\\d):(?<m>\\d\\d):(?<s>\\d\\d)';
const dateForms = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^\\w{3}, (?<day>\\d\\d) (?<month>\\w{3}) (?<year>\\d{4}) ${clockTime} GMT$`, 'i'),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^\\w{6,9}, (?<day>\\d\\d)-(?<month>\\w{3})-(?<year>\\d\\d) ${clockTime} GMT$`, 'i'),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^\\w{3} (?<month>\\w{3}) (?<day>[ \\d]\\d) ${clockTime} (?<year>\\d{4})$`, 'i'),
];

/** The instant of an HTTP date in milliseconds since 1970; undefined when it is none. `nowMs` tells the century of two digits. */
export const msFromHttpDate = (text: string, nowMs: number): number | undefined => {
  for (const form of dateForms) {
    const { day, month, year, h, m, s } = form.exec(text.trim())?.groups ?? {};
    if (day === undefined) continue;
    const monthAt = months.indexOf(month!.toLowerCase());
    const [dayOf, hour, minute, second] = [day, h, m, s].map(Number) as [number, number, number, number];
    // A leap second is the last one of its minute.
    if (monthAt < 0 || hour > 23 || minute > 59 || second > 60) return undefined;
    const msOf = (fullYear: number): number => Date.UTC(fullYear, monthAt, dayOf, hour, minute, Math.min(second, 59));
    let full = Number(year);
    if (year!.length === 2) {
      full += 100 * Math.floor(new Date(nowMs).getUTCFullYear() / 100);
      // What lies more than fifty years ahead was the same two digits in the past (§5.6.7).
      if (full > new Date(nowMs).getUTCFullYear() + 50) full -= 100;
    }
    // Date.UTC takes years below 100 for those of the last century, and the 31st of April for the 1st of May.
    if (full < 100 || new Date(msOf(full)).getUTCDate() !== dayOf) return undefined;
    return msOf(full);
  }
  return undefined;
};

/**
 * How long a server wants to be left alone, in milliseconds, at most `mostMs`; undefined when it does not say so in a way
 * that can be read. A date is held against the server's own (`date`, its Date header), where it sent one: our clocks may
 * differ by more than it asks for.
 */
export const retryAfterMs = (
  text: string | undefined,
  about: { readonly date: string | undefined; readonly nowMs: number; readonly mostMs: number },
): number | undefined => {
  const written = text?.trim() ?? '';
  const { date, nowMs, mostMs } = about;
  if (/^\d+$/.test(written)) return Math.min(mostMs, Number(written) * secondMs);
  const atMs = msFromHttpDate(written, nowMs);
  if (atMs === undefined) return undefined;
  const fromMs = (date === undefined ? undefined : msFromHttpDate(date, nowMs)) ?? nowMs;
  return Math.min(mostMs, Math.max(0, atMs - fromMs));
};
