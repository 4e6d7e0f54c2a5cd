import { describe, expect, test } from 'vitest';
import dds04lb from '../../devices/sensors/dragino-dds04-lb.js';
import dds75lb from '../../devices/sensors/dragino-dds75-lb.js';
import ds20l from '../../devices/sensors/dragino-ds20l.js';
import ldds04 from '../../devices/sensors/dragino-ldds04.js';
import ldds75 from '../../devices/sensors/dragino-ldds75.js';
import lds12lb from '../../devices/sensors/dragino-lds12-lb.js';
import llds12 from '../../devices/sensors/dragino-llds12.js';
import mds200lb from '../../devices/sensors/dragino-mds200-lb.js';
import { hex, toHex } from '../../src/base/hex.js';
import { must, type Problem } from '../../src/base/problem.js';
import { usPerSecond } from '../../src/base/time.js';
import type { Context, Reading, SensorModel } from '../../src/codec/sensor.js';

const readings = (model: SensorModel, fPort: number, text: string, context?: Context): readonly Reading[] =>
  model.toReadings(must(model.decode(fPort, hex(text))), context);
const refusal = (model: SensorModel, fPort: number, text: string): Problem | undefined => {
  const result = model.decode(fPort, hex(text));
  return result.ok ? undefined : result.problem;
};

describe('distances that are none', () => {
  test.each([
    ['0000', 'no-sensor'],
    ['0001', 'out-of-range'],
    ['0014', 'out-of-range'],
    ['ffff', 'no-distance'],
  ])('LDDS75 %s: %s, and no distance', (distance, fault) => {
    expect(readings(ldds75, 2, `0ce4${distance}00000001`)).toEqual([{ batteryV: 3.3, fault }]);
  });

  test('LDDS75: 21 is a distance; the flag that no sensor is there is told beside it', () => {
    expect(readings(ldds75, 2, '0ce4001500000001')).toEqual([{ batteryV: 3.3, distanceMm: 21 }]);
    expect(readings(ldds75, 2, '0ce4001500000000')).toEqual([{ batteryV: 3.3, distanceMm: 21, fault: 'no-sensor' }]);
  });

  test('a head of four without a plug and one without an echo are told apart; 20 is a distance there', () => {
    expect(readings(dds04lb, 2, '0ce400000014ffff03e801')).toEqual([
      { head: 1, batteryV: 3.3, fault: 'no-sensor' },
      { head: 2, batteryV: 3.3, distanceMm: 20 },
      { head: 3, batteryV: 3.3, fault: 'no-distance' },
      { head: 4, batteryV: 3.3, distanceMm: 1000 },
    ]);
  });

  test('radar: the second object alone is no distance', () => {
    expect(readings(mds200lb, 2, '0ce40000006400')).toEqual([{ batteryV: 3.3, fault: 'no-distance' }]);
  });
});

describe('scales that the payload does not tell', () => {
  test.each([
    [ldds75, undefined, 23.5],
    [ldds75, 'tenths', 23.5],
    [ldds75, 'hundredths', 2.35],
    [dds75lb, undefined, 2.35],
    [dds75lb, 'hundredths', 2.35],
    [dds75lb, 'tenths', 23.5],
  ] as const)('$id: 00eb with temperatureScale %s is %f °C', (model, temperatureScale, temperatureC) => {
    const context = temperatureScale ? { options: { temperatureScale } } : undefined;
    expect(readings(model, 2, '0ce401c20000eb01', context)).toEqual([{ batteryV: 3.3, temperatureC, distanceMm: 450 }]);
  });

  test('only known scales are options', () => {
    expect(ldds75.options!.safeParse({ temperatureScale: 'tenths' }).success).toBe(true);
    expect(ldds75.options!.safeParse({ temperatureScale: 'halves' }).success).toBe(false);
    expect(mds200lb.options!.safeParse({ distanceUnit: 'inch' }).success).toBe(false);
  });

  test('radar in centimetres, or in millimetres when the device is said to', () => {
    expect(readings(mds200lb, 2, '0ce40023007800')[0]!.distanceMm).toBe(350);
    expect(readings(mds200lb, 2, '0ce40023007800', { options: { distanceUnit: 'mm' } })[0]!.distanceMm).toBe(35);
  });

  test('a probe that is not there gives no temperature; a lidar tells its own instead', () => {
    expect(readings(dds75lb, 2, '0ce401c2007fff01')[0]).not.toHaveProperty('temperatureC');
    expect(readings(lds12lb, 2, '0ce400000b1801b100f601')[0]!.temperatureC).toBe(-10);
    expect(readings(lds12lb, 2, '0ce47fff0b1801b100f601')[0]!.temperatureC).toBe(-10);
    expect(readings(lds12lb, 2, '0ce4ffff0b1801b100f601')[0]!.temperatureC).toBe(-0.1);
  });
});

describe('bits', () => {
  test('the interrupt of an LDDS04 is the level of a DDS04-LB', () => {
    const bytes = hex('8d4a00fa00fa00fa00fa01');
    expect(must(ldds04.decode(2, bytes))).toMatchObject({ interrupt: true, batteryV: 3.402 });
    expect(must(dds04lb.decode(2, bytes))).toMatchObject({ interruptLevel: true, interrupt: false, batteryV: 3.402 });
  });

  test.each([
    ['0e1000012c07d001f4', 'limits', { mode: 0, alarm: false, digitalOutput: false, threshold: false }],
    ['0e1034012c07d001f4', 'limits', { mode: 0, alarm: true, digitalOutput: true, threshold: true }],
    ['0e10c0012c07d001f4', 'limits', { mode: 3 }],
    ['0e10880000006307d001f4', 'limitsCounting', { mode: 2, count: 99, upperLimitMm: 2000 }],
    ['0e107005dc01ffffffff', 'counting', { alarm: true, interrupt: true, count: 4_294_967_295 }],
  ])('DS20L %s is %s', (text, type, fields) => {
    expect(must(ds20l.decode(2, hex(text)))).toMatchObject({ type, ...fields });
  });

  test('a DS20L says no occupancy, whatever its alarm', () => {
    for (const text of ['0e1024012c07d001f4', '0e1000012c07d001f4', '0e106000fa000000002b'])
      expect(readings(ds20l, 2, text)[0]).not.toHaveProperty('occupied');
  });

  test('battery words of radar and DS20L have sixteen bits, those of the others fourteen', () => {
    expect(readings(mds200lb, 2, '4e100023007800')[0]!.batteryV).toBe(19.984);
    expect(readings(ldds75, 2, '4e1001c200000001')[0]!.batteryV).toBe(3.6);
  });

  test('the radar counts to 63', () => {
    expect(must(mds200lb.decode(2, hex('0e1000230078fd')))).toMatchObject({
      alarmCount: 63,
      distanceAlarm: false,
      interrupt: true,
    });
  });
});

describe('device status', () => {
  test('nibbles of the firmware, unlisted models and bands, and the reserved nibble', () => {
    expect(must(ldds75.decode(5, hex('02f14210020e10')))).toEqual({
      type: 'deviceStatus',
      sensorModel: 'unknown-2',
      firmware: '1.4.2',
      band: 'unknown-16',
      subBand: 2,
      batteryV: 3.6,
    });
  });

  test('a firmware that three nibbles cannot say is refused', () => {
    const message = must(dds75lb.decode(5, hex('27014201ff0e10')));
    for (const firmware of ['16.0.0', '1.16.0', '1.4', 'x'])
      expect(dds75lb.encode({ ...message, firmware })).toMatchObject({ problem: { code: 'bad-message' } });
  });
});

describe('frames of no layout', () => {
  test.each([
    [ldds75, 2, '0e1c0b', { code: 'wrong-length', facts: { have: 3, need: 8 } }],
    [ldds75, 2, '0e1c0b050000', { code: 'wrong-length', facts: { have: 6, need: 8 } }],
    [dds75lb, 2, '0e1c0b05', { code: 'wrong-length', facts: { have: 4, need: 8 } }],
    [dds04lb, 2, '0d4a03160318031a0315', { code: 'wrong-length', facts: { have: 10, need: 11 } }],
    [mds200lb, 4, '0004b002001407d0', { code: 'wrong-length', facts: { have: 8, need: 9 } }],
    [ds20l, 2, '0e1024012c07d001', { code: 'wrong-length', facts: { have: 8, need: 9, at: 3 } }],
    [ds20l, 2, '0e1064012c07d001f4', { code: 'wrong-length', facts: { have: 9, need: 10, at: 3 } }],
    [llds12, 42, '0d5c00000b1801b1001e01', { code: 'unknown-port' }],
    [ldds75, 3, '00', { code: 'unknown-port' }],
  ] as const)('case %#: refused', (model, fPort, text, problem) => {
    expect(refusal(model, fPort, text)).toMatchObject(problem);
  });

  test('type 2 of the old models is an answer about the settings, not a measurement', () => {
    for (const model of [ldds04, llds12]) {
      expect(must(model.decode(2, hex('0d5c00000b1801b1001e02'))).type).toBe('configurationReply');
      expect(
        model.encode({ ...must(model.decode(2, hex('0d5c00000b1801b1001e01'))), messageType: 'unknown-2' }).ok,
      ).toBe(false);
    }
    expect(must(dds04lb.decode(2, hex('0d5c00000b1801b1001e02'))).type).toBe('measurement');
  });
});

describe('datalog', () => {
  const atS = 0x69c00000;
  const heardUs = (atS + 600) * usPerSecond;

  test('records are told with their age, the oldest first', () => {
    const text = '0e1001c200eb0069c00000' + '0e1009060000006a000000' + '0e1001c300eb0069bfff00';
    expect(readings(dds75lb, 3, text, { heardUs })).toEqual([
      { batteryV: 3.6, temperatureC: 23.5, distanceMm: 451, ageMs: 856_000 },
      { batteryV: 3.6, temperatureC: 23.5, distanceMm: 450, ageMs: 600_000 },
    ]);
  });

  test('the past is not told as the present: without a time nothing is told', () => {
    expect(readings(mds200lb, 3, '0e10002300780069c00000')).toEqual([]);
    expect(readings(mds200lb, 3, '0e10002300780069c00000', { heardUs })).toEqual([
      { batteryV: 3.6, distanceMm: 350, ageMs: 600_000 },
    ]);
  });

  test('heads of a DDS04-LB keep their numbers; what is too short for a record is kept', () => {
    const message = must(dds04lb.decode(3, hex('01031600fa000069c00000c0ffee')));
    expect(message['rest']).toBe('c0ffee');
    expect(dds04lb.toReadings(message, { heardUs }).map(({ head, fault }) => [head, fault])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'no-sensor'],
    ]);
  });
});

describe('commands', () => {
  test.each([
    [6, '01000006'],
    [1200, '010004b0'],
    [16_777_215, '01ffffff'],
  ])('every %i seconds', (intervalS, text) => {
    expect(toHex(must(ldds75.encodeCommand({ type: 'setInterval', intervalS })).bytes)).toBe(text);
    expect(must(ldds75.decodeCommand(2, hex(text)))).toEqual({ type: 'setInterval', intervalS });
  });

  test.each([5, 0, -1, 16_777_216, 7.5, '60', undefined])('not every %s seconds', (intervalS) => {
    expect(ldds75.encodeCommand({ type: 'setInterval', intervalS })).toMatchObject({
      problem: { code: 'bad-message' },
    });
  });

  test('they come on any port', () => {
    expect(must(ds20l.decodeCommand(77, hex('04fe')))).toEqual({ type: 'restoreFactory' });
  });

  test.each(['04fd', '0502', '06000103', '06000004', '0100003c00', '0a01', ''])('%s is none', (text) => {
    expect(mds200lb.decodeCommand(2, hex(text)).ok).toBe(false);
  });
});

test.each([ldds04, dds04lb])('$id: a plug without a head is no bay', (model) => {
  const message = must(model.decode(2, hex('0d4a03160000031a000001')));
  expect(model.toReadings(message)).toMatchObject([{ head: 1 }, { head: 2, fault: 'no-sensor' }, { head: 3 }, {}]);
  expect(model.toReadings(message, { options: { heads: 1 } })).toMatchObject([{ head: 1, distanceMm: 790 }]);
  expect(model.options?.safeParse({ heads: 5 }).success).toBe(false);
});
