// The network's half of the talk with one device: what an uplink changes in its memory, and what is to be said in answer.
import { usPerMs, type Us } from '../base/time.js';
import { defaultPlan, planMaskRequests, withCfList, type ChannelPlan } from '../lorawan/channel-plan.js';
import type { DataFrame } from '../lorawan/frame.js';
import type { DownlinkCommand, UplinkCommand } from '../lorawan/mac-command.js';
import type { RxFrame } from '../lorawan/radio.js';
import { drOf, requiredSnrDb } from '../lorawan/region.js';
import { adrTarget, withAdrSample } from './adr.js';
import type { Composed } from './compose.js';
import { answersTo, marginOf, isRepeated, needsAnswer } from './exchange.js';
import { mayAsk, setupRequests, takeAnswers, takeBackAsked, viewOfFactory, type MacView } from './mac-view.js';
import { mostHandovers, type DownlinkEvent, type DownlinkFailure, type QueuedDownlink } from './queue.js';
import type { Entry } from './registry.js';
import type { DeviceStatus, Memory, Session } from './session.js';
import type { NetworkSettings } from './settings.js';

/** The view of a session, made when it is first asked for. */
export const viewOf = (session: Session, settings: NetworkSettings): MacView =>
  (session.view ??= viewOfFactory(settings));

/** The channels of a device as the network knows them. */
export const planOf = (view: MacView, { region }: NetworkSettings): ChannelPlan =>
  withCfList(region, defaultPlan(region), { cfList: view.extraHz });

/** What an uplink says beside its payload, and what it asks for. */
export interface Heard {
  readonly frame: DataFrame;
  readonly commands: readonly UplinkCommand[];
  readonly hearings: readonly RxFrame[];
  readonly fCnt: number;
  readonly nowUs: Us;
}

/** What came of it. */
export interface Took {
  readonly status?: DeviceStatus;
  readonly events: readonly DownlinkEvent[];
}

/** Writes a new uplink into its device's memory: who heard it, answers, ADR history, acknowledgements of downlinks. */
export const takeUplink = (
  entry: Entry,
  session: Session,
  how: Heard & { readonly settings: NetworkSettings },
): Took => {
  const { memory, device } = entry;
  const { frame, hearings, commands, settings, nowUs } = how;
  const view = viewOf(session, settings);
  const rx = hearings[0]!;
  session.heardBy = hearings.map((hearing) => ({ gateway: hearing.gateway, marginDb: marginOf(hearing) }));
  const dataRate = drOf(settings.region, rx.dataRate) ?? view.dataRate;
  if (dataRate !== view.dataRate) {
    // Who changes its data rate may have gone back to full power as well, as the ADR back-off does (ChirpStack `uplink/data.rs`).
    view.dataRate = dataRate;
    view.txPower = 0;
    session.adrHistory = [];
  }
  if (takeAnswers(view, commands, settings).adrChanged) session.adrHistory = [];
  if (frame.adr && device.adr !== false) {
    session.adrHistory = withAdrSample(session.adrHistory, {
      fCnt: how.fCnt,
      maxSnrDb: bestSnrDb(hearings),
      txPower: view.txPower,
      gateways: hearings.length,
    });
  }
  let heardUs = Infinity;
  for (const { atUs } of hearings) heardUs = Math.min(heardUs, atUs);
  const said = commands.length === 0 ? undefined : commands.find((command) => command.kind === 'dev-status-ans');
  if (said) memory.status = { atUs: nowUs, battery: said.battery, marginDb: said.marginDb };
  const events = endFlight(memory, { ack: frame.ack, heardUs, nowUs, settings });
  return said ? { status: memory.status!, events } : { events };
};

const bestSnrDb = (hearings: readonly RxFrame[]): number => {
  let best = -Infinity;
  for (const { snrDb = 0 } of hearings) best = Math.max(best, snrDb);
  return best;
};

/** A confirmed downlink that was on its way: acknowledged by an uplink, or to be sent again, or given up. */
const endFlight = (
  memory: Memory,
  by: { readonly ack: boolean; readonly heardUs: Us; readonly nowUs: Us; readonly settings: NetworkSettings },
): readonly DownlinkEvent[] => {
  const { flight } = memory;
  const item = memory.queue[0];
  if (!flight || !item?.confirmed || item.id !== flight.id) return [];
  const facts = { nowUs: by.nowUs, fCnt: flight.fCnt, frame: flight.frame };
  if (by.ack) {
    memory.flight = undefined;
    memory.queue.shift();
    // Its gateway's answer is late or lost: the device knows better.
    const sent = flight.told ? [] : [eventOf(item, 'sent', facts)];
    return [...sent, eventOf(item, 'acknowledged', facts)];
  }
  // What was heard before the downlink had left says nothing about it.
  if (flight.overUs === undefined || by.heardUs < flight.overUs) return [];
  memory.flight = undefined;
  return item.sends < by.settings.confirmedTries ? [] : [drop(memory, item, 'not-acknowledged', facts)];
};

/** A class C device had its time to acknowledge: to be sent again, or given up. */
export const flightOver = (
  memory: Memory,
  how: { readonly settings: NetworkSettings; readonly nowUs: Us },
): readonly DownlinkEvent[] => endFlight(memory, { ...how, ack: false, heardUs: how.nowUs });

export const eventOf = (
  item: QueuedDownlink,
  state: DownlinkEvent['state'],
  facts: { readonly nowUs: Us; readonly why?: DownlinkFailure; readonly fCnt?: number; readonly frame?: string },
): DownlinkEvent => {
  const { nowUs, ...rest } = facts;
  const { id, devEui, fPort, confirmed } = item;
  return { id, devEui, atUs: nowUs, state, ...rest, fPort, confirmed };
};

/** Takes an item out of the queue, for the reason given. */
export const drop = (
  memory: Memory,
  item: QueuedDownlink,
  why: DownlinkFailure,
  facts: { readonly nowUs: Us; readonly fCnt?: number; readonly frame?: string },
): DownlinkEvent => {
  memory.queue = memory.queue.filter((other) => other !== item);
  if (memory.flight?.id === item.id) memory.flight = undefined;
  return eventOf(item, 'failed', { ...facts, why });
};

/** Drops what is out of date and what no window can carry; says so. */
export const tidyQueue = (
  memory: Memory,
  how: { readonly nowUs: Us; readonly room?: number },
): readonly DownlinkEvent[] => {
  const { nowUs, room = Infinity } = how;
  return memory.queue.flatMap((item) => {
    if (memory.flight?.id === item.id) return [];
    if (item.expiresUs !== undefined && item.expiresUs <= nowUs) return [drop(memory, item, 'expired', { nowUs })];
    if (item.payload.length > room) return [drop(memory, item, 'payload-too-long', { nowUs })];
    return item.tries >= mostHandovers ? [drop(memory, item, 'not-sent', { nowUs })] : [];
  });
};

/** What ADR wants of the device now; empty when all is as it should be. */
const adrRequests = (
  entry: Entry,
  session: Session,
  how: Heard & { readonly settings: NetworkSettings },
): DownlinkCommand[] => {
  const { settings, frame, hearings } = how;
  const { adr, region } = settings;
  const view = viewOf(session, settings);
  const needed = requiredSnrDb(hearings[0]!.dataRate);
  if (adr === 'off' || entry.device.adr === false || !frame.adr || needed === undefined) return [];
  if (view.refused.includes('link-adr-req')) return [];
  const { dataRate, txPower, nbTrans } = view;
  const target = adrTarget({
    history: session.adrHistory,
    dataRate,
    txPower,
    nbTrans,
    requiredSnrDb: needed,
    marginDb: adr.marginDb,
    maxDr: Math.min(adr.maxDr, view.mostDataRate ?? adr.maxDr),
    maxTxPower: Math.min(region.txPowerStepsDb.length - 1, view.mostTxPower ?? Infinity),
  });
  if (target.dataRate === dataRate && target.txPower === txPower && target.nbTrans === nbTrans) return [];
  const masks = planMaskRequests(region, planOf(view, settings));
  return masks.map((mask) => ({ kind: 'link-adr-req', ...mask, ...target }));
};

/** A frame is sent 15 times at most (NbTrans): who sends it more often is not its device, and shall not use up our air. */
const mostAnswers = 15;

/** What the network would like to say after this uplink. */
export interface Speech {
  /** The device waits for an answer: an acknowledgement, or anything at all. */
  readonly urgent: boolean;
  readonly ack: boolean;
  readonly commands: readonly DownlinkCommand[];
  readonly item: QueuedDownlink | undefined;
  readonly more: boolean;
}

/** Decides whether the uplink is answered, and with what; undefined when there is nothing to say. */
export const speechAfter = (
  entry: Entry,
  session: Session,
  how: Heard & { readonly settings: NetworkSettings; readonly retransmission: boolean },
): Speech | undefined => {
  const { frame, commands, hearings, settings, retransmission } = how;
  const { memory } = entry;
  const answers = answersTo(commands, hearings);
  const urgent = frame.confirmed || frame.adrAckReq || needsAnswer(commands) || answers.length > 0;
  // Its first copy has told everything else; that it comes again means that the answer did not arrive.
  if (retransmission)
    return urgent && session.repeats < mostAnswers
      ? { urgent, ack: frame.confirmed, commands: answers, item: undefined, more: false }
      : undefined;
  const view = viewOf(session, settings);
  // While a device repeats an answer, nothing of its kind is asked: the next answer could be to the request before.
  const setup = mayAsk(view) ? setupRequests(view, settings).filter((request) => !isRepeated(request, commands)) : [];
  // A mask of channels makes sense when the channels are agreed on.
  const adr = mayAsk(view) && setup.length === 0 ? adrRequests(entry, session, how) : [];
  const status = mayAsk(view) ? statusRequest(memory, view, how) : [];
  const requests = [...setup, ...adr, ...status];
  const [item, ...others] = memory.flight ? [] : memory.queue;
  if (!urgent && requests.length === 0 && !item) return undefined;
  return { urgent, ack: frame.confirmed, commands: [...answers, ...requests], item, more: others.length > 0 };
};

const statusRequest = (
  memory: Memory,
  view: MacView,
  { settings, nowUs }: { readonly settings: NetworkSettings; readonly nowUs: Us },
): DownlinkCommand[] => {
  const { statusEveryMs } = settings;
  if (statusEveryMs === 0 || view.refused.includes('dev-status-req')) return [];
  return nowUs - memory.statusAskedUs >= statusEveryMs * usPerMs ? [{ kind: 'dev-status-req' }] : [];
};

const isRequest = ({ kind }: DownlinkCommand): boolean => kind.endsWith('-req');
const isStatusRequest = ({ kind }: DownlinkCommand): boolean => kind === 'dev-status-req';

/** Remembers what a sealed downlink asks and carries. */
export const noteSealed = (
  memory: Memory,
  session: Session,
  said: {
    readonly composed: Composed;
    readonly frame: string;
    readonly settings: NetworkSettings;
    readonly nowUs: Us;
  },
): void => {
  const { composed, frame, settings } = said;
  const asked = composed.commands.filter(isRequest);
  if (asked.length > 0) Object.assign(viewOf(session, settings), { asked, askedIn: frame });
  if (asked.some(isStatusRequest)) memory.statusAskedUs = said.nowUs;
  const { item } = composed;
  if (!item) return;
  memory.queue[0] = { ...item, tries: item.tries + 1 };
  memory.flight = { id: item.id, fCnt: composed.fCnt, frame, overUs: undefined, told: false };
};

/** A gateway has taken the downlink: an unconfirmed item is done, a confirmed one waits for its acknowledgement. */
export const noteSent = (
  memory: Memory,
  how: { readonly frame: string; readonly nowUs: Us; readonly overUs: Us },
): readonly DownlinkEvent[] => {
  const { flight } = memory;
  const item = memory.queue[0];
  if (!flight || flight.frame !== how.frame || item?.id !== flight.id) return [];
  if (item.confirmed) {
    memory.queue[0] = { ...item, sends: item.sends + 1 };
    memory.flight = { ...flight, overUs: how.overUs, told: true };
  } else {
    memory.queue.shift();
    memory.flight = undefined;
  }
  return [eventOf(item, 'sent', { nowUs: how.nowUs, fCnt: flight.fCnt, frame: how.frame })];
};

/**
 * Nobody took it: the item waits for the next opportunity. With `overUs` it may have been sent: a confirmed one may still
 * be acknowledged.
 */
export const noteLost = (memory: Memory, how: { readonly frame: string; readonly overUs?: Us }): void => {
  const { flight, session, pending } = memory;
  if (how.overUs === undefined)
    for (const one of [session, pending])
      if (takeBackAsked(one?.view, how.frame).some(isStatusRequest)) memory.statusAskedUs = 0;
  if (flight?.frame !== how.frame) return;
  const waits = how.overUs !== undefined && memory.queue[0]?.confirmed === true;
  memory.flight = waits ? { ...flight, overUs: how.overUs } : undefined;
};
