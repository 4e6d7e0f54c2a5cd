// The queues of devices between uplinks: what is taken in, what goes out to those who always listen, what is too late.
import { usPerMs, type Us } from '../base/time.js';
import { drop, eventOf, flightOver, tidyQueue, viewOf, type Speech } from '../network/conversation.js';
import {
  mostQueued,
  type DownlinkEvent,
  type DownlinkFailure,
  type DownlinkRequest,
  type QueuedDownlink,
} from '../network/queue.js';
import type { Entry } from '../network/registry.js';
import { openWindow } from '../network/windows.js';
import { setAlarm, takeAlarms, wakeLater } from './alarms.js';
import type { Batch, LadderInput } from './batch.js';
import { marked, say } from './descend.js';
import type { LadderState } from './state.js';

/** One batch for each device whose alarm has come and that has something to tell. */
export const ringAlarms = (state: LadderState, nowUs: Us): readonly Batch[] =>
  takeAlarms(state, nowUs).flatMap((devEui) => {
    const entry = state.devices.byDevEui(devEui);
    const batch = entry && attend(state, entry, nowUs);
    return batch ? [batch] : [];
  });

const attend = (state: LadderState, entry: Entry, nowUs: Us): Batch | undefined => {
  const { device, memory } = entry;
  const { session, flight } = memory;
  const isOver = flight?.overUs !== undefined && flight.overUs + state.settings.classCTimeoutMs * usPerMs <= nowUs;
  const isC = device.deviceClass === 'C';
  const before = marked(state, [
    ...(isC && isOver ? flightOver(memory, { settings: state.settings, nowUs }) : []),
    ...tidyQueue(memory, { nowUs }),
  ]);
  const [item, ...others] = memory.queue;
  const free = (state.lockedUs.get(device.devEui) ?? 0) <= nowUs && !memory.flight;
  if (!isC || !session || !item || !free || session.heardBy.length === 0) {
    wakeLater(state, entry, nowUs);
    return before.length > 0 ? { touched: [entry], events: [], downlinks: before } : undefined;
  }
  const window = openWindow(viewOf(session, state.settings), state.settings);
  const fit = marked(state, window ? tidyQueue(memory, { nowUs, room: window.room }) : []);
  if (!window || fit.length > 0) {
    setAlarm(state, device.devEui, nowUs + 1);
    return { touched: [entry], events: [], downlinks: [...before, ...fit] };
  }
  const speech: Speech = { urgent: false, ack: false, commands: [], item, more: others.length > 0 };
  const ways = session.heardBy.map((way) => ({ ...way, atUs: nowUs }));
  const down = say(state, { entry, session, speech, ways, windows: [window], nowUs });
  return { touched: [entry], events: [], ...down, downlinks: [...before, ...down.downlinks] };
};

const failedAtOnce = (
  request: DownlinkRequest,
  id: string,
  how: { readonly why: DownlinkFailure; readonly nowUs: Us },
): DownlinkEvent => eventOf({ ...request, id, queuedUs: how.nowUs, tries: 0, sends: 0 }, 'failed', how);

/** Takes a request into its device's queue, or says why not; the event says which. */
export const enqueue = (state: LadderState, request: DownlinkRequest, nowUs: Us): Batch => {
  const entry = state.devices.byDevEui(request.devEui);
  const id = request.id ?? `d${nowUs.toString(36)}-${(state.nextDownlinkId++).toString(36)}`;
  const refuse = (why: DownlinkFailure): Batch => ({
    touched: [],
    events: [],
    downlinks: marked(state, [failedAtOnce(request, id, { why, nowUs })]),
  });
  if (!entry) return refuse('unknown-device');
  const { memory } = entry;
  const { fPort, payload, expiresUs } = request;
  if (!Number.isInteger(fPort) || fPort < 1 || fPort > 223) return refuse('bad-port');
  if (payload.length > Math.max(...state.settings.region.maxPayload)) return refuse('payload-too-long');
  if (expiresUs !== undefined && expiresUs <= nowUs) return refuse('expired');
  if (entry.recentIds.includes(id) || memory.queue.some((other) => other.id === id)) return refuse('duplicate-id');
  if (memory.queue.length >= mostQueued) return refuse('queue-full');
  const item: QueuedDownlink = { ...request, id, queuedUs: nowUs, tries: 0, sends: 0 };
  memory.queue.push(item);
  entry.recentIds.push(id);
  if (entry.recentIds.length > mostQueued) entry.recentIds.shift();
  wakeLater(state, entry, nowUs);
  return { touched: [entry], events: [], downlinks: marked(state, [eventOf(item, 'queued', { nowUs })]) };
};

/** Takes back what waits for a device; what a gateway has in its hands already may still leave. */
export const clearQueue = (state: LadderState, input: LadderInput & { readonly kind: 'clear' }): Batch => {
  const { devEui, unstored, atUs: nowUs } = input;
  const entry = state.devices.byDevEui(devEui);
  const waiting = entry?.memory.queue.filter(({ id }) => unstored === undefined || id === unstored) ?? [];
  const why = unstored === undefined ? 'flushed' : 'not-stored';
  const downlinks = waiting.map((item) => drop(entry!.memory, item, why, { nowUs }));
  const touched = entry && waiting.length > 0 && unstored === undefined ? [entry] : [];
  return { touched, events: [], downlinks: marked(state, downlinks) };
};

/** Gives every queue that waited through a restart its turn. */
export const wakeQueues = (state: LadderState, nowUs: Us): void => {
  for (const entry of state.devices.entries()) wakeLater(state, entry, nowUs);
};
