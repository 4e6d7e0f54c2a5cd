import type { Us } from '../base/time.js';
import type { Pseudonym } from '../base/pseudonym.js';
import type { Problem } from '../base/problem.js';
import { sentenceOf } from '../base/problem.js';
import type { Message, Reading } from '../codec/sensor.js';
import { frameId, parseFrame, sealData, type DataFrame, type JoinRequest } from '../lorawan/frame.js';
import { devAddrText } from '../lorawan/ids.js';
import type { RxFrame, TxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import { dedup, hear, nextClose, takeClosed, type Dedup } from '../network/dedup.js';
import { answersTo } from '../network/downlink.js';
import { answerJoin, type NetworkSettings } from '../network/join.js';
import type { Entry, Registry } from '../network/registry.js';
import { openUplink, type OpenedUplink } from '../network/uplink.js';
import { emptyBay, observe, type BayState } from '../parking/bay.js';
import { mountingOf } from '../parking/distance.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Outcome, Refusal } from './outcome.js';

/** What stays the same while a ladder stands. */
export interface LadderSettings extends NetworkSettings {
  /** Everything that climbs comes from a simulation or a replay; every event will say so. */
  readonly simulated: boolean;
  /** Makes the names under which drivers' tags and telephones may appear in events; absent: they never do. */
  readonly pseudonym?: Pseudonym;
}

/** All that the ladder knows: who its devices are, what it remembers of them, and what the bays are in. */
export interface LadderState {
  readonly settings: LadderSettings;
  readonly devices: Registry;
  readonly bays: Map<string, BayState>;
  readonly dedup: Dedup;
  nextDownlinkId: number;
}

/** What one frame leaves behind: to be made durable as one piece before anything else is done with it. */
export interface Batch {
  readonly outcome: Outcome;
  /** Whose counters, nonces or sessions changed. */
  readonly touched?: Entry;
  readonly events: readonly ParkingEvent[];
  /** The answer, for the first and the second window; empty when there is none. */
  readonly answer: readonly TxFrame[];
}

export type LadderInput =
  | { readonly kind: 'frame'; readonly rx: RxFrame }
  | { readonly kind: 'tick'; readonly atUs: Us }
  /** The end: frames whose window is still open are taken as they are. */
  | { readonly kind: 'flush'; readonly atUs: Us };

/** Where the ladder puts what it has done. */
export interface LadderOut {
  batch(batch: Batch): void;
  /** One hearing that gives no outcome of its own: another gateway's copy, in time or late. */
  copy(rx: RxFrame, when: 'in-time' | 'late'): void;
}

export const ladder = (settings: LadderSettings, devices: Registry): LadderState => ({
  settings,
  devices,
  bays: new Map(),
  dedup: dedup(),
  nextDownlinkId: 1,
});

/** When the ladder wants its next tick; Infinity when it waits for nothing. */
export const ladderWakeUs = (state: LadderState): Us => nextClose(state.dedup);

/** The whole climb. A frame waits for its copies until the dedup window closes; a tick takes what is due. */
export const climb = (state: LadderState, input: LadderInput, out: LadderOut): void => {
  if (input.kind === 'frame') {
    const heard = hear(state.dedup, input.rx);
    if (heard !== 'first') out.copy(input.rx, heard === 'copy' ? 'in-time' : 'late');
    return;
  }
  const closedBy = input.kind === 'flush' ? Infinity : input.atUs;
  for (let hearings = takeClosed(state.dedup, closedBy); hearings; hearings = takeClosed(state.dedup, closedBy))
    out.batch(oneFrame(state, hearings, input.atUs));
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

interface Climbing {
  readonly state: LadderState;
  readonly hearings: readonly RxFrame[];
  /** The best hearing: its gateway answers. */
  readonly rx: RxFrame;
  readonly nowUs: Us;
  readonly frame: string;
}

const shapeRefusal = ({ code }: Problem): Refusal =>
  code === 'frame-too-short' || code === 'frame-bad-length' || code === 'unsupported-major' ? code : 'not-lorawan';

type Known = Partial<Omit<Outcome, 'result' | 'why' | 'frame' | 'atUs' | 'gateways'>>;

const outcome = (climbing: Climbing, result: Outcome['result'], known: Known & { why?: Refusal }): Outcome => ({
  frame: climbing.frame,
  atUs: climbing.nowUs,
  result,
  gateways: climbing.hearings.map(({ gateway, rssiDbm, snrDb }) => ({ gateway, rssiDbm, snrDb })),
  events: 0,
  ...(climbing.state.settings.simulated && { simulated: true as const }),
  ...known,
});

const refuse = (climbing: Climbing, why: Refusal, known: Known = {}, touched?: Entry): Batch => ({
  outcome: outcome(climbing, 'refused', { why, ...known }),
  ...(touched && { touched }),
  events: [],
  answer: [],
});

const join = (climbing: Climbing, request: JoinRequest): Batch => {
  const { state, rx } = climbing;
  const known: Known = { devEui: request.devEui };
  const entry = state.devices.byDevEui(request.devEui);
  if (!entry) return refuse(climbing, 'unknown-device', known);
  const answer = answerJoin(entry, request, state.settings);
  if (typeof answer === 'string') return refuse(climbing, answer, known);
  state.devices.reindex(entry);
  return {
    outcome: outcome(climbing, 'joined', { ...known, devAddr: devAddrText(answer.devAddr), bay: entry.device.bay }),
    touched: entry,
    events: [],
    answer: answersTo(rx, answer.accept, { settings: state.settings, window: 'join', id: state.nextDownlinkId++ }),
  };
};

const data = (climbing: Climbing, frame: DataFrame): Batch => {
  const known: Known = { devAddr: devAddrText(frame.devAddr), fCnt: frame.fCnt16, fPort: frame.fPort };
  const opened = openUplink(climbing.state.devices, frame);
  if (typeof opened === 'string') return refuse(climbing, opened, known);

  const { device } = opened.entry;
  const ours: Known = { ...known, devEui: device.devEui, fCnt: opened.fCnt, bay: device.bay };
  const answer = frame.confirmed ? acknowledge(climbing, opened) : [];
  if (opened.retransmission) return { ...refuse(climbing, 'retransmission', ours, opened.entry), answer };
  if (frame.fPort === undefined || frame.fPort === 0)
    return { outcome: outcome(climbing, 'accepted', ours), touched: opened.entry, events: [], answer };

  const context = { options: device.options, heardUs: Math.min(...climbing.hearings.map(({ atUs }) => atUs)) };
  const message = device.model.decode(frame.fPort, opened.payload, context);
  if (!message.ok) {
    const why = message.problem.code === 'unknown-port' ? 'unknown-port' : 'bad-payload';
    return { ...refuse(climbing, why, { ...ours, detail: sentenceOf(message.problem) }, opened.entry), answer };
  }
  const readings = device.model.toReadings(message.value, context);
  const tags = tagsIn(climbing, device.model.identifiers(message.value));
  const events = readings.map((reading, index) => report(climbing, opened, { reading, index, ...tags }));
  return {
    outcome: outcome(climbing, 'accepted', { ...ours, ...leftOver(message.value), events: events.length }),
    touched: opened.entry,
    events,
    answer,
  };
};

/** What the model did not understand behind a good beginning. */
const leftOver = ({ rest }: Message): Known =>
  typeof rest === 'string' && rest !== '' ? { detail: `${rest.length / 2} bytes at the end were not understood` } : {};

/** The pseudonyms of those whom a message names; none unless the operator wants them. */
const tagsIn = ({ state }: Climbing, identifiers: readonly string[]): { readonly tags?: readonly string[] } => {
  const { pseudonym } = state.settings;
  return pseudonym && identifiers.length > 0 ? { tags: [...new Set(identifiers.map(pseudonym))] } : {};
};

/** An empty downlink with the ACK bit: what a confirmed uplink waits for. */
const acknowledge = (climbing: Climbing, { session }: OpenedUplink): readonly TxFrame[] => {
  const { state, rx } = climbing;
  const phy = sealData({
    uplink: false,
    confirmed: false,
    devAddr: session.devAddr,
    ack: true,
    fCnt: session.nextFCntDown++,
    nwkSKey: session.nwkSKey,
    appSKey: session.appSKey,
  });
  return answersTo(rx, phy, { settings: state.settings, window: 'data', id: state.nextDownlinkId++ });
};

/** A sensor with several heads is several bays: head 2 of device `x` watches the bay `x-2`. */
const bayOf = (state: LadderState, { device }: Entry, reading: Reading): BayState => {
  const bay = reading.head === undefined || reading.head === 1 ? device.bay : `${device.bay}-${reading.head}`;
  const known = state.bays.get(bay);
  if (known) return known;
  const fresh = emptyBay(bay, device.lot);
  state.bays.set(bay, fresh);
  return fresh;
};

const report = (
  climbing: Climbing,
  opened: OpenedUplink,
  said: { readonly reading: Reading; readonly index: number; readonly tags?: readonly string[] },
): ParkingEvent => {
  const { state, hearings, rx, nowUs, frame } = climbing;
  const { device } = opened.entry;
  const needed = requiredSnrDb(rx.dataRate);
  const mounting = mountingOf(device.mounting, said.reading.head);
  return observe(bayOf(state, opened.entry, said.reading), {
    ...said,
    frame,
    fCnt: opened.fCnt,
    heardUs: Math.min(...hearings.map((hearing) => hearing.atUs)),
    nowUs,
    device: device.devEui,
    model: device.model.id,
    radio: {
      gateway: rx.gateway,
      rssiDbm: rx.rssiDbm,
      ...(rx.snrDb !== undefined && { snrDb: rx.snrDb }),
      gateways: hearings.length,
    },
    ...(rx.snrDb !== undefined && needed !== undefined && { marginDb: rx.snrDb - needed }),
    ...(mounting && { mounting }),
    simulated: state.settings.simulated,
  });
};
