import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex } from '../../src/base/hex.js';
import { describe as said, hintOf, must, sentenceOf } from '../../src/base/problem.js';
import { ok, type Result } from '../../src/base/result.js';
import type { ReadingMap } from '../../src/codec/reading-map.js';
import { foreignSensor, type CodecEngine, type ForeignSensor } from '../../src/codec/ts013.js';
import type { SensorModel } from '../../src/codec/sensor.js';
import { codecOf, codecText, openCodec } from '../io/codecs.js';

const sensor = (engine: CodecEngine, map: ReadingMap, more: Partial<ForeignSensor> = {}): SensorModel =>
  foreignSensor({
    ...{ id: 'test-foreign', vendor: 'Test', model: 'Foreign', source: 'made up for this test' },
    ...{ defaultFPort: 2, map, engine, ...more },
  });
const codec = async (name: string, map: ReadingMap, more: Partial<ForeignSensor> = {}): Promise<SensorModel> =>
  sensor(await openCodec(codecText(name)), map, more);

/** An engine that gives the same answer to everything. */
const answering = (value: unknown, names = ['decodeUplink', 'encodeDownlink', 'decodeDownlink']): CodecEngine => ({
  has: (name) => names.includes(name),
  call: (): Result<unknown> => ok(value),
});
const reads = (data: unknown, reading: ReadingMap['reading'], more: Partial<ReadingMap> = {}): unknown => {
  const model = sensor(answering({ data }), { reading, ...more });
  const decoded = model.decode(2, hex('00'));
  return decoded.ok ? model.toReadings(decoded.value) : decoded.problem;
};

const guard: ReadingMap = {
  personal: ['tag'],
  reading: {
    occupied: { from: 'parking.status', is: 'occupied' },
    batteryV: 'battery',
    temperatureC: { from: 'tempRaw', factor: 0.5, offset: -2 },
    restart: { from: 'reset', text: { 1: 'power-on', 2: 'watchdog' } },
  },
};

describe('a codec of The Things Stack', () => {
  test('is a sensor model like any other', async () => {
    const model = await codec('bay-guard', guard);
    const heardUs = 1_780_000_000_123_000;
    const message = must(model.decode(2, hex('010bb8f6'), { heardUs }));
    expect(message).toEqual({
      type: 'uplink',
      data: {
        parking: { status: 'occupied', car: true },
        battery: '3.00',
        tempRaw: -10,
        time: '2026-05-28T20:26:40.123Z',
      },
      warnings: ['battery is low'],
    });
    expect(model.toReadings(message)).toEqual([{ occupied: true, batteryV: 3, temperatureC: -7 }]);
    expect(model.annotate(2, hex('010bb8f6'))).toMatchObject([{ bit: 0, bits: 32, name: 'data' }]);
    expect(model).toMatchObject({ fPorts: 'any', messageTypes: ['uplink'], commandTypes: [], defaultFPort: 2 });
  });

  test('tells whom, but not in a reading, and not in a dump', async () => {
    const model = await codec('bay-guard', guard);
    const message = must(model.decode(3, hex('0241424344')));
    expect(model.identifiers(message)).toEqual(['ABCD']);
    expect(model.toReadings(message)).toEqual([{ restart: 'watchdog' }]);
    expect(JSON.stringify(model.annotate(3, hex('0241424344')))).not.toContain('ABCD');
  });

  test('says what is wrong in its own words', async () => {
    const model = await codec('bay-guard', { reading: guard.reading });
    const short = model.decode(2, hex('01'));
    expect(short).toMatchObject({ problem: { code: 'codec-said-errors', at: { file: 'vendor.js' } } });
    if (!short.ok) expect(sentenceOf(short.problem)).toContain('payload of 1 bytes, 4 are needed');
    expect(model.annotate(2, hex('01'))).toEqual([]);
    const narrow = await codec('bay-guard', guard, { fPorts: [2, 3] });
    expect(narrow.decode(4, hex('01'))).toMatchObject({ problem: { code: 'unknown-port', facts: { known: '2, 3' } } });
  });

  test.each([
    "return { errors: ['no driver ' + input.bytes] };",
    "throw 'no driver ' + input.bytes;",
    "throw new Error('no driver ' + input.bytes);",
    "throw new TypeError('no driver ' + input.bytes);",
    "return { data: { ['no driver ' + input.bytes]: function () {} } };",
    'return { data: { occupied: String(input.bytes) } };',
    'return { data: [String(input.bytes)] };',
  ])('keeps back what it says of a person: %s', async (body) => {
    const engine = await openCodec(`\n${codecOf(body)}`);
    const mapped = (map: ReadingMap): ReturnType<SensorModel['decode']> => sensor(engine, map).decode(1, hex('414243'));
    const { reading }: ReadingMap = { reading: { occupied: 'occupied' } };
    const open = mapped({ reading });
    const kept = mapped({ reading, personal: ['driver'] });
    if (open.ok || kept.ok) throw new Error('it was taken');
    expect(kept.problem.code).toBe(open.problem.code);
    expect(kept.problem.at).toEqual(open.problem.at);
    expect(said(kept.problem) + hintOf(kept.problem)).not.toContain('65,66,67');
    // Where the fault is in the map, only the map's file has a place for it.
    if (open.problem.code !== 'codec-map-unfit') expect(said(open.problem)).toMatch(/^vendor\.js:[23]:\d+: /);
  });

  test('cannot make an uplink', async () => {
    const model = await codec('bay-guard', guard);
    const made = model.encode({ type: 'uplink', data: {} });
    expect(made).toMatchObject({ problem: { code: 'codec-one-way' } });
    if (!made.ok) expect(hintOf(made.problem)).toBeDefined();
    expect(model.encode({ type: 'status' })).toMatchObject({ problem: { code: 'unknown-message' } });
    expect(model.encodeCommand({ type: 'downlink', data: {} })).toMatchObject({ problem: { code: 'unknown-message' } });
    expect(model.decodeCommand(2, hex('00'))).toMatchObject({ problem: { code: 'codec-no-entry' } });
  });

  test('answers the same to the same, and throws other dice for other bytes', async () => {
    const model = await codec('clock-and-dice', { reading: { count: 'calls' } });
    const diceOf = (bytes: string): unknown => (must(model.decode(2, hex(bytes)))['data'] as { dice: unknown }).dice;
    expect(diceOf('01')).toEqual(diceOf('01'));
    expect(diceOf('01')).not.toEqual(diceOf('02'));
    const again = await codec('clock-and-dice', { reading: { count: 'calls' } });
    expect(again.decode(2, hex('01'))).toEqual(model.decode(2, hex('01')));
    expect(model.toReadings(must(again.decode(2, hex('01'))))).toEqual([{ count: 1 }]);
  });
});

test('a codec of ChirpStack v3 with four heads makes four readings', async () => {
  const head = (n: number): ReadingMap['reading'] => ({
    head: n + 1,
    occupied: `heads.${n}.occupied`,
    distanceMm: { from: `heads.${n}.distance`, factor: 10 },
  });
  const model = await codec('four-heads', { reading: {}, readings: [head(0), head(1), head(7)] });
  expect(model.toReadings(must(model.decode(1, hex('02050a0f14'))))).toEqual([
    { head: 1, occupied: false, distanceMm: 50 },
    { head: 2, occupied: true, distanceMm: 100 },
  ]);
  expect(must(model.encodeCommand({ type: 'downlink', data: { minutes: 300 }, fPort: 9 }))).toEqual({
    fPort: 9,
    bytes: hex('01012c'),
  });
  expect(model.formats[0]!.rows).toContainEqual({
    where: 'data.heads.0.distance',
    name: 'readings.0.distanceMm',
    says: 'times 10',
  });
});

describe('commands', () => {
  test('go both ways', async () => {
    const model = await codec('both-ways', { reading: { occupied: 'occupied' } });
    expect(model.commandTypes).toEqual(['downlink']);
    const command = { type: 'downlink', data: { minutes: 300 } };
    const sent = must(model.encodeCommand(command));
    expect(sent).toEqual({ fPort: 12, bytes: hex('10012c') });
    expect(must(model.decodeCommand(sent.fPort, sent.bytes))).toEqual(command);
    expect(model.annotateCommand(12, sent.bytes)).toMatchObject([{ bits: 24, value: '{"minutes":300}' }]);
    expect(model.encodeCommand({ type: 'downlink', data: {} })).toMatchObject({
      problem: { code: 'codec-said-errors', facts: { errors: 'minutes are missing' } },
    });
    expect(model.decodeCommand(1, sent.bytes)).toMatchObject({ problem: { code: 'codec-said-errors' } });
    expect(model.encodeCommand({ type: 'downlink' })).toMatchObject({ problem: { code: 'bad-message' } });
  });

  test.each([
    [{ bytes: 'ff' }, 'bytes'],
    [{ bytes: [0, 256] }, 'bytes.1'],
    [{ bytes: [-1] }, 'bytes.0'],
    [{ bytes: [0.5] }, 'bytes.0'],
    [{ bytes: ['1'] }, 'bytes.0'],
    [{ bytes: new Array(243).fill(0) }, 'bytes'],
    [{ bytes: [], fPort: 0 }, 'fPort'],
    [{ bytes: [], fPort: 224 }, 'fPort'],
    [{ bytes: [], fPort: '1' }, 'fPort'],
    [{}, 'bytes'],
    [[], 'the result'],
    [null, 'the result'],
  ])('are not sent when the codec answers %j', (answer, path) => {
    const model = sensor(answering(answer), { reading: {} });
    expect(model.encodeCommand({ type: 'downlink', data: {} })).toMatchObject({
      problem: { code: 'codec-bad-result', facts: { path } },
    });
  });

  test('travel on the port of the model when the codec names none', () => {
    const model = sensor(answering({ bytes: new Array(242).fill(255) }), { reading: {} });
    expect(must(model.encodeCommand({ type: 'downlink', data: {} }))).toMatchObject({ fPort: 2 });
  });
});

test.each([
  [{ errors: ['a', 'b'] }, 'codec-said-errors'],
  [{ data: { a: 1 }, errors: ['a'] }, 'codec-said-errors'],
  [{ data: {}, errors: 'alone' }, 'codec-said-errors'],
  [{ data: {}, errors: [{ code: 4 }] }, 'codec-said-errors'],
  [{ data: [1] }, 'codec-bad-result'],
  [{ data: 'text' }, 'codec-bad-result'],
  [{}, 'codec-bad-result'],
  ['text', 'codec-bad-result'],
  [null, 'codec-bad-result'],
])('the answer %j is %s', (answer, code) => {
  expect(sensor(answering(answer), { reading: {} }).decode(2, hex('00'))).toMatchObject({ problem: { code } });
});

test('no errors, and no warnings, are none', () => {
  const model = sensor(answering({ data: {}, errors: [], warnings: [] }), { reading: { occupied: 'x' } });
  expect(must(model.decode(2, hex('00')))).toEqual({ type: 'uplink', data: {} });
  expect(model.toReadings({ type: 'uplink', data: {} })).toEqual([]);
});

describe('the map', () => {
  test('reads each kind of rule', () => {
    const data = { s: 'on', n: 4, t: '3.60', b: false, list: [{ v: 7 }], e: 'radar', f: 1.2 };
    expect(reads(data, { occupied: { from: 's', is: ['on', 'busy'] } })).toEqual([{ occupied: true }]);
    expect(reads(data, { occupied: { from: 's', is: 'busy' } })).toEqual([{ occupied: false }]);
    expect(reads(data, { occupied: { from: 'n', is: '4' } })).toEqual([{ occupied: true }]);
    expect(reads(data, { tamper: { from: 'b', is: false } })).toEqual([{ tamper: true }]);
    expect(reads(data, { batteryV: 't', count: 'n' })).toEqual([{ batteryV: 3.6, count: 4 }]);
    expect(reads({ n: 3 }, { batteryV: { from: 'n', factor: 0.1 } })).toEqual([{ batteryV: 0.3 }]);
    expect(reads(data, { distanceMm: 'list.0.v', occupied: 'b' })).toEqual([{ distanceMm: 7, occupied: false }]);
    expect(reads(data, { fault: { from: 'e', text: { radar: 'radar-failed' } } })).toEqual([{ fault: 'radar-failed' }]);
    expect(reads(data, { fault: { from: 's', text: { radar: 'radar-failed' } } })).toEqual([]);
    expect(reads(data, { firmware: 'f' })).toEqual([{ firmware: '1.2' }]);
  });

  test('leaves out what is not there, and walks along own properties only', () => {
    const rules = ['gone', 'a.b.c', 'constructor.name', '__proto__.x', 's.length', 'toString'];
    for (const path of rules) expect(reads({ a: null, s: 'text' }, { firmware: path }), path).toEqual([]);
    expect(reads({ a: null }, { batteryV: 'a', head: 3 })).toEqual([]);
    expect(reads({ e: 'toString' }, { fault: { from: 'e', text: { radar: 'radar-failed' } } })).toEqual([]);
  });

  test.each([
    [{ a: 'yes' }, { occupied: 'a' }, 'it is "yes", occupied needs true or false'],
    [{ a: 1 }, { occupied: 'a' }, 'it is 1, occupied needs true or false'],
    [{ a: [1] }, { occupied: { from: 'a', is: 1 } }, 'it is a list, '],
    [{ a: true }, { batteryV: 'a' }, 'it is true, batteryV needs a number'],
    [{ a: '3.6 V' }, { batteryV: 'a' }, 'it is "3.6 V", batteryV needs a number'],
    [{ a: '' }, { batteryV: { from: 'a', factor: 2 } }, 'batteryV needs a number'],
    [{ a: 101 }, { batteryPercent: 'a' }, 'batteryPercent needs a number from 0 to 100'],
    [{ a: 'dog' }, { restart: 'a' }, 'restart needs power-on, watchdog'],
    [{ a: {} }, { fault: 'a' }, 'it is an object, fault needs a text'],
    [{ a: 4 }, { fault: 'a' }, 'it is 4, fault needs a text'],
    [{ a: {} }, { fault: { from: 'a', text: { x: 'y' } } }, 'it is an object, '],
  ] as const)('%j does not fit %j', (data, reading, why) => {
    const problem = reads(data, reading as ReadingMap['reading']) as {
      code: string;
      facts: { path: string; why: string };
    };
    expect(problem).toMatchObject({ code: 'codec-map-unfit', facts: { path: 'data.a' } });
    expect(problem.facts.why).toContain(why);
  });

  test('makes samples that it can read', async () => {
    const model = await codec('both-ways', {
      ...guard,
      reading: { ...guard.reading, head: 'parking.head', count: 'list.0' },
    });
    for (let i = 0; i < 50; i++) {
      const [reading] = model.toReadings(model.sample('uplink', dice('seed', `${i}`)));
      expect(reading).toMatchObject({ batteryV: expect.any(Number), head: expect.any(Number) });
    }
    expect(model.sample('downlink', dice('seed', 'a'))).toMatchObject({ type: 'downlink' });
    expect(() => model.sample('other', dice('seed', 'a'))).toThrow(RangeError);
  });
});

test('a fault that holds the driver stays out of the reading', () => {
  const data = { occupied: true, fault: 'tag-deadbeef', driver: { tag: 'deadbeef' } };
  const reading = { occupied: 'occupied', fault: 'fault' };
  expect(reads(data, reading, { personal: ['driver.tag'] })).toEqual([{ occupied: true }]);
  expect(reads(data, reading)).toEqual([{ occupied: true, fault: 'tag-deadbeef' }]);
});
