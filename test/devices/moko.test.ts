import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { usPerSecond } from '../../src/base/time.js';
import type { Reading, SensorModel } from '../../src/codec/sensor.js';
import ig from '../../devices/sensors/moko-lw009-ig.js';
import pro from '../../devices/sensors/moko-lw009-sm-pro.js';
import sm from '../../devices/sensors/moko-lw009-sm.js';

const frameTime = 0x65fbc9c0;
/** A frame of an LW009 around a body. */
const frame = (body: string, { encrypted = '00', length = body.length / 2 } = {}): string =>
  `7e1165fbc9c00001${length.toString(16).padStart(4, '0')}01${encrypted}${body}00007e`;

const read = (model: SensorModel, text: string, fPort = 1) => model.decode(fPort, hex(text));
const readings = (model: SensorModel, text: string, { fPort = 1, heardS = 0 } = {}): readonly Reading[] =>
  model.toReadings(must(read(model, text, fPort)), heardS > 0 ? { heardUs: heardS * usPerSecond } : undefined);

describe('LW009-SM and LW009-IG: the frame', () => {
  test.each([
    ['', { code: 'too-short', facts: { have: 0, need: 15, at: 0 } }],
    ['7e1165', { code: 'too-short', facts: { have: 3, need: 15, at: 3 } }],
    [frame('020100').replace(/^7e/, '7d'), { code: 'bad-value', facts: { field: 'start', value: 0x7d, at: 0 } }],
    [frame('020100').replace(/7e$/, '00'), { code: 'bad-value', facts: { field: 'end', value: 0, at: 17 } }],
    [frame('020100', { length: 4 }), { code: 'wrong-length', facts: { have: 18, need: 19, at: 8 } }],
    [`${frame('020100')}ff`, { code: 'wrong-length', facts: { have: 19, need: 18, at: 8 } }],
    [frame(''), { code: 'too-short', facts: { at: 12 } }],
    // Behind tag and length: two bytes where one belongs.
    [frame('02020000'), { code: 'wrong-length', facts: { have: 2, need: 1, at: 14 } }],
    [frame('0201002505ffffffffff'), { code: 'wrong-length', facts: { have: 5, need: 6, at: 17 } }],
  ])('%s is a problem at its byte', (text, expected) => {
    for (const model of [sm, ig]) {
      const result = read(model, text);
      expect(result.ok).toBe(false);
      if (!result.ok) expect(result.problem).toMatchObject(expected);
    }
  });

  test('a body may hold the byte of the marker: nothing is escaped', () => {
    expect(must(read(sm, frame('24017e02010c')))).toMatchObject({ type: 'state', batteryPercent: 126 });
  });

  test('tags come in any order; unknown ones are kept and made again', () => {
    const text = frame('4402beef32010102010b21010a');
    const message = must(read(sm, text));
    expect(message).toMatchObject({ type: 'state', tag44: 'beef', tag21: '0a', state: 'empty', occupied: true });
    expect(toHex(must(sm.encode(message)).bytes)).toBe(text);
  });

  test('a tag that is cut off, or comes twice, is the rest', () => {
    expect(must(read(sm, frame('02010032')))).toMatchObject({ state: 'heartbeat', rest: '32' });
    expect(must(read(sm, frame('02010032010132010024')))).toMatchObject({ occupied: true, rest: '32010024' });
  });

  test('an encrypted body is kept and says nothing', () => {
    const text = frame('02010c320101', { encrypted: '01' });
    expect(must(read(sm, text))).toMatchObject({ type: 'encrypted', encryption: 1, body: '02010c320101' });
    expect(readings(sm, text)).toEqual([]);
    expect(must(sm.encode(must(read(sm, text)))).bytes).toEqual(hex(text));
  });

  test('the check is kept as it came, never made', () => {
    const text = frame('020100').replace(/00007e$/, 'beef7e');
    expect(must(read(sm, text))).toMatchObject({ check: 'beef' });
    const { check: _check, ...without } = must(read(sm, text));
    const encoded = sm.encode({ ...without, type: 'state' });
    expect(encoded.ok ? '' : encoded.problem).toMatchObject({ code: 'bad-message', facts: { field: 'check' } });
  });

  test.each([
    ['state', { batteryPercent: 5 }, 'body'],
    ['parameters', { state: 'heartbeat', deviceType: 'lw009-sm' }, 'body'],
    ['values', { deviceType: 'lw009-sm' }, 'body'],
    ['state', { state: 'asleep' }, 'state'],
    ['state', { state: 'heartbeat', temperatureC: 128 }, 'temperatureC'],
    ['state', { state: 'heartbeat', batteryV: 65.536 }, 'batteryV'],
    ['state', { state: 'heartbeat', magnetic: { x: 32_768, y: 0, z: 0 } }, 'x'],
    ['state', { state: 'heartbeat', bodyLength: 3 }, 'bodyLength'],
    ['state', { state: 'heartbeat', rest: '00' }, 'rest'],
    ['encrypted', { encryption: 0, body: '00' }, 'encryption'],
    ['encrypted', { encryption: 1, body: '00'.repeat(65_536) }, 'body'],
  ])('a message of type %s with %o is refused', (type, fields, field) => {
    const head = { protocolVersion: '11', timeS: 0, frameCounter: 0, instruction: 1, check: '0000' };
    const encoded = sm.encode({ type, ...head, ...fields });
    expect(encoded.ok ? 'encoded' : encoded.problem).toMatchObject({ code: 'bad-message', facts: { field } });
  });

  test('only on port 1', () => {
    const result = read(sm, frame('020100'), 2);
    expect(result.ok ? '' : result.problem.code).toBe('unknown-port');
  });
});

describe('LW009-SM and LW009-IG: the states', () => {
  test.each([
    ['00', {}],
    ['0b', { occupied: false }],
    ['0c', { occupied: true }],
    ['0d', { fault: 'magnetic-interference' }],
    ['0e', { batteryLow: true }],
    ['0f', { fault: 'magnetometer-failed' }],
    ['10', { fault: 'magnetometer-failed' }],
    ['11', { fault: 'temperature-humidity-failed' }],
    ['12', { fault: 'radar-failed' }],
    ['13', { fault: 'state-unknown-19' }],
  ])('%s alone', (state, expected) => {
    for (const model of [sm, ig])
      expect(readings(model, frame(`0201${state}`))).toEqual(Object.keys(expected).length > 0 ? [expected] : []);
  });

  test.each(['00', '0d', '0e', '0f', '10', '11', '12'])('%s: tag 32 says whether a car is there', (state) => {
    expect(readings(sm, frame(`0201${state}320101`))[0]!.occupied).toBe(true);
    expect(readings(sm, frame(`0201${state}320100`))[0]!.occupied).toBe(false);
    expect(readings(sm, frame(`0201${state}320102`))[0]!.occupied).toBe(false);
  });

  test('a change outweighs tag 32', () => {
    expect(readings(sm, frame('02010c320100'))).toEqual([{ occupied: true }]);
  });

  test('the two models number the failed magnetometer differently', () => {
    const state = (model: SensorModel, text: string) => must(read(model, frame(`0201${text}`)))['state'];
    expect([state(sm, '0f'), state(sm, '10')]).toEqual(['magnetometer-fault', 'magnetometer-failed']);
    expect([state(ig, '0f'), state(ig, '10')]).toEqual(['magnetometer-failed', 'magnetometer-unreadable']);
  });

  test('all values reach the reading; more than 100 % is 100', () => {
    expect(readings(sm, frame('02010024017829020dac0b01d8350128320101'))).toEqual([
      { occupied: true, batteryV: 3.5, batteryPercent: 100, temperatureC: -40, humidityPercent: 40 },
    ]);
  });

  test('a change is as old as its frame, a heartbeat has no age', () => {
    const heardS = frameTime + 90;
    expect(readings(sm, frame('02010c'), { heardS })).toEqual([{ occupied: true, ageMs: 90_000 }]);
    expect(readings(sm, frame('02010b'), { heardS })).toEqual([{ occupied: false, ageMs: 90_000 }]);
    expect(readings(sm, frame('020100320101'), { heardS })).toEqual([{ occupied: true }]);
    // A clock that was never set tells nothing.
    expect(readings(sm, frame('02010c'), { heardS: frameTime + 30 * 86_400 })).toEqual([{ occupied: true }]);
  });

  test('edges of the parameters', () => {
    const message = must(read(ig, frame('0301820501ff0603ffffff2201ff')));
    expect(message).toMatchObject({
      type: 'parameters',
      deviceType: 'lw009-ig',
      deviceVersion: 'ff',
      heartbeatS: 503_316_450,
      sensitivity: 255,
    });
    expect(must(read(ig, frame('030199')))).toMatchObject({ deviceType: 'unknown-153' });
  });
});

describe('LW009-SM PRO', () => {
  const head = '000e1065fbc9c0';
  const parking = (info: string, car = '01') => `${head}0214${`02${car}${info}`}1c3c000100020003${'65fbc9ac'}`;

  test.each([
    [1, head, 'wrong-length', { have: 7, need: 10 }],
    [1, `${head}02140100`, 'wrong-length', { have: 11, need: 10 }],
    [2, `${parking('02')}00`, 'wrong-length', { have: 25, need: 24 }],
    [3, parking('02'), 'too-short', { have: 24, need: 25 }],
    [3, `${parking('02')}02aabbccddeeffbd661051f6`, 'too-short', { have: 36, need: 47 }],
    [4, `${head}021400`, 'wrong-length', { have: 10, need: 9 }],
    [5, `${head}0214`, 'wrong-length', { have: 9, need: 10 }],
    [6, `${head}0214`, 'wrong-length', { have: 9, need: 10 }],
    [7, `${head}0214000000`, 'wrong-length', { have: 12, need: 13 }],
    [8, `${head}0214`, 'unknown-port', { fPort: 8 }],
  ])('port %i: %s is a problem', (fPort, text, code, facts) => {
    const result = read(pro, text, fPort);
    expect(result.ok ? 'decoded' : result.problem).toMatchObject({ code, facts });
  });

  test('what stands behind the counted beacons is the rest', () => {
    expect(must(read(pro, `${parking('02')}00ff`, 3))).toMatchObject({ beacons: [], rest: 'ff' });
  });

  test.each([
    ['00', 0],
    ['7e', 126],
    ['80', -128],
    ['ff', -1],
    ['7f', 'none'],
  ])('a temperature of %s is %s', (byte, temperatureC) => {
    const message = must(read(pro, `${head}00${byte}`, 4));
    expect(message['temperatureC']).toBe(temperatureC);
    const battery = { batteryV: 3.6, batteryLow: true };
    expect(pro.toReadings(message)).toEqual([temperatureC === 'none' ? battery : { ...battery, temperatureC }]);
    expect(toHex(must(pro.encode(message)).bytes)).toBe(`${head}00${byte}`);
  });

  test.each([127, -129, 20.5, 'cold'])('a temperature of %s cannot be sent', (temperatureC) => {
    const message = must(read(pro, `${head}0000`, 4));
    const encoded = pro.encode({ ...message, temperatureC });
    expect(encoded.ok ? 'encoded' : encoded.problem).toMatchObject({
      code: 'bad-message',
      facts: { field: 'temperatureC' },
    });
  });

  test.each([
    ['0b', 5.5],
    ['f5', -5.5],
    ['80', -64],
    ['ff', -0.5],
  ])('zone %s is %d hours', (byte, hours) => {
    expect(must(read(pro, `${head}${byte}14`, 4))).toMatchObject({ timezoneH: hours });
  });

  test('only a change has the age of its parking event', () => {
    const heardS = frameTime + 10;
    const ages = ['00', '01', '02', '03', '04', '05'].map(
      (info) => readings(pro, parking(info), { fPort: 2, heardS })[0]!.ageMs,
    );
    expect(ages).toEqual([undefined, 30_000, 30_000, undefined, undefined, undefined]);
    expect(readings(pro, `${parking('02')}00`, { fPort: 3, heardS })[0]!.ageMs).toBe(30_000);
  });

  test.each([
    ['03', 'magnetic-interference'],
    ['04', 'magnetometer-failed'],
    ['05', 'radar-failed'],
    ['06', 'info-unknown-6'],
  ])('info %s is the fault %s, on ports 2 and 3', (info, fault) => {
    expect(readings(pro, parking(info), { fPort: 2 })[0]).toMatchObject({ occupied: true, fault });
    expect(readings(pro, `${parking(info)}00`, { fPort: 3 })[0]).toMatchObject({ occupied: true, fault });
  });

  test('unknown numbers are kept: mode, power off, event', () => {
    expect(must(read(pro, parking('02').replace('140201', '140901'), 2))).toMatchObject({ mode: 'unknown-9' });
    expect(must(read(pro, `${head}021402`, 5))).toMatchObject({ by: 'unknown-2' });
    expect(must(read(pro, `${head}021403`, 6))).toMatchObject({ event: 'unknown-3' });
  });

  test('a low-power flag of 1 is a low battery on every port, and port 4 is one by itself', () => {
    const low = `01${head.slice(2)}0214`;
    for (const [fPort, tail] of [
      [1, '00'],
      [5, '00'],
      [6, '00'],
      [7, '00000000'],
    ] as const) {
      expect(readings(pro, `${low}${tail}`, { fPort })[0]!.batteryLow).toBe(true);
      expect(readings(pro, `${head}0214${tail}`, { fPort })[0]!.batteryLow).toBe(false);
    }
    expect(readings(pro, `${head}0214`, { fPort: 4 })[0]!.batteryLow).toBe(true);
  });

  test('beacons are people: named as such, in no reading and in no problem', () => {
    const text = `${parking('02')}02aabbccddeeffbd661051f6112233445566a6661051fb`;
    const message = must(read(pro, text, 3));
    expect(pro.identifiers(message)).toEqual(['aabbccddeeff', '112233445566']);
    expect(JSON.stringify(pro.toReadings(message))).not.toMatch(/aabbcc|112233/);
    expect(pro.identifiers(must(read(pro, parking('02'), 2)))).toEqual([]);
    const rows = pro.formats.find(({ type }) => type === 'parkingBeacons')!.rows;
    expect(rows.filter(({ personal }) => personal).map(({ name }) => name)).toEqual(['beacons[].mac']);
    const beacon = { mac: 'AA:BB:CC:DD:EE:FF', rssiDbm: -60, timeS: 0 };
    const encoded = pro.encode({ ...message, beacons: [beacon] });
    expect(encoded.ok ? 'encoded' : JSON.stringify(encoded.problem)).not.toMatch(/AA:BB/);
    expect(encoded.ok).toBe(false);
  });

  test('more beacons than a frame has room for do not fit', () => {
    const message = must(read(pro, `${parking('02')}00`, 3));
    const beacon = { mac: 'aabbccddeeff', rssiDbm: -60, timeS: 0 };
    expect(pro.encode({ ...message, beacons: Array(19).fill(beacon) }).ok).toBe(true);
    expect(pro.encode({ ...message, beacons: Array(20).fill(beacon) }).ok).toBe(false);
  });
});

test('samples of the LW009 cover every state of its model', () => {
  const d = dice('moko', 'states');
  const seen = new Set(Array.from({ length: 500 }, () => sm.sample('state', d)['state']));
  expect(seen.size).toBe(9);
});
