// Which gateway sends a downlink in which window. A packet forwarder keeps no duty cycle, so the law is kept here: a
// sliding hour for each gateway and sub-band, with a reserve that only joins and acknowledgements may touch.
import type { Us } from '../base/time.js';
import { dutyBudget, type DutyBudget } from '../lorawan/duty-budget.js';
import type { Eui } from '../lorawan/ids.js';
import { dataRateText, type TxFrame } from '../lorawan/radio.js';
import { downlinkPowerDbm, subBandIndex } from '../lorawan/region.js';
import type { NetworkSettings } from './settings.js';
import { downlinkAirtimeUs } from './downlink.js';
import type { DownlinkLoss, DownlinkOutcome, WindowRefusal } from './downlink-outcome.js';
import type { Window } from './windows.js';

/** A transmission as the store remembers it: a restart must not forget what this hour has seen. */
export interface Emission {
  readonly gateway: Eui;
  readonly freqHz: number;
  readonly startUs: Us;
  readonly airtimeUs: number;
}

/** Every gateway's transmitter as we have used it. */
export interface Scheduler {
  readonly settings: NetworkSettings;
  readonly budgets: Map<Eui, DutyBudget>;
  /** What each gateway has been asked to send and has not sent yet, for a guess at collisions. */
  readonly planned: Map<Eui, Emission[]>;
}

export const scheduler = (settings: NetworkSettings, emissions: readonly Emission[] = []): Scheduler => {
  const state: Scheduler = { settings, budgets: new Map(), planned: new Map() };
  // In another region than before, what was sent there may lie where nobody may send here.
  for (const emission of emissions)
    if (subBandIndex(settings.region, emission.freqHz) >= 0) budgetOf(state, emission.gateway).spend(emission);
  return state;
};

const budgetOf = (state: Scheduler, gateway: Eui): DutyBudget => {
  const known = state.budgets.get(gateway);
  if (known) return known;
  const fresh = dutyBudget(state.settings.region);
  state.budgets.set(gateway, fresh);
  return fresh;
};

/** A gateway that can reach the device: how well it heard it, and its counter at the end of the uplink. */
export interface Way {
  readonly gateway: Eui;
  readonly marginDb: number;
  readonly tmst?: number;
  /** The uplink's end on our clock. */
  readonly atUs: Us;
}

/** One try that is open: a gateway and a window. */
export interface Candidate {
  readonly way: Way;
  readonly window: Window;
  readonly startUs: Us;
  readonly airtimeUs: number;
}

/** A downlink from its sealing until a gateway has taken it or nobody can. */
export interface Shipment {
  readonly phy: Uint8Array;
  /** Joins and acknowledgements may use the reserve. */
  readonly urgent: boolean;
  /** What is left to try, best first. */
  readonly open: Candidate[];
  readonly attempts: DownlinkOutcome['attempts'][number][];
  current: Candidate | undefined;
  /** When the last try is over on the air. */
  overUs: Us;
}

// A concentrator that hears as well needs this much lead (sx1302_hal jitqueue.c), and the way to it takes its time.
const leadUs = 50_000;
/** A gateway that heard the device with so much to spare will be heard as well (ChirpStack `downlink/helpers.rs`). */
const goodMarginDb = 10;
// What a concentrator wants between two transmissions (sx1302_hal jitqueue.c: 1.5 ms + 1 ms + 40 ms).
const guardUs = 42_500;

/** A frame that is to reach a device. */
export interface Order {
  readonly phy: Uint8Array;
  /** Of FOpts and payload: which windows it fits into. */
  readonly bytes: number;
  readonly urgent: boolean;
  readonly ways: readonly Way[];
  readonly windows: readonly Window[];
  readonly nowUs: Us;
}

/** A shipment with every way and window in which it fits, best first. */
export const shipment = (state: Scheduler, what: Order): Shipment => {
  const { phy, nowUs } = what;
  const rated = what.ways.flatMap((way) =>
    what.windows.flatMap((window, order) => {
      if (what.bytes > window.room || (window.window !== 'at-once' && way.tmst === undefined)) return [];
      const startUs = window.window === 'at-once' ? nowUs + leadUs : way.atUs + window.delayUs;
      const candidate = { way, window, startUs, airtimeUs: downlinkAirtimeUs({ phy, dataRate: window.dataRate }) };
      return [{ candidate, order, busy: isBusy(state, candidate), cost: costOf(state, candidate) }];
    }),
  );
  const hasGood = what.ways.some(({ marginDb }) => marginDb >= goodMarginDb);
  const poor = ({ marginDb }: Way): number => (hasGood ? (marginDb >= goodMarginDb ? 0 : 1) : -marginDb);
  rated.sort(
    (a, b) =>
      Number(a.busy) - Number(b.busy) ||
      poor(a.candidate.way) - poor(b.candidate.way) ||
      a.cost - b.cost ||
      a.order - b.order ||
      b.candidate.way.marginDb - a.candidate.way.marginDb ||
      (a.candidate.way.gateway < b.candidate.way.gateway ? -1 : 1),
  );
  const open = rated.map(({ candidate }) => candidate);
  return { phy, urgent: what.urgent, open, attempts: [], current: undefined, overUs: nowUs };
};

/**
 * What a try costs: its airtime, in which the gateway hears nobody, and the more the fuller its hour is, so that windows
 * and gateways take turns when it becomes scarce. The hour is looked at in tenths: before that, the better gateway wins.
 */
const costOf = ({ settings, budgets }: Scheduler, { way, window, startUs, airtimeUs }: Candidate): number => {
  const used = settings.dutyCycle === 'ignore' ? undefined : budgets.get(way.gateway)?.usedUs(window.freqHz, startUs);
  const left = used && used.limitUs > 0 ? 1 - Math.floor((10 * used.usedUs) / used.limitUs) / 10 : 1;
  return left <= 0 ? Infinity : airtimeUs / left ** 2;
};

const isBusy = ({ planned }: Scheduler, { way, startUs, airtimeUs }: Candidate): boolean =>
  (planned.get(way.gateway) ?? []).some(
    (other) => startUs < other.startUs + other.airtimeUs + guardUs && other.startUs < startUs + airtimeUs + guardUs,
  );

const attemptOf = ({ way, window }: Candidate, verdict: 'ok' | WindowRefusal): Shipment['attempts'][number] => ({
  gateway: way.gateway,
  window: window.window,
  freqHz: window.freqHz,
  dataRate: dataRateText(window.dataRate),
  verdict,
});

const emissionOf = ({ way, window, startUs, airtimeUs }: Candidate): Emission => ({
  gateway: way.gateway,
  freqHz: window.freqHz,
  startUs,
  airtimeUs,
});

/** Takes the next try that the law and the time allow and books it; the reason when none is left. */
export const nextTry = (
  state: Scheduler,
  shipment: Shipment,
  how: { readonly nowUs: Us; readonly id: number },
): { readonly tx: TxFrame; readonly emission: Emission } | DownlinkLoss => {
  const { settings } = state;
  for (let next = shipment.open.shift(); next; next = shipment.open.shift()) {
    const candidate = next.window.window === 'at-once' ? { ...next, startUs: how.nowUs + leadUs } : next;
    const refuse = (why: WindowRefusal): void => void shipment.attempts.push(attemptOf(candidate, why));
    if (candidate.startUs < how.nowUs + leadUs) {
      refuse('too-late');
      continue;
    }
    const emission = emissionOf(candidate);
    const budget = budgetOf(state, candidate.way.gateway);
    if (settings.dutyCycle === 'enforce') {
      if (!budget.fits({ ...emission, keep: shipment.urgent ? 0 : settings.reserve })) {
        refuse('gateway-duty-cycle');
        continue;
      }
      budget.spend(emission);
    }
    plan(state, emission, how.nowUs);
    shipment.current = candidate;
    shipment.overUs = candidate.startUs + candidate.airtimeUs;
    const { way, window } = candidate;
    const tx: TxFrame = {
      phy: shipment.phy,
      gateway: way.gateway,
      when:
        window.window === 'at-once'
          ? { kind: 'now' }
          : { kind: 'tmst', tmst: (way.tmst! + window.delayUs) % 0x1_0000_0000 },
      freqHz: window.freqHz,
      dataRate: window.dataRate,
      codingRate: '4/5',
      powerDbm: downlinkPowerDbm(settings.region, window.freqHz),
      invertPolarity: true,
      rfChain: 0,
      id: how.id,
    };
    return { tx, emission };
  }
  return lossOf(shipment);
};

const plan = (state: Scheduler, emission: Emission, nowUs: Us): void => {
  const kept = (state.planned.get(emission.gateway) ?? []).filter((one) => one.startUs + one.airtimeUs > nowUs);
  state.planned.set(emission.gateway, [...kept, emission]);
};

/**
 * The gateway's answer to the try that is open. One that was refused did not happen and is given back; one that nobody
 * answered may have happened: it stays booked, and no second window is tried, which might send the frame twice.
 */
export const settleTry = (state: Scheduler, shipment: Shipment, verdict: 'ok' | WindowRefusal): void => {
  const candidate = shipment.current;
  if (!candidate) return;
  shipment.current = undefined;
  shipment.attempts.push(attemptOf(candidate, verdict));
  if (verdict === 'ok') return;
  if (verdict === 'no-answer') {
    shipment.open.length = 0;
    return;
  }
  const emission = emissionOf(candidate);
  if (state.settings.dutyCycle === 'enforce') state.budgets.get(emission.gateway)?.refund(emission);
  const planned = state.planned.get(emission.gateway);
  if (planned)
    state.planned.set(
      emission.gateway,
      planned.filter((one) => one.startUs !== emission.startUs || one.freqHz !== emission.freqHz),
    );
};

const ofVerdict: Partial<Record<WindowRefusal, DownlinkLoss>> = {
  'too-late': 'too-late',
  'gateway-duty-cycle': 'gateway-duty-cycle',
  'collision-packet': 'collision',
  'collision-beacon': 'collision',
  'no-answer': 'no-answer',
  'no-way': 'no-gateway',
};

/** The one reason of a shipment that nobody took: what a gateway said weighs more than what we did not ask. */
const lossOf = ({ attempts }: Shipment): DownlinkLoss => {
  const losses = attempts.map(({ verdict }) => ofVerdict[verdict as WindowRefusal] ?? 'gateway-refused');
  const order: readonly DownlinkLoss[] = [
    'no-answer',
    'collision',
    'gateway-refused',
    'gateway-duty-cycle',
    'too-late',
    'no-gateway',
  ];
  return order.find((loss) => losses.includes(loss)) ?? 'no-window';
};
