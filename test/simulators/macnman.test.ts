import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/base/time.js';
import parkomate from '../../simulators/sensors/macnman-parkomate.js';
import { life } from './life.js';

test('the first word after the join is a heartbeat with the present state', () => {
  const one = life(parkomate);
  one.start(true);
  expect(one.sent).toMatchObject([{ confirmed: false, message: { type: 'heartbeat', code: 0, occupied: true } }]);
});

test('a change is a confirmed event with the time of its decision, and bends the field', () => {
  const one = life(parkomate);
  one.start(false);
  const [rest] = one.sent;
  one.sent.length = 0;
  one.drive(true);
  one.runTo(5 * minuteMs);
  const event = one.sent.filter(({ message }) => message.type === 'event').at(-1)!;
  expect(event).toMatchObject({ confirmed: true, message: { occupied: true } });
  expect(event.message['timeS']).toBe(Math.floor(1_780_000_000 + event.atMs / 1_000));
  expect(Math.abs(Number(event.message['z']) - Number(rest!.message['z']))).toBeGreaterThan(500);
});

test('a heartbeat every six hours', () => {
  const one = life(parkomate);
  one.start(false);
  one.sent.length = 0;
  one.runTo(2 * dayMs);
  const beats = one.sent.map(({ atMs }) => atMs);
  expect(beats.length).toBeGreaterThanOrEqual(7);
  for (let i = 1; i < beats.length; i++) expect(beats[i]! - beats[i - 1]!).toBeCloseTo(6 * hourMs, 3);
});
