import { expect, test } from 'vitest';
import { pseudonyms } from '../../src/base/pseudonym.js';
import { eventText } from '../../src/dialects/city/event-text.js';
import { countedBays } from '../../src/gateway/car-park.js';
import { outward } from '../../src/gateway/outward.js';
import type { Device } from '../../src/network/device.js';
import type { ParkingEvent } from '../../src/parking/event.js';

const eui = 'fcd6bd00001936b0';
const event = (bay: string): ParkingEvent => ({
  ...{
    id: 'f-0',
    kind: 'occupied',
    bay,
    lot: 'graben',
    occupied: true,
    sinceUs: 1,
    sensorTimeUs: 1,
    assertedTimeUs: 1,
  },
  ...{ device: eui, model: 'bosch-tps110', frame: 'f', quality: [] },
});
const secret = new Uint8Array(32).fill(7);
const pseudonym = pseudonyms('a secret of sixteen');

test('a DevEUI leaves only when its owner says so', () => {
  const off = outward({ devEui: 'off', secret, singleUser: new Set() });
  expect(off.event(event('og-01'))).not.toHaveProperty('device');
  const hmac = outward({ devEui: 'hmac', pseudonym, secret, singleUser: new Set() });
  expect(hmac.event(event('og-01'))).toMatchObject({ device: pseudonym(eui), bay: 'og-01' });
  const plain = outward({ devEui: 'plain', secret, singleUser: new Set() });
  expect(plain.event(event('og-01'))).toMatchObject({ device: eui });
});

test('nor by the name of a bay that nobody named, nor in a text that was written before', () => {
  const off = outward({ devEui: 'off', secret, singleUser: new Set() });
  for (const bay of [eui, `${eui}-3`]) {
    const inside = event(bay);
    eventText(inside);
    const outside = off.event(inside)!;
    expect(eventText(outside)).not.toContain(eui);
    expect(outside.bay).toMatch(/^bay-[0-9a-f]{12}(-3)?$/);
    expect(off.event(event(bay))!.bay).toBe(outside.bay);
  }
  const other = outward({ devEui: 'off', secret: new Uint8Array(32), singleUser: new Set() });
  expect(other.event(event(eui))!.bay).not.toBe(off.event(event(eui))!.bay);
});

test("one person's own bay leaves in no event, and counts in its lot with four others like it or not at all", () => {
  const mine = outward({ devEui: 'plain', secret, singleUser: new Set(['og-01']) });
  expect(mine.event(event('og-01'))).toBeUndefined();
  expect(mine.event(event('og-02'))).toBeDefined();
  const street = (hidden: number): Device[] =>
    Array.from({ length: 10 }, (_, n) => ({ bay: `b${n}`, lot: 'l', singleUser: n < hidden }) as Device);
  expect([0, 1, 4, 5, 10].map((hidden) => countedBays(street(hidden)).length)).toEqual([10, 9, 6, 10, 10]);
});
