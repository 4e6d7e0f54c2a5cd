import { z } from 'zod';
import { readCount } from '../dialects/city/counts.js';
import { openMqtt } from '../io/mqtt.js';
import { sparseLog } from '../io/sparse-log.js';
import { defineSource } from './define.js';

const level = '+';

/** Counts of cars from an MQTT broker. A message of QoS 1 is acknowledged when its count is on disk, and not before. */
export default defineSource({
  id: 'counts-mqtt',
  summary: 'counts of cars in off-street lots from an MQTT broker',
  config: z.strictObject({
    type: z.literal('counts-mqtt'),
    url: z
      .string()
      .regex(/^mqtts?:\/\/[^@/]+$/, 'expected is mqtt://host:1883, without user name and password')
      .describe('Broker: mqtt://host:1883, or mqtts://host:8883 for TLS'),
    topic: z
      .string()
      .regex(/^[^#+]*(\+)?[^#+]*$/, 'expected is a topic with at most one + and no #')
      .default('stellwerk/counts/+')
      .describe('Where counts come in; a + stands for the name of the counter'),
    username: z.string().min(1).optional().describe('User name; env:NAME or file:PATH reads it from there'),
    password: z.string().min(1).optional().describe('Password; env:NAME or file:PATH reads it from there'),
    clientId: z
      .string()
      .min(1)
      .max(64)
      .default('stellwerk-counts')
      .describe('Stable: the broker keeps for it what comes while we are away'),
  }),
  open({ url, topic, username, password, clientId }, context) {
    const say = sparseLog(context.log);
    const [before = '', after = ''] = topic.split(level);
    const counterOf = (from: string): string | undefined =>
      topic.includes(level) ? from.slice(before.length, from.length - after.length) : undefined;
    const link = openMqtt({
      ...{ url, clientId, session: true },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      onState: (state, why) => context.log(`broker_${state}`, { url, ...(why !== undefined && { why }) }),
      async take(from, payload) {
        const said = readCount(new TextDecoder().decode(payload), counterOf(from));
        const refuse = (why: string): void => {
          context.refused(why);
          say('count_refused', why, { topic: from.slice(0, 100) });
        };
        if (!said.ok) return refuse(said.problem.code);
        const kept = context.count?.(said.value);
        if (!kept) return refuse('count-unknown');
        // Rejects when the disk will not have it: then the broker keeps it.
        await kept;
      },
    });
    link.subscribe(topic).catch((error: Error) => context.log('counts_forbidden', { url, topic, why: error.message }));
    return Promise.resolve({
      address: url,
      reaches: () => false,
      send: () => Promise.resolve('no-answer' as const),
      close: () => link.close(),
    });
  },
});
