import { describe, expect, test } from 'vitest';
import cicicom from '../../devices/sensors/cicicom-s-lg-i3.js';
import pni from '../../devices/sensors/pni-placepod.js';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';

describe('PNI PlacePod', () => {
  const readings = (text: string) => pni.toReadings(must(pni.decode(2, hex(text))));

  test('of two registers in one frame the later one holds; complaints of several channels are joined', () => {
    expect(readings('050002050005376601')).toEqual([{ occupied: true, fault: 'error-register-5' }]);
    expect(readings('050002050000376601')).toEqual([{ occupied: true }]);
    expect(readings('0500023f0100010100')).toEqual([{ fault: 'error-register-2,reboot-failed,recalibration-failed' }]);
  });

  test('a sensor that was put to sleep is in doubt', () => {
    expect(readings('1c0101')).toEqual([{ fault: 'deactivated' }]);
    expect(readings('1c0100')).toEqual([{ fault: 'deactivation-failed' }]);
  });

  test('the top bit of a count says that it began anew, on both channels', () => {
    expect(readings('210080')).toEqual([{ count: 0, restart: 'other' }]);
    expect(readings('370083')).toEqual([{ count: 3, restart: 'other' }]);
    expect(readings('37007f')).toEqual([{ count: 127 }]);
  });

  test('several moments keep their order, and the newest has what belongs to the frame', () => {
    expect(readings('156601376600026700eb')).toEqual([{ occupied: true }, { occupied: false, temperatureC: 23.5 }]);
  });

  test('below zero in two’s complement (sjkp reads sign and magnitude)', () => {
    expect(readings('0267ffff')).toEqual([{ temperatureC: -0.1 }]);
  });

  test('a channel that nobody knows is no obstacle, an unknown type is: what stands before it is kept', () => {
    expect(readings('630001376601')).toEqual([{ occupied: true }]);
    expect(must(pni.decode(2, hex('37660105f0aa')))).toMatchObject({ rest: '05f0aa' });
    expect(pni.decode(2, hex('05f0aa'))).toMatchObject({ problem: { code: 'unknown-item', facts: { at: 0 } } });
    expect(pni.decode(2, hex('0267ff'))).toMatchObject({ problem: { code: 'too-short' } });
  });

  test('the dump names what the channels tell', () => {
    expect(pni.annotate(2, hex('050002060003376601')).map(({ name }) => name)).toEqual([
      'channel 5 digitalIn, error register',
      'channel 6 digitalIn, state',
      'channel 55 presence, keep-alive with status',
    ]);
  });
});

describe('Cicicom S-LG-I3', () => {
  const text = (ascii: string) =>
    cicicom.decode(
      2,
      Uint8Array.from(ascii, (c) => c.charCodeAt(0)),
    );

  test('both boot letters are kept, the temperature has a sign', () => {
    expect(text('Q03.60-05.5V1.4.0')).toMatchObject({ value: { letter: 'Q', occupied: false, temperatureC: -5.5 } });
    expect(text('R13.60+30.0V1.4.0')).toMatchObject({ value: { letter: 'R', occupied: true } });
  });

  test.each([
    ['K13.55', 'bad-text', 6],
    ['C2', 'bad-text', 1],
    ['C11', 'too-long', 2],
    ['K1x.55+22.0', 'bad-text', 2],
    ['E3.5512', 'bad-text', 5],
    ['', 'bad-text', 0],
  ])('%s: %s at byte %i', (ascii, code, at) => {
    expect(text(ascii)).toMatchObject({ ok: false, problem: { code, facts: { at } } });
  });

  test('a malfunction tells its three bytes as they are', () => {
    const message = must(cicicom.decode(2, hex('45332e3535800001')));
    expect(cicicom.toReadings(message)).toEqual([{ batteryV: 3.55, fault: 'malfunction-800001' }]);
  });
});
