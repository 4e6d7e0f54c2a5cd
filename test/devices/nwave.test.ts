import { describe, expect, test } from 'vitest';
import ncc from '../../devices/sensors/nwave-ncc405.js';
import nps310 from '../../devices/sensors/nwave-nps310.js';
import nps, { batteryHealth } from '../../devices/sensors/nwave-nps405.js';
import { compressed, compressedMin, mostMin } from '../../devices/sensors/nwave/messages.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import type { SensorModel } from '../../src/codec/sensor.js';

const decode = (model: SensorModel, fPort: number, text: string, options = {}) =>
  must(model.decode(fPort, hex(text), { options }));

describe('the compressed duration', () => {
  test('every one of its 128 numbers goes both ways, and they grow', () => {
    const minutes = Array.from({ length: 128 }, (_, raw) => compressedMin.read(raw)!);
    expect(minutes.map((value) => compressedMin.write(value))).toEqual(minutes.map((_, raw) => raw));
    expect([...minutes].sort((a, b) => a - b)).toEqual(minutes);
    expect(new Set(minutes).size).toBe(128);
  });

  test('each step ends where the next begins', () => {
    const minutes = Array.from({ length: 127 }, (_, raw) => compressedMin.read(raw)!);
    for (const [raw, least] of minutes.entries()) expect(mostMin(least)! + 1).toBe(minutes[raw + 1] ?? 660);
    expect(mostMin(660)).toBeUndefined();
  });

  test.each([-1, 89.5, 91, 236, 241, 659, 661, Number.NaN, Infinity, '90'])('%s minutes cannot be said', (minutes) => {
    expect(nps.encode({ type: 'status', occupied: true, previousLeastMin: minutes })).toMatchObject({
      problem: { code: 'bad-message', facts: { field: 'previousLeastMin' } },
    });
  });

  test('the upper end may be left out, not be another', () => {
    const status = { type: 'status', occupied: true, previousLeastMin: 240 };
    expect(toHex(must(nps.encode(status)).bytes)).toBe('f1');
    expect(toHex(must(nps.encode({ ...status, previousMostMin: 299 })).bytes)).toBe('f1');
    expect(nps.encode({ ...status, previousMostMin: 300 })).toMatchObject({ problem: { code: 'bad-message' } });
  });

  test.each([
    [0, 0],
    [89, 89],
    [94, 90],
    [239, 235],
    [240, 240],
    [659, 600],
    [660, 660],
    [100_000, 660],
  ])('%i minutes are told as %i or more', (minutes, told) => {
    expect(compressed(minutes)).toBe(told);
  });
});

describe('NPS405', () => {
  test.each([
    [3, -5, 'normal'],
    [2.996, -5, 'low'],
    [2.9, -5, 'low'],
    [2.896, -5, 'critical'],
    [2.9, -5.5, 'normal'],
    [2.896, -5.5, 'low'],
    [2.8, -5.5, 'low'],
    [2.796, -5.5, 'critical'],
  ])('%f V at %f °C are %s', (batteryV, temperatureC, health) => {
    expect(batteryHealth(batteryV, temperatureC)).toBe(health);
  });

  test('a bad battery is low in the reading; in the cold the same one is good', () => {
    expect(nps.toReadings(decode(nps, 2, '006ee2590b0b'))).toMatchObject([{ batteryV: 2.94, batteryLow: true }]);
    expect(nps.toReadings(decode(nps, 2, '006ee1590b0b'))).toMatchObject([{ batteryV: 2.94, batteryLow: false }]);
  });

  test('the battery byte has no sign and the temperature bytes have one', () => {
    expect(decode(nps, 2, '00ff80807fff')).toMatchObject({
      batteryV: 3.52,
      temperatureC: -54,
      temperatureMinC: -54,
      temperatureMaxC: 73.5,
      meanCurrentUa: 630,
    });
  });

  test('what is above the occupancy is a fault, without the occupancy and the highest bit', () => {
    const faultOf = (first: string) => nps.toReadings(decode(nps, 2, `${first}d3d800590b`))[0]!.fault;
    expect(['00', '01', '80', '81'].map(faultOf)).toEqual([undefined, undefined, undefined, undefined]);
    expect(['02', '03', '7e', 'ff'].map(faultOf)).toEqual([
      'hardware-error-1',
      'hardware-error-1',
      'hardware-error-63',
      'hardware-error-63',
    ]);
  });

  test('a tag names its driver to whoever asks for identifiers, and to nobody else', () => {
    const [withState, without] = [decode(nps, 10, 'e9ff000001'), decode(nps, 10, 'd0ff000001')];
    expect(withState).toMatchObject({ type: 'userTag', occupied: true, previousLeastMin: 220, tag: 'ff000001' });
    expect(without).toEqual({ type: 'userTagOnly', tag: 'ff000001' });
    for (const message of [withState, without]) expect(nps.identifiers(message)).toEqual(['ff000001']);
    expect(nps.toReadings(withState)).toEqual([{ occupied: true }]);
    expect(nps.toReadings(without)).toEqual([]);
    expect(nps.identifiers(decode(nps, 1, '01'))).toEqual([]);
    const shown = nps.formats.filter(({ rows }) => rows.some(({ personal }) => personal));
    expect(shown.map(({ type }) => type)).toEqual(['userTag', 'userTagOnly']);
  });

  test('a tag with a state says that the bay is taken', () => {
    const message = { type: 'userTag', previousLeastMin: 0, tag: '00000001' };
    expect(nps.encode({ ...message, occupied: false })).toMatchObject({ problem: { code: 'bad-message' } });
    expect(toHex(must(nps.encode({ ...message, occupied: true })).bytes)).toBe('0100000001');
  });

  test.each([
    [1, '', 'wrong-length'],
    [1, '0100', 'wrong-length'],
    [2, '00d3d80059', 'wrong-length'],
    [3, '02040902', 'wrong-length'],
    [6, '01', 'too-short'],
    [10, '01ff0000', 'wrong-length'],
    [4, '00', 'unknown-port'],
  ])('port %i, %s: %s', (fPort, text, code) => {
    expect(nps.decode(fPort, hex(text))).toMatchObject({ ok: false, problem: { code } });
  });

  test('a debug code is shown with its meaning, what belongs to it is kept', () => {
    expect(decode(nps, 6, '0194ff')).toEqual({ type: 'debug', code: 404, parameters: 'ff' });
    expect(nps.annotate(6, hex('0194ff'))[0]!.value).toBe('404 (calibration is done)');
    expect(nps.toReadings(decode(nps, 6, '0383'))).toEqual([{ fault: 'command-refused' }]);
  });
});

describe('NPS310', () => {
  test('its causes are numbered otherwise than those of the fourth generation', () => {
    expect(decode(nps310, 3, '010d000400')).toMatchObject({ resetCause: 'brownout' });
    expect(decode(nps, 3, '010d000400')).toMatchObject({ resetCause: 'unknown-4' });
    expect(nps310.toReadings(decode(nps310, 3, '010d000000'))).toMatchObject([{ restart: 'other' }]);
  });

  test('it has no port for tags, and its debug message is kept as it is, even an empty one', () => {
    expect(nps310.decode(10, hex('01ff000001'))).toMatchObject({ problem: { code: 'unknown-port' } });
    expect(decode(nps310, 6, '')).toEqual({ type: 'debug', record: '' });
  });
});

describe('NCC405', () => {
  test('which of two published scales its battery has can be said', () => {
    const guide = { batteryScale: 'guide' };
    const [byCodec, byGuide] = [decode(ncc, 2, 'a8ff64'), decode(ncc, 2, 'a8ff64', guide)];
    expect(byCodec).toEqual({ type: 'heartbeat', errorBits: 40, batteryV: 3.52, batteryMeanV: 2.9 });
    expect(byGuide).toEqual({ type: 'heartbeatByGuide', errorBits: 8, batteryV: 3.675, batteryMeanV: 2.9 });
    expect(ncc.toReadings(byGuide)).toEqual([{ batteryV: 3.675, fault: 'hardware-error-8' }]);
    expect(decode(ncc, 2, 'a8ff64', { batteryScale: 'codec' })).toEqual(byCodec);
    expect(ncc.options!.safeParse({ batteryScale: 'mine' }).success).toBe(false);
  });

  test('bits that the guide calls reserved are no error when the guide is followed', () => {
    expect(ncc.toReadings(decode(ncc, 2, 'e06661', { batteryScale: 'guide' }))).toEqual([{ batteryV: 2.91 }]);
  });

  test('a start-up has four bytes: no occupancy', () => {
    expect(ncc.decode(3, hex('010d000200'))).toMatchObject({ problem: { code: 'wrong-length' } });
    expect(ncc.toReadings(decode(ncc, 3, '010d0000'))).toEqual([{ firmware: '1.13.0', restart: 'rejoin' }]);
  });

  test('a count has two bytes and no more', () => {
    expect(ncc.toReadings(decode(ncc, 1, 'ffff'))).toEqual([{ count: 65_535 }]);
    expect(ncc.decode(1, hex('01'))).toMatchObject({ problem: { code: 'wrong-length' } });
    expect(ncc.encode({ type: 'count', count: 65_536 })).toMatchObject({ problem: { code: 'bad-message' } });
  });
});
