// What can be wrong with a bay or its sensor, judged from its own readings alone.
import { hourMs, usPerMs, type Us } from '../base/time.js';
import type { Reading } from '../codec/sensor.js';

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
  /** Mean duration of stays and pauses so far, and how many they are. */
  stays: { meanUs: number; count: number };
  pauses: { meanUs: number; count: number };
  /** Moments of the last changes and restarts, oldest first, as far as they count. */
  changesUs: readonly Us[];
  restartsUs: readonly Us[];
  open: readonly Finding[];
}

export const newConduct = (): Conduct => ({
  stays: { meanUs: 0, count: 0 },
  pauses: { meanUs: 0, count: 0 },
  ...{ changesUs: [], restartsUs: [], open: [] },
});

// A stay that would be this much longer than usual happens once in a million, if stays end at random (Sensors 2016,
// 16(10) 1575 flags what is less likely than a bound): -ln(1e-6) is 13.8.
const farBeyond = 14;
const known = 5;
const leastStuckUs = { occupied: 3 * dayUs, free: 7 * dayUs };
const unknownStuckUs = { occupied: 7 * dayUs, free: 14 * dayUs };

/** How long a bay may stay as it is before that is strange. */
export const stuckAfterUs = (conduct: Conduct, occupied: boolean): Us => {
  const { meanUs, count } = occupied ? conduct.stays : conduct.pauses;
  const which = occupied ? 'occupied' : 'free';
  return count < known ? unknownStuckUs[which] : Math.max(leastStuckUs[which], farBeyond * meanUs);
};

/** A bay was so for so long and is no more. Later durations weigh a twentieth, so that habits may change. */
export const noteDuration = (conduct: Conduct, occupied: boolean, durationUs: Us): void => {
  const of = occupied ? conduct.stays : conduct.pauses;
  const count = Math.min(of.count + 1, 20);
  const meanUs = of.meanUs + (Math.max(0, durationUs) - of.meanUs) / count;
  if (occupied) conduct.stays = { meanUs, count };
  else conduct.pauses = { meanUs, count };
};

const mostChanges = 12;
const mostRestarts = 3;
const recent = (all: readonly Us[], fromUs: Us): readonly Us[] =>
  all.length > 0 && all[0]! < fromUs ? all.filter((us) => us >= fromUs) : all;
/** No more of them are kept than decide. */
const added = (all: readonly Us[], us: Us, most: number): readonly Us[] => [...all.slice(-most), us];

/** What is found after a reading; `nowUs` may jump with the clock, which costs a finding and no more. */
export const judge = (
  conduct: Conduct,
  reading: Reading,
  at: { readonly nowUs: Us; readonly changed: boolean; readonly strangeTime: boolean },
): void => {
  const { nowUs, changed, strangeTime } = at;
  if (changed) conduct.changesUs = added(recent(conduct.changesUs, nowUs - hourUs), nowUs, mostChanges);
  if (reading.restart !== undefined)
    conduct.restartsUs = added(recent(conduct.restartsUs, nowUs - dayUs), nowUs, mostRestarts);
  const { temperatureC, batteryV } = reading;
  const before = conduct.open;
  const open: Finding[] = [];
  const keep = (finding: Finding, is: boolean | undefined): void => {
    // A reading that does not speak of it leaves it as it was.
    if (is ?? before.includes(finding)) open.push(finding);
  };
  keep('stuck-occupied', changed ? false : undefined);
  keep('stuck-free', changed ? false : undefined);
  keep('flapping', recent(conduct.changesUs, nowUs - hourUs).length > mostChanges);
  keep('rebooting', recent(conduct.restartsUs, nowUs - dayUs).length > mostRestarts);
  keep('implausible-temperature', temperatureC === undefined ? undefined : temperatureC < -45 || temperatureC > 85);
  keep('implausible-battery', batteryV === undefined ? undefined : batteryV <= 0 || batteryV > 15);
  keep('implausible-time', strangeTime);
  if (open.length + before.length > 0) conduct.open = open;
};
