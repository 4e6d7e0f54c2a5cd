import { z } from 'zod';
import { ageOf } from '../../../src/codec/age.js';
import type { ReadingContext } from '../../../src/codec/define.js';
import type { Reading } from '../../../src/codec/sensor.js';

/** What a message or a record of a datalog may say about a bay. */
interface Said {
  readonly batteryV?: number;
  readonly distanceMm?: number;
  readonly closestMm?: number;
  readonly distance1Mm?: number;
  readonly distance2Mm?: number;
  readonly distance3Mm?: number;
  readonly distance4Mm?: number;
  readonly temperatureC?: number;
  readonly lidarTemperatureC?: number;
  readonly sensorFlag?: number;
  readonly firmware?: string;
  readonly count?: number;
}
interface LoggedRecord extends Said {
  readonly unixS: number;
}
interface Heard extends Said {
  readonly type: string;
  readonly records?: readonly LoggedRecord[];
}

/** Why a distance is none; undefined for a distance. */
type Marks = (distanceMm: number) => string | undefined;
/** The probe of a LDDS75 says 20 in its blind zone and when nothing comes back, 0 when it is not there. */
export const ultrasonicMarks: Marks = (mm) => (mm > 0 && mm <= 20 ? 'out-of-range' : headMarks(mm));
/** A plug of a four-head model without a head says 0. */
export const headMarks: Marks = (mm) => (mm === 0 ? 'no-sensor' : lidarMarks(mm));
export const lidarMarks: Marks = (mm) => (mm === 0 || mm === 65_535 ? 'no-distance' : undefined);
/** The radars count in centimetres. */
export const radarMarks: Marks = (mm) => lidarMarks(mm / 10);

/**
 * What the optional DS18B20 says. Without a probe it reads 0.00 (so in the published example of a LLDS12 whose lidar is at
 * 30 °C), or something that no DS18B20 can measure: neither is a temperature.
 */
const probeC = (value: number | undefined): number | undefined =>
  value === undefined || value === 0 || value < -55 || value > 125 ? undefined : value;

type Scale = 'tenths' | 'hundredths';
/** The probe's temperature as the device's option has it; the message has the scale of its model. */
const rescaled = (value: number | undefined, ours: Scale, said: unknown): number | undefined => {
  if (value === undefined || said === undefined || said === ours) return value;
  return Number((said === 'tenths' ? value * 10 : value / 10).toFixed(3));
};

const readingOf = (said: Said, distanceMm: number | undefined, { marks, ours, theirs, shrink }: How): Reading => {
  const temperatureC = probeC(rescaled(said.temperatureC, ours, theirs)) ?? said.lidarTemperatureC;
  const mark = distanceMm === undefined ? undefined : marks(distanceMm);
  const fault = mark ?? (said.sensorFlag === 0 ? 'no-sensor' : undefined);
  return {
    ...(said.batteryV !== undefined && { batteryV: said.batteryV }),
    ...(temperatureC !== undefined && { temperatureC }),
    ...(distanceMm !== undefined && mark === undefined && { distanceMm: distanceMm / shrink }),
    ...(said.count !== undefined && { count: said.count }),
    ...(fault !== undefined && { fault }),
    ...(said.firmware !== undefined && { firmware: said.firmware }),
  };
};

/** Options of the four-head models: a plug without a head is no bay, and no fault. */
export const fourHeadOptions = z.strictObject({
  heads: z.int().min(1).max(4).default(4).describe('How many heads are connected, from the first plug on'),
});

interface How {
  readonly marks: Marks;
  readonly ours: Scale;
  readonly theirs: unknown;
  /** By how much the distances of the message are too long for this device. */
  readonly shrink: number;
  /** How many heads the user has connected. */
  readonly heads: number;
}

/** One reading, or one per head. */
const allReadings = (said: Said, how: How): readonly Reading[] => {
  const heads = [said.distance1Mm, said.distance2Mm, said.distance3Mm, said.distance4Mm];
  if (heads[0] === undefined) return [readingOf(said, said.distanceMm ?? said.closestMm, how)];
  return heads
    .slice(0, how.heads)
    .flatMap((distanceMm, i) =>
      distanceMm === undefined ? [] : [{ head: i + 1, ...readingOf(said, distanceMm, how) }],
    );
};

const silent = new Set(['configuration', 'configurationReply', 'detection']);

/**
 * What messages of a model say about its bay. A record of the datalog is told with its age; when that is not known it is
 * not told at all, since it would pass for the present. Alarms and limits are settings of the device, not a car: they stay
 * in the message.
 */
export const readingsOf =
  (marks: Marks, ours: Scale = 'tenths') =>
  (message: Heard, { options, heardUs }: ReadingContext): readonly Reading[] => {
    const how = {
      ...{ marks, ours, theirs: options['temperatureScale'] },
      shrink: options['distanceUnit'] === 'mm' ? 10 : 1,
      heads: typeof options['heads'] === 'number' ? options['heads'] : 4,
    };
    if (silent.has(message.type)) return [];
    if (!message.records) return allReadings(message, how);
    return [...message.records]
      .sort((a, b) => a.unixS - b.unixS)
      .flatMap((record) => {
        const age = ageOf(record.unixS, heardUs);
        // The datalog counts its temperatures in tenths, whatever the uplinks do.
        const scaled = { ...how, ours: 'tenths' as const, theirs: 'tenths' };
        return age.ageMs === undefined ? [] : allReadings(record, scaled).map((one) => ({ ...one, ...age }));
      });
  };
