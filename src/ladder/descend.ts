// The way down: what a device is to be told finds its frame, its gateway and its window, and every one of them an end.
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import { frameId } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import type { RxFrame } from '../lorawan/radio.js';
import { compose, type Wish } from '../network/compose.js';
import {
  eventOf,
  flightOver,
  noteLost,
  noteSealed,
  noteSent,
  drop,
  planOf,
  tidyQueue,
  viewOf,
} from '../network/conversation.js';
import type { Speech } from '../network/conversation.js';
import type { DownlinkLoss, DownlinkOutcome } from '../network/downlink-outcome.js';
import { marginOf } from '../network/exchange.js';
import {
  mostQueued,
  type DownlinkEvent,
  type DownlinkFailure,
  type DownlinkRequest,
  type QueuedDownlink,
} from '../network/queue.js';
import type { Entry } from '../network/registry.js';
import { nextTry, settleTry, shipment, type Way } from '../network/scheduler.js';
import type { Session } from '../network/session.js';
import { openWindow, windowsAfter, type Window } from '../network/windows.js';
import type { Batch, LadderInput } from './batch.js';
import { setAlarm, takeAlarms, type LadderState, type Underway } from './state.js';

/** What a downlink adds to a batch. */
export type Down = Pick<Batch, 'downlinks' | 'descent' | 'send' | 'emission'>;
export const nothingDown: Down = { downlinks: [] };

export const waysOf = (hearings: readonly RxFrame[]): readonly Way[] =>
  hearings.map((rx) => ({
    gateway: rx.gateway,
    marginDb: marginOf(rx),
    atUs: rx.atUs,
    ...(rx.tmst !== undefined && { tmst: rx.tmst }),
  }));

type Story = Underway['story'];

const simulated = (state: LadderState): { simulated?: true } => (state.settings.simulated ? { simulated: true } : {});
const marked = (state: LadderState, events: readonly DownlinkEvent[]): readonly DownlinkEvent[] =>
  state.settings.simulated ? events.map((event) => ({ ...event, simulated: true as const })) : events;

/** Sends a sealed frame on its way: the first try, or the reason why there is none. */
export const ship = (
  state: LadderState,
  what: {
    readonly entry: Entry;
    readonly story: Story;
    readonly phy: Uint8Array;
    readonly bytes: number;
    readonly urgent: boolean;
    readonly ways: readonly Way[];
    readonly windows: readonly Window[];
    readonly nowUs: Us;
  },
): Down => {
  const { entry, story } = what;
  return step(state, { entry, story, shipment: shipment(state.scheduler, what) }, what.nowUs);
};

const step = (state: LadderState, going: Underway, nowUs: Us): Down => {
  const id = state.nextDownlinkId++;
  const tried = nextTry(state.scheduler, going.shipment, { nowUs, id });
  if (typeof tried === 'string') return ended(state, going, { nowUs, why: tried });
  state.underway.set(id, going);
  return { downlinks: [], send: tried.tx, emission: tried.emission };
};

const ended = (state: LadderState, going: Underway, how: { readonly nowUs: Us; readonly why?: DownlinkLoss }): Down => {
  const { entry, story, shipment } = going;
  const { nowUs, why } = how;
  const descent: DownlinkOutcome = {
    ...story,
    atUs: nowUs,
    result: why === undefined ? 'sent' : 'failed',
    ...(why !== undefined && { why }),
    attempts: shipment.attempts,
    ...simulated(state),
  };
  if (why !== undefined) {
    noteLost(entry.memory, story.frame);
    wakeLater(state, entry, nowUs);
    return { downlinks: [], descent };
  }
  const downlinks = noteSent(entry.memory, nowUs, story.frame);
  wakeLater(state, entry, nowUs);
  return { downlinks: marked(state, downlinks), descent };
};

/** A gateway's answer: the end of the story, or its next try. */
export const takeVerdict = (
  state: LadderState,
  input: LadderInput & { readonly kind: 'verdict' },
): Batch | undefined => {
  const going = state.underway.get(input.id);
  if (!going) return undefined;
  state.underway.delete(input.id);
  const { verdict, atUs: nowUs } = input;
  if (verdict === 'not-stored') {
    // It may not leave: what was booked is given back, as for a gateway that refuses.
    settleTry(state.scheduler, going.shipment, 'no-way');
    return { touched: [], events: [], ...ended(state, going, { nowUs, why: 'not-stored' }) };
  }
  settleTry(state.scheduler, going.shipment, verdict);
  const down = verdict === 'ok' ? ended(state, going, { nowUs }) : step(state, going, nowUs);
  return { touched: going.story.downlinkId !== undefined && !down.send ? [going.entry] : [], events: [], ...down };
};

const carriesOf = (wish: Pick<Wish, 'ack' | 'item'>, commands: number): DownlinkOutcome['carries'] =>
  wish.item ? 'application' : wish.ack || commands === 0 ? 'acknowledgement' : 'commands';

/** Seals and ships what is to be said in `windows`; reports of items that did not fit come first. */
const say = (
  state: LadderState,
  what: {
    readonly entry: Entry;
    readonly session: Session;
    readonly speech: Speech;
    readonly answers?: string;
    readonly ways: readonly Way[];
    readonly windows: readonly Window[];
    readonly nowUs: Us;
  },
): Down => {
  const { entry, session, speech, windows, nowUs } = what;
  const { device, memory } = entry;
  const room = Math.max(0, ...windows.map((window) => window.room));
  const adr = state.settings.adr !== 'off' && device.adr !== false;
  const composed = compose(session, { ...speech, adr, room });
  if (!composed) {
    const item = memory.queue[0];
    return { downlinks: item ? marked(state, [drop(memory, item, 'counter-exhausted', { nowUs })]) : [] };
  }
  const frame = frameId(composed.phy);
  noteSealed(memory, session, { composed, frame, settings: state.settings });
  const { item, commands, fPort } = composed;
  const story: Story = {
    frame,
    devEui: device.devEui,
    devAddr: devAddrText(session.devAddr),
    carries: carriesOf({ ack: speech.ack, item }, commands.length),
    ...(what.answers !== undefined && { answers: what.answers }),
    fCnt: composed.fCnt,
    ...(fPort !== undefined && { fPort }),
    ...(item && { downlinkId: item.id }),
    ...(commands.length > 0 && { commands: commands.map(({ kind }) => kind) }),
  };
  return ship(state, {
    entry,
    story,
    phy: composed.phy,
    bytes: composed.bytes,
    urgent: speech.urgent,
    ways: what.ways,
    windows,
    nowUs,
  });
};

/** The answer to an uplink, in its windows. */
export const answerUplink = (
  state: LadderState,
  what: {
    readonly entry: Entry;
    readonly session: Session;
    readonly speech: Speech;
    readonly frame: string;
    readonly hearings: readonly RxFrame[];
    readonly nowUs: Us;
  },
): Down => {
  const { entry, session, hearings, nowUs } = what;
  const view = viewOf(session, state.settings);
  const rx = hearings[0]!;
  const windows = windowsAfter(rx, { settings: state.settings, plan: planOf(view, state.settings), view });
  return say(state, { ...what, entry, session, answers: what.frame, ways: waysOf(hearings), windows, nowUs });
};

/** Whether the windows after an uplink can carry an item; what cannot leaves the queue. */
export const tidyFor = (
  state: LadderState,
  what: { readonly entry: Entry; readonly session: Session; readonly rx: RxFrame; readonly nowUs: Us },
): readonly DownlinkEvent[] => {
  const { entry, session, rx, nowUs } = what;
  if (entry.memory.queue.length === 0) return [];
  const view = viewOf(session, state.settings);
  const windows = windowsAfter(rx, { settings: state.settings, plan: planOf(view, state.settings), view });
  const room = windows.length > 0 ? Math.max(...windows.map((window) => window.room)) : Infinity;
  return marked(state, tidyQueue(entry.memory, { nowUs, room }));
};

/** A class C device's windows after an uplink, and the airtime of the slowest answer in them. */
const settleAfterUplinkUs = 5 * usPerSecond;

/** To be called when a class C device was heard: it is left alone while its windows last. */
export const lockAfterUplink = (state: LadderState, entry: Entry, nowUs: Us): void => {
  if (entry.device.deviceClass !== 'C') return;
  state.lockedUs.set(entry.device.devEui, nowUs + settleAfterUplinkUs);
  wakeLater(state, entry, nowUs);
};

/** Makes the alarm at which a device's queue wants attention next. */
export const wakeLater = (state: LadderState, { device, memory }: Entry, nowUs: Us): void => {
  const [item] = memory.queue;
  if (!item) return;
  const { flight } = memory;
  for (const { expiresUs = Infinity } of memory.queue) setAlarm(state, device.devEui, expiresUs);
  // Who was never heard has no gateway: its next uplink wakes.
  if (device.deviceClass !== 'C' || !memory.session || memory.session.heardBy.length === 0) return;
  // In the hands of a gateway: its verdict wakes.
  if (flight && flight.sentUs === undefined) return;
  if (flight?.sentUs !== undefined)
    return setAlarm(state, device.devEui, flight.sentUs + state.settings.classCTimeoutMs * usPerMs);
  const pauseUs = item.tries === 0 ? 1 : usPerSecond * Math.min(60, 2 ** item.tries);
  setAlarm(state, device.devEui, Math.max(nowUs + pauseUs, state.lockedUs.get(device.devEui) ?? 0));
};

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
  const isOver = flight?.sentUs !== undefined && flight.sentUs + state.settings.classCTimeoutMs * usPerMs <= nowUs;
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
): DownlinkEvent => eventOf({ ...request, id, queuedUs: how.nowUs, tries: 0 }, 'failed', how);

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
  if (memory.queue.some((other) => other.id === id)) return refuse('duplicate-id');
  if (memory.queue.length >= mostQueued) return refuse('queue-full');
  const item: QueuedDownlink = { ...request, id, queuedUs: nowUs, tries: 0 };
  memory.queue.push(item);
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
