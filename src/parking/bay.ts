import { minuteMs, usPerMs, type Us } from '../base/time.js';
import type { Mounting, Reading } from '../codec/sensor.js';
import { withOccupancy } from './distance.js';
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
  revision: 0,
});

/** The frame that a reading came in, as far as a parking event tells of it. */
export interface Report {
  readonly reading: Reading;
  /** Which reading of its frame this is, from 0: makes the event's id. */
  readonly index: number;
  readonly frame: string;
  readonly fCnt?: number;
  /** When the frame was received. */
  readonly heardUs: Us;
  /** When the event is made. */
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
}

/** A reading that is older than this when it arrives is marked `late`. */
export const lateAfterMs = minuteMs;
/** Less margin than this and the next frame may be lost: 3 dB is half the power. */
const weakMarginDb = 3;

const qualityOf = (bay: BayState, report: Report, sensorTimeUs: Us): QualityFlag[] => {
  const { reading } = report;
  const flags: QualityFlag[] = [];
  if (bay.occupied === undefined && reading.occupied !== undefined) flags.push('first-report');
  if (reading.fault !== undefined) flags.push('fault');
  if (reading.batteryLow === true) flags.push('battery-low');
  if (reading.restart !== undefined) flags.push('restarted');
  if (reading.tamper === true) flags.push('tamper');
  if (report.nowUs - sensorTimeUs > lateAfterMs * usPerMs) flags.push('late');
  if (report.radio?.gateways === 1) flags.push('single-gateway');
  if (report.marginDb !== undefined && report.marginDb < weakMarginDb) flags.push('weak-signal');
  return flags;
};

/**
 * The event that a reading makes of a bay; writes the new state into `bay`.
 * A reading that is older than what the bay already knows is reported and does not turn the state back.
 */
export const observe = (bay: BayState, said: Report): ParkingEvent => {
  const reading = withOccupancy(said.reading, said.mounting, bay.occupied);
  const report = reading === said.reading ? said : { ...said, reading };
  const sensorTimeUs = report.heardUs - (reading.ageMs ?? 0) * usPerMs;
  const quality = qualityOf(bay, report, sensorTimeUs);
  const stale = bay.sensorTimeUs !== undefined && sensorTimeUs < bay.sensorTimeUs;
  let kind: EventKind = 'notice';
  if (reading.occupied !== undefined && !stale) {
    const changed = reading.occupied !== bay.occupied;
    kind = changed ? (reading.occupied ? 'occupied' : 'freed') : 'confirmed';
    if (changed) {
      bay.occupied = reading.occupied;
      bay.sinceUs = sensorTimeUs;
    }
    bay.sensorTimeUs = sensorTimeUs;
  }
  // Written out field by field: copying what is left of a reading took a third of the server's time for a frame.
  const event: Writable<ParkingEvent> = {
    id: `${report.frame}-${report.index}`,
    kind,
    bay: bay.bay,
    lot: bay.lot,
    occupied: bay.occupied,
    sinceUs: bay.sinceUs,
    sensorTimeUs,
    assertedTimeUs: report.nowUs,
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
  if (report.simulated) event.simulated = true;
  bay.revision++;
  if (kind !== 'notice') bay.newest = event;
  return event;
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
