import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mqttQueue, type MqttMessage, type MqttQueue } from '../../src/io/mqtt-queue.js';

const stream = (payload: string): MqttMessage => ({ topic: 'events', payload, qos: 1, retain: false });
const state = (topic: string, payload: string): MqttMessage => ({ topic, payload, qos: 1, retain: true });
const drain = (queue: MqttQueue): string[] => {
  const all: string[] = [];
  for (let one = queue.take(); one; one = queue.take()) all.push(String(one.payload));
  return all;
};

test('messages leave in the order in which they came; of a state only the newest', () => {
  const queue = mqttQueue(10);
  for (const one of [stream('1'), state('a', 'a1'), stream('2'), state('b', 'b1'), state('a', 'a2'), stream('3')])
    queue.put(one);
  expect([queue.size, queue.stream]).toEqual([5, 3]);
  expect(drain(queue)).toEqual(['1', '2', 'b1', 'a2', '3']);
  expect([queue.size, queue.stream]).toEqual([0, 0]);
});

test('when it is full the oldest of the stream goes, never a state', () => {
  const queue = mqttQueue(2);
  const verdicts = [state('a', 'a1'), stream('1'), stream('2'), state('b', 'b1'), stream('3')].map((one) =>
    queue.put(one),
  );
  expect(verdicts).toEqual(['taken', 'taken', 'taken', 'taken', 'dropped']);
  expect(drain(queue)).toEqual(['a1', '2', 'b1', '3']);
});

test('a hundred thousand newer versions of a few states and as many events take no more room and come out at once', () => {
  const queue = mqttQueue(1000);
  for (let n = 0; n < 100_000; n++) {
    queue.put(stream(`${n}`));
    queue.put(state(`bay-${n % 7}`, `${n}`));
  }
  expect(queue.size).toBe(1007);
  expect(drain(queue)).toHaveLength(1007);
});

test('it behaves as the plainest list would', () => {
  const steps = fc.array(
    fc.oneof(
      fc.constant('take' as const),
      fc.nat(3).map((n) => ({ state: `s${n}` })),
      fc.constant({ stream: true as const }),
    ),
    { maxLength: 3000, size: 'max' },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (list, most) => {
      const queue = mqttQueue(most);
      let plain: MqttMessage[] = [];
      list.forEach((step, n) => {
        if (step === 'take') return expect(queue.take()).toEqual(plain.shift());
        const one = 'state' in step ? state(step.state, `${n}`) : stream(`${n}`);
        queue.put(one);
        if (one.retain) plain = plain.filter((other) => !other.retain || other.topic !== one.topic);
        plain.push(one);
        const waiting = plain.filter(({ retain }) => !retain);
        if (waiting.length > most) plain.splice(plain.indexOf(waiting[0]!), 1);
        expect([queue.size, queue.stream]).toEqual([plain.length, Math.min(most, waiting.length)]);
      });
    }),
    { numRuns: 30 },
  );
});
