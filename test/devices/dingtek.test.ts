import { describe, expect, test } from 'vitest';
import do200 from '../../devices/sensors/dingtek-do200.js';
import do201 from '../../devices/sensors/dingtek-do201.js';
import do202 from '../../devices/sensors/dingtek-do202.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must, sentenceOf } from '../../src/base/problem.js';
import type { Result } from '../../src/base/result.js';
import { published } from '../catalogue/published.js';

const sentence = (result: Result<unknown>): string => (result.ok ? 'no problem' : sentenceOf(result.problem));
const text = (characters: string): Uint8Array => Uint8Array.from(characters, (c) => c.charCodeAt(0));
const characters = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const good200 = '800002011500e610100168fed40200004d00010081';
const good201 = '800031021700e610100168fed40200004dfb6300010081';
const good202 = '800032021700e610100168fed40200004dfb6300010081';
/** The frame with other bytes from byte `at` on. */
const changed = (good: string, at: number, bytes: string): Uint8Array =>
  hex(good.slice(0, 2 * at) + bytes + good.slice(2 * at + bytes.length));

describe('uplinks', () => {
  test.each([
    [do200, good201, 'type at byte 2 has the value 49, expected is 2 (0x02, DO200)'],
    [do201, good202, 'type at byte 2 has the value 50, expected is 49 (0x31, DO201)'],
    [do202, good200, 'type at byte 2 has the value 2, expected is 50 (0x32, DO202)'],
  ])('$id takes no frame of another type', (model, frame, expected) => {
    expect(sentence(model.decode(3, hex(frame)))).toBe(expected);
  });

  test.each([
    [0, '81', /^start at byte 0 /],
    [1, '01', /^start at byte 0 /],
    [3, '04', 'cmd at byte 3 has the value 4, expected is 1 or 2 (telemetry), 3 (parameters)'],
    [3, '00', /^cmd at byte 3 /],
    [4, '14', 'length at byte 4 has the value 20, expected is the length of the whole frame, 21'],
    [20, '80', 'end at byte 20 has the value 128, expected is always 129 (0x81)'],
  ])('byte %i as %s is told', (at, byte, expected) => {
    const said = sentence(do200.decode(3, changed(good200, at, byte)));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test.each([
    [do200, good200, 21],
    [do201, good201, 23],
    [do202, good202, 23],
  ])('$id: a byte too few and one too many', (model, frame, need) => {
    expect(model.decode(3, hex(frame).subarray(0, need - 1))).toMatchObject({
      problem: { code: 'wrong-length', facts: { have: need - 1, need, at: 5 } },
    });
    expect(model.decode(3, hex(`${frame}00`))).toMatchObject({
      problem: { code: 'wrong-length', facts: { have: need + 1, need, at: 5 } },
    });
  });

  test('which telemetry command it was is kept', () => {
    for (const cmd of [1, 2]) {
      const bytes = changed(good200, 3, `0${cmd}`);
      const message = must(do200.decode(3, bytes));
      expect(message).toMatchObject({ type: 'telemetry', cmd });
      expect(must(do200.encode(message)).bytes).toEqual(bytes);
    }
    expect(do200.encode({ ...must(do200.decode(3, hex(good200))), cmd: 3 }).ok).toBe(false);
  });

  test.each([
    ['10', '00', { parkAlarm: true, levelAlarm: false, magnetAlarm: false, batteryAlarm: false }],
    ['01', '00', { parkAlarm: false, levelAlarm: true, magnetAlarm: false, batteryAlarm: false }],
    ['00', '10', { parkAlarm: false, levelAlarm: false, magnetAlarm: true, batteryAlarm: false }],
    ['00', '01', { parkAlarm: false, levelAlarm: false, magnetAlarm: false, batteryAlarm: true }],
    ['f8', '42', { parkAlarm: true, levelAlarm: true, magnetAlarm: true, batteryAlarm: true }],
  ])('alarm bytes %s %s, each half by itself', (seven, eight, alarms) => {
    for (const [model, good] of [
      [do200, good200],
      [do201, good201],
      [do202, good202],
    ] as const) {
      const message = must(model.decode(3, changed(good, 7, seven + eight)));
      expect(message).toMatchObject(alarms);
      const readings = model.toReadings(message);
      expect(readings).toMatchObject([{ occupied: alarms.parkAlarm, batteryLow: alarms.batteryAlarm }]);
      expect(readings[0]).not.toHaveProperty('fault');
    }
  });

  test('the magnetometer and the temperature are signed', () => {
    const at = (from: number, bytes: string) => must(do201.decode(3, changed(good201, from, bytes)));
    expect(at(11, '7fff8000ffff')).toMatchObject({ magnetX: 32_767, magnetY: -32_768, magnetZ: -1 });
    for (const [byte, temperatureC] of [
      ['7f', 127],
      ['80', -128],
      ['ff', -1],
    ] as const)
      expect(at(17, byte)).toMatchObject({ temperatureC });
  });

  test('the level is a distance, but not of a radar', () => {
    const distance = (model: typeof do200, good: string) =>
      model.toReadings(must(model.decode(3, hex(good))))[0]?.distanceMm;
    expect(distance(do200, good200)).toBe(230);
    expect(distance(do201, good201)).toBe(230);
    expect(distance(do202, good202)).toBeUndefined();
    expect(must(do202.decode(3, hex(good202)))).toMatchObject({ levelRaw: 230 });
  });

  test('parameters: the bytes that nobody explains survive', () => {
    for (const [model, frame] of [
      [do200, '80000203110102a83c3c05a000ffbeef81'],
      [do201, '80003103100101181e3c003c14cafe81'],
      [do202, '80003203100101181e3c003c14cafe81'],
    ] as const) {
      const message = must(model.decode(3, hex(frame)));
      expect(toHex(must(model.encode(message)).bytes)).toBe(frame);
    }
    expect(must(do200.decode(3, hex('80000203110102a83c3c05a000ffbeef81')))).toMatchObject({
      bytes10to11: '05a0',
      magnetThresholdMilligauss: 255,
      bytes14to15: 'beef',
    });
  });
});

/** Model, command, its field, least and most, and the payload of the most as characters. */
const commands = [
  [do200, 'setUploadInterval', 'uploadIntervalH', 1, 168, '8002888801A881'],
  [do200, 'setMagnetThreshold', 'magnetThresholdMilligauss', 1, 255, '8002888802FF81'],
  [do200, 'setUltrasonicInterval', 'ultrasonicIntervalMin', 1, 60, '80028888033C81'],
  [do200, 'setMagnetInterval', 'magnetIntervalS', 1, 60, '80028888043C81'],
  [do200, 'setBatteryThreshold', 'batteryThresholdPercent', 5, 99, '80028888056381'],
  [do201, 'setUploadInterval', 'uploadIntervalH', 1, 168, '8002999901A881'],
  [do201, 'setLevelThreshold', 'levelThresholdCm', 15, 255, '8002999902FF81'],
  [do201, 'setBatteryThreshold', 'batteryThresholdPercent', 5, 99, '80029999056381'],
  [do201, 'setDetectionInterval', 'detectionIntervalMin', 1, 60, '80029999083C81'],
  [do201, 'setMagnetThreshold', 'magnetThresholdMilligauss', 1, 65_535, '800299990FFFFF81'],
  [do202, 'setUploadInterval', 'uploadIntervalH', 1, 168, '8002999901A881'],
  [do202, 'setBatteryThreshold', 'batteryThresholdPercent', 5, 99, '80029999056381'],
  [do202, 'setDetectionInterval', 'detectionIntervalMin', 1, 60, '80029999083C81'],
  [do202, 'setMagnetThreshold', 'magnetThresholdMilligauss', 1, 65_535, '800299990FFFFF81'],
] as const;

describe('downlinks', () => {
  test.each(commands)('$id %s: both ends of the range, and nothing beyond', (model, type, field, least, most, top) => {
    const { fPort, bytes } = must(model.encodeCommand({ type, [field]: most }));
    expect([fPort, characters(bytes)]).toEqual([3, top]);
    expect(model.decodeCommand(3, text(top))).toEqual({ ok: true, value: { type, [field]: most } });
    expect(model.decodeCommand(3, text(top.toLowerCase()))).toEqual({ ok: true, value: { type, [field]: most } });
    expect(model.encodeCommand({ type, [field]: least }).ok).toBe(true);
    for (const wrong of [least - 1, most + 1, least + 0.5, NaN, String(least), undefined])
      expect(model.encodeCommand({ type, [field]: wrong })).toMatchObject({
        problem: { code: 'bad-message', facts: { field } },
      });
    // The same number on its way in is refused as well, and the problem says where.
    const below = top.slice(0, 10) + (least - 1).toString(16).padStart(top.length - 12, '0') + '81';
    expect(model.decodeCommand(3, text(below))).toMatchObject({
      problem: { code: 'bad-text', facts: { field, at: 10 } },
    });
  });

  test('all commands are in this table', () => {
    for (const model of [do200, do201, do202])
      expect(model.commandTypes).toEqual(commands.filter(([one]) => one === model).map(([, type]) => type));
  });

  test('what the vendor refuses, we refuse', () => {
    const refused = published.filter(({ vendor, bytesHex }) => vendor === 'Dingtek' && bytesHex === null);
    expect(refused.map(({ decodedRaw }) => (decodedRaw as { input: unknown }).input)).toEqual([
      { uploadInterval: 169 },
    ]);
    expect(sentence(do200.encodeCommand({ type: 'setUploadInterval', uploadIntervalH: 169 }))).toBe(
      'the message cannot be encoded: uploadIntervalH: expected is a whole number from 1 to 168, as 2 hexadecimal digits',
    );
  });

  test.each([
    [do200, '80029999010481', 'start reads "80029999", expected is 80028888'],
    [do201, '80028888010481', 'start reads "80028888", expected is 80029999'],
    [do200, '80028888080A81', 'key reads "08", expected is one of the keys 01, 02, 03, 04, 05'],
    [do202, '80029999021481', 'key reads "02", expected is one of the keys 01, 05, 08, 0F'],
    [do200, '80028888010482', 'end reads "82", expected is 81'],
    [do200, '8002888801G481', /^uploadIntervalH reads "G4", /],
    [do201, '800299990F3C81', 'end reads "", expected is 81'],
    [do200, '8002888801048100', '16 bytes are there, at most 14 are expected'],
    [do200, '80028888', /^key reads ""/],
  ])('$id, %s: %s', (model, payload, expected) => {
    const said = sentence(model.decodeCommand(3, text(payload)));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test('the digits as bytes are not the payload: it is their characters', () => {
    expect(do200.decodeCommand(3, hex('80028888010481')).ok).toBe(false);
    expect(toHex(must(do200.encodeCommand({ type: 'setUploadInterval', uploadIntervalH: 4 })).bytes)).toBe(
      '3830303238383838303130343831',
    );
  });
});
