import { z } from 'zod';
import { problem, type Problem } from '../../base/problem.js';
import type { Result } from '../../base/result.js';
import { checkDeviceTopic, checkTopic, topicsMayMeet } from '../../dialects/city/topics.js';

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

export const prefixOf = (simulated: boolean): string => (simulated ? 'stellwerk-simulated' : 'stellwerk');

const seconds = z.int().min(1).max(0xffff_ffff);
const path = z.string().min(1).optional();

const plainConfig = z.strictObject({
  type: z.literal('mqtt'),
  url: checked(urlProblem).describe('Broker: mqtt://host:1883, or mqtts://host:8883 for TLS'),
  protocol: z.enum(['3.1.1', '5']).default('3.1.1').describe('Version of MQTT'),
  username: z.string().min(1).optional().describe('User name; env:NAME or file:PATH reads it from there'),
  password: z.string().min(1).optional().describe('Password; env:NAME or file:PATH reads it from there'),
  ca: path.describe("File with the certificates that may have signed the broker's; default: whom this system trusts"),
  cert: path.describe(
    'File with our own certificate, for a broker that asks for one (mTLS); read anew when it changes',
  ),
  key: path.describe('File with the key of that certificate'),
  servername: z.string().min(1).optional().describe("Name in the broker's certificate; default: that of the URL"),
  clientId: z.string().min(1).max(64).optional().describe('MQTT client identifier; default: random, new at each start'),
  keepaliveS: z.int().min(5).max(3600).default(30).describe('Seconds of silence after which the connection is tested'),
  qos: z.literal([0, 1]).default(1).describe('0: at most once; 1: at least once'),
  inFlight: z
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('Events, and as many states, that may be on their way without an acknowledgement'),
  prefix: checked(topicProblem)
    .optional()
    .describe('First level of all topics: stellwerk, or stellwerk-simulated for a simulation'),
  stateTopic: topic('{prefix}/lot/{lot}/bay/{bay}', 'Where the newest state of each bay is kept (retained)'),
  lotTopic: topic('{prefix}/lot/{lot}', 'Where the numbers of each lot are kept (retained)'),
  eventTopic: topic('{prefix}/events', 'Where every event goes, in order'),
  availabilityTopic: topic('{prefix}/gateway/{gateway}/availability', 'online or offline (retained, last will)'),
  expiryS: seconds.optional().describe('Seconds after which the broker throws away an event; MQTT 5 only'),
  stateExpiryS: seconds.optional().describe('Seconds after which the broker throws away a state; MQTT 5 only'),
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
});

/** What we publish must not come back to us as a command; what an older MQTT cannot say must not be wished for. */
export const config = plainConfig.superRefine(({ commands, commandTopic, prefix, protocol, ...rest }, context) => {
  const refuse = (field: string, wrong: Problem): void =>
    context.addIssue({ code: 'custom', message: wrong.code, params: { problem: wrong }, path: [field] });
  for (const field of ['expiryS', 'stateExpiryS'] as const)
    if (rest[field] !== undefined && protocol !== '5') refuse(field, problem('mqtt-needs-5', { field }));
  if ((rest.cert === undefined) !== (rest.key === undefined)) refuse(rest.cert ? 'cert' : 'key', problem('tls-half'));
  for (const field of ['ca', 'cert', 'key'] as const)
    if (rest[field] !== undefined && !rest.url.startsWith('mqtts:')) refuse(field, problem('tls-without', { field }));
  if (!commands) return;
  const prefixes = prefix === undefined ? [prefixOf(false), prefixOf(true)] : [prefix];
  for (const path of ['stateTopic', 'lotTopic', 'eventTopic', 'availabilityTopic', 'downlinkEventTopic'] as const) {
    const template = rest[path];
    if (prefixes.some((one) => topicsMayMeet(template, commandTopic, one)))
      refuse(path, problem('topic-loop', { template, commands: commandTopic }));
  }
});
export type MqttConfig = z.infer<typeof config>;
