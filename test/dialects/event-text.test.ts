import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restartCauses } from '../../src/codec/sensor.js';
import { eventText } from '../../src/dialects/city/event-text.js';
import { eventFromJson, eventJson } from '../../src/dialects/city/stellwerk-json.js';
import { eventKinds, qualityFlags, type ParkingEvent } from '../../src/parking/event.js';
import { findingKinds } from '../../src/parking/findings.js';

const name = fc.oneof(fc.string(), fc.constantFrom('og-01', 'ä "b"\\', '\u2028\ud800', 'a\tb\nc'));
const us = fc.integer({ min: -1_000_000_000_000, max: 4_000_000_000_000 }).map((ms) => ms * 1_000);
const number = fc.oneof(fc.integer(), fc.double());
const event = fc.record(
  {
    ...{ id: name, kind: fc.constantFrom(...eventKinds), bay: name, lot: name, device: name, model: name, frame: name },
    ...{ occupied: fc.option(fc.boolean(), { nil: undefined }), sinceUs: fc.option(us, { nil: undefined }) },
    ...{ sensorTimeUs: us, assertedTimeUs: us, quality: fc.subarray([...qualityFlags]) },
    ...{ batteryV: number, batteryPercent: number, batteryLow: fc.boolean(), temperatureC: number, distanceMm: number },
    ...{ count: number, fault: name, restart: fc.constantFrom(...restartCauses), tags: fc.array(name), fCnt: fc.nat() },
    radio: fc.record(
      { gateways: fc.nat(), snrDb: number, rssiDbm: number, gateway: name },
      { requiredKeys: ['gateways', 'rssiDbm', 'gateway'] },
    ),
    findings: fc.subarray([...findingKinds]),
    simulated: fc.constant(true as const),
  },
  {
    requiredKeys: [
      ...(['id', 'kind', 'bay', 'lot', 'model', 'frame', 'occupied', 'sinceUs', 'sensorTimeUs'] as const),
      ...(['assertedTimeUs', 'quality'] as const),
    ],
  },
) as fc.Arbitrary<ParkingEvent>;

test('the text of an event is what JSON makes of it', () => {
  fc.assert(
    fc.property(event, (one) => {
      expect(eventText(one)).toBe(JSON.stringify(eventJson(one)));
    }),
    { numRuns: 2_000 },
  );
});

test('an event that was read back has the same text: what is told again is not told differently', () => {
  fc.assert(
    fc.property(event, (one) => {
      const text = eventText(one);
      const read = eventFromJson(JSON.parse(text));
      // Not every double is a number to JSON.
      if (read.ok) expect(eventText(read.value)).toBe(text);
      else expect(text).toContain('null');
    }),
    { numRuns: 2_000 },
  );
});

test('a copy that says something else has a text of its own', () => {
  fc.assert(
    fc.property(event, name, (one, bay) => {
      eventText(one);
      const other = { ...one, bay };
      expect(eventText(other)).toBe(JSON.stringify(eventJson(other)));
      expect(Object.keys(one)).not.toContain('text');
    }),
  );
});
