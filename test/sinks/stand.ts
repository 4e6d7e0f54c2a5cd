import { afterEach, expect } from 'vitest';
import { keptLog } from '../../src/base/log.js';
import { openBroker } from '../../src/io/broker.js';
import { wallClock } from '../../src/io/clock.js';
import { openMqtt, type MqttLink } from '../../src/io/mqtt.js';
import { deliver, type Delivering, type StateKey } from '../../src/gateway/delivery.js';
import { memoryOutbox } from '../../src/gateway/outbox.js';
import type { DownlinkEvent } from '../../src/network/queue.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { SinkContext } from '../../src/sinks/define.js';
import mqttSink from '../../src/sinks/mqtt/index.js';
import { startMosquitto } from '../peers/mosquitto.js';
import { havePeer } from '../peers/peer.js';

/** Closed after each test, the last one first. */
export const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A sink that is served by an outbox in memory, and what it said. */
export const sinkOn = async (
  url: string,
  { simulated = false, folder = '.', ...options }: Record<string, unknown> = {},
  command?: SinkContext['command'],
) => {
  const { log, events } = keptLog();
  const config = mqttSink.config.parse({ type: 'mqtt', url, ...options });
  const outbox = memoryOutbox();
  const newest = new Map<string, ParkingEvent>();
  const served: Delivering[] = [];
  const clock = wallClock();
  const open = await mqttSink.open(config, {
    clock,
    log,
    name: 'yard',
    simulated: simulated === true,
    folder: folder as string,
    retentionDays: 30,
    changed: () => served[0]?.changed(),
    renew: () => served[0]?.renew(),
    ...(command && { command }),
  });
  if ('problem' in open) throw new Error(open.problem.code);
  outbox.serve(['mqtt']);
  const delivering = deliver({
    ...{ name: 'mqtt', sink: open, outbox, clock },
    outward: (event) => event,
    current: (key) => ({ kind: 'bay', event: newest.get(key)! }),
    all: () => newest.keys() as Iterable<StateKey>,
  });
  served.push(delivering);
  closers.push(() => delivering.close());
  const sink = {
    ...delivering,
    get state() {
      return delivering.state;
    },
    write(event: ParkingEvent): void {
      outbox.add([event]);
      if (event.occupied === undefined) return;
      newest.set(`bay ${event.bay}`, event);
      delivering.tell(`bay ${event.bay}`);
    },
    downlink: (event: DownlinkEvent) => open.downlink!(event),
  };
  return { sink, said: events, words: () => events.map(({ event: word }) => word) };
};

/** Somebody who hears everything on a broker. */
export const listener = async (url: string, topic = '#'): Promise<{ link: MqttLink; heard: [string, string][] }> => {
  const heard: [string, string][] = [];
  const link = openMqtt({ url, onMessage: (where, what) => heard.push([where, what]) });
  closers.push(() => link.close());
  await link.subscribe(topic);
  return { link, heard };
};

export const until = async (what: () => boolean): Promise<void> => expect.poll(what, { timeout: 15_000 }).toBe(true);

export const mosquitto = async (setup: Parameters<typeof startMosquitto>[0] = {}) => {
  const broker = await startMosquitto(setup);
  closers.push(() => broker.stop());
  return broker;
};
export const aedes = async () => {
  const broker = await openBroker({ port: 0, fallback: false });
  if ('problem' in broker) throw new Error(broker.problem.code);
  closers.push(() => broker.close());
  return broker;
};

export const brokers = [
  ['aedes', aedes, true],
  ['mosquitto', mosquitto, havePeer('mosquitto')],
] as const;
