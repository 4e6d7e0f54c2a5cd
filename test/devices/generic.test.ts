import { describe, expect, test } from 'vitest';
import cayenne from '../../devices/sensors/generic-cayenne.js';
import cbor from '../../devices/sensors/generic-cbor.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { lppTypes } from '../../src/codec/cayenne.js';
import type { Reading, SensorModel, SensorOptions } from '../../src/codec/sensor.js';

const heardUs = 1_768_463_990_000_000;
const readings = (model: SensorModel, text: string, options: SensorOptions = {}): readonly Reading[] => {
  expect(model.options!.safeParse(options).success).toBe(true);
  return model.toReadings(must(model.decode(7, hex(text))), { options, heardUs });
};

describe('Cayenne LPP', () => {
  const says = (text: string, options?: SensorOptions): readonly Reading[] => readings(cayenne, text, options);

  test('which item says that a car is there: presence, then digitalIn, then switch', () => {
    expect(says('038e01 020000 016601')).toEqual([{ occupied: true }]);
    expect(says('038e01 020000')).toEqual([{ occupied: false }]);
    expect(says('038e01')).toEqual([{ occupied: true }]);
    expect(says('030101')).toEqual([]);
  });

  test('of several channels the one that comes first', () =>
    expect(says('056600 016601 056602')).toEqual([{ occupied: false }, { occupied: true }]));

  test.each<[SensorOptions, string, boolean | undefined]>([
    [{ occupied: { channel: 2 } }, '016601 020000', false],
    [{ occupied: { channel: 3 } }, '016601 020000', undefined],
    [{ occupied: { type: 'switch' } }, '016601 028e00', false],
    [{ occupied: { type: 'analogIn' } }, '016600 02020001', true],
    [{ occupied: { channel: 2, type: 'generic' } }, '016600 016400000001 026400000000', false],
    [{ occupied: { channel: 1, type: 'digitalIn' } }, '016601 010000', false],
    [{ invert: true }, '016600', true],
    [{ invert: true }, '016601', false],
  ])('options %j: %s', (options, text, occupied) => expect(says(text, options)[0]?.occupied).toBe(occupied));

  test('the battery: voltage on any channel, an analogue input only by name', () => {
    expect(says('0174016d 090201f4')).toEqual([{ batteryV: 3.65 }]);
    expect(says('090201f4')).toEqual([]);
    expect(says('0174016d 090201f4', { battery: { channel: 9 } })).toEqual([{ batteryV: 5 }]);
    expect(says('037857', { battery: { channel: 9 } })).toEqual([]);
    expect(says('037857')).toEqual([{ batteryPercent: 87 }]);
    expect(says('0378ff')).toEqual([]);
  });

  test('temperature, humidity and distance: the first channel, or the one of the options', () => {
    const text = '01670010 02670020 036802 046804 0582000003e8 0682000007d0';
    expect(says(text)).toEqual([{ temperatureC: 1.6, humidityPercent: 1, distanceMm: 1000 }]);
    const options = { temperature: { channel: 2 }, humidity: { channel: 4 }, distance: { channel: 6 } };
    expect(says(text, options)).toEqual([{ temperatureC: 3.2, humidityPercent: 2, distanceMm: 2000 }]);
    expect(says('0582ffffffff')).toEqual([{ distanceMm: 4_294_967_295 }]);
  });

  test('a counter is one by the options, and then no status', () => {
    expect(says('050003')).toEqual([{ occupied: true }]);
    expect(says('050003', { count: { channel: 5 } })).toEqual([{ count: 3 }]);
    expect(says('016600 016400010000', { count: { type: 'generic' } })).toEqual([{ occupied: false, count: 65_536 }]);
    expect(says('05020001', { count: { channel: 5 } })).toEqual([]);
  });

  test('a time belongs to the status behind it, the facts of the frame to the newest', () => {
    // 20 s and 10 s before the frame was heard.
    const at = ['69689e62', '69689e6c'];
    expect(says(`0985${at[0]} 016601 0985${at[1]} 016600 01670010`)).toEqual([
      { occupied: true, ageMs: 20_000 },
      { occupied: false, ageMs: 10_000, temperatureC: 1.6 },
    ]);
    expect(says(`016601 016600 0985${at[1]}`)).toEqual([{ occupied: true }, { occupied: false, ageMs: 10_000 }]);
    expect(says(`01670010 0985${at[0]}`)).toEqual([{ temperatureC: 1.6, ageMs: 20_000 }]);
    expect(says('0985000003e8 016601')).toEqual([{ occupied: true }]);
  });

  test('every raw number of every type comes back as it was', () => {
    for (const [number, { numbers }] of Object.entries(lppTypes))
      for (const byte of [0x00, 0x01, 0x7f, 0x80, 0x81, 0xff, 0x5a]) {
        const size = numbers.reduce((sum, { bytes }) => sum + bytes, 0);
        const text = toHex(Uint8Array.of(255, Number(number))) + toHex(new Uint8Array(size).fill(byte));
        const message = must(cayenne.decode(1, hex(text)));
        expect(toHex(must(cayenne.encode(message)).bytes)).toBe(text);
      }
  });

  test('what cannot be read is told with its byte', () => {
    expect(cayenne.decode(1, hex('0166'))).toMatchObject({
      problem: { code: 'too-short', facts: { have: 2, need: 3, at: 2 } },
    });
    expect(cayenne.decode(1, hex('01f003'))).toMatchObject({
      problem: { code: 'unknown-item', facts: { item: '01f0', at: 0 } },
    });
    expect(must(cayenne.decode(1, hex('016601 02f003 036600')))).toMatchObject({ rest: '02f003036600' });
  });

  test.each([
    { occupied: {} },
    { occupied: { channel: 256 } },
    { occupied: { type: 'gps' } },
    { battery: { type: 'voltage' } },
    { batery: {} },
  ])('options %j are refused', (options) => expect(cayenne.options!.safeParse(options).success).toBe(false));
});

describe('CBOR', () => {
  const encoded = (message: object): string => toHex(must(cbor.encode(message as never)).bytes);
  const map = (fields: object, options?: SensorOptions): readonly Reading[] =>
    readings(cbor, encoded({ type: 'map', fields }), options);
  const pack = (records: readonly object[], options?: SensorOptions): readonly Reading[] =>
    readings(cbor, encoded({ type: 'senml', records }), options);

  test.each<[object, Reading]>([
    [{ occupied: 1 }, { occupied: true }],
    [{ Occupancy: false }, { occupied: false }],
    [{ battery_mv: 3612 }, { batteryV: 3.612 }],
    [{ mv: 3612 }, { batteryV: 3.612 }],
    [{ v: 3.6 }, { batteryV: 3.6 }],
    [{ p: 87 }, { batteryPercent: 87 }],
    [{ 'low-battery': true }, { batteryLow: true }],
    [
      { t: -4.5, h: 81 },
      { temperatureC: -4.5, humidityPercent: 81 },
    ],
    [{ d: 1500.4 }, { distanceMm: 1500 }],
    [
      { c: 3, tamper: true },
      { count: 3, tamper: true },
    ],
    [
      { o: true, head: 2 },
      { occupied: true, head: 2 },
    ],
    [
      { o: true, a: 1.5 },
      { occupied: true, ageMs: 1500 },
    ],
    [
      { o: true, time: 1_768_463_970 },
      { occupied: true, ageMs: 20_000 },
    ],
    [{ o: true, time: 12 }, { occupied: true }],
    [{ restart: 'watchdog' }, { restart: 'watchdog' }],
    [
      { boot: 'cosmic ray', fw: '1.4.0-rc.1' },
      { restart: 'other', firmware: '1.4.0-rc.1' },
    ],
    [{ f: 'Radar FAILED!, cold' }, { fault: 'radar-failed,cold' }],
    [{ error: 7 }, { fault: 'fault-7' }],
    [{ fault: true }, { fault: 'fault' }],
    [{ o: true, fault: '', restart: false }, { occupied: true }],
  ])('the map %j', (fields, reading) => expect(map(fields)).toEqual([reading]));

  test.each<[object, string]>([
    [{ t: null }, 'unreadable-temperature'],
    [{ t: 'cold' }, 'unreadable-temperature'],
    [{ o: 'yes' }, 'unreadable-occupied'],
    [{ p: 101 }, 'unreadable-battery-percent'],
    [{ h: -1 }, 'unreadable-humidity'],
    [{ v: 3600 }, 'unreadable-battery'],
    [{ c: 1.5 }, 'unreadable-count'],
    [{ d: -1 }, 'unreadable-distance'],
    [{ f: [1] }, 'unreadable-fault'],
    [{ fault: '...' }, 'unreadable-fault'],
    [{ fault: -1 }, 'unreadable-fault'],
    [{ fw: 'x'.repeat(33) }, 'unreadable-firmware'],
    [{ restart: [] }, 'unreadable-restart'],
    [{ head: 0 }, 'unreadable-head'],
    [{ a: -1 }, 'unreadable-age'],
    [{ t: null, o: 'yes' }, 'unreadable-occupied,unreadable-temperature'],
  ])('a known word with a value that it cannot have, %j, is the fault %s', (fields, fault) =>
    expect(map(fields)[0]!.fault!.split(',').sort()).toEqual(fault.split(',')),
  );

  test.each<object>([
    {},
    { plate: 'S-AB 123' },
    { head: 1 },
    { age: 5 },
    { constructor: 1, toString: true },
    { 0: true },
  ])('the map %j says nothing about the bay', (fields) => expect(map(fields)).toEqual([]));

  test('a key of somebody’s own stays in the message and out of the reading', () => {
    const text = encoded({ type: 'map', fields: { o: true, plate: 'S-AB 123' } });
    expect(cbor.decode(1, hex(text))).toMatchObject({ value: { fields: { plate: 'S-AB 123' } } });
    expect(readings(cbor, text)).toEqual([{ occupied: true }]);
  });

  test('the firmware’s own names, which replace ours for the same word', () => {
    const options = { fields: { occupied: 'bay', temperature: '1', battery: 'o' } };
    expect(map({ bay: true, 1: 20, o: 3.5, occupied: false }, options)).toEqual([
      { occupied: true, temperatureC: 20, batteryV: 3.5 },
    ]);
    expect(readings(cbor, 'a100f5', { fields: { occupied: '0' } })).toEqual([{ occupied: true }]);
    expect(pack([{ n: 'bay/1', vb: true }], { fields: { occupied: 'bay/1' } })).toEqual([{ occupied: true }]);
    expect(map({ free: false }, { fields: { occupied: 'free' }, invert: true })).toEqual([{ occupied: true }]);
  });

  test.each([{ fields: { bay: 'occupied' } }, { fields: { occupied: '' } }, { field: {} }, { invert: 1 }])(
    'options %j are refused',
    (options) => expect(cbor.options!.safeParse(options).success).toBe(false),
  );

  test('SenML: the base name, time, unit and value are worked in, until others come', () => {
    const records = [
      { bn: 'urn:dev:eui:0011223344556677:', bt: 1_768_463_970, bu: 'V', bv: 3, n: 'battery', v: 0.5 },
      { n: 'occupied', vb: true, t: 10 },
      { bn: 'mast/temperature', bu: 'Cel', bv: -10, bt: 0, v: 4 },
    ];
    expect(pack(records)).toEqual([
      { ageMs: 20_000, batteryV: 3.5 },
      { ageMs: 10_000, occupied: true },
      { temperatureC: -6 },
    ]);
  });

  test.each<[object, Reading]>([
    [{ n: 'battery', u: 'mV', v: 3612 }, { batteryV: 3.612 }],
    [{ n: 'battery', u: '/', v: 0.87 }, { batteryPercent: 87 }],
    [{ n: 'battery', u: '%', v: 87 }, { batteryPercent: 87 }],
    [{ n: 'battery', u: 'EL', v: 86_400 }, { fault: 'unreadable-battery' }],
    [{ n: 'temperature', u: 'K', v: 277.15 }, { temperatureC: 4 }],
    [{ n: 'temperature', u: 'toString', v: 4 }, { fault: 'unreadable-temperature' }],
    [{ n: 'temperature', u: 'Cel', v: null }, { fault: 'unreadable-temperature' }],
    [{ n: 'distance', u: 'm', v: 1.234 }, { distanceMm: 1234 }],
    [{ n: 'distance', u: 'cm', v: 123.4 }, { distanceMm: 1234 }],
    [{ n: 'distance', v: 1234 }, { distanceMm: 1234 }],
    [{ n: 'humidity', u: '%RH', v: 40 }, { humidityPercent: 40 }],
    [{ n: 'parking', v: 0 }, { occupied: false }],
    [{ n: 'fault', vs: 'flooded' }, { fault: 'flooded' }],
    [{ n: 'presence', bv: 1 }, { occupied: true }],
    [
      { n: 'occupied', vb: true, t: -0.5 },
      { occupied: true, ageMs: 500 },
    ],
    [{ n: 'occupied', vb: true, t: 3600 }, { occupied: true }],
    [{ n: 'occupied', vb: true, t: 2 ** 28 - 1 }, { occupied: true }],
    [{ n: 'occupied', vb: true, t: 2 ** 28 }, { occupied: true }],
  ])('SenML: the record %j', (record, reading) => expect(pack([record])).toEqual([reading]));

  test('the assembled sample: occupied at 4 °C, twenty seconds before it was heard', () => {
    const records = [
      { bn: 'urn:dev:eui:0011223344556677:', bt: 1_768_463_970, n: 'occupied', vb: true },
      { n: 'temperature', u: 'Cel', v: 4 },
    ];
    expect(pack(records)).toEqual([{ occupied: true, temperatureC: 4, ageMs: 20_000 }]);
    expect(cbor.toReadings({ type: 'senml', records })).toEqual([{ occupied: true, temperatureC: 4 }]);
  });

  test('SenML: several moments, oldest first, each once; the same name again is another moment', () => {
    const records = [
      { n: 'occupied', vb: false },
      { n: 'occupied', vb: true, t: -60 },
      { n: 'temperature', v: 5, t: -60 },
      { n: 'occupied', vb: false, t: 1_768_463_900 },
      { n: 'count', v: 9 },
      { n: 'occupied', vb: true },
    ];
    const last = [{ occupied: false, count: 9 }, { occupied: true }];
    expect(pack(records)).toEqual([
      { ageMs: 90_000, occupied: false },
      { ageMs: 60_000, occupied: true, temperatureC: 5 },
      ...last,
    ]);
    // When it is not known when it was heard, the order stays.
    expect(cbor.toReadings({ type: 'senml', records }).map(({ occupied }) => occupied)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('an id of 64 bits and a tag of somebody’s own cost nothing of the frame', () => {
    // { "o": true, "id": 8121069293711397428, "mac": 48(h'0a1b') }
    const text = 'a3 616f f5 626964 1b70b3d57ed0001234 636d6163 d830 420a1b'.replaceAll(' ', '');
    expect(cbor.decode(2, hex(text))).toMatchObject({
      value: { fields: { id: '8121069293711397428', mac: { hex: '0a1b' } } },
    });
    expect(readings(cbor, text)).toEqual([{ occupied: true }]);
  });

  test('floats of 32 bits, which firmware has, do not show their noise', () => {
    // { "t": 21.3, "h": 45.2, "v": 3.61 }
    expect(readings(cbor, 'a3 6174 fa41aa6666 6168 fa4234cccd 6176 fa40670a3d'.replaceAll(' ', ''))).toEqual([
      { temperatureC: 21.3, humidityPercent: 45.2, batteryV: 3.61 },
    ]);
    expect(pack([{ n: 'temperature', u: 'K', v: Math.fround(294.45) }])).toEqual([{ temperatureC: 21.3 }]);
  });

  test.each<[object, Reading]>([
    [{ occ: true }, { occupied: true }],
    [{ parked: 1 }, { occupied: true }],
    [{ car: false }, { occupied: false }],
    [
      { batteryV: 3.6, temperatureC: 4, humidityPercent: 80, distanceMm: 1500 },
      { batteryV: 3.6, temperatureC: 4, humidityPercent: 80, distanceMm: 1500 },
    ],
    [
      { hum: 80, dist: 1500 },
      { humidityPercent: 80, distanceMm: 1500 },
    ],
    [{ fw: 1.2 }, { firmware: '1.2' }],
    [{ fw: 3 }, { firmware: '3' }],
  ])('words that firmware would use: %j', (fields, reading) => expect(map(fields)).toEqual([reading]));

  test('a list of plain maps is a reading for each', () => {
    expect(
      pack([
        { o: true, t: 5, head: 1 },
        { o: false, head: 2 },
      ]),
    ).toEqual([
      { occupied: true, temperatureC: 5, head: 1 },
      { occupied: false, head: 2 },
    ]);
    // A value and a time without a name say nothing.
    expect(pack([{ v: 3, t: -60 }])).toEqual([]);
  });

  test('SenML: a base name without a separator behind it', () => {
    expect(pack([{ bn: 'bay7', n: 'occupied', vb: true }])).toEqual([{ occupied: true }]);
    expect(pack([{ bn: 'urn:dev:eui:0011223344556677', n: 'mast/temperature', v: 4 }])).toEqual([{ temperatureC: 4 }]);
  });

  test('SenML: records that only set a base, or mean nothing to us', () =>
    expect(pack([{ bn: 'a:', bt: 5, bv: 1 }, { n: 'lux', v: 3 }, { vs: 'x' }])).toEqual([]));

  test.each([
    ['f5', 0, 'a simple', 'a list of SenML records, or a map'],
    ['80', 0, 'an empty list', 'a list of SenML records, or a map'],
    ['8101', 1, 'a number in a list', 'a list of SenML records, or a map'],
  ])('%s cannot be read', (text, at, what, expected) =>
    expect(cbor.decode(1, hex(text))).toEqual({
      ok: false,
      problem: { code: 'bad-cbor', facts: { at, what, expected } },
    }),
  );
});
