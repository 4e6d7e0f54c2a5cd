// The last rungs: what a payload's message means for bays.
import type { Us } from '../base/time.js';
import type { Message, Reading } from '../codec/sensor.js';
import type { RxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import type { OpenedUplink } from '../network/uplink.js';
import { copyOfBay, emptyBay, observe } from '../parking/bay.js';
import { mountingOf } from '../parking/distance.js';
import type { ParkingEvent } from '../parking/event.js';
import type { ChangedBay } from './batch.js';
import type { LadderState } from './state.js';
import { bayOfHead, freshOf, watchBay } from './watch.js';

/** A frame on its way up. */
export interface Climbing {
  readonly state: LadderState;
  readonly hearings: readonly RxFrame[];
  /** The best hearing: its gateway answers. */
  readonly rx: RxFrame;
  readonly nowUs: Us;
  readonly frame: string;
}

/** When the first gateway had it. */
export const heardUs = ({ hearings }: Climbing): Us => {
  let first = Infinity;
  for (const { atUs } of hearings) first = Math.min(first, atUs);
  return first;
};

/** What the model did not understand behind a good beginning. */
export const leftOver = ({ rest }: Message): string | undefined =>
  typeof rest === 'string' && rest !== '' ? `${rest.length / 2} bytes at the end were not understood` : undefined;

/** The pseudonyms of those whom a message names; none unless the operator wants them. */
export const tagsIn = ({ state }: Climbing, identifiers: readonly string[]): readonly string[] | undefined => {
  const { pseudonym } = state.settings;
  return pseudonym && identifiers.length > 0 ? [...new Set(identifiers.map(pseudonym))] : undefined;
};

/** The parking event that a reading makes. */
export const report = (
  climbing: Climbing,
  opened: OpenedUplink,
  said: {
    readonly reading: Reading;
    readonly index: number;
    readonly tags: readonly string[] | undefined;
    /** Takes the bay that it changes. */
    readonly bays: ChangedBay[];
  },
): ParkingEvent => {
  const { state, hearings, rx, nowUs, frame } = climbing;
  const { device } = opened.entry;
  const { gateway, rssiDbm, snrDb } = rx;
  const needed = requiredSnrDb(rx.dataRate);
  const gateways = hearings.length;
  const name = bayOfHead(device.bay, said.reading.head);
  const known = state.bays.get(name);
  const bay = known ?? emptyBay(name, device.lot);
  if (!known) state.bays.set(name, bay);
  const before = known && copyOfBay(known);
  const event = observe(bay, {
    reading: said.reading,
    index: said.index,
    tags: said.tags,
    frame,
    fCnt: opened.fCnt,
    heardUs: heardUs(climbing),
    nowUs,
    device: device.devEui,
    model: device.model.id,
    radio: snrDb === undefined ? { gateway, rssiDbm, gateways } : { gateway, rssiDbm, gateways, snrDb },
    marginDb: snrDb === undefined || needed === undefined ? undefined : snrDb - needed,
    mounting: mountingOf(device.mounting, said.reading.head),
    simulated: state.settings.simulated,
    wall: state.wall,
    freshForUs: freshOf(device),
    debounceMs: device.debounceMs ?? 0,
  });
  watchBay(state, device, bay);
  said.bays.push({ bay, before, revision: bay.revision });
  return event;
};
