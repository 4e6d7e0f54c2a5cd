import { pick, whole, type Dice } from '../../../src/base/dice.js';
import { ageOf } from '../../../src/codec/age.js';
import type { KnownKey } from '../../../src/codec/cbor-map.js';
import type { Plain } from '../../../src/codec/cbor-write.js';
import type { ReadingContext } from '../../../src/codec/define.js';
import { restartCauses, type Reading, type RestartCause } from '../../../src/codec/sensor.js';

/** What a word of somebody's firmware says. */
interface Word {
  /** The name in full first, the shortest last; case, `_` and `-` make no difference. */
  readonly names: readonly string[];
  readonly says: string;
  /** Undefined when the value cannot mean this. */
  read(value: Plain, from: { readonly unit: string | undefined; readonly heardUs?: number }): Reading | undefined;
  sample(dice: Dice): Plain;
}

const flagOf = (value: Plain): boolean | undefined =>
  typeof value === 'boolean' ? value : typeof value === 'number' ? value !== 0 : undefined;

const yes = (dice: Dice): boolean => dice.next() < 0.5;
const tenth = (dice: Dice, least: number, most: number): number => whole(dice, 10 * least, 10 * most) / 10;

/** A number in one of several units, each with what makes our unit of it; `''` is the unit of a value without one. */
const inUnits =
  (units: Readonly<Record<string, (value: number) => Reading>>, least: number, most: number): Word['read'] =>
  (value, { unit = '' }) => {
    if (typeof value !== 'number' || !Object.hasOwn(units, unit)) return undefined;
    const reading = units[unit]!(value);
    const [said] = Object.values(reading) as readonly unknown[];
    return typeof said === 'number' && said >= least && said <= most ? reading : undefined;
  };
/** Without the noise of a product, or of a float of 32 bits: 21.3 degrees arrive as 21.299999237060547. */
const rounded = (value: number): number => Number(value.toFixed(3));

const batteryV = (perUnit: number) => (value: number) => ({ batteryV: rounded(value * perUnit) });
const batteryPercent = (perUnit: number) => (value: number) => ({ batteryPercent: rounded(value * perUnit) });
const level = { '%EL': batteryPercent(1), '%': batteryPercent(1), '/100': batteryPercent(1), '/': batteryPercent(100) };
const distanceMm = (perUnit: number) => (value: number) => ({ distanceMm: Math.round(value * perUnit) });
const volts = inUnits({ '': batteryV(1), V: batteryV(1), mV: batteryV(0.001) }, 0, 60);
const percent = inUnits({ '': batteryPercent(1), ...level }, 0, 100);

const mostFault = 40;
/** Somebody's words for what is wrong as short stable ones: `Radar FAILED, cold` is `radar-failed,cold`. */
const faultOf = (value: Plain): Reading | undefined => {
  if (value === false || value === 0 || value === '' || value === null) return {};
  if (value === true) return { fault: 'fault' };
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? { fault: `fault-${value}` } : undefined;
  if (typeof value !== 'string') return undefined;
  const words = value.split(',').map((word) => word.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
  const clean = words.map((word) => word.slice(0, mostFault).replace(/^-|-$/g, '')).filter((word) => word !== '');
  return clean.length > 0 ? { fault: clean.slice(0, 4).join(',') } : undefined;
};

const flagWord = (names: readonly string[], name: 'occupied' | 'batteryLow' | 'tamper', says: string): Word => ({
  names,
  says,
  read: (value) => {
    const flag = flagOf(value);
    return flag === undefined ? undefined : { [name]: flag };
  },
  sample: yes,
});

/** What can be said in a map or as the name of a SenML record. */
export const words: Readonly<Record<string, Word>> = {
  occupied: flagWord(
    ['occupied', 'occupancy', 'occ', 'presence', 'parking', 'parked', 'taken', 'car', 'vehicle', 'o'],
    'occupied',
    'true or not 0: a car',
  ),
  battery: {
    names: ['battery', 'batteryV', 'voltage', 'vbat', 'bat', 'v'],
    says: 'battery in V; a record of SenML may say mV or a level (%EL, %, /)',
    read: (value, from) =>
      from.unit !== undefined && Object.hasOwn(level, from.unit) ? percent(value, from) : volts(value, from),
    sample: (dice) => tenth(dice, 2, 4),
  },
  batteryMv: {
    names: ['batteryMv', 'mv'],
    says: 'battery (mV)',
    read: inUnits({ '': batteryV(0.001), mV: batteryV(0.001) }, 0, 60),
    sample: (dice) => whole(dice, 2000, 4200),
  },
  batteryPercent: {
    names: ['batteryPercent', 'percentage', 'soc', 'p'],
    says: 'battery (%)',
    read: percent,
    sample: (dice) => whole(dice, 0, 100),
  },
  batteryLow: flagWord(['batteryLow', 'lowBattery'], 'batteryLow', 'true or not 0: the battery is low'),
  temperature: {
    names: ['temperature', 'temperatureC', 'temp', 't'],
    says: 'temperature in °C; a record of SenML may say K',
    read: inUnits(
      {
        '': (celsius) => ({ temperatureC: rounded(celsius) }),
        Cel: (celsius) => ({ temperatureC: rounded(celsius) }),
        K: (kelvin) => ({ temperatureC: rounded(kelvin - 273.15) }),
      },
      -273.15,
      1000,
    ),
    sample: (dice) => tenth(dice, -30, 60),
  },
  humidity: {
    names: ['humidity', 'humidityPercent', 'hum', 'rh', 'h'],
    says: 'relative humidity (%)',
    read: inUnits(
      Object.fromEntries(['', '%RH', '%'].map((unit) => [unit, (value) => ({ humidityPercent: rounded(value) })])),
      0,
      100,
    ),
    sample: (dice) => whole(dice, 0, 100),
  },
  distance: {
    names: ['distance', 'distanceMm', 'dist', 'range', 'd'],
    says: 'distance to what is in front of the sensor in mm; a record of SenML may say m or cm',
    read: inUnits({ '': distanceMm(1), mm: distanceMm(1), cm: distanceMm(10), m: distanceMm(1000) }, 0, 1e6),
    sample: (dice) => whole(dice, 0, 8000),
  },
  count: {
    names: ['count', 'counter', 'c'],
    says: 'vehicles since the counter began',
    read: (value) => (Number.isInteger(value) && Number(value) >= 0 ? { count: Number(value) } : undefined),
    sample: (dice) => whole(dice, 0, 1_000_000),
  },
  fault: {
    names: ['fault', 'error', 'f'],
    says: 'what is wrong: a short word, several with commas; 0, false and "" are nothing',
    read: faultOf,
    sample: (dice) => pick(dice, ['radar-failed', '', 'not-calibrated,cold']),
  },
  tamper: flagWord(['tamper'], 'tamper', 'true or not 0: somebody moved or opened it'),
  restart: {
    names: ['restart', 'boot'],
    says: `why it started anew: ${restartCauses.join(', ')}; other words and true are other, 0, false and "" are nothing`,
    read(value) {
      if (value === false || value === 0 || value === '' || value === null) return {};
      if (typeof value === 'object') return undefined;
      const cause = restartCauses.find((one) => one === value);
      return { restart: cause ?? ('other' satisfies RestartCause) };
    },
    sample: (dice) => pick(dice, restartCauses),
  },
  firmware: {
    names: ['firmware', 'fw'],
    says: 'version of the firmware',
    read(value) {
      const version = typeof value === 'number' ? String(rounded(value)) : value;
      return typeof version === 'string' && /^[\w.+-]{1,32}$/.test(version) ? { firmware: version } : undefined;
    },
    sample: (dice) => `1.${whole(dice, 0, 20)}.0`,
  },
  head: {
    names: ['head'],
    says: 'which of its heads, from 1 on, when one device watches several bays',
    read: (value) => (Number.isInteger(value) && Number(value) >= 1 ? { head: Number(value) } : undefined),
    sample: (dice) => whole(dice, 1, 4),
  },
  age: {
    names: ['age', 'a'],
    says: 'how long ago this was true (s)',
    read: (value) => (typeof value === 'number' && value >= 0 ? { ageMs: Math.round(value * 1000) } : undefined),
    sample: (dice) => whole(dice, 0, 3600),
  },
  time: {
    names: ['time'],
    says: 'when this was true (seconds since 1970)',
    read: (value, { heardUs }) => (typeof value === 'number' ? ageOf(value, heardUs) : undefined),
    sample: (dice) => whole(dice, 1_700_000_000, 1_800_000_000),
  },
};

/** The options of a device that speaks CBOR. */
export interface WordOptions {
  /** The firmware's own names for our words. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly invert?: boolean;
}

const bare = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

const meaningsOf = (fields: Readonly<Record<string, string>>): ReadonlyMap<string, string> => {
  const map = new Map<string, string>();
  for (const [word, { names }] of Object.entries(words))
    if (fields[word] === undefined) for (const name of names) map.set(bare(name), word);
  for (const [word, name] of Object.entries(fields)) if (Object.hasOwn(words, word)) map.set(bare(name), word);
  return map;
};
const ownMeanings = meaningsOf({});

/**
 * Reads one name and value: undefined for a name that means nothing to us, which is no fault of the sensor's. A value that
 * its name cannot have (a temperature that is null, 130 percent) is told as the fault `unreadable-...`.
 */
export const reader = ({ options, heardUs }: ReadingContext) => {
  const how = options as WordOptions;
  // A name in the options replaces those that we know for the same word.
  const known = how.fields ? meaningsOf(how.fields) : ownMeanings;
  return (names: readonly string[], value: Plain, unit?: string): Reading | undefined => {
    const word = names.map((name) => known.get(bare(name))).find((one) => one !== undefined);
    if (word === undefined) return undefined;
    const reading = words[word]!.read(value, { unit, ...(heardUs !== undefined && { heardUs }) });
    if (!reading) return { fault: `unreadable-${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` };
    return how.invert && reading.occupied !== undefined ? { occupied: !reading.occupied } : reading;
  };
};

/** Two readings of one moment: what the second says counts, faults add up. */
export const merged = (one: Reading, other: Reading): Reading => {
  const faults = [...new Set([one.fault, other.fault].filter((fault) => fault !== undefined))];
  return { ...one, ...other, ...(faults.length > 0 && { fault: faults.join(',') }) };
};

/** The keys of a map for documentation and samples: the full name and the shortest. */
export const knownKeys: readonly KnownKey[] = Object.values(words).flatMap(({ names, says, sample }) =>
  [...new Set([names[0]!, names.at(-1)!])].map((key) => ({ key, says, sample })),
);
