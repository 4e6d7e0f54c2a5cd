import { describe, expect, test } from 'vitest';
import model from '../../devices/sensors/tekzitel-tekzipark.js';
import { hex, toHex } from '../../src/base/hex.js';
import { describe as sentence, must } from '../../src/base/problem.js';

const decode = (text: string, fPort = 1) => must(model.decode(fPort, hex(text)));
const readings = (text: string, fPort = 1) => model.toReadings(decode(text, fPort));
const defaults = '471618eb000068aa';

describe('status', () => {
  const none = { occupied: false, goodBattery: false, obstruction: false, radar: false };
  const flags = { ...none, noBeacon: false, reset: false, keepAlive: false };

  test.each([
    ['80', 'occupied'],
    ['20', 'goodBattery'],
    ['10', 'obstruction'],
    ['08', 'radar'],
    ['04', 'noBeacon'],
    ['02', 'reset'],
    ['01', 'keepAlive'],
  ])('bit %s is %s and nothing else, in both messages', (bits, name) => {
    expect(decode(`${bits}1901`)).toEqual({ type: 'status', ...flags, [name]: true, temperatureC: 25, parkingId: 1 });
    expect(decode(`${bits}1901${'00'.repeat(9)}`, 2)).toMatchObject({ type: 'debug', ...flags, [name]: true });
  });

  test('battery, obstruction and restart reach the reading; what Bluetooth hears does not', () => {
    expect(readings('a019017fffff')).toEqual([{ occupied: true, batteryLow: false, temperatureC: 25 }]);
    expect(readings('12f601')).toEqual([
      { occupied: false, batteryLow: true, temperatureC: -10, fault: 'obstructed', restart: 'other' },
    ]);
  });

  test.each([
    ['', 0],
    ['a8', 1],
    ['a82d', 2],
  ])('%s: %i bytes are too few', (text, have) => {
    expect(model.decode(1, hex(text))).toMatchObject({ problem: { code: 'wrong-length', facts: { have, need: 3 } } });
  });
});

describe('beacons', () => {
  test('as many as there are bytes, none of them made up', () => {
    expect(decode('a82d63')).not.toHaveProperty('beacons');
    expect(decode('a82d63b0')).toMatchObject({ beaconRssiDbm: -80, beacons: [] });
    expect(decode('a82d63b00055')).toMatchObject({ beacons: [{ id: 85 }] });
    const odd = decode('a82d63b0005501');
    expect(odd).toMatchObject({ beacons: [{ id: 85 }], rest: '01' });
    expect(model.encode(odd)).toMatchObject({ problem: { code: 'bad-message', facts: { field: 'rest' } } });
  });

  test('are identifiers, and the documentation marks them', () => {
    expect(model.identifiers(decode('a82d63b0005501200003ffff'))).toEqual(['85', '288', '3', '65535']);
    expect(model.identifiers(decode('a82d63'))).toEqual([]);
    expect(model.identifiers(decode(`a82d63${'01'.repeat(9)}`, 2))).toEqual([]);
    const marked = model.formats.flatMap(({ rows }) => rows.filter(({ personal }) => personal).map(({ name }) => name));
    expect(marked).toEqual(['beacons[].id']);
  });

  test('cannot be encoded without a signal strength, nor the other way round', () => {
    const { beaconRssiDbm: _rssi, ...silent } = decode('a82d63b00055');
    expect(model.encode(silent as never)).toMatchObject({ problem: { facts: { field: 'beaconRssiDbm' } } });
    const { beacons: _beacons, ...lonely } = decode('a82d63b00055');
    expect(model.encode(lonely as never)).toMatchObject({ problem: { facts: { field: 'beacons' } } });
    expect(model.encode({ ...decode('a82d63b0'), beacons: [{ id: 65_536 }] })).toMatchObject({
      problem: { code: 'bad-message', facts: { field: 'id' } },
    });
  });
});

describe('debug', () => {
  test('twelve bytes, no more and no less', () => {
    for (const have of [3, 11, 13])
      expect(model.decode(2, hex('a82d63'.padEnd(2 * have, '0')))).toMatchObject({
        problem: { code: 'wrong-length', facts: { have, need: 12 } },
      });
  });

  test.each([
    ['b0', '00', '00', 'obstructed'],
    ['a0', '00', '01', 'obstructed'],
    ['a0', '07', '00', 'fault-code-7'],
    ['b0', 'ff', '01', 'obstructed,fault-code-255'],
    ['a0', '00', '00', undefined],
  ])('flags %s, fault code %s, obstruction %s: fault %s', (flags, code, level, fault) => {
    expect(readings(`${flags}1901${'00'.repeat(6)}${code}${level}00`, 2)[0]?.fault).toBe(fault);
  });
});

describe('configuration', () => {
  const standard = must(model.decodeCommand(3, hex(defaults)));

  test('no two fields share a bit: each alone changes the payload in its own place', () => {
    const zero = must(model.decodeCommand(3, hex('00'.repeat(8))));
    const seen = new Map<string, string>();
    for (const [name, value] of Object.entries(zero).filter(([key]) => key !== 'type')) {
      const one = { ...zero, [name]: typeof value === 'boolean' ? true : 1 };
      const { fPort, bytes } = must(model.encodeCommand(one));
      expect(fPort).toBe(3);
      expect(seen.get(toHex(bytes)), name).toBeUndefined();
      seen.set(toHex(bytes), name);
    }
    expect(seen.size).toBe(27);
    expect(seen.get('0000020000000000')).toBeUndefined();
    expect(seen.get('0000000800000000')).toBe('magReboot');
    expect(seen.get('0000000000000800')).toBe('beaconScans');
  });

  test.each([
    ['radarStartRange', 8],
    ['fluctuationsCount', 16],
    ['keepAlivePeriod', 4],
    ['sleepTime', -1],
    ['debugMode', 1],
    ['bleScanRssiDbm', 170],
  ])('%s cannot be %s', (field, value) => {
    expect(model.encodeCommand({ ...standard, [field]: value })).toMatchObject({
      problem: { code: 'bad-message', facts: { field } },
    });
  });

  test('eight bytes on port 3', () => {
    expect(model.decodeCommand(3, hex(defaults.slice(2)))).toMatchObject({ problem: { code: 'wrong-length' } });
    const elsewhere = model.decodeCommand(4, hex(defaults));
    expect(elsewhere.ok).toBe(false);
    if (!elsewhere.ok) expect(sentence(elsewhere.problem)).toContain('port 4');
  });
});

test('the port decides, as in the published test with port 42', () => {
  expect(model.decode(42, hex('292e62'))).toMatchObject({
    problem: { code: 'unknown-port', facts: { known: '1, 2' } },
  });
});
