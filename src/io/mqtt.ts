// The one door to mqtt.js. `connect` and not `connectAsync`: the latter gives up, and ends the client, on the first refused
// connection, and a gateway may boot before its broker.
import type { Socket } from 'node:net';
import mqtt, { type IClientPublishOptions, type MqttClient } from 'mqtt';
import { confirmedSender } from './mqtt-confirmed.js';
import { noStore, type MqttLink, type MqttSetup, type Sent } from './mqtt-link.js';
import { mqttQueue, type MqttMessage } from './mqtt-queue.js';
import { brokerWords } from './mqtt-words.js';

export type { MqttLink, MqttSetup, Sent } from './mqtt-link.js';
export type { MqttMessage } from './mqtt-queue.js';

const mostPauseMs = 30_000;
const goodbyeMs = 1_000;
/** A connection that held for so long was a good one. */
const heldMs = 10_000;
/** More of a message nobody here wants: MQTT 5 lets us say so, of others the rest is not read. */
const mostPacketBytes = 1 << 20;
const mostTextBytes = 1 << 16;

/** Opens a link; returns at once, connected or not. */
export const openMqtt = (setup: MqttSetup): MqttLink => {
  const { availability, inFlight = 100, pauseMs = 500 } = setup;
  const queue = mqttQueue(setup.mostWaiting ?? 100_000);
  const counts = { delivered: 0, dropped: 0 };
  const onTheWay = { all: 0, stream: 0 };
  const idle = new Set<() => void>();
  const told = new Set<string>();
  let state: 'new' | 'connected' | 'lost' = 'new';
  let lastWhy: string | undefined;
  let pause = pauseMs;
  let heldFromMs = Infinity;
  let closing: Promise<void> | undefined;

  const client: MqttClient = mqtt.connect(setup.url, {
    clientId: setup.clientId ?? `stellwerk_${Math.random().toString(16).slice(2, 12)}`,
    ...(setup.username !== undefined && { username: setup.username }),
    ...(setup.password !== undefined && { password: setup.password }),
    ...(availability !== undefined && {
      will: { topic: availability, payload: Buffer.from('offline'), qos: 1, retain: true },
    }),
    keepalive: setup.keepaliveS ?? 30,
    connectTimeout: 10_000,
    reconnectPeriod: pauseMs,
    // Without it a refusal ends all attempts, and a broker that is starting up refuses.
    reconnectOnConnackError: true,
    clean: setup.session !== true,
    protocolVersion: setup.protocol === '5' ? 5 : 4,
    ...(setup.protocol === '5' && {
      properties: {
        maximumPacketSize: mostPacketBytes,
        ...(setup.session && { sessionExpiryInterval: 7 * 24 * 3_600 }),
      },
    }),
    ...(setup.tls && { ...setup.tls, ca: setup.tls.ca as string | string[] }),
    ...(setup.servername !== undefined && { servername: setup.servername }),
    // By ourselves, below: a subscription whose first connection fails is one that mqtt.js calls failed, and then keeps.
    resubscribe: false,
    queueQoSZero: false,
    // Its diary, though nobody reads it, and its timer, set anew with each message, took a fifth of our time.
    log: () => undefined,
    reschedulePings: false,
    // Nothing is sent again by mqtt.js, so nothing has to be kept for it.
    outgoingStore: noStore as never,
  });

  const confirmed = confirmedSender(client, setup.protocol ?? '3.1.1');
  const lost = (why: string): void => {
    if (closing || (state === 'lost' && told.has(why))) return;
    state = 'lost';
    told.add(why);
    setup.onState?.('lost', why);
  };

  const present = (): void => {
    if (availability !== undefined && !closing) client.publish(availability, 'online', { qos: 1, retain: true });
  };

  /** What we want to hear, with those who wait for the broker's word on it; asked for at every connection. */
  const wishes = new Map<string, ((refused?: Error) => void)[]>();
  const ask = (topic: string): void => {
    client.subscribe(topic, { qos: 1 }, (error) => {
      // Without the broker's own word it was the connection that failed: the next one asks again.
      if (error && !(error as { packet?: unknown }).packet) return;
      for (const told of wishes.get(topic)?.splice(0) ?? []) told(error ?? undefined);
    });
  };
  const subscribe = (topic: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const waiting = wishes.get(topic) ?? [];
      wishes.set(topic, [...waiting, (refused) => (refused ? reject(refused) : resolve())]);
      if (client.connected) ask(topic);
    });

  client.on('connect', ({ properties }) => {
    confirmed.connected(properties?.receiveMaximum);
    // Small messages that wait for company wait for the far end's delayed acknowledgement: 40 ms.
    (client.stream as Partial<Socket>).setNoDelay?.(true);
    heldFromMs = performance.now();
    lastWhy = undefined;
    told.clear();
    present();
    for (const topic of wishes.keys()) ask(topic);
    state = 'connected';
    setup.onState?.('connected');
    pump();
  });
  if (setup.take)
    client.handleMessage = (packet, done) => {
      const { topic, payload, retain } = packet as { topic: string; payload: Buffer; retain: boolean };
      setup.take!(topic, payload, { retained: retain }).then(
        () => done(),
        () => {
          // No acknowledgement: the broker has to keep it.
          client.stream.destroy();
          done(new Error('not taken'));
        },
      );
    };
  client.on('error', (error) => void (lastWhy = brokerWords(error)));
  client.on('close', () => {
    // Back off, with jitter so that a town's gateways do not knock together when their broker is back. Only a connection that
    // has held is a new beginning: two of one name throw each other out, and would do so twice a second.
    if (performance.now() - heldFromMs > heldMs) pause = pauseMs;
    heldFromMs = Infinity;
    pause = Math.min(mostPauseMs, pause * 2);
    client.options.reconnectPeriod = Math.round(pause * (0.5 + Math.random() / 2));
    confirmed.lost();
    lost(lastWhy ?? 'the connection was closed');
  });
  client.on('message', (topic, payload, { retain }) => {
    // The will of a connection that died with an earlier process may come minutes after we said that we are back.
    if (topic === availability && payload.length === 7 && payload.toString() === 'offline') present();
    setup.onMessage?.(topic, payload.toString('utf8', 0, mostTextBytes), { retained: retain });
  });
  // A broker may forbid it; then nobody corrects a late will.
  if (availability !== undefined) void subscribe(availability).catch(() => undefined);

  const settle = (): void => {
    if (queue.size + front.length + onTheWay.all > 0) return;
    for (const done of idle) done();
    idle.clear();
  };

  const optionsOf = (qos: 0 | 1, retain: boolean, expiryS: number | undefined): IClientPublishOptions =>
    setup.protocol !== '5'
      ? { qos, retain }
      : {
          ...{ qos, retain },
          properties: {
            payloadFormatIndicator: true,
            contentType: 'application/json',
            ...(expiryS !== undefined && { messageExpiryInterval: expiryS }),
          },
        };

  const sendOne = (message: MqttMessage, then: (how: Sent) => void): void => {
    if (!client.connected || closing) return then('again');
    if (message.qos === 1) return confirmed.send(message, then);
    const { topic, payload, qos, retain, expiryS } = message;
    client.publish(topic, payload, optionsOf(qos, retain, expiryS), (error) => then(error ? 'again' : 'delivered'));
  };

  const send = (messages: readonly MqttMessage[]): Promise<Sent | readonly Sent[]> =>
    new Promise((resolve) => {
      let left = messages.length;
      let hows: Sent[] | undefined;
      for (const [i, message] of messages.entries())
        sendOne(message, (how) => {
          if (how !== 'delivered') (hows ??= messages.map(() => 'delivered'))[i] = how;
          if (--left === 0) resolve(hows ?? 'delivered');
        });
    });

  /** What has to come again, before all that waits. */
  const front: MqttMessage[] = [];
  const pump = (): void => {
    while (client.connected && !closing && onTheWay.all < inFlight) {
      const message = front.shift() ?? queue.take();
      if (!message) break;
      const share = message.retain ? 0 : 1;
      onTheWay.all++;
      onTheWay.stream += share;
      sendOne(message, (how) => {
        onTheWay.all--;
        onTheWay.stream -= share;
        if (how === 'again') front.push(message);
        else counts[how === 'refused' ? 'dropped' : 'delivered'] += share;
        pump();
        settle();
      });
    }
  };

  const close = async (): Promise<void> => {
    for (const done of idle) done();
    idle.clear();
    if (client.connected && availability !== undefined)
      await bounded(goodbyeMs, (done) =>
        client.publish(availability, 'offline', { qos: 1, retain: true }, () => done()),
      );
    // Once only: a second call does nothing, and a first one that is not forced waits for every acknowledgement.
    const clean = client.connected && onTheWay.all === 0;
    await bounded(goodbyeMs, (done) => client.end(!clean, () => done()));
    client.stream.destroy();
  };

  return {
    publish(message) {
      if (queue.put(message) === 'dropped') counts.dropped++;
      pump();
    },
    send,
    renewTls(material) {
      Object.assign(client.options, material);
      client.stream.destroy();
    },
    subscribe,
    get connected() {
      return client.connected;
    },
    get delivered() {
      return counts.delivered;
    },
    get waiting() {
      return queue.stream + front.filter(({ retain }) => !retain).length + onTheWay.stream;
    },
    get dropped() {
      return counts.dropped;
    },
    flush: (withinMs) =>
      new Promise((resolve) => {
        if (queue.size + front.length + onTheWay.all === 0) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          idle.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        idle.add(done);
      }),
    close() {
      closing ??= close();
      return closing;
    },
  };
};

/** Resolves when `start` calls back, or after `ms`. */
const bounded = (ms: number, start: (done: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
