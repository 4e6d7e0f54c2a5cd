import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentenceOf } from '../../src/base/problem.js';
import { restartCauses } from '../../src/codec/sensor.js';
import {
  asWritten,
  eventFields,
  eventFromJson,
  eventJson,
  eventJsonSchema,
} from '../../src/dialects/city/stellwerk-json.js';
import { checkTopic, fillTopic } from '../../src/dialects/city/topics.js';
import { eventKinds, qualityFlags, type ParkingEvent } from '../../src/parking/event.js';

const full: ParkingEvent = {
  id: '00112233445566aa-0',
  kind: 'occupied',
  bay: 'og-07',
  lot: 'oberer-graben',
  occupied: true,
  sinceUs: 1_780_293_600_123_000,
  sensorTimeUs: 1_780_293_600_123_000,
  assertedTimeUs: 1_780_293_600_456_000,
  batteryV: 3.05,
  batteryPercent: 80,
  batteryLow: false,
  temperatureC: -4.5,
  distanceMm: 310,
  count: 12,
  fault: 'error-register',
  restart: 'watchdog',
  tags: ['0123456789abcdef'],
  radio: { gateway: '0253544b47570001', rssiDbm: -97, snrDb: 6.5, gateways: 2 },
  device: '0200000000000001',
  model: 'some-model',
  frame: '00112233445566aa',
  fCnt: 70_000,
  findings: ['flapping'],
  quality: ['first-report', 'late'],
  simulated: true,
};
const bare: ParkingEvent = {
  id: 'f-0',
  kind: 'notice',
  bay: 'b',
  lot: 'l',
  occupied: undefined,
  sinceUs: undefined,
  sensorTimeUs: 0,
  assertedTimeUs: 0,
  model: 'm',
  frame: 'f',
  quality: [],
};

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms * 1000);
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((n) => n + 0);
const count = fc.nat();
const text = fc.string({ minLength: 1 });
const event: fc.Arbitrary<ParkingEvent> = fc
  .record(
    {
      id: text,
      kind: fc.constantFrom(...eventKinds),
      bay: text,
      lot: text,
      occupied: fc.option(fc.boolean(), { nil: undefined }),
      sinceUs: fc.option(instant, { nil: undefined }),
      sensorTimeUs: instant,
      assertedTimeUs: instant,
      device: text,
      model: text,
      frame: text,
      quality: fc.subarray([...qualityFlags]),
      batteryV: number,
      batteryPercent: number,
      batteryLow: fc.boolean(),
      temperatureC: number,
      distanceMm: number,
      count,
      fault: text,
      restart: fc.constantFrom(...restartCauses),
      tags: fc.array(text),
      radio: fc.record(
        { gateway: text, rssiDbm: number, snrDb: number, gateways: count },
        { requiredKeys: ['gateway', 'rssiDbm', 'gateways'] },
      ),
      fCnt: count,
      simulated: fc.constant(true as const),
    },
    {
      requiredKeys: [
        ...(['id', 'kind', 'bay', 'lot', 'occupied', 'sinceUs', 'sensorTimeUs', 'assertedTimeUs'] as const),
        ...(['device', 'model', 'frame', 'quality'] as const),
      ],
    },
  )
  .map((one) => one as ParkingEvent);

describe('a parking event as JSON', () => {
  test('a full one', () =>
    expect(eventJson(full)).toEqual({
      v: 1,
      id: '00112233445566aa-0',
      kind: 'occupied',
      bay: 'og-07',
      lot: 'oberer-graben',
      occupied: true,
      since: '2026-06-01T06:00:00.123Z',
      sensorTime: '2026-06-01T06:00:00.123Z',
      assertedTime: '2026-06-01T06:00:00.456Z',
      battery: { volts: 3.05, percent: 80, low: false },
      temperatureC: -4.5,
      distanceMm: 310,
      count: 12,
      fault: 'error-register',
      restart: 'watchdog',
      tags: ['0123456789abcdef'],
      radio: { gateway: '0253544b47570001', rssiDbm: -97, snrDb: 6.5, gateways: 2 },
      device: '0200000000000001',
      model: 'some-model',
      frame: '00112233445566aa',
      fCnt: 70_000,
      quality: ['first-report', 'late'],
      findings: ['flapping'],
      simulated: true,
    }));

  test('what was not said is absent; an unknown bay is null', () =>
    expect(Object.keys(eventJson(bare))).toEqual([
      ...['v', 'id', 'kind', 'bay', 'lot', 'occupied', 'sensorTime', 'assertedTime', 'model', 'frame', 'quality'],
    ]));

  test('every event comes back, to the millisecond', () => {
    expect(eventFromJson(JSON.parse(JSON.stringify(eventJson(full))))).toEqual({ ok: true, value: full });
    fc.assert(
      fc.property(event, (one) => {
        expect(eventFromJson(JSON.parse(JSON.stringify(eventJson(one))))).toEqual({ ok: true, value: one });
      }),
    );
    const odd = { ...bare, sensorTimeUs: 1_000_999 };
    expect(eventFromJson(eventJson(odd))).toMatchObject({ value: { sensorTimeUs: asWritten(1_000_999) } });
  });

  test('the schema and the table know every field that is written, and no other', () => {
    const written = Object.keys(eventJson(full)).sort();
    expect(Object.keys(eventJsonSchema.properties).sort()).toEqual(written);
    expect(eventFields.flatMap(([names]) => names.split(', ')).sort()).toEqual(written);
    expect([...eventJsonSchema.required].sort()).toEqual(Object.keys(eventJson(bare)).sort());
  });

  test.each([
    ['nothing', null, 'event'],
    ['a list', [], 'event'],
    ['another version', { ...eventJson(full), v: 2 }, 'v'],
    ['a kind of its own', { ...eventJson(full), kind: 'toString' }, 'kind'],
    ['a bay that is a number', { ...eventJson(full), bay: 7 }, 'bay'],
    ['occupied as a text', { ...eventJson(full), occupied: 'yes' }, 'occupied'],
    ['occupied left out', { ...eventJson(full), occupied: undefined }, 'occupied'],
    ['a time without its zone', { ...eventJson(full), sensorTime: '2026-06-01T06:00:00' }, 'sensorTime'],
    ['a since that is none', { ...eventJson(full), since: 'yesterday' }, 'since'],
    ['an unknown flag', { ...eventJson(full), quality: ['splendid'] }, 'quality'],
    ['an unknown restart', { ...eventJson(full), restart: 'magic' }, 'restart'],
    ['a temperature as a text', { ...eventJson(full), temperatureC: '4' }, 'temperatureC'],
    ['half a radio', { ...eventJson(full), radio: { gateway: 'g' } }, 'radio'],
    ['a battery that is a number', { ...eventJson(full), battery: 3 }, 'battery'],
    ['a counter below zero', { ...eventJson(full), fCnt: -1 }, 'fCnt'],
    ['simulated: false', { ...eventJson(full), simulated: false }, 'simulated'],
  ])('%s is refused by name', (_what, value, field) =>
    expect(eventFromJson(value)).toMatchObject({ problem: { code: 'bad-field', facts: { field } } }),
  );

  test('no JSON value throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof eventFromJson(value).ok === 'boolean'));
    const damaged = fc.tuple(fc.constantFrom(...Object.keys(eventJson(full))), fc.jsonValue());
    fc.assert(
      fc.property(damaged, ([name, value]) => {
        const read = eventFromJson({ ...eventJson(full), [name]: value });
        // What is taken can be written again.
        return !read.ok || eventJson(read.value).v === 1;
      }),
    );
  });
});

describe('topics', () => {
  test('the names in braces are filled in', () =>
    expect(fillTopic('{prefix}/lot/{lot}/bay/{bay}', { prefix: 'town/parking', lot: 'a', bay: 'b-1' })).toBe(
      'town/parking/lot/a/bay/b-1',
    ));

  test('a name cannot add a level, a wildcard or a control character', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (bay) => {
        const topic = fillTopic('p/{bay}/x', { bay });
        expect(topic.split('/')).toHaveLength(3);

        expect(topic).not.toMatch(/[+#\u0000-\u001f\u007f-\u009f]/);
      }),
    ));

  test('different names stay different', () => {
    const topicOf = (bay: string): string => fillTopic('{bay}', { bay });
    const names = ['a/b', 'a_b', 'a+b', 'a#b', 'a%b', 'a%2Fb', 'a\u0000b', 'ab', ''];
    expect(new Set(names.map(topicOf)).size).toBe(names.length);
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => a === b || topicOf(a) !== topicOf(b)));
  });

  test('an unknown name is refused with the known ones', () => {
    const checked = checkTopic('{prefix}/{bayy}');
    expect(checked).toMatchObject({ problem: { code: 'topic-hole', facts: { hole: '{bayy}' } } });
    expect(!checked.ok && sentenceOf(checked.problem)).toBe(
      'the topic {prefix}/{bayy} names {bayy}, which is not known',
    );
  });

  test.each(['', 'a/+/b', 'a/#', 'a\u0000b', '{bay', 'a}', '{toString}', '{}'])('%j is no topic', (template) =>
    expect(checkTopic(template).ok).toBe(false),
  );

  test.each(['{prefix}/events', 'a', 'lot/{lot}'])('%j is one', (template) =>
    expect(checkTopic(template).ok).toBe(true),
  );
});
