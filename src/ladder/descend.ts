// The way down: what a device is to be told finds its frame, its gateway and its window, and every one of them an end.
import type { Us } from '../base/time.js';
import { frameId } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import type { RxFrame } from '../lorawan/radio.js';
import { compose, type Wish } from '../network/compose.js';
import {
  drop,
  noteLost,
  noteSealed,
  noteSent,
  planOf,
  tidyQueue,
  viewOf,
  type Speech,
} from '../network/conversation.js';
import type { DownlinkLoss, DownlinkOutcome } from '../network/downlink-outcome.js';
import { marginOf } from '../network/exchange.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { Entry } from '../network/registry.js';
import { nextTry, settleTry, shipment, type Order, type Way } from '../network/scheduler.js';
import type { Session } from '../network/session.js';
import { windowsAfter, type Window } from '../network/windows.js';
import { wakeLater } from './alarms.js';
import type { Batch, LadderInput } from './batch.js';
import type { LadderState, Underway } from './state.js';

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
export const marked = (state: LadderState, events: readonly DownlinkEvent[]): readonly DownlinkEvent[] =>
  state.settings.simulated ? events.map((event) => ({ ...event, simulated: true as const })) : events;

/** Sends a sealed frame on its way: the first try, or the reason why there is none. */
export const ship = (state: LadderState, what: Order & { readonly entry: Entry; readonly story: Story }): Down => {
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
    noteLost(entry.memory, { frame: story.frame, ...(why === 'no-answer' && { overUs: shipment.overUs }) });
    wakeLater(state, entry, nowUs);
    return { downlinks: [], descent };
  }
  const downlinks = noteSent(entry.memory, { frame: story.frame, nowUs, overUs: shipment.overUs });
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
export const say = (
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
  noteSealed(memory, session, { composed, frame, settings: state.settings, nowUs });
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
