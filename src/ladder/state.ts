import type { Pseudonym } from '../base/pseudonym.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { dedup, type Dedup } from '../network/dedup.js';
import type { DownlinkOutcome } from '../network/downlink-outcome.js';
import type { Entry, Registry } from '../network/registry.js';
import { scheduler, type Emission, type Scheduler, type Shipment } from '../network/scheduler.js';
import type { NetworkSettings } from '../network/settings.js';
import type { BayState, Wall } from '../parking/bay.js';
import { noAlarms, type Alarms } from './alarms.js';
import { noWatch, type Watch } from './watch.js';

/** What stays the same while a ladder stands. */
export interface LadderSettings extends NetworkSettings {
  /** Everything that climbs comes from a simulation or a replay; every event will say so. */
  readonly simulated: boolean;
  /** Makes the names under which drivers' tags and telephones may appear in events; absent: they never do. */
  readonly pseudonym?: Pseudonym;
}

/** A downlink on its way to a gateway: by the number of the try that is open. */
export interface Underway {
  readonly entry: Entry;
  readonly shipment: Shipment;
  /** Its outcome, but for the end. */
  readonly story: Omit<DownlinkOutcome, 'atUs' | 'result' | 'why' | 'attempts'>;
}

/** All that the ladder knows: who its devices are, what it remembers of them, and what the bays are in. */
export interface LadderState {
  readonly settings: LadderSettings;
  readonly devices: Registry;
  readonly bays: Map<string, BayState>;
  readonly dedup: Dedup;
  readonly scheduler: Scheduler;
  readonly underway: Map<number, Underway>;
  /** When a device's queue wants attention: a class C device is free, a downlink's time is over. */
  readonly alarms: Alarms;
  /** When bays are to be looked at though nothing was heard. */
  readonly watch: Watch;
  wall: Wall;
  /** Our own time at the last input. */
  nowUs: Us;
  /** Until when the windows of a class C device's last uplink take: nothing else is sent to it before. */
  readonly lockedUs: Map<Eui, Us>;
  nextDownlinkId: number;
}

/**
 * A ladder, to be told `start` before anything else; `emissions` are what its gateways have sent within the last hour, and
 * `bays` what was known of them, before a restart.
 */
export const ladder = (
  settings: LadderSettings,
  devices: Registry,
  { emissions = [], bays = [] }: { readonly emissions?: readonly Emission[]; readonly bays?: readonly BayState[] } = {},
): LadderState => {
  const alarms = noAlarms(devices);
  return {
    settings,
    devices,
    bays: new Map(bays.map((bay) => [bay.bay, bay])),
    dedup: dedup(),
    scheduler: scheduler(settings, emissions),
    underway: new Map(),
    alarms,
    watch: noWatch(alarms.devices.length),
    wall: { offsetUs: 0, synced: true },
    nowUs: 0,
    lockedUs: new Map(),
    nextDownlinkId: 1,
  };
};
