// What can be wrong with a bay or its sensor, judged from its own readings alone.
import { hourMs, usPerMs, type Us } from '../base/time.js';
import type { Reading } from '../codec/sensor.js';
import { moreThan, noMoments, withMoment, type Moments } from './moments.js';

/** What may be found; each is open until the readings say otherwise. */
export const findingKinds = [
  'stuck-occupied',
  'stuck-free',
  'flapping',
  'rebooting',
  'implausible-temperature',
  'implausible-battery',
  'implausible-time',
] as const;
export type Finding = (typeof findingKinds)[number];

/** What each finding means, for the README and for whoever reads an event. */
export const findingWords: Readonly<Record<Finding, string>> = {
  'stuck-occupied':
    'occupied for longer than fourteen times its usual stay and three days (seven days while its stays are not known): a car left behind, something on the sensor, or a sensor that sees nothing else any more',
  'stuck-free':
    'free for longer than fourteen times its usual pause and seven days (fourteen days while its pauses are not known): covered, moved, or closed off',
  flapping: 'more than twelve changes within an hour: a tram, a charger, a magnet, or a neighbour',
  rebooting: 'started anew more than three times within a day: its battery, or water in it',
  'implausible-temperature': 'a temperature below -45 or above 85 °C: no weather here',
  'implausible-battery': 'a battery voltage of nothing or of more than 15 V',
  'implausible-time':
    'a reading from the future, or older than a week: its clock is wrong, and the time of its reception counts',
};

const hourUs = hourMs * usPerMs;
const dayUs = 24 * hourUs;

/** What a bay remembers of itself to be judged by. */
export interface Conduct {
  /** Mean durations of stays and pauses so far, and how many they are. */
  stayMeanUs: number;
  stays: number;
  pauseMeanUs: number;
  pauses: number;
  /** Moments of the last changes and restarts. */
  changes: Moments;
  restarts: Moments;
  open: readonly Finding[];
}

export const newConduct = (): Conduct => ({
  stayMeanUs: 0,
  stays: 0,
  pauseMeanUs: 0,
  pauses: 0,
  changes: noMoments,
  restarts: noMoments,
  open: [],
});

export const copyOfConduct = (conduct: Conduct): Conduct => ({
  stayMeanUs: conduct.stayMeanUs,
  stays: conduct.stays,
  pauseMeanUs: conduct.pauseMeanUs,
  pauses: conduct.pauses,
  changes: conduct.changes,
  restarts: conduct.restarts,
  open: conduct.open,
});

// A stay that would be this much longer than usual happens once in a million, if stays end at random (Sensors 2016,
// 16(10) 1575 flags what is less likely than a bound): -ln(1e-6) is 13.8.
const farBeyond = 14;
const known = 5;
const leastStuckUs = { occupied: 3 * dayUs, free: 7 * dayUs };
const unknownStuckUs = { occupied: 7 * dayUs, free: 14 * dayUs };

/** How long a bay may stay as it is before that is strange. */
export const stuckAfterUs = (conduct: Conduct, occupied: boolean): Us => {
  const count = occupied ? conduct.stays : conduct.pauses;
  const meanUs = occupied ? conduct.stayMeanUs : conduct.pauseMeanUs;
  const which = occupied ? 'occupied' : 'free';
  return count < known ? unknownStuckUs[which] : Math.max(leastStuckUs[which], farBeyond * meanUs);
};

/** A bay was so for so long and is no more. Later durations weigh a twentieth, so that habits may change. */
export const noteDuration = (conduct: Conduct, occupied: boolean, durationUs: Us): void => {
  const took = Math.max(0, durationUs);
  if (occupied) {
    conduct.stays = Math.min(conduct.stays + 1, weighed);
    conduct.stayMeanUs += (took - conduct.stayMeanUs) / conduct.stays;
  } else {
    conduct.pauses = Math.min(conduct.pauses + 1, weighed);
    conduct.pauseMeanUs += (took - conduct.pauseMeanUs) / conduct.pauses;
  }
};
const weighed = 20;

export const mostChanges = 12;
export const mostRestarts = 3;
// What is open is reckoned as a set of bits: a list for each reading took a tenth of the server's time for a frame.
const bitOf = Object.fromEntries(findingKinds.map((kind, i) => [kind, 1 << i])) as Readonly<Record<Finding, number>>;
const setOf = (open: readonly Finding[]): number => {
  let set = 0;
  for (const finding of open) set |= bitOf[finding];
  return set;
};
const put = (set: number, finding: Finding, is: boolean): number => (is ? set | bitOf[finding] : set & ~bitOf[finding]);

/** What is found after a reading; `nowUs` may jump with the clock, which costs a finding and no more. */
export const judge = (
  conduct: Conduct,
  reading: Reading,
  at: { readonly nowUs: Us; readonly changed: boolean; readonly strangeTime: boolean },
): void => {
  const { nowUs, changed, strangeTime } = at;
  if (changed) conduct.changes = withMoment(conduct.changes, nowUs, mostChanges + 1);
  if (reading.restart !== undefined) conduct.restarts = withMoment(conduct.restarts, nowUs, mostRestarts + 1);
  const { temperatureC, batteryV } = reading;
  const before = setOf(conduct.open);
  // What a reading does not speak of stays as it was.
  let open = changed ? before & ~(bitOf['stuck-occupied'] | bitOf['stuck-free']) : before;
  open = put(open, 'flapping', moreThan(conduct.changes, mostChanges, nowUs - hourUs));
  open = put(open, 'rebooting', moreThan(conduct.restarts, mostRestarts, nowUs - dayUs));
  open = put(open, 'implausible-time', strangeTime);
  if (temperatureC !== undefined) open = put(open, 'implausible-temperature', temperatureC < -45 || temperatureC > 85);
  if (batteryV !== undefined) open = put(open, 'implausible-battery', batteryV <= 0 || batteryV > 15);
  if (open !== before) conduct.open = findingKinds.filter((kind) => (open & bitOf[kind]) !== 0);
};
