import { pick, whole, type Dice } from '../base/dice.js';
import { toHex } from '../base/hex.js';
import { fail, problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import { decimals, signed as negative } from './bits.js';
import type { Codec, Field } from './codec.js';
import { polylineType, readPolyline, writePolyline } from './polyline.js';
import { strangeField } from './strange.js';

/** A type of Cayenne LPP: its name and its numbers, each with bytes, sign and scale. */
interface LppType {
  readonly name: string;
  readonly numbers: readonly { readonly bytes: number; readonly signed?: true; readonly scale: number }[];
  readonly unit?: string;
}

const one = (bytes: number, scale: number, signed?: true): LppType['numbers'] => [
  { bytes, scale, ...(signed && { signed }) },
];
const three = (bytes: number, scale: number, signed?: true): LppType['numbers'] =>
  [0, 1, 2].flatMap(() => one(bytes, scale, signed));

/**
 * Cayenne LPP by type number (myDevicesIoT/cayenne-docs); types from 100 on that it does not list: ElectronicCats/CayenneLPP.
 * Type 240, polyline, has as many bytes as its first one says: see `polyline.ts`.
 */
export const lppTypes: Readonly<Record<number, LppType>> = {
  0: { name: 'digitalIn', numbers: one(1, 1) },
  1: { name: 'digitalOut', numbers: one(1, 1) },
  2: { name: 'analogIn', numbers: one(2, 0.01, true) },
  3: { name: 'analogOut', numbers: one(2, 0.01, true) },
  100: { name: 'generic', numbers: one(4, 1) },
  101: { name: 'illuminance', numbers: one(2, 1), unit: 'lx' },
  102: { name: 'presence', numbers: one(1, 1) },
  103: { name: 'temperature', numbers: one(2, 0.1, true), unit: '°C' },
  104: { name: 'humidity', numbers: one(1, 0.5), unit: '%' },
  113: { name: 'acceleration', numbers: three(2, 0.001, true), unit: 'g' },
  115: { name: 'pressure', numbers: one(2, 0.1), unit: 'hPa' },
  116: { name: 'voltage', numbers: one(2, 0.01), unit: 'V' },
  117: { name: 'current', numbers: one(2, 0.001), unit: 'A' },
  118: { name: 'frequency', numbers: one(4, 1), unit: 'Hz' },
  120: { name: 'percentage', numbers: one(1, 1), unit: '%' },
  121: { name: 'altitude', numbers: one(2, 1, true), unit: 'm' },
  125: { name: 'concentration', numbers: one(2, 1), unit: 'ppm' },
  128: { name: 'power', numbers: one(2, 1), unit: 'W' },
  130: { name: 'distance', numbers: one(4, 0.001), unit: 'm' },
  131: { name: 'energy', numbers: one(4, 0.001), unit: 'kWh' },
  132: { name: 'direction', numbers: one(2, 1), unit: '°' },
  133: { name: 'unixTime', numbers: one(4, 1), unit: 's' },
  134: { name: 'gyrometer', numbers: three(2, 0.01, true), unit: '°/s' },
  135: { name: 'colour', numbers: three(1, 1) },
  136: { name: 'gps', numbers: [...one(3, 0.0001, true), ...one(3, 0.0001, true), ...one(3, 0.01, true)] },
  142: { name: 'switch', numbers: one(1, 1) },
};

/** One value on one channel, in the order of the payload. */
export interface LppItem {
  readonly channel: number;
  /** A name of `lppTypes`, or `polyline`. */
  readonly type: string;
  readonly value: number | readonly number[];
  /** Of a polyline only: the byte that says how fine its steps are. */
  readonly factor?: number;
}

export interface LppMessage {
  readonly items: readonly LppItem[];
  /** What stood behind the last item that could be understood, in hexadecimal digits. */
  readonly rest?: string;
}

const byName = new Map(
  Object.entries(lppTypes).map(([number, type]) => [type.name, { number: Number(number), ...type }]),
);
const polyline = 'polyline';
const sizeOf = (type: LppType): number => type.numbers.reduce((sum, { bytes }) => sum + bytes, 0);

const readNumber = (bytes: Uint8Array, at: number, how: LppType['numbers'][number]): number => {
  let raw = 0;
  for (let i = 0; i < how.bytes; i++) raw = raw * 256 + bytes[at + i]!;
  const value = how.signed ? negative(raw, 8 * how.bytes) : raw;
  return Number((value * how.scale).toFixed(decimals(how.scale)));
};

interface Placed {
  readonly item: LppItem;
  readonly at: number;
  readonly size: number;
}

/** The items from the start of the payload on, and where understanding ends. */
const read = (bytes: Uint8Array): { readonly placed: readonly Placed[]; readonly end: number } => {
  const placed: Placed[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const line = bytes[at + 1] === polylineType ? readPolyline(bytes, at + 2) : undefined;
    if (line) {
      const { factor, value, size } = line;
      placed.push({ item: { channel: bytes[at]!, type: polyline, factor, value }, at, size: 2 + size });
      at += 2 + size;
      continue;
    }
    const type = lppTypes[bytes[at + 1]!];
    if (!type || at + 2 + sizeOf(type) > bytes.length) break;
    let from = at + 2;
    const numbers = type.numbers.map((how) => {
      from += how.bytes;
      return readNumber(bytes, from - how.bytes, how);
    });
    const value = numbers.length === 1 ? numbers[0]! : numbers;
    placed.push({ item: { channel: bytes[at]!, type: type.name, value }, at, size: from - at });
    at = from;
  }
  return { placed, end: at };
};

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

/** Why not even the first item could be read. */
const noItem = (bytes: Uint8Array): Problem => {
  const type = lppTypes[bytes[1] ?? -1];
  if (bytes.length >= 2 && !type)
    return problem('unknown-item', {
      item: toHex(bytes.subarray(0, 2)),
      at: 0,
      expected: 'a channel and a type of Cayenne LPP',
    });
  return problem('too-short', { have: bytes.length, need: type ? 2 + sizeOf(type) : 3, at: bytes.length });
};

const writeItem = (item: LppItem): Result<number[]> => {
  if (typeof item !== 'object' || item === null)
    return fail('bad-message', { field: 'items', why: 'expected are objects with channel, type and value' });
  const type = byName.get(item.type);
  const numbers = type?.numbers.length === 1 ? [item.value] : item.value;
  if (!type && item.type !== polyline)
    return fail('bad-message', { field: 'type', why: 'expected is the name of a type of Cayenne LPP' });
  if (!Number.isInteger(item.channel) || item.channel < 0 || item.channel > 255)
    return fail('bad-message', { field: 'channel', why: 'expected is a whole number from 0 to 255' });
  if (!type) {
    if (!isNumbers(numbers)) return fail('bad-message', { field: 'value', why: 'expected is a list of numbers' });
    const line = writePolyline(item.factor, numbers);
    return line.ok ? ok([item.channel, polylineType, ...line.value]) : line;
  }
  if (item.factor !== undefined) return fail('bad-message', { field: 'factor', why: 'only a polyline has one' });
  if (!isNumbers(numbers) || numbers.length !== type.numbers.length)
    return fail('bad-message', { field: 'value', why: `${item.type} has ${type.numbers.length} number(s)` });
  const bytes = [item.channel, type.number];
  for (const [i, how] of type.numbers.entries()) {
    const raw = Math.round(numbers[i]! / how.scale);
    const most = 2 ** (8 * how.bytes - (how.signed ? 1 : 0)) - 1;
    if (how.scale === 1 && raw !== numbers[i])
      return fail('bad-message', { field: 'value', why: `${item.type} is a whole number` });
    if (!(raw <= most && raw >= (how.signed ? -most - 1 : 0)))
      return fail('bad-message', { field: 'value', why: `${numbers[i]} does not fit into ${item.type}` });
    for (let b = how.bytes - 1; b >= 0; b--)
      bytes.push(Math.floor((raw < 0 ? raw + 2 ** (8 * how.bytes) : raw) / 256 ** b) & 255);
  }
  return ok(bytes);
};

const numberText = ({ bytes, signed, scale }: LppType['numbers'][number]): string =>
  `${signed ? 'int' : 'uint'}${8 * bytes}${scale === 1 ? '' : ` times ${scale}`}`;

const sampleItem = (dice: Dice, channel: number, typeNumber: number): LppItem => {
  const type = lppTypes[typeNumber]!;
  const numbers = type.numbers.map(({ bytes, signed, scale }) => {
    const most = 2 ** (8 * bytes - (signed ? 1 : 0)) - 1;
    return Number((whole(dice, signed ? -most : 0, most) * scale).toFixed(decimals(scale)));
  });
  return { channel, type: type.name, value: numbers.length === 1 ? numbers[0]! : numbers };
};

/** What a sensor sends: a type on a channel, and what it tells there. */
export interface Channel {
  readonly channel: number;
  readonly type: number;
  readonly says?: string;
}

const everyType: readonly { readonly channel?: number; readonly type: number; readonly says?: string }[] = Object.keys(
  lppTypes,
).map((type) => ({ type: Number(type) }));

const nameOf = (channel: number | string, type: string, says?: string): string =>
  `channel ${channel} ${type}${says ? `, ${says}` : ''}`;

/**
 * Cayenne LPP: any items in any order, which is kept. The type says the length, so a channel that nobody knows is no
 * obstacle; an unknown *type* is: what stands before it is kept and the remainder goes into `rest`. A payload that does
 * not even begin with an item is `unknown-item`. `channels` limits samples and documentation to what a sensor sends, and
 * says what it tells there; `any` is every type on every channel.
 */
export const cayenne = (channels: readonly Channel[] | 'any'): Codec<LppMessage> => ({
  decode(bytes) {
    const { placed, end } = read(bytes);
    if (placed.length === 0) return failed(noItem(bytes));
    return ok({
      items: placed.map(({ item }) => item),
      ...(end < bytes.length && { rest: toHex(bytes.subarray(end)) }),
    });
  },
  encode({ items, rest, ...others }) {
    const strange = strangeField(others, ['items']);
    if (strange) return strange;
    if (rest !== undefined)
      return fail('bad-message', { field: 'rest', why: 'bytes that were not understood are not made again' });
    if (!Array.isArray(items) || items.length === 0)
      return fail('bad-message', { field: 'items', why: 'expected is a list of at least one item' });
    const bytes: number[] = [];
    for (const item of items as readonly LppItem[]) {
      const written = writeItem(item);
      if (!written.ok) return written;
      bytes.push(...written.value);
    }
    return ok(Uint8Array.from(bytes));
  },
  annotate(bytes): readonly Field[] {
    const { placed, end } = read(bytes);
    const fields = placed.map(({ item, at, size }) => {
      const type = byName.get(item.type);
      const unit = type?.unit;
      const told =
        channels === 'any'
          ? undefined
          : channels.find((one) => one.channel === item.channel && one.type === type?.number);
      return {
        bit: 8 * at,
        bits: 8 * size,
        name: nameOf(item.channel, item.type, told?.says),
        value: `${String(item.value)}${unit ? ` ${unit}` : ''}`,
      };
    });
    return end < bytes.length
      ? [...fields, { bit: 8 * end, bits: 8 * (bytes.length - end), name: 'rest', value: 'not understood' }]
      : fields;
  },
  rows: [
    ...(channels === 'any' ? everyType : channels).map(({ channel, type, says }) => ({
      where: `item ${channel === undefined ? '..' : toHex(Uint8Array.of(channel))}${toHex(Uint8Array.of(type))}`,
      name: nameOf(channel ?? '0 to 255', lppTypes[type]!.name, says),
      says:
        lppTypes[type]!.numbers.map(numberText).join(', ') + (lppTypes[type]!.unit ? ` (${lppTypes[type]!.unit})` : ''),
    })),
    ...(channels === 'any'
      ? [
          {
            where: 'item ..f0',
            name: nameOf('0 to 255', polyline),
            says: 'its bytes, factor of its steps, int24 and int24 for the first place, int4 and int4 for each other (°)',
          },
        ]
      : []),
  ],
  sample: (dice) => ({
    items: Array.from({ length: whole(dice, 1, 4) }, () => {
      const { channel, type } = pick(dice, channels === 'any' ? everyType : channels);
      return sampleItem(dice, channel ?? whole(dice, 0, 255), type);
    }),
  }),
});
