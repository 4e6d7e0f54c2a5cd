// The only pure file that knows calendars. Instants are whole microseconds since 1970 (`...Us`), durations say their unit.

/** Microseconds since 1970-01-01T00:00:00Z, a whole number: exact in a double until the year 2255. */
export type Us = number;

export const usPerMs = 1_000;
export const usPerSecond = 1_000_000;
export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const three = (value: number): string => (value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value));
/** Until the year 9999, and not before 1970. */
const plainUntilMs = 253_402_300_800_000;

/**
 * `2026-06-01T06:00:00.000Z`: an instant for people and JSON, to the millisecond. Reckoned by hand, twice as fast as
 * Date does it: each event has three of them. The day by Hinnant, chrono-compatible low-level date algorithms,
 * `civil_from_days`: years begin in March, so that the odd day comes last.
 */
export const isoFromUs = (us: Us): string => {
  const ms = Math.floor(us / usPerMs);
  if (!(ms >= 0 && ms < plainUntilMs)) return new Date(ms).toISOString();
  const days = Math.floor(ms / dayMs);
  const inDay = ms - days * dayMs;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const date = `${year}-${two(month)}-${two(day)}`;
  const hour = Math.floor(inDay / hourMs);
  const minute = Math.floor(inDay / minuteMs) % 60;
  const second = Math.floor(inDay / secondMs) % 60;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}.${three(inDay % secondMs)}Z`;
};

/** The instant of an ISO 8601 text with a zone (`Z` or `+02:00`); undefined when it is none. */
export const usFromIso = (text: string): Us | undefined => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const below = Number(fraction.slice(3, 6).padEnd(3, '0'));
  return ms * usPerMs + below;
};

/** `2h 05m`, `12.5s`: a duration for people. */
export const spanText = (ms: number): string => {
  if (ms < minuteMs) return `${(ms / secondMs).toFixed(ms < 10 * secondMs ? 1 : 0)}s`;
  const minutes = Math.floor(ms / minuteMs);
  if (minutes < 60) return `${minutes}m ${String(Math.floor((ms % minuteMs) / secondMs)).padStart(2, '0')}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours}h ${String(minutes % 60).padStart(2, '0')}m`
    : `${Math.floor(hours / 24)}d ${String(hours % 24).padStart(2, '0')}h`;
};

/** A duration text such as `20s`, `1.5h`, `250ms`, `7d` in milliseconds; undefined when it is none. */
export const msFromSpan = (text: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)$/.exec(text.trim());
  if (!match) return undefined;
  const unit = { ms: 1, s: secondMs, m: minuteMs, min: minuteMs, h: hourMs, d: dayMs }[match[2] as 'ms'];
  return Number(match[1]) * unit;
};

/** What a wall clock in a zone shows. */
export interface WallTime {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 Sunday to 6 Saturday. */
  readonly weekday: number;
  /** Of the hour, 0 to 3. */
  readonly quarter: number;
}

/** Some forty days of quarter hours. */
const mostKnownSlots = 4_000;

/** Reads instants as wall time of one IANA zone; keeps its answers, so a simulation may ask often. */
export const wallClock = (zone: string): ((us: Us) => WallTime) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  });
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const known = new Map<number, WallTime>();
  const read = (us: Us): WallTime => {
    const parts = format.formatToParts(new Date(us / usPerMs));
    const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
    return {
      hour: Number(part('hour')),
      weekday: days.indexOf(part('weekday')),
      quarter: Math.floor(Number(part('minute')) / 15),
    };
  };
  return (us) => {
    // Zones differ from UTC by whole quarter hours, so within one the wall hour cannot change.
    const slot = Math.floor(us / (15 * minuteMs * usPerMs));
    let answer = known.get(slot);
    if (!answer) {
      if (known.size >= mostKnownSlots) known.clear();
      known.set(slot, (answer = read(us)));
    }
    return answer;
  };
};
