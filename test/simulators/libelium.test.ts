import { describe, expect, test } from 'vitest';
import radar from '../../simulators/sensors/libelium-smart-parking-v2-radar.js';
import v1 from '../../simulators/sensors/libelium-smart-parking-v1.js';
import v2 from '../../simulators/sensors/libelium-smart-parking-v2.js';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import { life } from './life.js';

const started = (behaviour: SensorBehaviour, name = 'a', charge = 0.8) => {
  const it = life(behaviour, name, charge);
  it.start(false);
  return it;
};
const clockAt = (hour: number, minute: number) => ({
  type: 'setClock',
  year: 2026,
  month: 6,
  day: 1,
  dayOfWeek: 'monday',
  hour,
  minute,
});
const configuration = (fields: object) => ({
  type: 'setConfiguration',
  settings: '615d01991642',
  hour: 0,
  minute: 30,
  dailyFrame: true,
  reset: false,
  ...fields,
});

describe.each([
  ['1.x', v1],
  ['2.x', v2],
])('magnetic, firmware %s', (_, behaviour) => {
  test('both start frames come first, counted from 0, unconfirmed', () => {
    const it = started(behaviour);
    expect(it.sent.map(({ message: { type, frameCounter } }) => [type, frameCounter])).toEqual([
      ['start1', 0],
      ['start2', 1],
    ]);
    expect(it.sent.every(({ confirmed, fPort }) => !confirmed && fPort === 3)).toBe(true);
  });

  test('the frame counter counts every frame and wraps at 256', () => {
    const it = started(behaviour);
    it.runTo(30 * dayMs);
    expect(it.sent.length).toBeGreaterThan(260);
    expect(it.sent.map(({ message }) => message['frameCounter'])).toEqual(it.sent.map((_one, i) => i & 255));
  });

  test('a car is seen up to a minute late, since it sleeps between two looks', () => {
    const delays = Array.from({ length: 60 }, (_one, i) => {
      const it = started(behaviour, `car ${i}`);
      it.runTo(minuteMs);
      it.sent.length = 0;
      it.drive(true);
      it.runTo(2 * minuteMs + 1_000);
      return it.sent.find(({ message }) => message.type === 'info')!.atMs - minuteMs;
    });
    expect(Math.max(...delays)).toBeGreaterThan(45_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60_500);
    expect(Math.min(...delays)).toBeLessThan(15_000);
  });

  test('a keep-alive comes two hours after the last frame of whatever kind', () => {
    const it = started(behaviour);
    it.runTo(3 * dayMs);
    for (const [i, { message, atMs }] of it.sent.entries())
      if (message.type === 'keepAlive' && i > 2) expect(atMs - it.sent[i - 1]!.atMs).toBeCloseTo(2 * hourMs, 3);
    expect(it.types().filter((type) => type === 'keepAlive').length).toBeGreaterThan(30);
  });

  test('the answer to the start frame sets its clock: daily frames at one, keep-alives with the time', () => {
    const it = started(behaviour);
    it.runTo(minuteMs);
    it.command(behaviour.model, clockAt(22, 0));
    it.sent.length = 0;
    it.runTo(2 * dayMs);
    const days = it.sent.filter(({ message }) => message.type === 'dailyUpdate');
    expect(days).toHaveLength(2);
    // Three hours from 22:00 to 1:00, and up to a minute until it looks.
    expect(days[0]!.atMs - minuteMs).toBeGreaterThanOrEqual(3 * hourMs - minuteMs);
    expect(days[0]!.atMs - minuteMs).toBeLessThanOrEqual(3 * hourMs + minuteMs);
    expect(days[1]!.atMs - days[0]!.atMs).toBeCloseTo(dayMs, 3);
    for (const { message, atMs } of it.sent.filter(({ message: { type } }) => type === 'keepAlive')) {
      const said = 60 * Number(message['hour']) + Number(message['minute']);
      const minutes = (22 * 60 + (atMs - minuteMs) / minuteMs) % 1_440;
      expect(Math.abs(said - minutes)).toBeLessThanOrEqual(1);
    }
  });

  test('the daily frame counts a day, and is silent when the configuration says so', () => {
    const it = started(behaviour);
    it.command(behaviour.model, configuration({}));
    it.runTo(2 * dayMs);
    const [first, second] = it.sent.filter(({ message }) => message.type === 'dailyUpdate');
    expect(first!.message).toMatchObject({ configId: 97, resets: 0, sigfoxTransmissions: 0 });
    const between = it.sent.filter(({ atMs }) => atMs > first!.atMs && atMs < second!.atMs).length;
    expect(second!.message).toMatchObject({ measurements: 1_440, lorawanTransmissions: between + 1 });
    it.command(behaviour.model, configuration({ dailyFrame: false }));
    it.sent.length = 0;
    it.runTo(4 * dayMs);
    expect(it.types()).not.toContain('dailyUpdate');
    expect(it.types()).toContain('keepAlive');
  });

  test('the reset bit makes it start anew; the next daily frame counts it', () => {
    const it = started(behaviour);
    it.command(behaviour.model, configuration({ reset: true }));
    expect(it.reboots).toEqual(['request']);
    const after = life(behaviour);
    after.start(true, 'request');
    after.runTo(3 * dayMs);
    const resets = after.sent
      .filter(({ message }) => message.type === 'dailyUpdate')
      .map(({ message }) => message['resets']);
    expect(resets).toEqual([1, ...resets.slice(1).map(() => 0)]);
  });

  test('the battery bit is set near the end', () => {
    for (const [charge, batteryLow] of [
      [0.5, false],
      [0.05, true],
    ] as const)
      expect(started(behaviour, 'a', charge).sent[0]!.message).toMatchObject({ batteryLow });
  });
});

test('firmware 2.x acknowledges an answer, 1.x has no frame for it', () => {
  for (const [behaviour, types] of [
    [v2, ['downlink']],
    [v1, []],
  ] as const) {
    const it = started(behaviour);
    it.sent.length = 0;
    it.command(behaviour.model, clockAt(12, 0));
    expect(it.types()).toEqual(types);
  }
});

describe('radar', () => {
  test('after the start frames it asks for the time, and again every six hours until it comes', () => {
    const it = started(radar);
    expect(it.types()).toEqual(['start1', 'start2', 'clockRequest']);
    it.runTo(dayMs);
    expect(it.types().filter((type) => type === 'clockRequest')).toHaveLength(4);
    it.sent.length = 0;
    it.command(radar.model, clockAt(7, 0));
    expect(it.types()).toEqual(['clockSync']);
    it.runTo(3 * dayMs);
    expect(it.types()).not.toContain('clockRequest');
    expect(it.types()).toContain('keepAlive');
  });

  test('what is no clock changes nothing', () => {
    const it = started(radar);
    it.sent.length = 0;
    it.tell({ kind: 'downlink', fPort: 3, bytes: Uint8Array.of(1, 2, 3) });
    expect(it.sent).toEqual([]);
    it.runTo(7 * hourMs);
    expect(it.types()).toContain('clockRequest');
  });
});
