import { z } from 'zod';
import { problem } from '../base/problem.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { checkTopic, fillTopic } from '../dialects/city/topics.js';
import { openMqtt } from '../io/mqtt.js';
import { defineSink } from './define.js';

const topic = (fallback: string, what: string) =>
  z
    .string()
    .superRefine((text, context) => {
      const checked = checkTopic(text);
      if (!checked.ok)
        context.addIssue({ code: 'custom', message: checked.problem.code, params: { problem: checked.problem } });
    })
    .default(fallback)
    .describe(what);

const config = z.strictObject({
  type: z.literal('mqtt'),
  url: z.string().min(1).describe('Broker: mqtt://host:1883, or mqtts://host:8883 for TLS'),
  username: z.string().optional().describe('User name; env:NAME or file:PATH reads it from there'),
  password: z.string().optional().describe('Password; env:NAME or file:PATH reads it from there'),
  qos: z
    .union([z.literal([0, 1])])
    .default(1)
    .describe('0: at most once; 1: at least once'),
  prefix: z
    .string()
    .min(1)
    .optional()
    .describe('First level of all topics: stellwerk, or stellwerk-simulated for a simulation'),
  stateTopic: topic('{prefix}/lot/{lot}/bay/{bay}', 'Where the newest state of each bay is kept (retained)'),
  eventTopic: topic('{prefix}/events', 'Where every event goes, in order'),
  availabilityTopic: topic('{prefix}/gateway/{gateway}/availability', 'online or offline (retained, last will)'),
  maxWaiting: z.coerce
    .number()
    .int()
    .min(100)
    .default(100_000)
    .describe('Events kept in memory while the broker is away'),
});

/** Parking events on an MQTT broker: a retained state per bay, an event stream, and whether this gateway is there. */
export default defineSink({
  id: 'mqtt',
  summary: 'an MQTT broker: a retained state per bay and a stream of events',
  config,

  async open(options, { log, name, simulated }) {
    if (!URL.canParse(options.url) || !/^(mqtts?|wss?):$/.test(new URL(options.url).protocol))
      return { problem: problem('broker-url', { url: options.url }) };
    const url = new URL(options.url);
    if (url.username || url.password) return { problem: problem('broker-credentials-in-url') };
    const prefix = options.prefix ?? (simulated ? 'stellwerk-simulated' : 'stellwerk');
    const availability = fillTopic(options.availabilityTopic, { prefix, gateway: name });
    const { qos } = options;
    const presence = (payload: 'online' | 'offline') => ({ topic: availability, payload, qos, retain: true });
    const link = openMqtt({
      url: options.url,
      ...(options.username !== undefined && { username: options.username }),
      ...(options.password !== undefined && { password: options.password }),
      will: { topic: availability, payload: 'offline' },
      mostWaiting: options.maxWaiting,
      onState(state, why) {
        log(state === 'connected' ? 'broker_connected' : 'broker_lost', { url: options.url, ...(why && { why }) });
        if (state === 'connected') link.publish(presence('online'));
      },
    });
    let events = 0;
    return {
      address: options.url,
      get state() {
        const { connected, delivered, waiting, dropped } = link;
        return { connected, taken: events, delivered, waiting, dropped };
      },
      write(event) {
        events++;
        const facts = { prefix, lot: event.lot, bay: event.bay, device: event.device, gateway: name };
        const payload = JSON.stringify(eventJson(event));
        link.publish({ topic: fillTopic(options.eventTopic, facts), payload, qos, retain: false });
        if (event.occupied !== undefined)
          link.publish({ topic: fillTopic(options.stateTopic, facts), payload, qos, retain: true });
      },
      flush: (withinMs) => link.flush(withinMs),
      close: () => link.close(presence('offline')),
    };
  },
});
