import { expect, test } from 'vitest';
import { reasons } from '../../src/base/sentences/reasons.js';
import { downlinkLosses, refusals, type WindowRefusal } from '../../src/ladder/outcome.js';
import { downlinkFailures } from '../../src/network/queue.js';
import { losses } from '../../src/sim/air.js';
import { downlinkResults } from '../../src/sim/downlink-air.js';
import type { DeviceNote } from '../../src/sim/run-types.js';
import { reasonOf, stageOf } from '../../src/trace/life-verdict.js';

// Types that have no list at run time: a word too many or too few does not compile.
const windows: Record<WindowRefusal, true> = {
  'too-late': true,
  'too-early': true,
  'collision-packet': true,
  'collision-beacon': true,
  'tx-freq': true,
  'tx-power': true,
  'gps-unlocked': true,
  unknown: true,
  'no-answer': true,
  'gateway-duty-cycle': true,
  'no-way': true,
};
const notes: Record<DeviceNote['what'], true> = {
  'not-joined': true,
  'waits-turn': true,
  'waits-duty-cycle': true,
  'waits-join-backoff': true,
  'waits-join-retry': true,
  'waits-retry': true,
  'given-up': true,
  'dropped-queue-full': true,
  'dropped-too-long': true,
  'dropped-restart': true,
  'nonces-exhausted': true,
  'counter-exhausted': true,
};

test.each([
  ['refusal', refusals],
  ['loss', losses],
  ['fate', downlinkResults.filter((result) => result !== 'received')],
  ['downlinkLoss', downlinkLosses],
  ['window', Object.keys(windows)],
  ['failure', downlinkFailures],
  ['note', Object.keys(notes)],
] as const)('every %s has words and a next step, and none is left over', (group, words) => {
  expect(Object.keys(reasons[group]).sort()).toEqual([...words].sort());
  for (const word of words) {
    const { text, next } = reasonOf(group, word);
    expect(text, word).toMatch(/^[^A-Z].*[^.!?]$/);
    expect(next, word).toMatch(/^[A-Z].*[.?]$/);
  }
});

test('every refusal has its rung', () => expect(Object.keys(stageOf).sort()).toEqual([...refusals].sort()));

test('a reason of another version is shown as it is', () => {
  expect(reasonOf('refusal', 'eaten-by-a-marten')).toEqual({ text: 'eaten-by-a-marten' });
  expect(reasonOf('refusal', 'constructor')).toEqual({ text: 'constructor' });
});
