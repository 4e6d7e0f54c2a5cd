import { ageOf } from '../../../src/codec/age.js';
import type { LppItem } from '../../../src/codec/cayenne.js';
import type { ReadingContext } from '../../../src/codec/define.js';
import type { Reading } from '../../../src/codec/sensor.js';

/** Which items of a frame are meant: a channel, a type, or both. */
export interface Which {
  readonly channel?: number;
  readonly type?: string;
}

interface Where {
  readonly channel: number;
}

/** The options of a device that speaks Cayenne LPP. */
export interface LppOptions {
  readonly occupied?: Which;
  readonly invert?: boolean;
  readonly battery?: Where;
  readonly temperature?: Where;
  readonly humidity?: Where;
  readonly distance?: Where;
  readonly count?: Which;
}

/** An item of one number. */
interface Single {
  readonly channel: number;
  readonly type: string;
  readonly value: number;
  /** Its place in the frame. */
  readonly index: number;
}

/** Types that can say whether a car is there, the clearest first. */
const statusTypes = ['presence', 'digitalIn', 'switch'];
const countTypes = ['generic', 'digitalIn', 'analogIn'];

const matches =
  ({ channel, type }: Which) =>
  (item: Single): boolean =>
    (channel === undefined || item.channel === channel) && (type === undefined || item.type === type);

/** The items of the first of several types that the frame has, all on the channel of the first of them. */
const ofFirstType = (items: readonly Single[], which: Which, types: readonly string[]): readonly Single[] => {
  const meant = items.filter(matches(which));
  for (const type of which.type === undefined ? types : [which.type]) {
    const first = meant.find((item) => item.type === type);
    if (first) return meant.filter((item) => item.type === type && item.channel === first.channel);
  }
  return [];
};

const percent = (value: number): Reading => (value >= 0 && value <= 100 ? { batteryPercent: value } : {});

/** Volts and percent; an analogue input is the battery only where the options name its channel. */
const batteryOf = (items: readonly Single[], which: LppOptions['battery']): Reading => {
  const meant = items.filter(matches(which ?? {}));
  const volts =
    meant.findLast(({ type }) => type === 'voltage') ?? (which && meant.findLast(({ type }) => type === 'analogIn'));
  const level = meant.findLast(({ type }) => type === 'percentage');
  return { ...(volts && { batteryV: volts.value }), ...(level && percent(level.value)) };
};

/** What the items say that belongs to the whole frame. */
const factsOf = (items: readonly Single[], options: LppOptions): Reading => {
  const last = (type: string, where: Where | undefined): number | undefined =>
    ofFirstType(items, where ?? {}, [type]).at(-1)?.value;
  const temperatureC = last('temperature', options.temperature);
  const humidityPercent = last('humidity', options.humidity);
  const distanceM = last('distance', options.distance);
  const count = options.count && ofFirstType(items, options.count, countTypes).at(-1)?.value;
  return {
    ...batteryOf(items, options.battery),
    ...(temperatureC !== undefined && { temperatureC }),
    // The format goes up to 127.5 %, the air does not.
    ...(humidityPercent !== undefined && humidityPercent <= 100 && { humidityPercent }),
    ...(distanceM !== undefined && { distanceMm: Math.round(distanceM * 1000) }),
    ...(count !== undefined && Number.isInteger(count) && count >= 0 && { count }),
  };
};

/**
 * One reading for each status, oldest first (the order of the frame); the newest carries the other facts. A time stands
 * before the status it belongs to; one behind the last status belongs to that one.
 */
export const lppReadings = (items: readonly LppItem[], { options, heardUs }: ReadingContext): readonly Reading[] => {
  const how = options as LppOptions;
  const singles = items.flatMap(({ channel, type, value }, index): Single[] =>
    typeof value === 'number' ? [{ channel, type, value, index }] : [],
  );
  // What the options call a counter is no status, unless they say that as well.
  const free = how.count && !how.occupied ? singles.filter((item) => !matches(how.count!)(item)) : singles;
  const states = ofFirstType(free, how.occupied ?? {}, statusTypes);
  const times = singles.filter(({ type }) => type === 'unixTime');
  const ageAt = (from: number, to: number): Reading => {
    const time = times.findLast(({ index }) => index > from && index < to);
    return time ? ageOf(time.value, heardUs) : {};
  };
  const readings = states.map(({ value, index }, i): Reading => {
    const before = ageAt(states[i - 1]?.index ?? -1, index);
    const behind = i === states.length - 1 && before.ageMs === undefined ? ageAt(index, items.length) : {};
    return { occupied: (value !== 0) !== (how.invert ?? false), ...before, ...behind };
  });
  const facts = factsOf(singles, how);
  if (readings.length === 0 && Object.keys(facts).length > 0) return [{ ...facts, ...ageAt(-1, items.length) }];
  return readings.map((reading, i) => (i === readings.length - 1 ? { ...reading, ...facts } : reading));
};
