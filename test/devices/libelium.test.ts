import { describe, expect, test } from 'vitest';
import v1 from '../../devices/sensors/libelium-smart-parking-v1.js';
import radar from '../../devices/sensors/libelium-smart-parking-v2-radar.js';
import v2 from '../../devices/sensors/libelium-smart-parking-v2.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import type { SensorModel } from '../../src/codec/sensor.js';

const decode = (model: SensorModel, text: string) => must(model.decode(3, hex(text)));
const readings = (model: SensorModel, text: string) => model.toReadings(decode(model, text));

describe('frame types', () => {
  test.each([
    [v1, '0', 12, 5],
    [v2, '8', 11, 8],
    [radar, '4', 11, 8],
  ])(
    'all that $id knows decode, by the low nibble alone; the next number is named in the problem',
    (model, high, length, last) => {
      const tail = '00'.repeat(length - 1);
      const types = Array.from({ length: last + 1 }, (_, n) => decode(model, `${high}${n}${tail}`).type);
      expect(types).toEqual(model.messageTypes);
      for (let n = last + 1; n < 16; n++)
        expect(model.decode(3, hex(`${high}${n.toString(16)}${tail}`))).toMatchObject({
          problem: {
            code: 'bad-value',
            facts: { field: 'frameType', value: n, expected: `a whole number from 0 to ${last}`, at: 0 },
          },
        });
    },
  );

  test('any port is taken, since no source names one', () => {
    for (const fPort of [1, 3, 200]) expect(must(v2.decode(fPort, hex('81c6'.padEnd(22, '0')))).type).toBe('keepAlive');
    expect(must(v2.encode(decode(v2, '81c6'.padEnd(22, '0')))).fPort).toBe(3);
  });

  test.each([
    [v1, 12],
    [v2, 11],
    [radar, 11],
  ])('$id: a frame of another length is a wrong length of the type that it says', (model, need) => {
    for (const have of [2, need - 1, need + 1])
      expect(model.decode(3, hex('04'.padEnd(2 * have, '0')))).toMatchObject({
        problem: { code: 'wrong-length', facts: { have, need } },
      });
    expect(model.decode(3, hex(''))).toMatchObject({ problem: { code: 'wrong-length', facts: { have: 0, need } } });
  });
});

describe('the two bytes that all have', () => {
  test.each([
    ['80', true, false],
    ['40', false, true],
    ['c0', true, true],
  ])('%s: occupied %s, battery to be changed %s', (first, occupied, batteryLow) => {
    for (const [model, length] of [
      [v1, 12],
      [v2, 11],
      [radar, 11],
    ] as const) {
      const message = decode(model, `${first}ff`.padEnd(2 * length, '0'));
      expect(message).toMatchObject({ occupied, batteryLow, frameCounter: 255 });
      expect(model.toReadings(message)).toMatchObject([{ occupied, batteryLow }]);
    }
  });

  test('bits 5 and 4 are reserved with a magnetometer alone', () => {
    expect(decode(v2, '300000'.padEnd(22, '0'))).toEqual(decode(v2, '000000'.padEnd(22, '0')));
    expect(toHex(must(v2.encode(decode(v2, '300000'.padEnd(22, '0')))).bytes)).toBe('000000'.padEnd(22, '0'));
  });

  test('with radar they are the configuration answer and a recalibration; a refusal is a fault', () => {
    expect(decode(radar, '20'.padEnd(22, '0'))).toMatchObject({ configAnswer: 'nack', recalibrated: false });
    expect(decode(radar, '10'.padEnd(22, '0'))).toMatchObject({ configAnswer: 'ack', recalibrated: true });
    expect(readings(radar, '20'.padEnd(22, '0'))).toMatchObject([{ fault: 'configuration-refused' }]);
    expect(readings(radar, '10'.padEnd(22, '0'))[0]).not.toHaveProperty('fault');
  });
});

describe('scales', () => {
  test('the battery byte goes from 2.8 to 3.82 V and no further', () => {
    const info = decode(v2, '00'.repeat(11));
    const byte = (batteryV: number): unknown => {
      const encoded = v2.encode({ ...info, batteryV });
      return encoded.ok ? encoded.value.bytes[10] : encoded.problem.code;
    };
    expect([2.8, 3.596, 3.6, 3.82].map(byte)).toEqual([0, 199, 200, 255]);
    expect([2.79, 3.83, NaN].map(byte)).toEqual(['bad-message', 'bad-message', 'bad-message']);
  });

  test('axes and temperatures are signed, millivolts are not', () => {
    expect(decode(v2, `0400ff${'8000'}${'7fff'}${'ffff'}ffff`)).toMatchObject({
      temperatureC: -1,
      xAxis: -32_768,
      yAxis: 32_767,
      zAxis: -1,
      batteryV: 65.535,
    });
    expect(decode(v1, `0400ffff${'8000'}${'7fff'}${'ffff'}0fc2`)).toMatchObject({
      temperatureRaw: -1,
      batteryV: 4.034,
    });
    expect(decode(radar, '010000d8'.padEnd(22, '0'))).toMatchObject({ temperatureC: -40 });
  });

  test('a raw temperature enters no reading', () => {
    expect(readings(v1, '0400003f34b909173f600fc2')[0]).not.toHaveProperty('temperatureC');
  });
});

test.each([
  ['20', 'sigfox-failed'],
  ['10', 'lorawan-failed'],
  ['08', 'clock-failed'],
  ['04', 'x-axis-failed'],
  ['02', 'y-axis-failed'],
  ['01', 'z-axis-failed'],
  ['07', 'x-axis-failed,y-axis-failed,z-axis-failed'],
  ['c0', undefined],
])('error byte %s is the fault %s, in both generations', (flags, fault) => {
  for (const [model, length] of [
    [v1, 12],
    [v2, 11],
  ] as const)
    expect(readings(model, `0300${flags}`.padEnd(2 * length, '0'))[0]?.fault).toBe(fault);
});

test('the sensor error of the radar is a fault with its number, beside a refused configuration', () => {
  expect(readings(radar, '2000ff'.padEnd(22, '0'))).toMatchObject([
    { fault: 'sensor-error-255,configuration-refused' },
  ]);
});

test('two start frames are one restart; the firmware is told by the one that has it', () => {
  const [first, second] = ['04', '05'].map((type) => readings(v2, `${type}0006`.padEnd(22, '0'))[0]);
  expect(first).toMatchObject({ restart: 'other' });
  expect(first).not.toHaveProperty('firmware');
  expect(second).toMatchObject({ firmware: '6' });
  expect(second).not.toHaveProperty('restart');
  expect(readings(radar, '04001e'.padEnd(22, '0'))).toMatchObject([{ restart: 'other', firmware: '30' }]);
});

describe('downlinks', () => {
  const monday = { year: 2017, month: 2, day: 13, dayOfWeek: 'monday', hour: 18, minute: 45 };

  test.each([
    ['year', 1999],
    ['year', 2100],
    ['month', 0],
    ['month', 13],
    ['day', 0],
    ['day', 32],
    ['dayOfWeek', 'someday'],
    ['hour', 24],
    ['minute', 60],
  ])('a clock with %s %s is refused', (field, value) => {
    for (const model of [v1, v2, radar])
      expect(model.encodeCommand({ type: 'setClock', ...monday, [field]: value })).toMatchObject({
        problem: { code: 'bad-message', facts: { field } },
      });
  });

  test.each([
    ['0001010000000000', { year: 2000, month: 1, day: 1, dayOfWeek: 'sunday', hour: 0, minute: 0 }],
    ['630c1f06173b0000', { year: 2099, month: 12, day: 31, dayOfWeek: 'saturday', hour: 23, minute: 59 }],
  ])('%s is the first or the last moment that a clock can be set to', (text, moment) => {
    for (const model of [v1, v2, radar]) {
      expect(must(model.decodeCommand(3, hex(text)))).toEqual({ type: 'setClock', ...moment });
      expect(toHex(must(model.encodeCommand({ type: 'setClock', ...moment })).bytes)).toBe(text);
    }
  });

  test.each([
    ['64020d01122d0000', 'year', 0],
    ['11000d01122d0000', 'month', 1],
    ['11022001122d0000', 'day', 2],
    ['11020d07122d0000', 'dayOfWeek', 3],
    ['11020d01182d0000', 'hour', 4],
    ['11020d01123c0000', 'minute', 5],
  ])('%s: the problem names %s at byte %i', (text, field, at) => {
    expect(radar.decodeCommand(3, hex(text))).toMatchObject({ problem: { code: 'bad-value', facts: { field, at } } });
  });

  test('eight bytes are a clock when they end in two empty bytes, else a configuration', () => {
    expect(must(v1.decodeCommand(3, hex('11020d01122d0000'))).type).toBe('setClock');
    expect(must(v1.decodeCommand(3, hex('11020d01122d0001'))).type).toBe('setConfiguration');
    expect(radar.commandTypes).toEqual(['setClock']);
  });

  test('the configuration has its time, the daily frame and the restart in the last two bytes', () => {
    const settings = '615d01991642';
    const command = { type: 'setConfiguration', settings, hour: 23, dailyFrame: true, reset: true, minute: 59 };
    expect(toHex(must(v2.encodeCommand(command)).bytes)).toBe(`${settings}17fb`);
    // Bits 7 to 5 of the hour have no meaning.
    expect(must(v2.decodeCommand(3, hex(`${settings}f7fb`)))).toEqual(command);
    for (const [bytes, field] of [
      ['1800', 'hour'],
      ['003c', 'minute'],
    ] as const)
      expect(v2.decodeCommand(3, hex(settings + bytes))).toMatchObject({
        problem: { code: 'bad-value', facts: { field } },
      });
  });
});

test('axes are told with their sign and without, and only one of the two is needed to make them', () => {
  const message = must(v2.decode(3, hex('04001E0E7CF2D9F91E0DDF')));
  expect(message).toMatchObject({ yAxis: -3_367, yAxisRaw: 62_169, zAxis: -1_762, zAxisRaw: 63_774 });
  const { xAxisRaw: _x, yAxisRaw: _y, zAxisRaw: _z, ...signed } = message;
  expect(v2.encode(signed as typeof message)).toEqual(v2.encode(message));
  expect(v2.encode({ ...message, yAxisRaw: 1 })).toMatchObject({ problem: { code: 'bad-message' } });
});
