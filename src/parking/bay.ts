import { minuteMs, usPerMs, usPerSecond, type Us } from '../base/time.js';
import type { Mounting, Reading } from '../codec/sensor.js';
import { withOccupancy } from './distance.js';
import { copyOfConduct, judge, newConduct, noteDuration, stuckAfterUs, type Conduct } from './findings.js';
import type { EventKind, ParkingEvent, QualityFlag } from './event.js';

/** What is known of one bay. */
export interface BayState {
  readonly bay: string;
  readonly lot: string;
  occupied: boolean | undefined;
  /** Since when, as the sensor saw it. */
  sinceUs: Us | undefined;
  /** The newest moment that a sensor told of. */
  sensorTimeUs: Us | undefined;
  /** The event that told of its state last. */
  newest: ParkingEvent | undefined;
  /** When its sensor was heard last, and how long its state may be told as current after that. */
  heardUs: Us | undefined;
  freshForUs: Us;
  /** Its sensor was silent for longer than that, and everybody was told. */
  lost: boolean;
  readonly conduct: Conduct;
  /** A change that has to hold before it is told, and until when; the event that will tell of it. */
  pending: { readonly event: ParkingEvent; readonly dueUs: Us } | undefined;
  /** The same moments by our own clock, which never jumps; undefined for what was known before a restart. */
  ownSinceUs: Us | undefined;
  ownSensorTimeUs: Us | undefined;
  ownHeardUs: Us | undefined;
  /** Grows with every reading. */
  revision: number;
}

export const emptyBay = (bay: string, lot: string): BayState => ({
  bay,
  lot,
  occupied: undefined,
  sinceUs: undefined,
  sensorTimeUs: undefined,
  newest: undefined,
  heardUs: undefined,
  freshForUs: usualFreshUs,
  lost: false,
  conduct: newConduct(),
  pending: undefined,
  ownSinceUs: undefined,
  ownSensorTimeUs: undefined,
  ownHeardUs: undefined,
  revision: 0,
});

/** As it is, and as it stays when the bay goes on. Field by field: spreading it took three times as long. */
export const copyOfBay = (bay: BayState): BayState => ({
  bay: bay.bay,
  lot: bay.lot,
  occupied: bay.occupied,
  sinceUs: bay.sinceUs,
  sensorTimeUs: bay.sensorTimeUs,
  newest: bay.newest,
  heardUs: bay.heardUs,
  freshForUs: bay.freshForUs,
  lost: bay.lost,
  conduct: copyOfConduct(bay.conduct),
  pending: bay.pending,
  ownSinceUs: bay.ownSinceUs,
  ownSensorTimeUs: bay.ownSensorTimeUs,
  ownHeardUs: bay.ownHeardUs,
  revision: bay.revision,
});

const usualHeartbeatS = 24 * 3600;
/** How long a state counts after its sensor was heard: two heartbeats, one of which may be lost, and an hour. */
export const freshForUs = (heartbeatS = usualHeartbeatS): Us => (2 * heartbeatS + 3600) * usPerSecond;
const usualFreshUs = freshForUs();

/** The wall clock, as far as it is known: what has to be added to our own, which never jumps. */
export interface Wall {
  readonly offsetUs: Us;
  /** Whether it was ever set. */
  readonly synced: boolean;
}

/** The wall clock was set: moments of this run are told anew by what is known now. */
export const moveWall = (bay: BayState, offsetUs: Us): void => {
  const { ownSinceUs, ownSensorTimeUs, ownHeardUs } = bay;
  if (ownSinceUs !== undefined) bay.sinceUs = ownSinceUs + offsetUs;
  if (ownSensorTimeUs !== undefined) bay.sensorTimeUs = ownSensorTimeUs + offsetUs;
  if (ownHeardUs !== undefined) bay.heardUs = ownHeardUs + offsetUs;
};

/** The newest of a bay as it is now: nobody knows its state when its sensor was silent for too long. */
export const currentOf = (bay: BayState, nowUs: Us): ParkingEvent | undefined => {
  const { newest, heardUs } = bay;
  if (!newest || newest.occupied === undefined) return newest;
  const stale = bay.lost || (heardUs !== undefined && nowUs - heardUs > bay.freshForUs);
  return stale ? { ...newest, kind: 'lost', occupied: undefined, sinceUs: undefined, assertedTimeUs: nowUs } : newest;
};

/** The event that tells that nobody knows any more; undefined when that is told or there was nothing to know. */
export const loseBay = (bay: BayState, nowUs: Us): ParkingEvent | undefined => {
  const { newest } = bay;
  if (bay.lost || !newest || bay.occupied === undefined) return undefined;
  bay.lost = true;
  bay.occupied = undefined;
  bay.sinceUs = undefined;
  bay.ownSinceUs = undefined;
  bay.pending = undefined;
  return tellAgain(bay, newest, { id: `${newest.frame}-lost`, kind: 'lost', nowUs });
};

/** The event that tells of a bay that has been as it is for too long; undefined when there is none or it is told. */
export const stickBay = (bay: BayState, nowUs: Us): ParkingEvent | undefined => {
  const { newest, occupied, sinceUs, conduct } = bay;
  if (!newest || occupied === undefined || sinceUs === undefined) return undefined;
  const finding = occupied ? 'stuck-occupied' : 'stuck-free';
  if (conduct.open.includes(finding) || nowUs - sinceUs <= stuckAfterUs(conduct, occupied)) return undefined;
  conduct.open = [...conduct.open, finding];
  return tellAgain(bay, newest, { id: `${newest.frame}-stuck`, kind: 'notice', nowUs });
};

/** A change has held for long enough. */
export const settleBay = (bay: BayState, nowUs: Us): ParkingEvent | undefined => {
  const { pending } = bay;
  if (!pending) return undefined;
  bay.pending = undefined;
  change(bay, pending.event.occupied!, pending.event.sensorTimeUs);
  const event = { ...pending.event, assertedTimeUs: nowUs };
  bay.newest = event;
  bay.revision++;
  return event;
};

const tellAgain = (
  bay: BayState,
  newest: ParkingEvent,
  as: { readonly id: string; readonly kind: EventKind; readonly nowUs: Us },
): ParkingEvent => {
  const event: ParkingEvent = {
    ...{ id: as.id, kind: as.kind, bay: bay.bay, lot: bay.lot, occupied: bay.occupied, sinceUs: bay.sinceUs },
    // What was told by a wrong clock is told by the right one now.
    ...{ sensorTimeUs: bay.sensorTimeUs ?? newest.sensorTimeUs, assertedTimeUs: as.nowUs },
    ...(newest.device !== undefined && { device: newest.device }),
    ...{ model: newest.model, frame: newest.frame, quality: [] },
    ...(bay.conduct.open.length > 0 && { findings: bay.conduct.open }),
    ...(newest.simulated && { simulated: true as const }),
  };
  bay.revision++;
  bay.newest = event;
  return event;
};

const change = (bay: BayState, occupied: boolean, sensorTimeUs: Us): void => {
  if (bay.occupied !== undefined && bay.sinceUs !== undefined)
    noteDuration(bay.conduct, bay.occupied, sensorTimeUs - bay.sinceUs);
  bay.occupied = occupied;
  bay.sinceUs = sensorTimeUs;
};

/** The frame that a reading came in, as far as a parking event tells of it. */
export interface Report {
  readonly reading: Reading;
  /** Which reading of its frame this is, from 0: makes the event's id. */
  readonly index: number;
  readonly frame: string;
  readonly fCnt?: number;
  /** When the frame was received. */
  readonly heardUs: Us;
  /** When the event is made; both by our own clock. */
  readonly nowUs: Us;
  readonly device: string;
  readonly model: string;
  readonly radio?: ParkingEvent['radio'];
  /** SNR above what its data rate needs; undefined for FSK. */
  readonly marginDb?: number | undefined;
  /** How the sensor hangs, when it measures distances. */
  readonly mounting?: Mounting | undefined;
  /** Pseudonyms of those whom the frame names, where the operator wants them. */
  readonly tags?: readonly string[] | undefined;
  readonly simulated: boolean;
  readonly wall?: Wall;
  /** How long a state counts after this. */
  readonly freshForUs?: Us;
  /** How long a change has to hold before it is told; 0: not at all. */
  readonly debounceMs?: number;
}

/** A reading that is older than this when it arrives is marked `late`. */
export const lateAfterMs = minuteMs;
/** Less margin than this and the next frame may be lost: 3 dB is half the power. */
const weakMarginDb = 3;

/** Ages that a payload gives are believed up to a week. */
const mostAgeMs = 7 * 24 * 3_600_000;

const qualityOf = (
  bay: BayState,
  report: Report,
  at: { readonly lateMs: number; readonly stale: boolean },
): QualityFlag[] => {
  const { reading, wall } = report;
  const flags: QualityFlag[] = [];
  if (bay.occupied === undefined && reading.occupied !== undefined) flags.push(bay.lost ? 'restored' : 'first-report');
  if (reading.fault !== undefined) flags.push('fault');
  if (reading.batteryLow === true) flags.push('battery-low');
  if (reading.restart !== undefined) flags.push('restarted');
  if (reading.tamper === true) flags.push('tamper');
  if (at.lateMs > lateAfterMs) flags.push('late');
  if (at.stale) flags.push('out-of-order');
  if (wall?.synced === false) flags.push('unsynced');
  if (report.radio?.gateways === 1) flags.push('single-gateway');
  if (report.marginDb !== undefined && report.marginDb < weakMarginDb) flags.push('weak-signal');
  return flags;
};

const noWall: Wall = { offsetUs: 0, synced: true };

/** Whether a reading is older than what a bay knows. What was known before a restart counts only when it can be true. */
const isStale = (bay: BayState, sensorUs: Us, wallNowUs: Us, offsetUs: Us): boolean => {
  if (bay.ownSensorTimeUs !== undefined) return sensorUs < bay.ownSensorTimeUs;
  return bay.sensorTimeUs !== undefined && bay.sensorTimeUs <= wallNowUs && sensorUs + offsetUs < bay.sensorTimeUs;
};

/**
 * The event that a reading makes of a bay; writes the new state into `bay`. A reading that is older than what the bay
 * already knows is reported and does not turn the state back. A change that has to hold first is a `notice` until it has.
 */
export const observe = (bay: BayState, said: Report): ParkingEvent => {
  const reading = withOccupancy(said.reading, said.mounting, bay.occupied);
  const report = reading === said.reading ? said : { ...said, reading };
  const { offsetUs } = report.wall ?? noWall;
  const wallNowUs = report.nowUs + offsetUs;
  const ageMs = reading.ageMs ?? 0;
  const strangeTime = ageMs < 0 || ageMs > mostAgeMs;
  const ownUs = report.heardUs - (strangeTime ? 0 : ageMs) * usPerMs;
  const sensorTimeUs = ownUs + offsetUs;
  const stale = isStale(bay, ownUs, wallNowUs, offsetUs);
  const quality = qualityOf(bay, report, { lateMs: (report.nowUs - ownUs) / usPerMs, stale });
  let kind: EventKind = 'notice';
  let changed = false;
  let held = false;
  if (reading.occupied !== undefined && !stale) {
    changed = reading.occupied !== bay.occupied;
    held = changed && bay.occupied !== undefined && (report.debounceMs ?? 0) > 0;
    if (!held) {
      kind = changed ? (reading.occupied ? 'occupied' : 'freed') : 'confirmed';
      // A change that was taken back before it had held was none.
      bay.pending = undefined;
      if (changed) {
        change(bay, reading.occupied, sensorTimeUs);
        bay.ownSinceUs = ownUs;
      }
      bay.lost = false;
    }
    bay.sensorTimeUs = sensorTimeUs;
    bay.ownSensorTimeUs = ownUs;
  }
  bay.heardUs = report.heardUs + offsetUs;
  bay.ownHeardUs = report.heardUs;
  if (report.freshForUs !== undefined) bay.freshForUs = report.freshForUs;
  judge(bay.conduct, reading, { nowUs: wallNowUs, changed: changed && !held, strangeTime });
  // Written out field by field: copying what is left of a reading took a third of the server's time for a frame.
  const event: Writable<ParkingEvent> = {
    id: `${report.frame}-${report.index}`,
    kind,
    bay: bay.bay,
    lot: bay.lot,
    occupied: bay.occupied,
    sinceUs: bay.sinceUs,
    sensorTimeUs,
    assertedTimeUs: wallNowUs,
    device: report.device,
    model: report.model,
    frame: report.frame,
    quality,
  };
  if (reading.batteryV !== undefined) event.batteryV = reading.batteryV;
  if (reading.batteryPercent !== undefined) event.batteryPercent = reading.batteryPercent;
  if (reading.batteryLow !== undefined) event.batteryLow = reading.batteryLow;
  if (reading.temperatureC !== undefined) event.temperatureC = reading.temperatureC;
  if (reading.distanceMm !== undefined) event.distanceMm = reading.distanceMm;
  if (reading.count !== undefined) event.count = reading.count;
  if (reading.fault !== undefined) event.fault = reading.fault;
  if (reading.restart !== undefined) event.restart = reading.restart;
  if (report.tags && report.tags.length > 0) event.tags = report.tags;
  if (report.radio) event.radio = report.radio;
  if (report.fCnt !== undefined) event.fCnt = report.fCnt;
  if (bay.conduct.open.length > 0) event.findings = bay.conduct.open;
  if (report.simulated) event.simulated = true;
  bay.revision++;
  if (kind !== 'notice') bay.newest = event;
  if (held && bay.pending?.event.occupied !== reading.occupied) {
    const told = { ...event, kind: reading.occupied ? ('occupied' as const) : ('freed' as const) };
    const dueUs = report.heardUs + report.debounceMs! * usPerMs;
    bay.pending = { event: { ...told, occupied: reading.occupied, sinceUs: sensorTimeUs }, dueUs };
    event.id = `${event.id}-seen`;
  }
  return event;
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
