import { whole, type Dice } from '../base/dice.js';
import { toHex } from '../base/hex.js';
import { fail, placed, problem, type Place, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import { isoFromUs, type Us } from '../base/time.js';
import type { Field } from './codec.js';
import { ownAt, readingsOf, rulesOf, sampleData, type ReadingMap } from './reading-map.js';
import type { Context, Message, Reading, SensorModel } from './sensor.js';

/** Something that runs a codec's functions, and answers the same to the same question: a sandbox. */
export interface CodecEngine {
  has(name: string): boolean;
  call(name: string, input: unknown, moment: { readonly nowUs: Us; readonly seed: string }): Result<unknown>;
  /** Where the codec declares a function. */
  place?(name: string): Place;
}

/** A codec of somebody else's and what its words mean. */
export interface ForeignSensor {
  /** Equals the name of the file that describes it. */
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  /** Where the codec is published. */
  readonly source: string;
  readonly defaultFPort: number;
  /** Ports that uplinks come on; absent: any. */
  readonly fPorts?: readonly number[];
  readonly map: ReadingMap;
  readonly engine: CodecEngine;
  /** Where a rule of the map stands, by its path in the map's file. */
  readonly placeOfRule?: (path: readonly PropertyKey[]) => Place;
}

type Payload = { readonly fPort: number; readonly bytes: Uint8Array };
type Group = Readonly<Record<string, unknown>>;

const mostBytes = 242;
const mostShown = 200;

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (path: string, why: string): Result<never> => fail('codec-bad-result', { path, why });

/** A list of sentences as TS013 has them; a lone sentence counts as one. */
const sentences = (value: unknown): readonly string[] => {
  const list = Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value];
  return list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
};

const keptBack = '(kept back: the map says that this codec tells of people)';
const errorName = /^(?:Eval|Internal|Range|Reference|Syntax|Type|URI)?Error(?=: )/;

/** The problem without the codec's own words, which may quote a payload that tells of people. */
const hushed = (what: Problem): Problem => {
  const { at, facts } = what;
  const told = ((): Problem | undefined => {
    if (what.code === 'codec-said-errors') return problem('codec-said-errors', { errors: keptBack });
    if (what.code === 'codec-threw') {
      const [name] = errorName.exec(String(facts['why'])) ?? [];
      return problem('codec-threw', { why: name === undefined ? keptBack : `${name} ${keptBack}` });
    }
    if (what.code !== 'codec-bad-result') return undefined;
    return problem('codec-bad-result', { path: 'the result', why: String(facts['why']) });
  })();
  return told ? { ...told, ...(at && { at }) } : what;
};

/** What TS013 promises of every function: a group, and no errors in it. */
const answered = (result: Result<unknown>): Result<Group> => {
  if (!result.ok) return result;
  const { value } = result;
  if (!isGroup(value)) return bad('the result', 'expected is an object with data, or with errors');
  const errors = sentences(ownAt(value, 'errors'));
  return errors.length > 0 ? fail('codec-said-errors', { errors: errors.join('; ').slice(0, 500) }) : ok(value);
};

const message = (type: string, answer: Group): Result<Message> => {
  const data = ownAt(answer, 'data');
  const warnings = sentences(ownAt(answer, 'warnings'));
  if (!isGroup(data)) return bad('data', 'expected is an object');
  return ok({ type, data, ...(warnings.length > 0 && { warnings }) });
};

const payload = (answer: Group, fallback: number): Result<Payload> => {
  const list = ownAt(answer, 'bytes');
  const fPort = ownAt(answer, 'fPort') ?? fallback;
  if (!Array.isArray(list)) return bad('bytes', 'expected is a list of numbers');
  if (list.length > mostBytes) return bad('bytes', `expected are at most ${mostBytes}, ${list.length} are there`);
  const wrong = list.findIndex((one) => !Number.isInteger(one) || one < 0 || one > 255);
  if (wrong >= 0) return bad(`bytes.${wrong}`, 'expected is a whole number from 0 to 255');
  if (typeof fPort !== 'number' || !Number.isInteger(fPort) || fPort < 1 || fPort > 223)
    return bad('fPort', 'expected is a whole number from 1 to 223');
  return ok({ fPort, bytes: Uint8Array.from(list as number[]) });
};

/** The data in one line; of a codec that tells of people only the names. */
const shown = (data: unknown, map: ReadingMap): string => {
  const text = map.personal?.length ? Object.keys(data as Group).join(', ') : JSON.stringify(data);
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
};

/** A codec may write whom it heard into a text of its own, such as a fault: a text that holds an identifier is left out. */
const withoutPeople = (reading: Reading, people: readonly string[]): Reading =>
  Object.fromEntries(
    Object.entries(reading).filter(
      ([, value]) => typeof value !== 'string' || !people.some((who) => who !== '' && value.includes(who)),
    ),
  );

/**
 * A sensor model from a codec of LoRa Alliance TS013 (`decodeUplink`, `encodeDownlink`, `decodeDownlink`) and a map that
 * says what its words mean. A message is `{ type: 'uplink', data }` with the data as the codec gave them. An uplink cannot
 * be made: TS013 has no function for it. Same port, bytes and moment, same message: the dice that the codec may throw
 * are named after them.
 */
export const foreignSensor = (what: ForeignSensor): SensorModel => {
  const { id, defaultFPort, fPorts, map, engine } = what;
  const told = (what: Problem, name: string): Problem => {
    const said = map.personal?.length ? hushed(what) : what;
    return said.at || !engine.place ? said : placed(said, engine.place(name));
  };
  const ask = (name: string, input: Group, { nowUs, seed }: { nowUs: Us; seed: string }): Result<Group> => {
    const answer = answered(engine.call(name, input, { nowUs, seed: `${id} ${name} ${seed}` }));
    return answer.ok || !engine.has(name) ? answer : failed(told(answer.problem, name));
  };

  const read = (name: string, type: string, { fPort, bytes, context }: Heard): Result<Message> => {
    const nowUs = context?.heardUs ?? 0;
    const input = { bytes: [...bytes], fPort, recvTime: isoFromUs(nowUs) };
    const answer = ask(name, input, { nowUs, seed: `${fPort} ${toHex(bytes)}` });
    if (!answer.ok) return answer;
    const made = message(type, answer.value);
    return made.ok ? made : failed(told(made.problem, name));
  };
  const decode = (fPort: number, bytes: Uint8Array, context?: Context): Result<Message> => {
    if (fPorts && !fPorts.includes(fPort)) return fail('unknown-port', { model: id, fPort, known: fPorts.join(', ') });
    const decoded = read('decodeUplink', 'uplink', { fPort, bytes, context });
    if (!decoded.ok) return decoded;
    const readings = readingsOf(decoded.value['data'], map);
    if (readings.ok) return decoded;
    const { rule, ...unfit } = readings;
    return what.placeOfRule ? failed(placed(unfit.problem, what.placeOfRule(rule))) : unfit;
  };
  const decodeCommand = (fPort: number, bytes: Uint8Array, context?: Context): Result<Message> =>
    read('decodeDownlink', 'downlink', { fPort, bytes, context });
  const field = (decoded: Result<Message>, bytes: Uint8Array): readonly Field[] =>
    decoded.ok ? [{ bit: 0, bits: 8 * bytes.length, name: 'data', value: shown(decoded.value['data'], map) }] : [];

  const identifiersIn = (data: unknown): readonly string[] =>
    (map.personal ?? [])
      .map((path) => ownAt(data, path))
      .filter((one) => typeof one === 'string' || typeof one === 'number')
      .map(String);

  const commandTypes = engine.has('encodeDownlink') ? ['downlink'] : [];
  return {
    id,
    vendor: what.vendor,
    model: what.model,
    source: what.source,
    defaultFPort,
    fPorts: fPorts ?? 'any',
    messageTypes: ['uplink'],
    commandTypes,
    examples: [],
    defaults: {},
    decode,
    encode: ({ type }) =>
      type === 'uplink'
        ? fail('codec-one-way', { model: id })
        : fail('unknown-message', { model: id, type, known: 'uplink' }),
    decodeCommand,
    encodeCommand({ type, data, fPort }) {
      if (!commandTypes.includes(type))
        return fail('unknown-message', { model: id, type, known: commandTypes.join(', ') || '(none)' });
      if (!isGroup(data)) return fail('bad-message', { field: 'data', why: 'expected is an object' });
      const port = typeof fPort === 'number' ? fPort : defaultFPort;
      const answer = ask(
        'encodeDownlink',
        { data, fPort: port },
        { nowUs: 0, seed: `${port} ${JSON.stringify(data)}` },
      );
      return answer.ok ? payload(answer.value, port) : answer;
    },
    annotate: (fPort, bytes, context) => field(decode(fPort, bytes, context), bytes),
    annotateCommand: (fPort, bytes, context) => field(decodeCommand(fPort, bytes, context), bytes),
    toReadings({ data }) {
      // A message that was decoded here has passed; one that somebody wrote by hand may not, and then says nothing.
      const readings = readingsOf(data, map);
      return readings.ok ? readings.value.map((one) => withoutPeople(one, identifiersIn(data))) : [];
    },
    identifiers: ({ data }) => identifiersIn(data),
    formats: [
      { type: 'uplink', fPort: fPorts?.length === 1 ? fPorts[0]! : 'any', direction: 'uplink', rows: rulesOf(map) },
      ...commandTypes.map((type) => ({ type, fPort: defaultFPort, direction: 'downlink' as const, rows: [] })),
    ],
    sample(type: string, dice: Dice) {
      if (type === 'uplink') return { type, data: sampleData(map, dice) };
      if (commandTypes.includes(type)) return { type, data: { value: whole(dice, 0, 255) } };
      throw new RangeError(`${id} has no message ${type}`);
    },
  };
};

interface Heard {
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly context: Context | undefined;
}
