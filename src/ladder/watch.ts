// What happens at bays though nothing was heard: a sensor falls silent, a car stays too long, a change has held.
import { agenda, type Agenda } from '../base/agenda.js';
import { hourMs, usPerMs, type Us } from '../base/time.js';
import type { Device } from '../network/device.js';
import { copyOfBay, freshForUs, loseBay, settleBay, stickBay, type BayState } from '../parking/bay.js';
import type { ParkingEvent } from '../parking/event.js';
import type { Batch, ChangedBay } from './batch.js';
import type { LadderState } from './state.js';

/** When the bays of each device want to be looked at; devices by their numbers in `alarms`. */
export type Watch = Agenda;
export const noWatch = (devices: number): Watch => agenda(devices);

/** At the latest so often, for what grows too long without being silent. */
const lookEveryUs = 6 * hourMs * usPerMs;
const mostHeads = 8;

/** The names of a device's bays: a sensor with several heads is several bays. */
export const bayOfHead = (bay: string, head: number | undefined): string =>
  head === undefined || head === 1 ? bay : `${bay}-${head}`;

function* baysOf(state: LadderState, { bay }: Device): Generator<BayState> {
  for (let head = 1; head <= mostHeads; head++) {
    const known = state.bays.get(bayOfHead(bay, head));
    if (known) yield known;
  }
}

/** When a bay wants to be looked at next, by our own clock. */
const dueUs = (state: LadderState, bay: BayState, nowUs: Us): Us => {
  const { offsetUs } = state.wall;
  const silentUs = bay.lost || bay.heardUs === undefined ? Infinity : bay.heardUs - offsetUs + bay.freshForUs + 1;
  return Math.min(silentUs, bay.pending?.dueUs ?? Infinity, nowUs + lookEveryUs);
};

const watchNext = (state: LadderState, device: Device, nowUs: Us): void => {
  const number = state.alarms.numbers.get(device.devEui);
  if (number === undefined) return;
  let nextUs = Infinity;
  for (const bay of baysOf(state, device)) nextUs = Math.min(nextUs, dueUs(state, bay, nowUs));
  if (nextUs < Infinity) state.watch.set(number, nextUs);
};

/** A device was heard: its bays are watched. Deadlines are moved when they come, not with every frame. */
export const watchBay = (state: LadderState, device: Device, bay: BayState): void => {
  const number = state.alarms.numbers.get(device.devEui);
  if (number === undefined) return;
  const atUs = bay.pending?.dueUs ?? state.nowUs + Math.min(lookEveryUs, bay.freshForUs + 1);
  if (atUs < state.watch.at(number)) state.watch.set(number, atUs);
};

/** Watches every bay that is known: after a restart. */
export const watchAll = (state: LadderState, nowUs: Us): void => {
  for (const { device } of state.devices.entries()) {
    // What stood in a pending change was due by a clock that is gone.
    for (const bay of baysOf(state, device))
      if (bay.pending && bay.ownHeardUs === undefined) bay.pending = { ...bay.pending, dueUs: nowUs };
    watchNext(state, device, nowUs);
  }
};

/** How long the state of a device's bays counts. */
export const freshOf = ({ heartbeatS, model }: Device): Us => freshForUs(heartbeatS ?? model.heartbeatS);

/** What is due: events that nobody sent. */
export const lookAtBays = (state: LadderState, nowUs: Us): readonly Batch[] => {
  const batches: Batch[] = [];
  const wallUs = nowUs + state.wall.offsetUs;
  while (state.watch.nextUs <= nowUs) {
    const devEui = state.alarms.devices[state.watch.pop()]!;
    const entry = state.devices.byDevEui(devEui);
    if (!entry) continue;
    const events: ParkingEvent[] = [];
    const bays: ChangedBay[] = [];
    for (const bay of baysOf(state, entry.device)) {
      const before = copyOfBay(bay);
      const isDue = bay.pending !== undefined && bay.pending.dueUs <= nowUs;
      const isSilent = bay.heardUs !== undefined && wallUs - bay.heardUs > bay.freshForUs;
      const made = [
        isDue ? settleBay(bay, wallUs) : undefined,
        isSilent ? loseBay(bay, wallUs) : undefined,
        isSilent ? undefined : stickBay(bay, wallUs),
      ].flatMap((event) => event ?? []);
      if (made.length === 0) continue;
      events.push(...made);
      bays.push({ bay, before, revision: bay.revision });
    }
    if (events.length > 0) batches.push({ touched: [], events, bays, downlinks: [] });
    watchNext(state, entry.device, nowUs);
  }
  return batches;
};
