import { expect, test } from 'vitest';
import { metrics } from '../../src/gateway/metrics.js';
import type { ParkingEvent } from '../../src/parking/event.js';

const second = 1_000_000;
const event = (more: Partial<ParkingEvent>): ParkingEvent => ({
  ...{ id: '1-0', kind: 'occupied', bay: 'og-01', lot: 'graben', occupied: true, sinceUs: 0, sensorTimeUs: 0 },
  ...{ assertedTimeUs: 0, device: '0200000000000001', model: 'some-model', frame: '1', quality: [] },
  ...more,
});

test('an age is told of changes, and not across the setting of a clock that nobody had set', () => {
  const meter = metrics();
  const ages = (): number => meter.ages.get('far')?.count ?? 0;
  meter.delivered('far', event({ kind: 'confirmed' }), { wallUs: 2 * second, synced: true });
  expect(ages()).toBe(0);
  meter.delivered('far', event({}), { wallUs: 2 * second, synced: true });
  expect(ages()).toBe(1);
  // As long as it is not set it does for a difference.
  meter.delivered('far', event({ quality: ['unsynced'] }), { wallUs: 2 * second, synced: false });
  expect(ages()).toBe(2);
  meter.delivered('far', event({ quality: ['unsynced'] }), { wallUs: 1_780_293_600 * second, synced: true });
  expect(ages()).toBe(2);
  expect(meter.ages.get('far')!.sum).toBe(4);
});
