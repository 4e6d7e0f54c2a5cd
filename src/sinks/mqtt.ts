import { z } from 'zod';
import { problem, type Problem } from '../base/problem.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { checkTopic, fillTopic } from '../dialects/city/topics.js';
import { openMqtt } from '../io/mqtt.js';
import { defineSink } from './define.js';

/** A text that a check of ours has seen; the check's problem travels in the issue. */
const checked = (check: (text: string) => Problem | undefined) =>
  z.string().superRefine((text, context) => {
    const wrong = check(text);
    if (wrong) context.addIssue({ code: 'custom', message: wrong.code, params: { problem: wrong } });
  });

const urlProblem = (text: string): Problem | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^mqtts?:$/.test(url.protocol) || url.hostname === '') return problem('broker-url');
  // Addresses are logged and shown; what is in this one must not be.
  return url.username || url.password ? problem('broker-credentials-in-url') : undefined;
};

const topicProblem = (template: string): Problem | undefined => {
  const read = checkTopic(template);
  return read.ok ? undefined : read.problem;
};
const topic = (fallback: string, what: string) => checked(topicProblem).default(fallback).describe(what);

const config = z.strictObject({
  type: z.literal('mqtt'),
  url: checked(urlProblem).describe('Broker: mqtt://host:1883, or mqtts://host:8883 for TLS'),
  username: z.string().min(1).optional().describe('User name; env:NAME or file:PATH reads it from there'),
  password: z.string().min(1).optional().describe('Password; env:NAME or file:PATH reads it from there'),
  clientId: z.string().min(1).max(64).optional().describe('MQTT client identifier; default: random, new at each start'),
  keepaliveS: z.int().min(5).max(3600).default(30).describe('Seconds of silence after which the connection is tested'),
  qos: z.literal([0, 1]).default(1).describe('0: at most once; 1: at least once'),
  prefix: checked(topicProblem)
    .optional()
    .describe('First level of all topics: stellwerk, or stellwerk-simulated for a simulation'),
  stateTopic: topic('{prefix}/lot/{lot}/bay/{bay}', 'Where the newest state of each bay is kept (retained)'),
  eventTopic: topic('{prefix}/events', 'Where every event goes, in order'),
  availabilityTopic: topic('{prefix}/gateway/{gateway}/availability', 'online or offline (retained, last will)'),
  maxWaiting: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(100_000)
    .describe('Events kept in memory while the broker is away; beyond it the oldest go'),
});

/** Parking events on an MQTT broker: a retained state per bay, an event stream, and whether this gateway is there. */
export default defineSink({
  id: 'mqtt',
  summary: 'an MQTT broker: a retained state per bay and a stream of events',
  config,
  async open(options, { log, name, simulated }) {
    const { url, qos, username, password, clientId } = options;
    const prefix = options.prefix ?? (simulated ? 'stellwerk-simulated' : 'stellwerk');
    const link = openMqtt({
      url,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(clientId !== undefined && { clientId }),
      keepaliveS: options.keepaliveS,
      availability: fillTopic(options.availabilityTopic, { prefix, gateway: name }),
      mostWaiting: options.maxWaiting,
      onState: (state, why) => log(`broker_${state}`, { url, ...(why !== undefined && { why }) }),
    });
    let taken = 0;
    return {
      address: url,
      get state() {
        const { connected, delivered, waiting, dropped } = link;
        return { connected, taken, delivered, waiting, dropped };
      },
      write(event) {
        taken++;
        const facts = { prefix, lot: event.lot, bay: event.bay, device: event.device, gateway: name };
        const payload = JSON.stringify(eventJson(event));
        link.publish({ topic: fillTopic(options.eventTopic, facts), payload, qos, retain: false });
        // The state of a bay that nobody knows yet is no message.
        if (event.occupied !== undefined)
          link.publish({ topic: fillTopic(options.stateTopic, facts), payload, qos, retain: true });
      },
      flush: (withinMs) => link.flush(withinMs),
      close: () => link.close(),
    };
  },
});
