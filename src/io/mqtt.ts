// The one door to mqtt.js. `connect` and not `connectAsync`: the latter gives up, and ends the client, on the first refused
// connection, and a gateway may boot before its broker.
import mqtt, { type IClientPublishOptions, type MqttClient } from 'mqtt';

export interface MqttSetup {
  readonly url: string;
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  /** Published by the broker when we vanish, retained. */
  readonly will?: { readonly topic: string; readonly payload: string };
  /** Messages that may wait while there is no connection; beyond it the oldest event goes. */
  readonly mostWaiting?: number;
  /** Unacknowledged messages on the way: 100 gives nine tenths of the throughput of 1000. */
  readonly inFlight?: number;
  /** Called once per change, not once per attempt. */
  onState?(state: 'connected' | 'lost', why?: string): void;
  onMessage?(topic: string, payload: string): void;
}

export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** A connection that is tried for ever, and a queue in front of it. */
export interface MqttLink {
  /** Takes a message. A retained one that still waits is replaced by a newer one of its topic; others keep their order. */
  publish(message: MqttMessage): void;
  subscribe(topic: string): Promise<void>;
  readonly connected: boolean;
  readonly taken: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dropped: number;
  /** Resolves when nothing waits, or after `withinMs`. */
  flush(withinMs: number): Promise<void>;
  /** Says goodbye (with `last` as the last message) and lets go; never waits longer than a second. */
  close(last?: MqttMessage): Promise<void>;
}

const leastPauseMs = 500;
const mostPauseMs = 30_000;
const goodbyeMs = 1_000;

/** What is wrong with a connection, in the fewest words. */
const whyOf = (error: Error & { code?: unknown }): string =>
  typeof error.code === 'string' ? error.code : error.message || error.name;

export const openMqtt = (setup: MqttSetup): MqttLink => {
  const mostWaiting = setup.mostWaiting ?? 100_000;
  const window = setup.inFlight ?? 100;
  const counts = { taken: 0, delivered: 0, dropped: 0 };
  // Insertion order is delivery order; the key finds a retained state that is to be replaced.
  const queue = new Map<string, MqttMessage>();
  const idle = new Set<() => void>();
  let sequence = 0;
  let onTheWay = 0;
  let state: 'new' | 'connected' | 'lost' = 'new';
  let lastWhy: string | undefined;
  let pauseMs = leastPauseMs;

  const client: MqttClient = mqtt.connect(setup.url, {
    ...(setup.clientId !== undefined && { clientId: setup.clientId }),
    ...(setup.username !== undefined && { username: setup.username }),
    ...(setup.password !== undefined && { password: setup.password }),
    ...(setup.will && {
      will: { topic: setup.will.topic, payload: Buffer.from(setup.will.payload), qos: 1, retain: true },
    }),
    reconnectPeriod: leastPauseMs,
    connectTimeout: 10_000,
    keepalive: 30,
    clean: true,
    queueQoSZero: false,
    // Unacknowledged messages go out again after a reconnection; the event's id lets consumers drop what comes twice.
    resubscribe: true,
  });

  const change = (next: 'connected' | 'lost', why?: string): void => {
    if (state === next) return;
    state = next;
    setup.onState?.(next, why);
  };

  client.on('connect', () => {
    pauseMs = leastPauseMs;
    client.options.reconnectPeriod = leastPauseMs;
    change('connected');
    pump();
  });
  client.on('error', (error) => void (lastWhy = whyOf(error)));
  client.on('close', () => {
    // Back off, with jitter so that a town's gateways do not knock together when their broker is back.
    pauseMs = Math.min(mostPauseMs, pauseMs * 2);
    client.options.reconnectPeriod = Math.round(pauseMs * (0.5 + Math.random() / 2));
    change('lost', lastWhy ?? 'the connection was closed');
  });
  if (setup.onMessage) client.on('message', (topic, payload) => setup.onMessage?.(topic, payload.toString('utf8')));

  const settle = (): void => {
    if (queue.size + onTheWay > 0) return;
    for (const done of idle) done();
    idle.clear();
  };

  const pump = (): void => {
    while (client.connected && onTheWay < window) {
      const [next] = queue;
      if (!next) break;
      const [key, message] = next;
      queue.delete(key);
      onTheWay++;
      const options: IClientPublishOptions = { qos: message.qos, retain: message.retain };
      client.publish(message.topic, message.payload, options, (error) => {
        onTheWay--;
        if (error) counts.dropped++;
        else counts.delivered++;
        pump();
        settle();
      });
    }
  };

  return {
    publish(message) {
      counts.taken++;
      const key = message.retain ? `state ${message.topic}` : `event ${sequence++}`;
      if (queue.delete(key)) counts.delivered++; // superseded: its newer state delivers it
      queue.set(key, message);
      if (queue.size > mostWaiting) {
        const [oldest] = queue.keys();
        if (oldest !== undefined) queue.delete(oldest);
        counts.dropped++;
      }
      pump();
    },
    subscribe: async (topic) => void (await client.subscribeAsync(topic, { qos: 1 })),
    get connected() {
      return client.connected;
    },
    get taken() {
      return counts.taken;
    },
    get delivered() {
      return counts.delivered;
    },
    get waiting() {
      return queue.size + onTheWay;
    },
    get dropped() {
      return counts.dropped;
    },
    flush: (withinMs) =>
      new Promise((resolve) => {
        if (queue.size + onTheWay === 0) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          idle.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        idle.add(done);
      }),
    close: (last) =>
      new Promise((resolve) => {
        const force = setTimeout(() => client.end(true, () => resolve()), goodbyeMs);
        const end = (): void =>
          void client.end(false, () => {
            clearTimeout(force);
            resolve();
          });
        if (!client.connected || !last) return end();
        client.publish(last.topic, last.payload, { qos: last.qos, retain: last.retain }, end);
      }),
  };
};
