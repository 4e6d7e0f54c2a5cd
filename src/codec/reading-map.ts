import { pick, whole, type Dice } from '../base/dice.js';
import { fail } from '../base/problem.js';
import { ok, type Failed, type Ok } from '../base/result.js';
import type { FormatRow } from './codec.js';
import { restartCauses, type Reading } from './sensor.js';

/** What each field of a reading is; `text` fields may be translated. */
export const readingKinds = {
  head: 'number',
  ageMs: 'number',
  occupied: 'truth',
  batteryV: 'number',
  batteryPercent: 'number',
  batteryLow: 'truth',
  temperatureC: 'number',
  humidityPercent: 'number',
  distanceMm: 'number',
  count: 'number',
  fault: 'text',
  tamper: 'truth',
  restart: 'text',
  firmware: 'text',
} as const satisfies { readonly [F in keyof Required<Reading>]: 'number' | 'truth' | 'text' };
export type ReadingField = keyof typeof readingKinds;

/**
 * How a field follows from the data: a path such as `parking.status` or `heads.0.occupied`; true when what stands there
 * is one of some values; a number times a factor, plus an offset; a text in our words for each of theirs.
 */
export type ReadingRule =
  | string
  | { readonly from: string; readonly is: Word | readonly Word[] }
  | { readonly from: string; readonly factor?: number | undefined; readonly offset?: number | undefined }
  | { readonly from: string; readonly text: Readonly<Record<string, string>> };
/** Compared as text, so that `1` of a YAML file is the number and the text. */
export type Word = string | number | boolean;

/** The fields of one reading; `head` as a number is the same for every message. */
export type ReadingRules = { readonly [F in ReadingField]?: ReadingRule | number | undefined };

/** What a codec's words mean. */
export interface ReadingMap {
  readonly reading: ReadingRules;
  /** For sensors with several heads: each adds to `reading`, or says otherwise. */
  readonly readings?: readonly ReadingRules[] | undefined;
  /** Paths of what tells a person or their telephone apart. */
  readonly personal?: readonly string[] | undefined;
}

/** What stands at a path of own properties; undefined when nothing does. */
export const ownAt = (data: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce(
      (inner: unknown, step) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
          ? (inner as Readonly<Record<string, unknown>>)[step]
          : undefined,
      data,
    );

const pathOf = (rule: ReadingRule): string => (typeof rule === 'string' ? rule : rule.from);
const isWord = (value: unknown): value is Word => ['string', 'number', 'boolean'].includes(typeof value);
const words = (is: Word | readonly Word[]): readonly Word[] => (isWord(is) ? [is] : is);

/** Vendors round with toFixed, which makes a text of a number; a plain decimal says the same as one. */
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)
      ? Number(value)
      : undefined;

/** Twelve digits: enough for every sensor, and 0.1 times 3 is 0.3. */
const rounded = (value: number): number => Number(value.toPrecision(12));

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  batteryPercent: [0, 100],
  ageMs: [0, Infinity],
  head: [1, 255],
};

/** The value of a field, `undefined` when the data do not say, or what was expected instead. */
const valueOf = (field: ReadingField, rule: ReadingRule, value: unknown): { value: unknown } | { expected: string } => {
  const kind = readingKinds[field];
  if (value === undefined || value === null) return { value: undefined };
  if (typeof rule === 'object' && 'is' in rule)
    return isWord(value)
      ? { value: words(rule.is).some((one) => String(one) === String(value)) }
      : { expected: 'a text, a number, true or false' };
  if (typeof rule === 'object' && 'text' in rule) {
    if (!isWord(value)) return { expected: 'a text, a number, true or false' };
    return { value: Object.hasOwn(rule.text, String(value)) ? rule.text[String(value)] : undefined };
  }
  if (kind === 'truth') return typeof value === 'boolean' ? { value } : { expected: 'true or false' };
  if (kind === 'number') {
    const number = numberOf(value);
    if (number === undefined) return { expected: 'a number' };
    const { factor = 1, offset = 0 } = typeof rule === 'object' ? rule : {};
    const scaled = factor === 1 && offset === 0 ? number : rounded(number * factor + offset);
    const [least, most] = ranges[field] ?? [-Infinity, Infinity];
    return scaled >= least && scaled <= most ? { value: scaled } : { expected: `a number from ${least} to ${most}` };
  }
  if (field === 'restart')
    return (restartCauses as readonly unknown[]).includes(value) ? { value } : { expected: restartCauses.join(', ') };
  if (field === 'firmware' && typeof value === 'number') return { value: String(value) };
  return typeof value === 'string' ? { value: value || undefined } : { expected: 'a text' };
};

const shown = (value: unknown): string =>
  isWord(value) ? JSON.stringify(value).slice(0, 40) : Array.isArray(value) ? 'a list' : 'an object';

const setsOf = ({ reading, readings }: ReadingMap): readonly ReadingRules[] =>
  readings && readings.length > 0 ? readings.map((one) => ({ ...reading, ...one })) : [reading];

const entries = (rules: ReadingRules): readonly (readonly [ReadingField, ReadingRule | number])[] =>
  (Object.keys(readingKinds) as ReadingField[]).flatMap((field) => {
    const rule = rules[field];
    return rule === undefined ? [] : [[field, rule] as const];
  });

/** The readings, or a problem and the path of the rule in the map that met it. */
type Readings = Ok<readonly Reading[]> | (Failed & { readonly rule: readonly PropertyKey[] });

/**
 * What the data say about each bay. A path that leads nowhere (or to null) leaves its field out; a head about which
 * nothing is said is left out as a whole. A value of the wrong kind is a problem that names its path.
 */
export const readingsOf = (data: unknown, map: ReadingMap): Readings => {
  const readings: Reading[] = [];
  for (const [index, rules] of setsOf(map).entries()) {
    const reading: Record<string, unknown> = {};
    let says = false;
    for (const [field, rule] of entries(rules)) {
      if (typeof rule === 'number') {
        reading[field] = rule;
        continue;
      }
      const path = pathOf(rule);
      const found = ownAt(data, path);
      const taken = valueOf(field, rule, found);
      if ('expected' in taken) {
        const why = `it is ${map.personal?.length ? 'something else' : shown(found)}, ${field} needs ${taken.expected}`;
        const own = map.readings?.[index]?.[field] === undefined ? ['reading'] : ['readings', index];
        return { ...fail('codec-map-unfit', { path: `data.${path}`, why }), rule: [...own, field] };
      }
      if (taken.value === undefined) continue;
      reading[field] = taken.value;
      says ||= field !== 'head';
    }
    if (says) readings.push(reading);
  }
  return ok(readings);
};

/** Whether one of two paths lies in the other. */
export const touches = (a: string, b: string): boolean => `${a}.`.startsWith(`${b}.`) || `${b}.`.startsWith(`${a}.`);

/** Every rule of a map, with its field and, for one of several heads, its head. */
export const fieldRules = (
  map: ReadingMap,
): readonly { readonly name: string; readonly path: string; readonly rule: ReadingRule }[] =>
  setsOf(map).flatMap((rules, i) =>
    entries(rules).flatMap(([field, rule]) =>
      typeof rule === 'number'
        ? []
        : [{ name: map.readings?.length ? `readings.${i}.${field}` : field, path: pathOf(rule), rule }],
    ),
  );

const says = (rule: ReadingRule): string => {
  if (typeof rule === 'string') return 'as it stands';
  if ('is' in rule) return `true for ${words(rule.is).join(', ')}`;
  if ('text' in rule)
    return Object.entries(rule.text)
      .map(([theirs, ours]) => `${theirs}: ${ours}`)
      .join(', ');
  const { factor = 1, offset = 0 } = rule;
  return `${factor === 1 ? 'as it stands' : `times ${factor}`}${offset === 0 ? '' : ` plus ${offset}`}`;
};

/** The map as documentation. */
export const rulesOf = (map: ReadingMap): readonly FormatRow[] => [
  ...fieldRules(map).map(({ name, path, rule }) => ({ where: `data.${path}`, name, says: says(rule) })),
  ...(map.personal ?? []).map((path) => ({
    where: `data.${path}`,
    name: path,
    says: 'in no reading',
    personal: true as const,
  })),
];

const sampleOf = (name: string, rule: ReadingRule, dice: Dice): unknown => {
  const field = name.split('.').at(-1) as ReadingField;
  if (typeof rule === 'object' && 'is' in rule) return pick(dice, words(rule.is));
  if (typeof rule === 'object' && 'text' in rule) return pick(dice, Object.keys(rule.text));
  if (readingKinds[field] === 'number') return whole(dice, 1, 100);
  if (readingKinds[field] === 'truth') return dice.next() < 0.5;
  return field === 'restart' ? pick(dice, restartCauses) : '1.0';
};

/** Data that a codec might give back, as far as the map knows them. */
export const sampleData = (map: ReadingMap, dice: Dice): Readonly<Record<string, unknown>> => {
  const data: Record<string, unknown> = {};
  for (const { name, path, rule } of fieldRules(map)) {
    const steps = path.split('.');
    let owner = data;
    for (const step of steps.slice(0, -1)) {
      if (typeof owner[step] !== 'object') owner[step] = {};
      owner = owner[step] as Record<string, unknown>;
    }
    owner[steps.at(-1)!] ??= sampleOf(name, rule, dice);
  }
  return data;
};
