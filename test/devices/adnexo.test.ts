import { describe, expect, test } from 'vitest';
import model from '../../devices/sensors/adnexo-ax-dist.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';

const readings = (fPort: number, text: string) => model.toReadings(must(model.decode(fPort, hex(text))));

describe('measurements', () => {
  test('a distance of tenths of a centimetre is one of millimetres; ffff is none', () => {
    expect(readings(100, '0000dc008a0c')).toEqual([{ distanceMm: 0, temperatureC: 22, batteryV: 3.21 }]);
    expect(readings(101, 'feffdc008a0c')).toMatchObject([{ distanceMm: 65_534 }]);
    expect(readings(102, 'ffffdc008a0c')).toEqual([{ temperatureC: 22, batteryV: 3.21, fault: 'no-echo' }]);
  });

  test('the lowest temperature is no temperature, the one above it is', () => {
    expect(readings(100, '01000080b80b')).toEqual([{ distanceMm: 1, batteryV: 3, fault: 'no-temperature' }]);
    expect(readings(100, '01000180b80b')).toMatchObject([{ temperatureC: -3_276.7 }]);
  });

  test('an invalid measurement keeps its distance in the message and out of the reading', () => {
    const message = must(model.decode(104, hex('340a7102dc008a0c')));
    expect(message).toMatchObject({ distanceMm: 2_612, varianceMm: 625 });
    expect(model.toReadings(message)[0]).not.toHaveProperty('distanceMm');
  });

  test('a number that stands for none is not written as a number', () => {
    const rest = { temperatureC: 1, batteryV: 3 };
    expect(model.encode({ type: 'event', distanceMm: 65_535, ...rest })).toMatchObject({
      problem: { code: 'bad-message', facts: { field: 'distanceMm' } },
    });
    expect(toHex(must(model.encode({ type: 'event', distanceMm: 'none', ...rest })).bytes)).toBe('ffff0a00b80b');
  });

  test.each([
    [100, '340adc008a', 5],
    [100, '340a7102dc008a0c', 8],
    [104, '340adc008a0c', 6],
  ])('port %i takes one length only: %s', (fPort, text, have) =>
    expect(model.decode(fPort, hex(text))).toMatchObject({ problem: { code: 'wrong-length', facts: { have } } }),
  );

  test.each([0, 6, 99, 103, 105])('nothing is sent on port %i', (fPort) =>
    expect(model.decode(fPort, hex('340adc008a0c'))).toMatchObject({ problem: { code: 'unknown-port' } }),
  );
});

describe('errors', () => {
  test.each([
    ['0301', 'parameter-unknown'],
    ['0302', 'parameter-read-only'],
    ['0404', 'parameter-not-readable'],
    ['0208', 'command-malformed'],
    ['0203', 'error-3'],
    ['04', 'error'],
  ])('%s is %s, by the second byte', (text, fault) => expect(readings(5, text)).toEqual([{ fault }]));

  test('a command that nobody knows is kept by its port', () =>
    expect(must(model.decode(5, hex('6401')))).toMatchObject({ command: 'unknown-100', code: 'parameter-unknown' }));
  test('an error of no byte is too short', () =>
    expect(model.decode(5, hex(''))).toMatchObject({ problem: { code: 'too-short', facts: { have: 0, need: 1 } } }));
});

describe('configuration', () => {
  test('a threshold may be negative', () =>
    expect(must(model.decode(4, hex('52ffff')))).toEqual({ type: 'config', thresholdMm: -1 }));
  test('a parameter that is not known ends what is understood', () => {
    expect(must(model.decode(4, hex('0506150102')))).toEqual({
      type: 'config',
      sendEveryMeasurements: 6,
      rest: '150102',
    });
    expect(model.decode(4, hex('150102'))).toMatchObject({ problem: { code: 'unknown-item', facts: { item: '15' } } });
  });
  test('one that is cut off is too short', () =>
    expect(model.decode(4, hex('045802'))).toMatchObject({
      problem: { code: 'too-short', facts: { have: 3, need: 5 } },
    }));
});
