import { lotJson } from '../../dialects/city/lot-json.js';
import { downlinkEventJson, type DownlinkEventJson } from '../../dialects/city/downlink-json.js';
import { eventText } from '../../dialects/city/event-text.js';
import { commandTopics, fillTopic } from '../../dialects/city/topics.js';
import { openMqtt, type MqttLink, type MqttMessage } from '../../io/mqtt.js';
import { downlinkFailureWords } from '../../network/queue.js';
import type { ParkingEvent } from '../../parking/event.js';
import { defineSink, type StateUpdate } from '../define.js';
import { tlsOf } from '../parts/tls.js';
import { commandPost } from './commands.js';
import { config, prefixOf } from './config.js';

/** Results of downlinks that wait for the broker; beyond it the oldest go. */
const mostResults = 10_000;
const mostTopics = 200_000;
const mostTogether = 8;

/** Parking events on an MQTT broker: a retained state per bay and lot, an event stream, and whether this gateway is there. */
export default defineSink({
  id: 'mqtt',
  summary: 'an MQTT broker: a retained state per bay and a stream of events',
  config,
  async open(options, context) {
    const { log, name, simulated, clock } = context;
    const { url, qos, username, password, clientId, servername, inFlight } = options;
    const prefix = options.prefix ?? prefixOf(simulated);
    const take = options.commands ? context.command : undefined;
    const topics = commandTopics(options.commandTopic, { prefix, gateway: name });
    let why: string | undefined;

    const publishResult = (result: DownlinkEventJson): void => {
      const topic = fillTopic(options.downlinkEventTopic, { prefix, gateway: name, device: result.device });
      link.publish({ topic, payload: JSON.stringify(result), qos: 1, retain: false });
    };
    const post =
      take &&
      commandPost({
        take,
        topics,
        simulated,
        log,
        nowUs: () => clock.nowUs(),
        answer: (result) => publishResult(result),
      });

    const tls = await tlsOf(options, context, (files) => link.renewTls(files.material));
    if (tls && !tls.ok) return { problem: tls.problem };
    const link: MqttLink = openMqtt({
      url,
      protocol: options.protocol,
      ...(tls && { tls: tls.value.material }),
      ...(servername !== undefined && { servername }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(clientId !== undefined && { clientId }),
      keepaliveS: options.keepaliveS,
      availability: fillTopic(options.availabilityTopic, { prefix, gateway: name }),
      mostWaiting: mostResults,
      onState(state, reason) {
        why = state === 'lost' ? reason : undefined;
        log(`broker_${state}`, { url, ...(reason !== undefined && { why: reason }) });
        // A broker that was away may have lost what it had retained.
        if (state === 'connected') context.renew();
        context.changed();
      },
      ...(post && { onMessage: post.receive }),
    });
    if (post)
      link.subscribe(topics.filter).then(
        () => log('commands_open', { url, topic: topics.filter }),
        (error: Error) => log('commands_forbidden', { url, topic: topics.filter, why: error.message }),
      );

    const { expiryS, stateExpiryS } = options;
    const factsOf = ({ lot, bay, device = '' }: ParkingEvent) => ({ prefix, lot, bay, device, gateway: name });
    /** Topics of bays: there are as many as there are bays, and each is needed with every event. */
    const topicsOfBays = new Map<string, string>();
    const stateTopic = (event: ParkingEvent): string => {
      if (options.stateTopic.includes('{device}')) return fillTopic(options.stateTopic, factsOf(event));
      const key = `${event.lot}\n${event.bay}`;
      const known = topicsOfBays.get(key);
      if (known !== undefined) return known;
      const topic = fillTopic(options.stateTopic, factsOf(event));
      if (topicsOfBays.size >= mostTopics) topicsOfBays.clear();
      topicsOfBays.set(key, topic);
      return topic;
    };
    const plainEventTopic = /\{(lot|bay|device)\}/.test(options.eventTopic)
      ? undefined
      : fillTopic(options.eventTopic, { prefix, gateway: name });
    const eventMessage = (event: ParkingEvent): MqttMessage => {
      const topic = plainEventTopic ?? fillTopic(options.eventTopic, factsOf(event));
      return { topic, payload: eventText(event), qos, retain: false, expiryS };
    };
    const stateMessage = (update: StateUpdate): MqttMessage => {
      const isBay = update.kind === 'bay';
      const topic = isBay ? stateTopic(update.event) : lotTopic(update.lot.lot);
      const payload = isBay ? eventText(update.event) : JSON.stringify(lotJson(update.lot));
      return { topic, payload, qos, retain: true, expiryS: stateExpiryS };
    };
    const lotTopic = (lot: string): string => fillTopic(options.lotTopic, { prefix, lot, gateway: name });

    // What is underway is counted in messages; a few of them share their bookkeeping.
    const batch = Math.min(inFlight, mostTogether);
    const window = Math.floor(inFlight / batch);
    return {
      address: url,
      get ready() {
        return link.connected;
      },
      get link() {
        return {
          connected: link.connected,
          ...(why !== undefined && { why }),
          ...(post && { commands: { ...post.counts } }),
        };
      },
      stream: { batch, window, deliver: (events) => link.send(events.map(eventMessage)) },
      states: { batch, window, deliver: (updates) => link.send(updates.map(stateMessage)) },
      downlink: (event) =>
        publishResult(downlinkEventJson(event, event.why === undefined ? undefined : downlinkFailureWords[event.why])),
      async close() {
        if (tls?.ok) tls.value.close();
        // Results of downlinks are in no outbox.
        await link.flush(link.connected ? 1_000 : 0);
        await link.close();
      },
    };
  },
});
