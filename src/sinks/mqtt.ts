import { z } from 'zod';
import { problem, type Problem } from '../base/problem.js';
import type { Result } from '../base/result.js';
import {
  downlinkEventJson,
  readCommand,
  refusedCommandJson,
  type DownlinkEventJson,
} from '../dialects/city/downlink-json.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { checkDeviceTopic, checkTopic, commandTopics, fillTopic, topicsMayMeet } from '../dialects/city/topics.js';
import { openMqtt } from '../io/mqtt.js';
import { sparseLog } from '../io/sparse-log.js';
import { parseEui } from '../lorawan/ids.js';
import { downlinkFailureWords } from '../network/queue.js';
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

const problemOf =
  (check: (template: string) => Result<string>) =>
  (template: string): Problem | undefined => {
    const read = check(template);
    return read.ok ? undefined : read.problem;
  };
const topicProblem = problemOf(checkTopic);
const topic = (fallback: string, what: string) => checked(topicProblem).default(fallback).describe(what);
const deviceTopic = (fallback: string, what: string) =>
  checked(problemOf(checkDeviceTopic)).default(fallback).describe(what);

const prefixOf = (simulated: boolean): string => (simulated ? 'stellwerk-simulated' : 'stellwerk');

const plainConfig = z.strictObject({
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
  commands: z
    .boolean()
    .default(false)
    .describe('Take commands from the broker: whoever may write to their topics commands your sensors'),
  commandTopic: deviceTopic(
    '{prefix}/device/{device}/command/down',
    'Where commands to a device (its DevEUI) come in; with several gateways on one broker, add {gateway}',
  ),
  downlinkEventTopic: deviceTopic(
    '{prefix}/device/{device}/event/down',
    'Where it is told what became of each downlink',
  ),
  maxWaiting: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(100_000)
    .describe('Events kept in memory while the broker is away; beyond it the oldest go'),
});

/** What we publish must not come back to us as a command. */
const config = plainConfig.superRefine(({ commands, commandTopic, prefix, ...topics }, context) => {
  if (!commands) return;
  const prefixes = prefix === undefined ? [prefixOf(false), prefixOf(true)] : [prefix];
  for (const path of ['stateTopic', 'eventTopic', 'availabilityTopic', 'downlinkEventTopic'] as const) {
    const template = topics[path];
    if (!prefixes.some((one) => topicsMayMeet(template, commandTopic, one))) continue;
    const loop = problem('topic-loop', { template, commands: commandTopic });
    context.addIssue({ code: 'custom', message: loop.code, params: { problem: loop }, path: [path] });
  }
});

/** Parking events on an MQTT broker: a retained state per bay, an event stream, and whether this gateway is there. */
export default defineSink({
  id: 'mqtt',
  summary: 'an MQTT broker: a retained state per bay and a stream of events',
  config,
  async open(options, context) {
    const { log, name, simulated, clock } = context;
    const { url, qos, username, password, clientId } = options;
    const prefix = options.prefix ?? prefixOf(simulated);
    const take = options.commands ? context.command : undefined;
    const commands = commandTopics(options.commandTopic, { prefix, gateway: name });
    const say = sparseLog(log);
    const counts = { taken: 0, commands: { taken: 0, refused: 0 } };

    const publishResult = (result: DownlinkEventJson): void => {
      counts.taken++;
      const topic = fillTopic(options.downlinkEventTopic, { prefix, gateway: name, device: result.device });
      link.publish({ topic, payload: JSON.stringify(result), qos: 1, retain: false });
    };

    const receive = (topic: string, text: string, { retained }: { readonly retained: boolean }): void => {
      const written = take && commands.deviceOf(topic);
      // An empty message is how a retained one is taken away.
      if (!take || written === undefined || text === '') return;
      const nowUs = clock.nowUs();
      const eui = parseEui(written, 'the device of the topic');
      const read = readCommand(text, nowUs);
      const device = eui.ok ? eui.value : written.slice(0, mostEcho);
      const refused = !eui.ok
        ? eui.problem
        : retained
          ? problem('command-retained')
          : read.ok
            ? take(device, read.value)
            : read.problem;
      if (!refused) return void counts.commands.taken++;
      counts.commands.refused++;
      say('command_refused', refused.code, { device });
      if (isResult(refused)) return;
      const id = read.ok ? read.value.id : 'id' in read ? read.id : undefined;
      const facts = { ...(id !== undefined && { id }), devEui: device, atUs: nowUs };
      publishResult(refusedCommandJson(refused, { ...facts, ...(simulated && { simulated: true as const }) }));
    };

    const link = openMqtt({
      url,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(clientId !== undefined && { clientId }),
      keepaliveS: options.keepaliveS,
      availability: fillTopic(options.availabilityTopic, { prefix, gateway: name }),
      mostWaiting: options.maxWaiting,
      onState: (state, why) => log(`broker_${state}`, { url, ...(why !== undefined && { why }) }),
      onMessage: receive,
    });
    if (take)
      link.subscribe(commands.filter).then(
        () => log('commands_open', { url, topic: commands.filter }),
        (error: Error) => log('commands_forbidden', { url, topic: commands.filter, why: error.message }),
      );
    return {
      address: url,
      get state() {
        const { connected, delivered, waiting, dropped } = link;
        const { taken } = counts;
        return { connected, taken, delivered, waiting, dropped, ...(take && { commands: { ...counts.commands } }) };
      },
      write(event) {
        counts.taken++;
        const facts = { prefix, lot: event.lot, bay: event.bay, device: event.device, gateway: name };
        const payload = JSON.stringify(eventJson(event));
        link.publish({ topic: fillTopic(options.eventTopic, facts), payload, qos, retain: false });
        // The state of a bay that nobody knows yet is no message.
        if (event.occupied !== undefined)
          link.publish({ topic: fillTopic(options.stateTopic, facts), payload, qos, retain: true });
      },
      downlink: (event) =>
        publishResult(downlinkEventJson(event, event.why === undefined ? undefined : downlinkFailureWords[event.why])),
      flush: (withinMs) => link.flush(withinMs),
      close: () => link.close(),
    };
  },
});

// Topics are long, and what is told back is escaped, so that it grows.
const mostEcho = 64;

/** A result of somebody's where a command should be: to answer it would be to begin a conversation without an end. */
const isResult = ({ code, facts }: Problem): boolean => code === 'command-unknown-field' && facts['field'] === '"v"';
