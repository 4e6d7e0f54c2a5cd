import { expect, test } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { backOff } from '../../src/io/back-off.js';
import { steppedClock } from '../../src/io/clock.js';
import { openGate } from '../../src/sinks/parts/gate.js';

const stand = () => {
  const clock = steppedClock(0);
  const { log, events } = keptLog();
  const ready: boolean[] = [];
  const gate = openGate(
    'far',
    {
      ...{ clock, log, name: 'yard', simulated: false, folder: '.', retentionDays: 30 },
      changed: () => void ready.push(gate.ready),
      renew: () => undefined,
    },
    backOff({ random: () => 0 }),
  );
  return { clock, gate, ready, said: () => events.map(({ event, fields }) => `${event} ${String(fields['why'])}`) };
};

test('is shut for a pause that grows, and the log hears of each reason once an outage', () => {
  const { clock, gate, ready, said } = stand();
  for (const why of ['a', 'a', 'b', 'a']) {
    gate.shut(why);
    expect(gate.ready).toBe(false);
    clock.advance(clock.nextUs);
    expect(gate.ready).toBe(true);
    expect(gate.link).toEqual({ connected: false, why });
  }
  expect(clock.nowUs()).toBe(15_000_000);
  expect(ready).toEqual([false, true, false, true, false, true, false, true]);
  gate.passed();
  expect(gate.link).toEqual({ connected: true });
  gate.shut('a');
  clock.advance(16_000_000);
  expect(gate.ready).toBe(true);
  expect(said()).toEqual(['sink_waits a', 'sink_waits b', 'sink_delivers undefined', 'sink_waits a']);
});

test('what failed beside something else is one failure; the longer wait counts', () => {
  const { clock, gate } = stand();
  gate.shut('a');
  gate.shut('a');
  expect(clock.nextUs).toBe(1_000_000);
  gate.shut('b', { forMs: 7_000 });
  gate.shut('c', { forMs: 3_000 });
  expect(clock.nextUs).toBe(7_000_000);
  clock.advance(7_000_000);
  gate.shut('a');
  expect(clock.nextUs).toBe(9_000_000);
});

test('an answer to what was sent before does not open it', () => {
  const { clock, gate } = stand();
  gate.shut('a', { forMs: 60_000 });
  gate.passed();
  expect(gate.ready).toBe(false);
  expect(gate.link).toEqual({ connected: false, why: 'a' });
  clock.advance(60_000_000);
  gate.passed();
  expect(gate.link).toEqual({ connected: true });
});

test('a wall stays, and a gate that was closed says nothing any more', () => {
  const { clock, gate, ready, said } = stand();
  gate.wall('gone');
  gate.shut('a');
  gate.passed();
  expect([gate.ready, clock.nextUs, ready, said()]).toEqual([false, Infinity, [false], ['sink_lost gone']]);
  const other = stand();
  other.gate.shut('a');
  other.gate.close();
  expect([other.gate.ready, other.clock.nextUs, other.ready]).toEqual([false, Infinity, [false]]);
});
