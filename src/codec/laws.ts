import { dice, pick, whole, type Dice } from '../base/dice.js';
import { fromHex, toHex } from '../base/hex.js';
import { describe, missingFacts } from '../base/problem.js';
import type { Context, Example, Message, SensorModel } from './sensor.js';

// The laws of a sensor model, whoever wrote it. Each gives back what breaks it, as sentences; an empty list is a pass.

/** Fields that were left out may come back as absent. */
const plain = (value: unknown): string => JSON.stringify(sorted(value));
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
};

/** The device of an example, where its options matter. */
const contextOf = (example: Example | undefined): Context => (example?.options ? { options: example.options } : {});

/** Bytes to the example's message and readings, and back to the bytes unless it is one-way. */
export const exampleFaults = (model: SensorModel, example: Example): readonly string[] => {
  const down = example.direction === 'downlink';
  const bytes = fromHex(example.hex, 'the example');
  if (!bytes.ok) return [describe(bytes.problem)];
  const { fPort, message, readings, oneWay, source } = example;
  const context = contextOf(example);
  const decoded = (down ? model.decodeCommand : model.decode)(fPort, bytes.value, context);
  if (!decoded.ok) return [`it cannot be decoded: ${describe(decoded.problem)}`];
  const faults: string[] = [];
  if (source.length <= 10) faults.push('it has no source');
  if (plain(decoded.value) !== plain(message))
    faults.push(`it decodes to ${plain(decoded.value)}, expected is ${plain(message)}`);
  const said = down ? undefined : model.toReadings(decoded.value, context);
  if (example.options && model.options?.safeParse(example.options).success !== true)
    faults.push('the model does not take its options');
  if (readings && said && plain(said) !== plain(readings))
    faults.push(`its readings are ${plain(said)}, expected are ${plain(readings)}`);
  if (oneWay !== undefined) return oneWay.length > 10 ? faults : [...faults, 'why it is one-way is not said'];
  const encoded = down ? model.encodeCommand(message) : model.encode(message);
  if (!encoded.ok) return [...faults, `it cannot be encoded: ${describe(encoded.problem)}`];
  if (toHex(encoded.value.bytes) !== example.hex)
    faults.push(`it encodes to ${toHex(encoded.value.bytes)}, expected is ${example.hex}`);
  const ports = model.formats.filter((one) => one.type === message.type).map((one) => one.fPort);
  if (!ports.includes('any') && !ports.includes(encoded.value.fPort))
    faults.push(`it is encoded for port ${encoded.value.fPort}, its ports are ${ports.join(', ')}`);
  return faults;
};

/** What a type encodes, it decodes: `runs` messages by dice. */
export const roundTripFaults = (model: SensorModel, type: string, runs: number): readonly string[] => {
  const up = model.messageTypes.includes(type);
  const d = dice('laws', `${model.id} ${type}`);
  // A type that only some devices send: its examples say which.
  const context = contextOf(model.examples.find(({ message }) => message.type === type));
  for (let i = 0; i < runs; i++) {
    const message = model.sample(type, d);
    const encoded = up ? model.encode(message) : model.encodeCommand(message);
    if (!encoded.ok) return [`${plain(message)} cannot be encoded: ${describe(encoded.problem)}`];
    const { fPort, bytes } = encoded.value;
    const back = (up ? model.decode : model.decodeCommand)(fPort, bytes, context);
    if (!back.ok) return [`${toHex(bytes)} cannot be decoded: ${describe(back.problem)}`];
    if (plain(back.value) !== plain(message))
      return [`${plain(message)} becomes ${toHex(bytes)}, and that ${plain(back.value)}`];
    if (up && !Array.isArray(model.toReadings(back.value, context)))
      return [`${plain(message)} gives no list of readings`];
  }
  return [];
};

/** Numbers that many fields are too small for, such that one that is cut to fit comes back far from what it was. */
const strangers = [
  -1,
  -200,
  -40_000,
  300,
  1_000,
  40_000,
  70_000,
  2 ** 24 + 5,
  2 ** 32 + 7,
  2 ** 40,
  1e300,
  NaN,
  Infinity,
];
/** Scales round: what comes back may be that far away. */
const roundingUnits = 100;

/** The message with one of its numbers, however deep, replaced; undefined when it has none. */
const withStranger = (d: Dice, value: unknown): { readonly value: unknown; readonly path: string } | undefined => {
  if (typeof value === 'number') return { value: pick(d, strangers), path: '' };
  if (typeof value !== 'object' || value === null) return undefined;
  const names = Object.keys(value).filter((name) => typeof (value as Record<string, unknown>)[name] !== 'string');
  if (names.length === 0) return undefined;
  const name = pick(d, names);
  const inner = withStranger(d, (value as Record<string, unknown>)[name]);
  if (!inner) return undefined;
  const copy: unknown = Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value };
  (copy as Record<string, unknown>)[name] = inner.value;
  return { value: copy, path: inner.path === '' ? name : `${name}.${inner.path}` };
};
const numberAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);

/** A number that does not fit is refused, and never comes back as another: `runs` messages with one such number each. */
export const rangeFaults = (model: SensorModel, type: string, runs: number): readonly string[] => {
  const up = model.messageTypes.includes(type);
  const d = dice('range', `${model.id} ${type}`);
  const context = contextOf(model.examples.find(({ message }) => message.type === type));
  for (let i = 0; i < runs; i++) {
    const changed = withStranger(d, model.sample(type, d));
    if (!changed) continue;
    const message = changed.value as Message;
    const encoded = up ? model.encode(message) : model.encodeCommand(message);
    if (!encoded.ok) {
      if (encoded.problem.code !== 'bad-message') return [`${plain(message)}: ${describe(encoded.problem)}`];
      continue;
    }
    const { fPort, bytes } = encoded.value;
    const back = (up ? model.decode : model.decodeCommand)(fPort, bytes, context);
    const [was, is] = [numberAt(message, changed.path), back.ok ? numberAt(back.value, changed.path) : undefined];
    if (typeof was !== 'number' || typeof is !== 'number' || !(Math.abs(was - is) < roundingUnits))
      return [`${changed.path} ${String(was)} becomes ${toHex(bytes)}, and that ${String(is)}`];
  }
  return [];
};

const noise = (d: Dice): Uint8Array => Uint8Array.from({ length: whole(d, 0, 30) }, () => whole(d, 0, 255));
const spoilt = (d: Dice, seed: Uint8Array): Uint8Array => {
  const bytes = [...seed];
  for (let n = whole(d, 0, 3); n > 0; n--) bytes[whole(d, 0, bytes.length)] = whole(d, 0, 255);
  return Uint8Array.from(whole(d, 0, 3) === 0 ? bytes.slice(0, whole(d, 0, bytes.length)) : bytes);
};
const someTimeUs = 1_780_000_000_000_000;

/** Noise and spoilt examples, `runs` of them: no throw, and a whole sentence wherever something is refused. */
export const noiseFaults = (model: SensorModel, runs: number): readonly string[] => {
  const ports = [...new Set([...model.formats.map(({ fPort }) => (fPort === 'any' ? 1 : fPort)), 0, 200])];
  const seeds = model.examples.flatMap((example) => {
    const bytes = fromHex(example.hex);
    return bytes.ok ? [bytes.value] : [];
  });
  const d = dice('noise', model.id);
  for (let i = 0; i < runs; i++) {
    const fPort = pick(d, ports);
    const bytes = i % 2 === 0 || seeds.length === 0 ? noise(d) : spoilt(d, pick(d, seeds));
    try {
      const command = model.decodeCommand(fPort, bytes);
      const message = model.decode(fPort, bytes);
      for (const one of [command, message])
        if (!one.ok && missingFacts(one.problem).length > 0)
          return [`port ${fPort}, ${toHex(bytes)}: ${describe(one.problem)}`];
      if (!message.ok) continue;
      model.toReadings(message.value, { heardUs: someTimeUs });
      model.identifiers(message.value);
      model.annotate(fPort, bytes);
    } catch (error) {
      return [`port ${fPort}, ${toHex(bytes)} throws ${String(error)}`];
    }
  }
  return [];
};

/** What tells a person apart is marked in the documentation, named by `identifiers`, and enters no reading. */
export const personFaults = (model: SensorModel, runs: number): readonly string[] => {
  const marked = model.formats.some(({ rows }) => rows.some((row) => row.personal));
  const d = dice('persons', model.id);
  let found = 0;
  for (let i = 0; i < runs; i++)
    for (const type of model.messageTypes) {
      const message: Message = model.sample(type, d);
      const said = JSON.stringify(model.toReadings(message, { heardUs: someTimeUs }));
      for (const who of model.identifiers(message)) {
        found++;
        // A number of a few digits may stand there by chance.
        if (who.length > 5 && said.includes(who)) return [`a reading of ${type} holds ${who}`];
      }
    }
  if (marked && found === 0) return ['personal fields are marked, but identifiers names nobody'];
  return !marked && found > 0 ? ['identifiers names somebody, but no field is marked personal'] : [];
};

/** Annotations cover an example from its first bit to its last, without overlap. */
export const dumpFaults = (model: SensorModel, example: Example): readonly string[] => {
  const { fPort, hex, direction } = example;
  const bytes = fromHex(hex);
  if (!bytes.ok) return [];
  let end = 0;
  const annotate = direction === 'downlink' ? model.annotateCommand : model.annotate;
  const fields = annotate(fPort, bytes.value, contextOf(example));
  for (const field of fields) {
    if (field.bit !== end) return [`${field.name} begins at bit ${field.bit}, the one before it ends at ${end}`];
    end = field.bit + field.bits;
  }
  return end === 8 * bytes.value.length ? [] : [`the dump ends at bit ${end} of ${8 * bytes.value.length}`];
};

/** Every law of a model, with so many runs for what is tried by dice; what breaks, as sentences that name the place. */
export const sensorFaults = (model: SensorModel, runs: number): readonly string[] => {
  const about = (what: string, faults: readonly string[]): readonly string[] => faults.map((one) => `${what}: ${one}`);
  return [
    ...model.examples.flatMap((example) =>
      about(`example "${example.what}"`, [...exampleFaults(model, example), ...dumpFaults(model, example)]),
    ),
    ...[...model.messageTypes, ...model.commandTypes].flatMap((type) =>
      about(`round trip of ${type}`, [...roundTripFaults(model, type, runs), ...rangeFaults(model, type, runs)]),
    ),
    ...about('noise', noiseFaults(model, runs)),
    ...about('persons', personFaults(model, Math.min(runs, 100))),
  ];
};
