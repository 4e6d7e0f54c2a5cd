import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/codec/sensor.js';
import { emptyBay, observe, type BayState, type Report } from '../../src/parking/bay.js';

const second = 1_000_000;
const report = (reading: Reading, atUs: number, more: Partial<Report> = {}): Report => ({
  reading,
  index: 0,
  frame: '00112233445566aa',
  fCnt: 7,
  heardUs: atUs,
  nowUs: atUs + 200_000,
  device: '0200000000000001',
  model: 'some-model',
  radio: { gateway: '0253544b47570001', rssiDbm: -90, snrDb: 8, gateways: 2 },
  marginDb: 15,
  simulated: false,
  ...more,
});
const bay = (): BayState => emptyBay('og-01', 'oberer-graben');

describe('a bay', () => {
  test('first report, change, confirmation', () => {
    const state = bay();
    const first = observe(state, report({ occupied: true }, 10 * second));
    expect(first).toMatchObject({ kind: 'occupied', occupied: true, sinceUs: 10 * second, quality: ['first-report'] });
    const again = observe(state, report({ occupied: true }, 20 * second));
    expect(again).toMatchObject({ kind: 'confirmed', sinceUs: 10 * second, sensorTimeUs: 20 * second, quality: [] });
    const left = observe(state, report({ occupied: false }, 30 * second));
    expect(left).toMatchObject({ kind: 'freed', occupied: false, sinceUs: 30 * second });
  });

  test('a reading that says nothing about the bay is a notice and keeps the state', () => {
    const state = bay();
    observe(state, report({ occupied: true }, second));
    const event = observe(state, report({ batteryV: 3.1, batteryLow: true }, 2 * second));
    expect(event).toMatchObject({ kind: 'notice', occupied: true, sinceUs: second, batteryV: 3.1 });
    expect(event.quality).toEqual(['battery-low']);
  });

  test('the age in the payload moves the sensor time back, and an old reading does not turn the state back', () => {
    const state = bay();
    observe(state, report({ occupied: true }, 100 * second));
    const old = observe(state, report({ occupied: false, ageMs: 90_000 }, 110 * second));
    expect(old).toMatchObject({
      kind: 'notice',
      occupied: true,
      sensorTimeUs: 20 * second,
      quality: ['late', 'out-of-order'],
    });
    expect(state.occupied).toBe(true);
  });

  test('quality says what a planner must know', () => {
    const event = observe(
      bay(),
      report({ occupied: false, fault: 'error-register', restart: 'watchdog', tamper: true }, second, {
        marginDb: 1,
        radio: { gateway: 'g', rssiDbm: -120, gateways: 1 },
      }),
    );
    expect(event.quality).toEqual(['first-report', 'fault', 'restarted', 'tamper', 'single-gateway', 'weak-signal']);
  });

  test('the id follows from frame and place in it; simulated is carried and never invented', () => {
    const event = observe(bay(), report({ occupied: true }, second, { index: 3 }));
    expect(event.id).toBe('00112233445566aa-3');
    expect('simulated' in event).toBe(false);
    expect(observe(bay(), report({ occupied: true }, second, { simulated: true })).simulated).toBe(true);
  });
});
