import type { Us } from '../base/time.js';
import type { Problem } from '../base/problem.js';
import { sentenceOf } from '../base/problem.js';
import { frameId, parseFrame, type DataFrame, type JoinRequest } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import { readUplinkCommands } from '../lorawan/mac-commands.js';
import type { RxFrame } from '../lorawan/radio.js';
import { speechAfter, takeUplink, type Took } from '../network/conversation.js';
import { defaultPlan } from '../lorawan/channel-plan.js';
import { hear, nextClose, takeClosed } from '../network/dedup.js';
import { answerJoin } from '../network/join.js';
import type { Entry } from '../network/registry.js';
import { openUplink, type OpenedUplink } from '../network/uplink.js';
import { windowsAfter } from '../network/windows.js';
import { moveWall } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import { lockAfterUplink } from './alarms.js';
import type { Batch, ChangedBay, LadderInput, LadderOut } from './batch.js';
import { answerUplink, nothingDown, ship, takeVerdict, tidyFor, waysOf, type Down } from './descend.js';
import type { Outcome, Refusal } from './outcome.js';
import { clearQueue, enqueue, ringAlarms, wakeQueues } from './queues.js';
import { heardUs, leftOver, report, tagsIn, type Climbing } from './report.js';
import type { LadderState } from './state.js';
import { lookAtBays, watchAll } from './watch.js';

export type { Batch, ChangedBay, LadderInput, LadderOut } from './batch.js';
export { ladder, type LadderSettings, type LadderState } from './state.js';

/** When the ladder wants its next tick; Infinity when it waits for nothing. */
export const ladderWakeUs = (state: LadderState): Us =>
  Math.min(nextClose(state.dedup), state.alarms.agenda.nextUs, state.watch.nextUs);

/** The whole climb, and the way down. A frame waits for its copies until the dedup window closes; a tick takes what is due. */
export const climb = (state: LadderState, input: LadderInput, out: LadderOut): void => {
  if ('atUs' in input) state.nowUs = input.atUs;
  switch (input.kind) {
    case 'frame': {
      const heard = hear(state.dedup, input.rx);
      if (heard !== 'first') out.copy(input.rx, heard === 'copy' ? 'in-time' : 'late');
      return;
    }
    case 'start':
      watchAll(state, input.atUs);
      return wakeQueues(state, input.atUs);
    case 'clock': {
      state.wall = input.wall;
      for (const bay of state.bays.values()) moveWall(bay, input.wall.offsetUs);
      return watchAll(state, input.atUs);
    }
    case 'downlink':
      return out.batch(enqueue(state, input.request, input.atUs));
    case 'clear':
      return out.batch(clearQueue(state, input));
    case 'unstored':
      return takeBack(state, input.batch);
    case 'verdict': {
      const batch = takeVerdict(state, input);
      return batch && out.batch(batch);
    }
    case 'tick':
    case 'flush': {
      const closedBy = input.kind === 'flush' ? Infinity : input.atUs;
      for (let hearings = takeClosed(state.dedup, closedBy); hearings; hearings = takeClosed(state.dedup, closedBy))
        out.batch(oneFrame(state, hearings, input.atUs));
      if (input.kind !== 'tick') return;
      for (const batch of ringAlarms(state, input.atUs)) out.batch(batch);
      for (const batch of lookAtBays(state, input.atUs)) out.batch(batch);
    }
  }
};

const oneFrame = (state: LadderState, hearings: readonly RxFrame[], nowUs: Us): Batch => {
  const rx = hearings[0]!;
  const climbing: Climbing = { state, hearings, rx, nowUs, frame: frameId(rx.phy) };
  if (hearings.every((hearing) => hearing.crc === 'bad')) return refuse(climbing, 'crc-bad');
  const parsed = parseFrame(rx.phy);
  if (!parsed.ok) return refuse(climbing, shapeRefusal(parsed.problem), { detail: sentenceOf(parsed.problem) });
  switch (parsed.value.kind) {
    case 'join-request':
      return join(climbing, parsed.value);
    case 'data':
      return parsed.value.uplink
        ? data(climbing, parsed.value)
        : refuse(climbing, 'unsupported-type', { detail: 'a downlink of somebody else' });
    case 'join-accept':
    case 'rejoin-request':
    case 'proprietary':
      return refuse(climbing, 'unsupported-type', { detail: parsed.value.kind });
  }
};

/**
 * The frame was not stored: the same frame again is a new one, and its bays are as before. Of several batches the newest
 * is taken back first; what something younger has changed since stays as it is.
 */
const takeBack = (state: LadderState, { outcome, touched, bays = [] }: Batch): void => {
  for (const { bay, before, revision } of [...bays].reverse()) {
    if (bay.revision !== revision) continue;
    if (!before) state.bays.delete(bay.bay);
    // The clock may have been set since.
    else moveWall(Object.assign(bay, before), state.wall.offsetUs);
  }
  const session = touched[0]?.memory.session;
  if (outcome?.result !== 'accepted' || outcome.fCnt === undefined || !session) return;
  if (session.nextFCntUp === outcome.fCnt + 1) session.nextFCntUp = outcome.fCnt;
};

const shapeRefusal = ({ code }: Problem): Refusal =>
  code === 'frame-too-short' || code === 'frame-bad-length' || code === 'unsupported-major' ? code : 'not-lorawan';

type Known = {
  readonly [Name in Exclude<keyof Outcome, 'result' | 'why' | 'frame' | 'atUs' | 'gateways'>]?:
    Outcome[Name] | undefined;
};

const outcome = (climbing: Climbing, result: Outcome['result'], known: Known): Outcome => {
  const made: Writable<Outcome> = {
    frame: climbing.frame,
    atUs: climbing.nowUs,
    result,
    gateways: climbing.hearings.map(({ gateway, rssiDbm, snrDb }) => ({ gateway, rssiDbm, snrDb })),
    events: known.events ?? 0,
  };
  if (known.detail !== undefined) made.detail = known.detail;
  if (known.devEui !== undefined) made.devEui = known.devEui;
  if (known.devAddr !== undefined) made.devAddr = known.devAddr;
  if (known.fCnt !== undefined) made.fCnt = known.fCnt;
  if (known.fPort !== undefined) made.fPort = known.fPort;
  if (known.missed !== undefined && known.missed > 0) made.missed = known.missed;
  if (known.bay !== undefined) made.bay = known.bay;
  if (climbing.state.settings.simulated) made.simulated = true;
  return made;
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

const refuse = (climbing: Climbing, why: Refusal, known: Known = {}, more: Beside = {}): Batch => {
  const ended = outcome(climbing, 'refused', known);
  (ended as Writable<Outcome>).why = why;
  return batchOf(ended, more);
};

const join = (climbing: Climbing, request: JoinRequest): Batch => {
  const { state, rx, hearings, nowUs } = climbing;
  const { settings } = state;
  const known: Known = { devEui: request.devEui };
  const entry = state.devices.byDevEui(request.devEui);
  if (!entry) return refuse(climbing, 'unknown-device', known);
  const answer = answerJoin(entry, request, { settings, atUs: nowUs });
  // The bay's name, so that somebody who looks for it finds its refused joins, too.
  if (typeof answer === 'string') return refuse(climbing, answer, { ...known, bay: entry.device.bay });
  state.devices.reindex(entry);
  const devAddr = devAddrText(answer.devAddr);
  const windows = windowsAfter(rx, { settings, plan: defaultPlan(settings.region), view: 'join' });
  const story = { frame: frameId(answer.accept), devEui: request.devEui, devAddr, answers: climbing.frame } as const;
  return {
    outcome: outcome(climbing, 'joined', { ...known, devAddr, bay: entry.device.bay }),
    touched: [entry],
    events: [],
    ...ship(state, {
      entry,
      story: { ...story, carries: 'join-accept' },
      phy: answer.accept,
      bytes: 0,
      urgent: true,
      ways: waysOf(hearings),
      windows,
      nowUs,
    }),
  };
};

const data = (climbing: Climbing, frame: DataFrame): Batch => {
  const { state } = climbing;
  const known: Known = { devAddr: devAddrText(frame.devAddr), fCnt: frame.fCnt16, fPort: frame.fPort };
  const opened = openUplink(state.devices, frame);
  if (typeof opened === 'string') return refuse(climbing, opened, known);

  const { entry } = opened;
  const { device } = entry;
  const ours: Writable<Known> = {
    devAddr: known.devAddr,
    fPort: frame.fPort,
    devEui: device.devEui,
    fCnt: opened.fCnt,
    missed: opened.missed,
    bay: device.bay,
  };
  const { down, status } = talk(climbing, frame, opened);
  const more = { touched: entry, down, status };
  if (opened.retransmission) return refuse(climbing, 'retransmission', ours, more);
  if (frame.fPort === undefined || frame.fPort === 0) return accepted(climbing, ours, more);

  const context = { options: device.options, heardUs: heardUs(climbing) };
  const message = device.model.decode(frame.fPort, opened.payload, context);
  if (!message.ok) {
    const why = message.problem.code === 'unknown-port' ? 'unknown-port' : 'bad-payload';
    ours.detail = sentenceOf(message.problem);
    return refuse(climbing, why, ours, more);
  }
  const readings = device.model.toReadings(message.value, context);
  const tags = tagsIn(climbing, device.model.identifiers(message.value));
  const bays: ChangedBay[] = [];
  const events = readings.map((reading, index) => report(climbing, opened, { reading, index, tags, bays }));
  ours.detail = leftOver(message.value);
  ours.events = events.length;
  return accepted(climbing, ours, { touched: entry, events, bays, down, status });
};

interface Beside {
  readonly touched?: Entry;
  readonly events?: readonly ParkingEvent[];
  readonly bays?: readonly ChangedBay[];
  readonly down?: Down;
  readonly status?: Batch['status'];
}

const accepted = (climbing: Climbing, known: Known, more: Beside): Batch =>
  batchOf(outcome(climbing, 'accepted', known), more);

const batchOf = (ended: Outcome, { touched, events = [], bays = [], down = nothingDown, status }: Beside): Batch => ({
  outcome: ended,
  touched: touched ? [touched] : [],
  events,
  bays,
  status,
  downlinks: down.downlinks,
  descent: down.descent,
  send: down.send,
  emission: down.emission,
});

/** The other half of an uplink: commands taken, queue looked at, an answer where one is due. */
const talk = (
  climbing: Climbing,
  frame: DataFrame,
  opened: OpenedUplink,
): { readonly down: Down; readonly status: Batch['status'] } => {
  const { state, hearings, nowUs, rx } = climbing;
  const { entry, session, retransmission, fCnt } = opened;
  const { settings } = state;
  const spoken = frame.fPort === 0 ? opened.payload : frame.fOpts;
  const commands = spoken.length > 0 ? readUplinkCommands(spoken).commands : none;
  const how = { frame, commands, hearings, fCnt, nowUs, settings, retransmission };
  const took: Took = retransmission ? tookNothing : takeUplink(entry, session, how);
  lockAfterUplink(state, entry, nowUs);
  const tidied = retransmission ? tookNothing.events : tidyFor(state, { entry, session, rx, nowUs });
  const speech = speechAfter(entry, session, how);
  const answer = speech
    ? answerUplink(state, { entry, session, speech, frame: climbing.frame, hearings, nowUs })
    : nothingDown;
  const status = took.status && { ...took.status, devEui: entry.device.devEui };
  if (took.events.length + tidied.length === 0) return { down: answer, status };
  const events = settings.simulated ? took.events.map((one) => ({ ...one, simulated: true as const })) : took.events;
  return { down: { ...answer, downlinks: [...events, ...tidied, ...answer.downlinks] }, status };
};

const tookNothing: Took = { events: [] };
const none: ReturnType<typeof readUplinkCommands>['commands'] = [];
