import { expect, test } from 'vitest';
import { hex } from '../../src/base/hex.js';
import { must } from '../../src/base/problem.js';
import { usPerSecond } from '../../src/base/time.js';
import model from '../../devices/sensors/macnman-parkomate.js';

const body = '0004fff5000f00fafed47fff682c5ed7';
const eventS = 0x682c5ed7;
const read = (text: string, fPort = 1) => model.decode(fPort, hex(text));

test.each([
  ['00', 'heartbeat', 0],
  ['01', 'event', undefined],
  ['02', 'heartbeat', 2],
  ['ff', 'heartbeat', 255],
])('type %s is a %s', (code, type, kept) => {
  const message = must(read(`01${code}01${body}`));
  expect(message.type).toBe(type);
  expect(message['code']).toBe(kept);
});

test.each([
  ['00', false],
  ['01', true],
  ['02', false],
  ['ff', false],
])('status %s: occupied %s, on whatever port', (status, occupied) => {
  for (const fPort of [1, 2, 85, 223])
    expect(model.toReadings(must(read(`0101${status}${body}`, fPort)))).toEqual([{ occupied }]);
});

test('an event has the age of its time, a heartbeat has none', () => {
  const heardUs = (eventS + 42) * usPerSecond;
  expect(model.toReadings(must(read(`010101${body}`)), { heardUs })).toEqual([{ occupied: true, ageMs: 42_000 }]);
  expect(model.toReadings(must(read(`010001${body}`)), { heardUs })).toEqual([{ occupied: true }]);
  // A clock that was never set.
  const unset = `010101${body.slice(0, -8)}00000001`;
  expect(model.toReadings(must(read(unset)), { heardUs })).toEqual([{ occupied: true }]);
});

test.each([
  ['', 0],
  // The payload that the vendor quotes: one byte fewer than its codec reads.
  ['01da00000004000b000f00060000682c5ed7', 18],
  [`010101${body}00`, 20],
])('%s has the wrong length', (text, have) => {
  const result = read(text);
  expect(result.ok ? 'decoded' : result.problem).toMatchObject({ code: 'wrong-length', facts: { have, need: 19 } });
});

test.each([
  ['heartbeat', { code: 1 }, 'code'],
  ['heartbeat', { code: 256 }, 'code'],
  ['event', { code: 0 }, 'code'],
  ['event', { x: 32_768 }, 'x'],
  ['event', { timeS: 2 ** 32 }, 'timeS'],
  ['event', { occupied: 1 }, 'occupied'],
])('%s with %o cannot be sent', (type, fields, field) => {
  const message = must(read(`01${type === 'event' ? '01' : '00'}01${body}`));
  const encoded = model.encode({ ...message, ...fields, type });
  expect(encoded.ok ? 'encoded' : encoded.problem).toMatchObject({ code: 'bad-message', facts: { field } });
});
