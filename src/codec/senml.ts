import { pick, whole, type Dice } from '../base/dice.js';
import { fail } from '../base/problem.js';
import { ok, type Failed, type Result } from '../base/result.js';
import { around, pairFields, readCbor, restField, type Cbor } from './cbor.js';
import type { CborItem } from './cbor-scan.js';
import { cborList, writeMap, type Plain, type PlainMap } from './cbor-write.js';
import type { Codec } from './codec.js';
import { strangeField } from './strange.js';

type Kind = 'number' | 'text' | 'flag' | 'bytes';

/** The labels of RFC 8428 (table 4): their numbers in CBOR, and what stands behind them. */
export const senmlLabels: Readonly<Record<string, readonly [number: number, kind: Kind, says: string]>> = {
  bver: [-1, 'number', 'version of the format; at most 10'],
  bn: [-2, 'text', 'base name: stands before all names from here on'],
  bt: [-3, 'number', 'base time: is added to all times from here on (s)'],
  bu: [-4, 'text', 'base unit, where a record has none'],
  bv: [-5, 'number', 'base value: is added to all values from here on'],
  bs: [-6, 'number', 'base sum'],
  n: [0, 'text', 'name'],
  u: [1, 'text', 'unit, such as Cel, V, %EL, m'],
  v: [2, 'number', 'value'],
  vs: [3, 'text', 'value that is a text'],
  vb: [4, 'flag', 'value that is true or false'],
  s: [5, 'number', 'sum'],
  t: [6, 'number', 'time: seconds since 1970 from 2^28 on, below that seconds from now (s)'],
  ut: [7, 'number', 'update time: the longest until the next (s)'],
  vd: [8, 'bytes', 'value that is a string of bytes'],
};
const supportedVersion = 10;

/** A record in the words of SenML's JSON; a label that the RFC does not know keeps its name or number. */
export type SenmlRecord = PlainMap;
export interface SenmlMessage {
  readonly records: readonly SenmlRecord[];
  /** What stood behind the list, in hexadecimal digits. */
  readonly rest?: string;
}

const byNumber = new Map(Object.entries(senmlLabels).map(([label, [number]]) => [String(number), label]));
const labels = new Map(Object.entries(senmlLabels));
const labelOf = (key: string): string => byNumber.get(key) ?? key;

const isBytes = (value: object): boolean => 'hex' in value && Object.keys(value).length === 1;
const fits: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  // Null is what a reader of JSON sees of not-a-number: a measurement that failed.
  number: (value) => typeof value === 'number' || value === null,
  text: (value) => typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  bytes: (value) =>
    typeof value === 'object' && value !== null && isBytes(value) && typeof (value as PlainMap)['hex'] === 'string',
};
const kindText: Readonly<Record<Kind, string>> = {
  number: 'a number',
  text: 'a text',
  flag: 'true or false',
  bytes: 'a byte string',
};

/** Why a label with this value cannot be taken; undefined when it can. */
const whyNot = (label: string, value: unknown): readonly [what: string, expected: string] | undefined => {
  const kind = labels.get(label)?.[1];
  if (kind && !fits[kind](value)) return [`${label} of another kind`, `${label} as ${kindText[kind]}`];
  // RFC 8428 section 4.4: whoever does not know such a label must not use the record.
  if (!kind && label.endsWith('_')) return [`the label ${label}`, 'no label that must be understood'];
  if (label === 'bver' && Number(value) > supportedVersion)
    return [`version ${String(value)}`, `at most version ${supportedVersion}`];
  return undefined;
};

const recordOf = (item: CborItem, map: PlainMap): Result<SenmlRecord> => {
  const record: Record<string, Plain> = {};
  for (const [i, key] of item.items.entries()) {
    if (i % 2 === 1) continue;
    const label = labelOf(String(key.said));
    const said = map[String(key.said)]!;
    // A number with more digits than a double has is rounded here, where the RFC knows doubles only.
    const rounds = labels.get(label)?.[1] === 'number' && item.items[i + 1]?.kind === 'number';
    const value = rounds && typeof said === 'string' ? Number(said) : said;
    const wrong = Object.hasOwn(record, label)
      ? ['a label that was there before', 'each label once']
      : whyNot(label, value);
    if (wrong) return fail('bad-cbor', { at: key.at, what: wrong[0]!, expected: wrong[1]! });
    record[label] = value;
  }
  return ok(record);
};

const notSenml = (at: number, what: string): Failed =>
  fail('bad-cbor', { at, what, expected: 'a list of SenML records, or a map' });

const read = (bytes: Uint8Array): Result<Cbor & { readonly records: readonly SenmlRecord[] }> => {
  const cbor = readCbor(bytes);
  if (!cbor.ok) return cbor;
  const { item, value } = cbor.value;
  if (item.kind !== 'list') return notSenml(item.at, `a ${item.kind}`);
  if (item.items.length === 0) return notSenml(item.at, 'an empty list');
  const records: SenmlRecord[] = [];
  for (const [i, one] of item.items.entries()) {
    if (one.kind !== 'map') return notSenml(one.at, `a ${one.kind} in a list`);
    const record = recordOf(one, (value as readonly PlainMap[])[i]!);
    if (!record.ok) return record;
    records.push(record.value);
  }
  return ok({ ...cbor.value, records });
};

const writeRecord = (record: unknown): Result<number[]> => {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return fail('bad-message', { field: 'records', why: 'expected is a list of objects' });
  const numbered: [string, unknown][] = [];
  for (const [label, value] of Object.entries(record) as [string, unknown][]) {
    if (value === undefined) continue;
    const known = labels.get(label);
    const wrong = whyNot(label, value);
    if (wrong) return fail('bad-message', { field: label, why: `expected is ${wrong[1]}` });
    if (byNumber.has(label))
      return fail('bad-message', { field: label, why: `this label is called ${byNumber.get(label)!}` });
    numbered.push([known ? String(known[0]) : label, value]);
  }
  return writeMap(Object.fromEntries(numbered), 'records', 2);
};

const sampleNames: readonly ((dice: Dice) => SenmlRecord)[] = [
  (dice) => ({ n: 'occupied', vb: dice.next() < 0.5 }),
  (dice) => ({ n: 'temperature', u: 'Cel', v: whole(dice, -300, 600) / 10 }),
  (dice) => ({ n: 'battery', u: 'V', v: whole(dice, 2000, 4200) / 1000 }),
  (dice) => ({ n: 'battery', u: '%EL', v: whole(dice, 0, 100) }),
  (dice) => ({ n: 'distance', u: 'm', v: whole(dice, 0, 8000) / 1000 }),
  (dice) => ({ n: 'count', v: whole(dice, 0, 100_000), t: -whole(dice, 1, 600) }),
  (dice) => ({ n: 'note', vs: pick(dice, ['ok', 'Größe', '']), vd: { hex: pick(dice, ['', '00ff']) } }),
];

/**
 * SenML in CBOR (RFC 8428): a list of records. Numbers and words are read as labels, numbers are written. A record keeps
 * what it said itself; base fields are resolved by whoever reads the message.
 */
export const senml: Codec<SenmlMessage> = {
  decode(bytes) {
    const pack = read(bytes);
    if (!pack.ok) return pack;
    const { records, rest } = pack.value;
    return ok({ records, ...(rest !== undefined && { rest }) });
  },
  encode({ records, rest, ...others }) {
    const strange = strangeField(others, ['records']);
    if (strange) return strange;
    if (rest !== undefined)
      return fail('bad-message', { field: 'rest', why: 'bytes that were not understood are not made again' });
    if (!Array.isArray(records) || records.length === 0)
      return fail('bad-message', { field: 'records', why: 'expected is a list of at least one record' });
    const written: number[][] = [];
    for (const record of records as readonly unknown[]) {
      const bytes = writeRecord(record);
      if (!bytes.ok) return bytes;
      written.push(bytes.value);
    }
    return ok(Uint8Array.from(cborList(written)));
  },
  annotate(bytes) {
    const pack = read(bytes);
    if (!pack.ok) return [];
    const { item, records } = pack.value;
    const inner = item.items.flatMap((map, i) => {
      const pairs = pairFields(map, records[i]!, labelOf);
      return around(
        map,
        `record ${i + 1}`,
        pairs.map((field) => ({ ...field, name: `record ${i + 1}: ${field.name}` })),
      );
    });
    return [...around(item, 'records', inner), ...restField(pack.value, bytes)];
  },
  rows: Object.entries(senmlLabels).map(([label, [number, kind, says]]) => ({
    where: `record: key ${number}`,
    name: `records[].${label}`,
    says: `${kindText[kind]}: ${says}`,
  })),
  sample(dice) {
    const base: SenmlRecord =
      dice.next() < 0.5 ? { bn: 'urn:dev:eui:0011223344556677:', bt: whole(dice, 1_700_000_000, 1_800_000_000) } : {};
    const records = Array.from({ length: whole(dice, 1, 4) }, () => pick(dice, sampleNames)(dice));
    return { records: [{ ...base, ...records[0] }, ...records.slice(1)] };
  },
};
