import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/codec/sensor.js';
import {
  currentOf,
  emptyBay,
  freshForUs,
  loseBay,
  moveWall,
  observe,
  settleBay,
  stickBay,
  type BayState,
  type Report,
} from '../../src/parking/bay.js';
import { loadBay, saveBay } from '../../src/parking/bay-save.js';
import { findingKinds, findingWords } from '../../src/parking/findings.js';

const secondUs = 1_000_000;
const hourUs = 3_600 * secondUs;
const dayUs = 24 * hourUs;
const startUs = 1_780_293_600_000_000;

let frames = 0;
const say = (bay: BayState, reading: Reading, atUs: number, more: Partial<Report> = {}) =>
  observe(bay, {
    ...{
      reading,
      index: 0,
      frame: `f${frames++}`,
      heardUs: atUs,
      nowUs: atUs,
      device: 'd',
      model: 'm',
      simulated: false,
    },
    ...more,
  });
const saved = (bay: BayState): BayState => loadBay(JSON.parse(saveBay(bay)))!;

describe('silence', () => {
  test('a bay whose sensor is silent for two heartbeats and an hour is lost, once, and is told again when it speaks', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: true }, startUs, { freshForUs: freshForUs(3600) });
    const lateUs = startUs + 3 * hourUs + 1;
    expect(currentOf(bay, startUs + 3 * hourUs)).toMatchObject({ kind: 'occupied', occupied: true });
    expect(currentOf(bay, lateUs)).toMatchObject({ kind: 'lost', occupied: undefined });
    expect(loseBay(bay, lateUs)).toMatchObject({ kind: 'lost', occupied: undefined, sensorTimeUs: startUs });
    expect(loseBay(bay, lateUs)).toBeUndefined();
    expect(say(bay, { occupied: true }, lateUs + 1)).toMatchObject({ kind: 'occupied', quality: ['restored'] });
    expect(currentOf(bay, lateUs + 1)).toMatchObject({ occupied: true });
  });

  test('a sign of life that says nothing about the bay keeps its state fresh', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: true }, startUs, { freshForUs: freshForUs(3600) });
    say(bay, { batteryV: 3.6 }, startUs + 2 * hourUs);
    expect(currentOf(bay, startUs + 4 * hourUs)).toMatchObject({ occupied: true });
  });
});

describe('time', () => {
  test('before the clock is set an event says so, and afterwards its bay is told by the right time', () => {
    const bay = emptyBay('og-01', 'graben');
    const event = say(bay, { occupied: true }, 5 * secondUs, { wall: { offsetUs: 0, synced: false } });
    expect(event).toMatchObject({ sensorTimeUs: 5 * secondUs, quality: ['first-report', 'unsynced'] });
    moveWall(bay, startUs);
    expect(bay).toMatchObject({ sinceUs: startUs + 5 * secondUs, sensorTimeUs: startUs + 5 * secondUs });
    const next = say(bay, { occupied: false }, 9 * secondUs, { wall: { offsetUs: startUs, synced: true } });
    expect(next).toMatchObject({ kind: 'freed', sensorTimeUs: startUs + 9 * secondUs, quality: [] });
  });

  test.each([-3_650 * dayUs, 3_650 * dayUs])('a wall clock that jumps by %i us stops no bay', (jumpUs) => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: true }, startUs);
    moveWall(bay, jumpUs);
    const event = say(bay, { occupied: false }, startUs + 60 * secondUs, { wall: { offsetUs: jumpUs, synced: true } });
    expect(event).toMatchObject({ kind: 'freed', sensorTimeUs: startUs + 60 * secondUs + jumpUs });
    // And over a restart: what was saved by a clock of the future is not believed.
    const again = saved(bay);
    expect(say(again, { occupied: true }, startUs + 120 * secondUs)).toMatchObject({ kind: 'occupied' });
  });

  test('a reading that is older than what is known turns nothing back', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: true }, startUs);
    const old = say(bay, { occupied: false, ageMs: 30_000 }, startUs + secondUs);
    expect(old).toMatchObject({ kind: 'notice', occupied: true, quality: ['out-of-order'] });
    const restarted = saved(bay);
    expect(say(restarted, { occupied: false, ageMs: 30_000 }, startUs + secondUs)).toMatchObject({ kind: 'notice' });
  });

  test('the same once more is no change', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: true }, startUs);
    expect(say(bay, { occupied: true }, startUs)).toMatchObject({ kind: 'confirmed', sinceUs: startUs });
  });

  test.each([-1, 8 * 24 * 3_600_000])('an age of %i ms is not believed', (ageMs) => {
    const bay = emptyBay('og-01', 'graben');
    const event = say(bay, { occupied: true, ageMs }, startUs);
    expect(event).toMatchObject({ sensorTimeUs: startUs, findings: ['implausible-time'] });
  });
});

describe('debounce', () => {
  const slow = { debounceMs: 5_000 };
  test('a change is told when it has held, with the time at which it was seen', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: false }, startUs, slow);
    const seen = say(bay, { occupied: true }, startUs + secondUs, slow);
    expect(seen).toMatchObject({ kind: 'notice', occupied: false });
    expect(bay.pending?.dueUs).toBe(startUs + 6 * secondUs);
    const told = settleBay(saved(bay), startUs + 6 * secondUs);
    expect(told).toMatchObject({ kind: 'occupied', occupied: true, sinceUs: startUs + secondUs });
    expect(told!.id).not.toBe(seen.id);
    expect(settleBay(bay, startUs + 6 * secondUs)).toMatchObject({ kind: 'occupied', id: told!.id });
    expect(bay).toMatchObject({ occupied: true, sinceUs: startUs + secondUs, pending: undefined });
  });

  test('a change that is taken back before it has held was none', () => {
    const bay = emptyBay('og-01', 'graben');
    say(bay, { occupied: false }, startUs, slow);
    say(bay, { occupied: true }, startUs + secondUs, slow);
    expect(say(bay, { occupied: false }, startUs + 3 * secondUs, slow)).toMatchObject({ kind: 'confirmed' });
    expect(settleBay(bay, startUs + 6 * secondUs)).toBeUndefined();
  });
});

describe('findings', () => {
  test('each has words', () => {
    for (const kind of findingKinds) expect(findingWords[kind].length).toBeGreaterThan(20);
  });

  test('a bay that never changes is stuck after a week or two, says so once, and is no more when it changes', () => {
    for (const [occupied, finding, days] of [
      [true, 'stuck-occupied', 7],
      [false, 'stuck-free', 14],
    ] as const) {
      const bay = emptyBay('og-01', 'graben');
      say(bay, { occupied }, startUs);
      expect(stickBay(bay, startUs + days * dayUs)).toBeUndefined();
      expect(stickBay(bay, startUs + days * dayUs + 1)).toMatchObject({ kind: 'notice', findings: [finding] });
      expect(stickBay(bay, startUs + 30 * dayUs)).toBeUndefined();
      expect(say(bay, { occupied }, startUs + 30 * dayUs)).toMatchObject({ findings: [finding] });
      expect(say(bay, { occupied: !occupied }, startUs + 31 * dayUs)).not.toHaveProperty('findings');
    }
  });

  test('where stays are known to be short, three days are strange enough', () => {
    const bay = emptyBay('og-01', 'graben');
    for (let n = 0; n < 12; n++) say(bay, { occupied: n % 2 === 0 }, startUs + n * hourUs);
    say(bay, { occupied: true }, startUs + 20 * hourUs);
    expect(stickBay(bay, startUs + 20 * hourUs + 3 * dayUs)).toBeUndefined();
    expect(stickBay(saved(bay), startUs + 20 * hourUs + 3 * dayUs + 1)).toMatchObject({ findings: ['stuck-occupied'] });
  });

  test('more than twelve changes in an hour flap, and an hour of peace ends it', () => {
    const bay = emptyBay('og-01', 'graben');
    const findings = Array.from(
      { length: 14 },
      (_, n) => say(bay, { occupied: n % 2 === 0 }, startUs + n * 60 * secondUs).findings ?? [],
    );
    expect(findings.map((open) => open.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(say(bay, { occupied: false }, startUs + 3 * hourUs)).not.toHaveProperty('findings');
  });

  test('restarts, temperatures and voltages that cannot be', () => {
    const bay = emptyBay('og-01', 'graben');
    for (let n = 0; n < 3; n++) say(bay, { restart: 'power-on' }, startUs + n * hourUs);
    expect(say(bay, { restart: 'watchdog' }, startUs + 4 * hourUs)).toMatchObject({ findings: ['rebooting'] });
    expect(say(bay, { temperatureC: -117 }, startUs + 30 * hourUs)).toMatchObject({
      findings: ['implausible-temperature'],
    });
    expect(say(bay, { batteryV: 0 }, startUs + 31 * hourUs).findings).toEqual([
      'implausible-temperature',
      'implausible-battery',
    ]);
    expect(say(bay, { temperatureC: 20, batteryV: 3.6 }, startUs + 32 * hourUs)).not.toHaveProperty('findings');
  });
});

test('a bay that was saved goes on as if nothing had been; strangers are no bay and never throw', () => {
  const reading = fc.record(
    {
      occupied: fc.boolean(),
      ageMs: fc.integer({ min: 0, max: 90_000 }),
      temperatureC: fc.integer({ min: -60, max: 100 }),
      restart: fc.constant('watchdog' as const),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(reading, fc.integer({ min: 1, max: 200_000 })), { maxLength: 30 }),
      fc.nat(29),
      (said, cut) => {
        const plain = emptyBay('b', 'l');
        let other = emptyBay('b', 'l');
        let atUs = startUs;
        for (const [n, [one, pauseMs]] of said.entries()) {
          atUs += (200_000 + pauseMs) * 1000;
          if (n === cut) other = saved(other);
          const more = { frame: `x${n}`, debounceMs: 1_000 };
          expect(say(other, one, atUs, more)).toEqual(say(plain, one, atUs, more));
          expect(settleBay(other, atUs + 2_000_000)).toEqual(settleBay(plain, atUs + 2_000_000));
        }
      },
    ),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.anything(), (value) => {
      loadBay(value);
      loadBay({ bay: 'b', lot: 'l', conduct: value, newest: value, pending: { dueUs: 1, event: value } });
    }),
  );
});
