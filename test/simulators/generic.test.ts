import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import cayenne from '../../simulators/sensors/generic-cayenne.js';
import cbor from '../../simulators/sensors/generic-cbor.js';
import { life } from './life.js';

const payloads = (behaviour: typeof cbor, one: ReturnType<typeof life>): readonly string[] =>
  one.sent.map(({ message }) => toHex(must(behaviour.model.encode(message)).bytes));

describe.each([cayenne, cbor])('$id', (behaviour) => {
  test('a heartbeat every six hours, unconfirmed, with battery and temperature', () => {
    const one = life(behaviour);
    one.start(false);
    one.sent.length = 0;
    one.runTo(3 * dayMs);
    expect(one.sent.length).toBeGreaterThanOrEqual(11);
    for (const [i, beat] of one.sent.entries()) {
      if (i > 0) expect(beat.atMs - one.sent[i - 1]!.atMs).toBeCloseTo(6 * hourMs, 3);
      expect(beat.confirmed).toBe(false);
      expect(behaviour.model.toReadings(beat.message)).toMatchObject([
        { occupied: false, batteryPercent: 80, temperatureC: -4.4 },
      ]);
    }
  });

  test('a change is one short frame', () => {
    const one = life(behaviour);
    one.start(false);
    one.sent.length = 0;
    one.drive(true);
    one.runTo(2 * minuteMs);
    expect(payloads(behaviour, one)[0]).toBe(behaviour === cbor ? 'a1616ff5' : '016601');
  });
});

test('Cayenne: after a join it tells all that it knows', () => {
  const one = life(cayenne);
  one.start(true);
  expect(cayenne.model.decode(2, hex(payloads(cayenne, one)[0]!))).toMatchObject({
    value: {
      items: [
        { channel: 1, type: 'presence', value: 1 },
        { channel: 2, type: 'voltage' },
        { channel: 3, type: 'percentage', value: 80 },
        { channel: 4, type: 'temperature', value: -4.4 },
      ],
    },
  });
});

test('CBOR: after a join it says why it started', () => {
  const one = life(cbor);
  one.start(true, 'watchdog');
  expect(cbor.model.toReadings(one.sent[0]!.message)).toMatchObject([
    { occupied: true, restart: 'watchdog', firmware: '1.4.0' },
  ]);
});

test('CBOR: it counts cars, and calls its battery low near the end', () => {
  const one = life(cbor, 'a', 0.05);
  one.start(false);
  for (let i = 1; i <= 6; i++) {
    one.drive(i % 2 === 1);
    one.runTo(i * hourMs);
  }
  one.sent.length = 0;
  one.runTo(13 * hourMs);
  const readings = cbor.model.toReadings(one.sent[0]!.message);
  expect(readings.map(({ batteryLow }) => batteryLow)).toContain(true);
  const counts = readings.map(({ count }) => count).filter((count) => count !== undefined);
  expect(counts[0]).toBeGreaterThanOrEqual(3);
  const fresh = life(cbor);
  fresh.start(false);
  fresh.runTo(dayMs);
  expect(JSON.stringify(fresh.sent.flatMap(({ message }) => cbor.model.toReadings(message)))).not.toContain('Low');
});
