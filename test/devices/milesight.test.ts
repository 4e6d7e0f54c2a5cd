import { describe, expect, test } from 'vitest';
import em310 from '../../devices/sensors/milesight-em310-udl.js';
import mud from '../../devices/sensors/milesight-em400-mud.js';
import udl from '../../devices/sensors/milesight-em400-udl.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import type { SensorModel } from '../../src/codec/sensor.js';

const read = (model: SensorModel, text: string, fPort = 85) => model.decode(fPort, hex(text));
const readings = (model: SensorModel, text: string) => model.toReadings(must(read(model, text)));

describe('uplinks', () => {
  test.each([85, 100, 2])('the application port is a setting: port %i is read, 85 is written', (fPort) => {
    const message = must(read(mud, '017564', fPort));
    expect(message).toEqual({ type: 'report', batteryPercent: 100 });
    expect(must(mud.encode(message)).fPort).toBe(85);
  });

  test('channels of EM310 are no channels of EM400, and the other way round', () => {
    expect(read(mud, '03824408')).toMatchObject({ ok: false, problem: { code: 'unknown-item', facts: { at: 0 } } });
    expect(read(em310, '04824408')).toMatchObject({ ok: false, problem: { code: 'unknown-item', facts: { at: 0 } } });
    expect(read(em310, '0367010103824408')).toMatchObject({ ok: false });
    expect(must(read(em310, '017564036701010382ffff'))).toEqual({
      type: 'report',
      batteryPercent: 100,
      rest: '036701010382ffff',
    });
  });

  test.each([
    ['', 'too-short', 0],
    ['01', 'too-short', 1],
    ['0175', 'too-short', 2],
    ['048244', 'too-short', 3],
    ['ff16000102', 'too-short', 5],
    ['fe06', 'too-short', 2],
    ['0688ffffffffffffffff20', 'unknown-item', 0],
    ['fe0900', 'unknown-item', 0],
    ['00', 'too-short', 1],
  ])('%s: %s at byte %i', (text, code, at) =>
    expect(read(mud, text)).toMatchObject({ ok: false, problem: { code, facts: { at } } }),
  );

  test('what is cut off behind a good beginning is kept', () => {
    expect(must(read(mud, '01755c0367'))).toEqual({ type: 'report', batteryPercent: 92, rest: '0367' });
    expect(must(read(mud, 'fe023c00fe')).rest).toBe('fe');
    // A tag that comes again says something that we do not know the order of.
    expect(must(read(mud, '01755c01755b')).rest).toBe('01755b');
  });

  test('the first tag says which message it is, and all tags are read', () => {
    for (const [text, type] of [
      ['017564ff0a0114fe1001', 'report'],
      ['ff0a0114017564', 'deviceInfo'],
      ['ff035802ff0a0114', 'echo'],
      ['fe035802ff0a0114', 'answer'],
    ] as const)
      expect(must(read(mud, text))).toMatchObject({ type, firmware: '1.14' });
    expect(mud.encode({ type: 'report', firmware: '1.14' })).toMatchObject({
      problem: { code: 'bad-message', facts: { field: 'firmware', why: 'must not come first' } },
    });
  });

  test.each([
    ['ff0101', { protocol: '0.1' }],
    ['ff01ff', { protocol: '15.15' }],
    ['ff090110', { hardware: '1.1' }],
    ['ff0901f0', { hardware: '1.15' }],
    ['ff0a0110', { firmware: '1.10' }],
    ['ff0a121f', { firmware: '12.1f' }],
    ['ffffff0a', { thingModel: '255.10' }],
    ['ff0f07', { loraClass: 'unknown-7' }],
  ])('%s reads %o and is written so', (text, fields) => {
    expect(must(read(udl, text))).toEqual({ type: 'deviceInfo', ...fields });
    expect(toHex(must(udl.encode({ type: 'deviceInfo', ...fields })).bytes)).toBe(text);
  });

  test('the unused half byte of the hardware version is written as zero', () =>
    expect(toHex(must(udl.encode(must(read(udl, 'ff09011f')))).bytes)).toBe('ff090110'));

  test.each(['1', '1.', '01.1', '1.16', '100.1', 'v1.1', '1.1.1', 1.1])('%s is no hardware version', (hardware) =>
    expect(udl.encode({ type: 'deviceInfo', hardware })).toMatchObject({ problem: { code: 'bad-message' } }),
  );

  test('power on and reset are read whatever their byte says', () => {
    expect(readings(mud, 'ff0b00')).toEqual([{ restart: 'power-on' }]);
    expect(readings(mud, 'ff0bfffffe01')).toEqual([{ restart: 'other' }]);
  });
});

describe('readings', () => {
  test.each(['0482ffff', '04820000', '8482ffff01', '8482000000'])('%s is no distance', (text) =>
    expect(readings(mud, text)).toEqual([{ fault: 'no-echo' }]),
  );
  test('the smallest and the largest distance that are one', () => {
    expect(readings(mud, '04820100')).toEqual([{ distanceMm: 1 }]);
    expect(readings(mud, '0482feff')).toEqual([{ distanceMm: 65_534 }]);
  });
  test('an alarm on the distance is no fault, one on the temperature is, and both together are two', () => {
    expect(readings(mud, '8482410601')).toEqual([{ distanceMm: 1_601 }]);
    expect(readings(mud, '8367e8000184820000ff')).toEqual([{ temperatureC: 23.2, fault: 'temperature-alarm,no-echo' }]);
    expect(readings(mud, '8367e80000')).toEqual([{ temperatureC: 23.2 }]);
  });
  test('a tilt is tampering; a position that nobody knows is neither', () => {
    expect(readings(mud, '050001')).toEqual([{ tamper: true }]);
    expect(readings(mud, '050000')).toEqual([{ tamper: false }]);
    expect(readings(mud, '050002')).toEqual([]);
  });
  test('more than a full battery is not told', () => {
    expect(readings(mud, '0175ff')).toEqual([]);
    expect(readings(em310, '017500')).toEqual([{ batteryPercent: 0 }]);
  });
  test('answers say nothing about the bay, and never that it is taken', () => {
    expect(readings(mud, 'fe10ff')).toEqual([]);
    for (const { message } of mud.examples)
      for (const reading of mud.toReadings(message)) expect(reading).not.toHaveProperty('occupied');
  });
});

describe('commands', () => {
  test('each model knows its own', () => {
    const only = (model: SensorModel) => mud.commandTypes.filter((type) => !model.commandTypes.includes(type));
    expect(mud.commandTypes).toHaveLength(14);
    expect(only(udl)).toEqual(['setInstallHeight']);
    expect([...em310.commandTypes].sort()).toEqual(
      ['reboot', 'setAlarm', 'setCollectionInterval', 'setReportInterval', 'setSeveral'].sort(),
    );
    expect(em310.decodeCommand(85, hex('ff7102')).ok).toBe(false);
    expect(udl.decodeCommand(85, hex('ff77c409')).ok).toBe(false);
    expect(must(udl.decodeCommand(85, hex('ff7102')))).toEqual({ type: 'setWorkingMode', workingMode: 'unknown-2' });
  });

  test('thresholds are whole millimetres up to 65535, and unsigned on every model', () => {
    const alarm = { releaseReport: false, mode: 'standard', condition: 'above', minMm: 0 };
    expect(toHex(must(mud.encodeCommand({ type: 'setAlarm', ...alarm, maxMm: 65_535 })).bytes)).toBe(
      'ff060a0000ffff00000000',
    );
    for (const maxMm of [-1, 0.5, 65_536, Number.NaN, '7'])
      expect(mud.encodeCommand({ type: 'setAlarm', ...alarm, maxMm })).toMatchObject({
        problem: { code: 'bad-message', facts: { field: 'maxMm' } },
      });
    expect(must(em310.decodeCommand(85, hex('ff060a0000ffff00000000')))).toMatchObject({ maxMm: 65_535 });
  });

  test('one command is no several, and too long a one is none', () => {
    expect(must(mud.decodeCommand(85, hex('ff023c00'))).type).toBe('setCollectionInterval');
    expect(mud.decodeCommand(85, hex('ff023c0000'))).toMatchObject({ problem: { facts: { at: 4 } } });
    expect(mud.encodeCommand({ type: 'setSeveral', reportIntervalS: 60 })).toMatchObject({
      problem: { code: 'bad-message', facts: { why: 'at least 2 values are expected' } },
    });
  });

  test('what a request carries is not looked at', () =>
    expect(must(mud.decodeCommand(85, hex('ff1000')))).toEqual({ type: 'reboot' }));
});
