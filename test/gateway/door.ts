import bosch from '../../devices/sensors/bosch-tps110.js';
import placepod from '../../devices/sensors/pni-placepod.js';
import { keptLog } from '../../src/base/log.js';
import { sentenceOf } from '../../src/base/problem.js';
import type { SensorModel } from '../../src/codec/sensor.js';
import { openGatewayControl, type GatewayDoor } from '../../src/gateway/control.js';
import { commandDesk } from '../../src/gateway/desk.js';
import { steppedClock } from '../../src/io/clock.js';
import type { Device } from '../../src/network/device.js';
import type { ParkingEvent } from '../../src/parking/event.js';
import type { DownlinkEvent, DownlinkRequest, QueuedDownlink } from '../../src/network/queue.js';

export const startUs = 1_780_293_600_000_000;
const key = new Uint8Array(16).fill(5);

export const device = (n: number, more: { name?: string; bay?: string; model?: SensorModel } = {}): Device => ({
  devEui: `02000000000000a${n}`,
  name: more.name ?? `og-0${n}`,
  bay: more.bay ?? `og-0${n}`,
  lot: 'lot',
  lorawan: '1.0.3',
  activation: { kind: 'abp', devAddr: 0x260b1a2f + n, nwkSKey: key, appSKey: key },
  model: more.model ?? bosch,
  options: {},
});

/** A gateway's far side as a list: every request is queued, two wait at most, and the test says what becomes of them. */
export const listDoor = () => {
  const requests: DownlinkRequest[] = [];
  const queues = new Map<string, QueuedDownlink[]>();
  const listeners = new Set<(event: DownlinkEvent) => void>();
  const followers = new Set<(event: ParkingEvent) => void>();
  const asked: unknown[] = [];
  let made = 0;
  const say = (event: DownlinkEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const door: GatewayDoor = {
    enqueue(request) {
      requests.push(request);
      const queue = queues.get(request.devEui) ?? [];
      const id = request.id ?? `made-${++made}`;
      const { devEui, fPort, confirmed } = request;
      const event = { id, devEui, fPort, confirmed, atUs: startUs };
      if (queue.length >= 2) return { ...event, state: 'failed', why: 'queue-full' };
      queues.set(devEui, [...queue, { ...request, id, queuedUs: startUs, tries: 0, sends: 0 }]);
      return { ...event, state: 'queued' };
    },
    queueOf: (devEui) => queues.get(devEui) ?? [],
    flush(devEui) {
      const gone = queues.get(devEui) ?? [];
      queues.delete(devEui);
      for (const { id, fPort, confirmed } of gone)
        say({ id, devEui, fPort, confirmed, atUs: startUs, state: 'failed', why: 'flushed' });
      return gone.length;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    events(listener) {
      followers.add(listener);
      return () => void followers.delete(listener);
    },
    status: () => ({ name: 'yard', runningS: 7_500, simulated: false, devices: { registered: 3, heard: 2 } }),
    why(query) {
      asked.push(query);
      return { near: [], nowUs: startUs, sinceUs: startUs, records: [], leftOut: 0, strangers: [] };
    },
  };
  return { door, requests, say, asked, listeners, followers };
};

export const street = [
  device(1),
  device(2),
  device(3, { name: 'kerb', bay: 'k-1', model: placepod }),
  device(4, { name: 'kerb', bay: 'k-2', model: placepod }),
];

/** A control socket in front of a door of lists. */
export const openStreet = async (path: string) => {
  const list = listDoor();
  const { log, events } = keptLog();
  const clock = steppedClock(startUs);
  const desk = commandDesk({ door: list.door, devices: street, log });
  const server = await openGatewayControl({ path, name: 'yard', door: list.door, desk, clock, log });
  if ('problem' in server) throw new Error(sentenceOf(server.problem));
  return { ...list, desk, server, said: events };
};
