// When a device's queue wants attention, though nothing was heard.
import { agenda, type Agenda } from '../base/agenda.js';
import { usPerMs, usPerSecond, type Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { viewOf } from '../network/conversation.js';
import type { Entry, Registry } from '../network/registry.js';
import type { LadderState } from './state.js';

/** Who is to be woken when. */
export interface Alarms {
  readonly agenda: Agenda;
  /** The numbers of devices in the agenda follow their names. */
  readonly devices: readonly Eui[];
  readonly numbers: ReadonlyMap<Eui, number>;
}

/** No alarms yet, for the devices of a registry. */
export const noAlarms = (registry: Registry): Alarms => {
  const devices = [...registry.entries()].map(({ device }) => device.devEui).sort();
  return { agenda: agenda(devices.length), devices, numbers: new Map(devices.map((devEui, i) => [devEui, i])) };
};

/** Wakes the ladder for a device at an instant, or at an earlier one that it was to be woken at. */
export const setAlarm = ({ alarms }: LadderState, devEui: Eui, atUs: Us): void => {
  const number = alarms.numbers.get(devEui);
  if (number !== undefined && atUs < alarms.agenda.at(number)) alarms.agenda.set(number, atUs);
};

/** The devices whose alarm has come, in the order of time and name; each is forgotten. */
export const takeAlarms = ({ alarms: { agenda, devices } }: LadderState, nowUs: Us): readonly Eui[] => {
  if (agenda.nextUs > nowUs) return none;
  const due: Eui[] = [];
  while (agenda.nextUs <= nowUs) due.push(devices[agenda.pop()]!);
  return due;
};
const none: readonly Eui[] = [];

/** Makes the alarm at which a device's queue wants attention next. */
export const wakeLater = (state: LadderState, { device, memory }: Entry, nowUs: Us): void => {
  const [item] = memory.queue;
  if (!item) return;
  const { flight } = memory;
  // What is on its way ends with its answer, even when its time is over by then.
  for (const { id, expiresUs = Infinity } of memory.queue)
    if (flight?.id !== id) setAlarm(state, device.devEui, expiresUs);
  // Who was never heard has no gateway: its next uplink wakes.
  if (device.deviceClass !== 'C' || !memory.session || memory.session.heardBy.length === 0) return;
  // In the hands of a gateway: its verdict wakes.
  if (flight && flight.overUs === undefined) return;
  if (flight?.overUs !== undefined)
    return setAlarm(state, device.devEui, flight.overUs + state.settings.classCTimeoutMs * usPerMs);
  const pauseUs = item.tries === 0 ? 1 : usPerSecond * Math.min(60, 2 ** item.tries);
  setAlarm(state, device.devEui, Math.max(nowUs + pauseUs, state.lockedUs.get(device.devEui) ?? 0));
};

/** From the first window to the second, and the airtime of the slowest answer in it. */
const settleUs = 4 * usPerSecond;

/** To be called when a class C device was heard: it is left alone while its windows last. */
export const lockAfterUplink = (state: LadderState, entry: Entry, nowUs: Us): void => {
  if (entry.device.deviceClass !== 'C') return;
  const { session } = entry.memory;
  const delayS = session ? viewOf(session, state.settings).rx1DelayS : 0;
  state.lockedUs.set(entry.device.devEui, nowUs + delayS * usPerSecond + settleUs);
  wakeLater(state, entry, nowUs);
};
