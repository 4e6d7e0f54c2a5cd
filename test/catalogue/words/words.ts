import type { Message } from '../../../src/codec/sensor.js';

/** A published vector: bytes and what somebody's decoder makes of them. */
export interface Vector {
  readonly vendor: string;
  readonly model: string;
  readonly fPort: number | null;
  readonly bytesHex: string | null;
  readonly direction: string;
  readonly decodedRaw: unknown;
  readonly origin: string;
  readonly source: string;
  readonly note?: string;
}

export type Fact = string | number | boolean;
export type Facts = Record<string, Fact[]>;

/** A foreign name (or a way `a.b.c` that ends with it), the fact that it tells, and how its values read in our words. */
export type Word = readonly [name: RegExp, fact: string, read: (value: unknown) => Fact];

/** How one vendor's published decoders speak, translated into facts that can be held against our messages. */
export interface Words {
  readonly vendor: string;
  /** The models of ours whose vectors these are: each must have at least one. */
  readonly models: readonly string[];
  /** Which of them a vector is about. */
  modelOf(vector: Vector): string;
  readonly words: readonly Word[];
  /** Foreign names that tell no fact of their own, and why: a name that is in neither list fails the test. */
  readonly ignored: readonly (readonly [name: RegExp, why: string])[];
  /** Our message in the same facts; values of several items of one name in the order of the payload. */
  facts(message: Message): Facts;
}

export const defineWords = (words: Words): Words => words;

export const number = (value: unknown): Fact => Number.parseFloat(String(value));
export const text = (value: unknown): Fact => String(value).toLowerCase();
/** Whether a foreign word says that a car is there. */
export const taken = (value: unknown): Fact => /^(true|1|occupied.*)$/i.test(String(value));

/** Every plain field of a message under its own name. */
export const plainFacts = (message: Message): Facts => {
  const facts: Facts = {};
  for (const [name, value] of Object.entries(message))
    if (typeof value !== 'object' && value !== undefined) facts[name] = [value as Fact];
  return facts;
};

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

/** All values of a foreign decode that are no objects, with the way that leads to them. */
const leaves = (raw: unknown, path = ''): readonly (readonly [path: string, value: unknown])[] => {
  if (Array.isArray(raw)) return raw.flatMap((one) => leaves(one, path));
  if (typeof raw !== 'object' || raw === null) return isNothing(raw) ? [] : [[path, raw]];
  return Object.entries(raw).flatMap(([name, value]) => leaves(value, path === '' ? name : `${path}.${name}`));
};

const means = (pattern: RegExp, path: string): boolean =>
  pattern.test(path.slice(path.lastIndexOf('.') + 1)) || pattern.test(path);

/** Whether a decoder gave up on these bytes. */
export const gaveUp = (raw: unknown): boolean => {
  if (raw === null || JSON.stringify(raw) === '[]' || JSON.stringify(raw) === '{}') return true;
  if (typeof raw !== 'object') return false;
  const { throws, errors, data } = raw as Readonly<Record<string, unknown>>;
  return throws !== undefined || (Array.isArray(errors) && errors.length > 0) || ('data' in raw && gaveUp(data));
};

/** What a decode claims; throws for a name that the words do not know. */
export const claimsOf = (raw: unknown, { words, ignored, vendor }: Words): Facts => {
  const facts: Facts = {};
  for (const [path, value] of leaves(raw)) {
    if (ignored.some(([pattern]) => means(pattern, path))) continue;
    const word = words.find(([pattern]) => means(pattern, path));
    if (!word) throw new Error(`${vendor}: nobody has said what ${path} = ${JSON.stringify(value)} means`);
    const [pattern, fact, read] = word;
    const last = path.slice(path.lastIndexOf('.') + 1);
    const name = pattern.test(last) ? last.replace(pattern, fact) : fact;
    (facts[name] ??= []).push(read(value));
  }
  return facts;
};

/** Several decoders tell one thing twice in one output (a name and a number): repeats of neighbours count once. */
export const told = (values: readonly Fact[] | undefined): string =>
  (values ?? []).filter((value, i) => value !== values?.[i - 1]).join(' then ');
