import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/base/time.js';
import type { SensorBehaviour } from '../../src/sim/behaviour.js';
import em310 from '../../simulators/sensors/milesight-em310-udl.js';
import mud from '../../simulators/sensors/milesight-em400-mud.js';
import udl from '../../simulators/sensors/milesight-em400-udl.js';
import { life, said } from './life.js';

const started = (behaviour: SensorBehaviour, present = false) => {
  const it = life(behaviour);
  it.start(present);
  return it;
};
/** What is sent in the five minutes after a car came or left, between two reports. */
const edge = (it: ReturnType<typeof started>, present: boolean, atMs: number) => {
  it.runTo(atMs);
  it.sent.length = 0;
  it.drive(present);
  it.runTo(atMs + 5 * minuteMs);
  return it.sent.filter(({ message }) => 'distance' in message).map(({ message }) => message['distance']);
};

describe.each([
  ['EM400-MUD', mud],
  ['EM400-UDL', udl],
  ['EM310-UDL', em310],
] as const)('%s', (_name, behaviour) => {
  test('introduces itself and reports after each join', () => {
    const it = started(behaviour, true);
    expect(it.types()).toEqual(['deviceInfo', 'report']);
    expect(it.sent[0]!.message).toMatchObject({ powerOn: true, loraClass: 'A' });
    expect(said(behaviour, it.sent[1]!)).toBe(true);
  });

  test('reports every ten minutes, unless told otherwise', () => {
    const it = started(behaviour);
    const gaps = () => it.sent.slice(1).map(({ atMs }, i) => Math.round((atMs - it.sent[i]!.atMs) / minuteMs));
    it.runTo(hourMs);
    it.sent.length = 0;
    it.runTo(3 * hourMs);
    expect(new Set(gaps())).toEqual(new Set([10]));
    it.command(behaviour.model, { type: 'setReportInterval', reportIntervalS: 1_800 });
    expect(it.sent.pop()?.message).toEqual({ type: 'answer', reportIntervalS: 1_800 });
    it.sent.length = 0;
    it.runTo(9 * hourMs);
    expect(new Set(gaps())).toEqual(new Set([30]));
  });

  test('an interval out of range is neither obeyed nor answered', () => {
    const it = started(behaviour);
    it.sent.length = 0;
    it.command(behaviour.model, { type: 'setReportInterval', reportIntervalS: 5 });
    it.command(behaviour.model, { type: 'setCollectionInterval', collectionIntervalS: 5 });
    it.runTo(10 * hourMs);
    expect(it.types().every((type) => type === 'report')).toBe(true);
    expect(it.sent.length).toBeLessThan(70);
  });

  test('of several commands it answers those that it takes', () => {
    const it = started(behaviour);
    it.command(behaviour.model, { type: 'setSeveral', collectionIntervalS: 60, reportIntervalS: 5 });
    expect(it.sent.at(-1)?.message).toEqual({ type: 'answer', collectionIntervalS: 60 });
  });

  test('answers a reboot and starts anew', () => {
    const it = started(behaviour);
    it.command(behaviour.model, { type: 'reboot' });
    expect(it.sent.at(-1)?.message).toEqual({ type: 'answer', reboot: true });
    expect(it.reboots).toEqual(['request']);
  });

  test('tells of a car within a minute or so, and of its leaving', () => {
    const it = started(behaviour);
    for (const [i, present] of [true, false, true, false].entries()) {
      it.runTo((i + 1) * hourMs + 1_000);
      it.sent.length = 0;
      it.drive(present);
      it.runTo((i + 1) * hourMs + 3 * minuteMs);
      expect(said(behaviour, it.sent.at(-1)!)).toBe(present);
    }
  });
});

describe('alarms', () => {
  test.each([mud, udl])('an EM400 says the edge with the distance', (behaviour) => {
    const it = started(behaviour);
    expect(edge(it, true, hourMs)).toEqual([{ distanceMm: expect.any(Number) as number, alarm: 'alarm' }]);
    expect(edge(it, false, 2 * hourMs)).toEqual([{ distanceMm: expect.any(Number) as number, alarm: 'released' }]);
  });

  test('without the report of the release, or without a condition, it keeps quiet', () => {
    const it = started(udl);
    const alarm = { type: 'setAlarm', mode: 'standard', condition: 'below', minMm: 2_000, maxMm: 0 };
    it.command(udl.model, { ...alarm, releaseReport: false });
    expect(edge(it, true, hourMs)).toHaveLength(1);
    expect(edge(it, false, 2 * hourMs)).toEqual([]);
    it.command(udl.model, { ...alarm, condition: 'disabled', releaseReport: true });
    expect(edge(it, true, 3 * hourMs)).toEqual([]);
  });

  test.each([
    ['above', 0, 2_000],
    ['between', 2_000, 3_000],
    ['outside', 300, 2_000],
  ])('condition %s from %i to %i mm: the ground is an alarm, a roof is none', (condition, minMm, maxMm) => {
    const it = started(udl);
    it.command(udl.model, { type: 'setAlarm', mode: 'standard', condition, releaseReport: true, minMm, maxMm });
    expect(edge(it, true, hourMs)).toMatchObject([{ alarm: 'released' }]);
    expect(edge(it, false, 2 * hourMs)).toMatchObject([{ alarm: 'alarm' }]);
  });

  test('in the parking mode the heights decide, in the standard mode the thresholds', () => {
    const it = started(mud);
    it.command(mud.model, { type: 'setExistingHeight', existingHeightMm: 2_000 });
    expect(edge(it, true, hourMs)).toEqual([]);
    it.command(mud.model, { type: 'setWorkingMode', workingMode: 'standard' });
    it.runTo(2 * hourMs);
    expect(edge(it, false, 3 * hourMs)).toMatchObject([{ alarm: 'released' }]);
    it.command(mud.model, { type: 'setWorkingMode', workingMode: 'parking' });
    it.command(mud.model, { type: 'setExistingHeight', existingHeightMm: 500 });
    it.command(mud.model, { type: 'setInstallHeightUse', installHeightUse: 'disabled' });
    expect(edge(it, true, 4 * hourMs)).toEqual([]);
  });
});

test('a question is answered with a report', () => {
  const it = started(mud);
  it.sent.length = 0;
  it.command(mud.model, { type: 'requestStatus' });
  expect(it.types()).toEqual(['answer', 'report']);
});

test('what it does not know it does not answer', () => {
  const it = started(udl);
  it.sent.length = 0;
  it.command(udl.model, { type: 'setWorkingMode', workingMode: 'unknown-9' });
  it.command(udl.model, { type: 'setTiltLink', tiltLink: 'unknown-9' });
  expect(it.sent).toEqual([]);
});

test('no two of a hundred have the same serial number, and a car keeps its height while it stands', () => {
  const all = Array.from({ length: 100 }, (_, i) => {
    const it = life(udl, `serial ${i}`);
    it.start(true);
    it.runTo(2 * hourMs);
    const roofs = it.sent.map(({ message }) => message['distanceMm']).filter((mm) => typeof mm === 'number');
    expect(Math.max(...roofs) - Math.min(...roofs)).toBeLessThanOrEqual(40);
    expect(Math.max(...roofs)).toBeLessThanOrEqual(2_500 - 1_400 + 20);
    expect(Math.min(...roofs)).toBeGreaterThanOrEqual(2_500 - 1_900 - 20);
    return it.sent[0]!.message['serial'];
  });
  expect(new Set(all).size).toBe(100);
});
