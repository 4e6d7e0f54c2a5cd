import { jsonText } from '../base/json-text.js';
import { usPerSecond, type Us } from '../base/time.js';
import { copyOfBay, emptyBay, type BayState } from './bay.js';
import { eventKinds, qualityFlags, type ParkingEvent } from './event.js';
import { findingKinds, mostChanges, mostRestarts, newConduct, type Conduct, type Finding } from './findings.js';
import { lastMoments, momentsOf, noMoments, type Moments } from './moments.js';

/** A bay as it is kept on disk, as JSON: its state, its habits, and what of the newest event is needed to tell it again. */
export const saveBay = (state: BayState): string => {
  const { bay, lot, occupied, sinceUs, sensorTimeUs, heardUs, newest, conduct, pending } = state;
  let text = `{"bay":${jsonText(bay)},"lot":${jsonText(lot)}`;
  if (occupied !== undefined) text += `,"occupied":${occupied}`;
  if (sinceUs !== undefined) text += `,"sinceUs":${sinceUs}`;
  if (sensorTimeUs !== undefined) text += `,"sensorTimeUs":${sensorTimeUs}`;
  if (heardUs !== undefined) text += `,"heardUs":${heardUs}`;
  text += `,"freshForUs":${state.freshForUs}`;
  if (state.lost) text += ',"lost":true';
  text += conductText(conduct);
  if (pending) text += `,"pending":${JSON.stringify(pending)}`;
  if (!newest) return `${text}}`;
  text += `,"newest":{"id":${jsonText(newest.id)},"kind":"${newest.kind}"`;
  text += `,"sensorTimeUs":${newest.sensorTimeUs},"assertedTimeUs":${newest.assertedTimeUs}`;
  if (newest.device !== undefined) text += `,"device":${jsonText(newest.device)}`;
  text += `,"model":${jsonText(newest.model)},"frame":${jsonText(newest.frame)}`;
  if (newest.fCnt !== undefined) text += `,"fCnt":${newest.fCnt}`;
  if (newest.simulated) text += ',"simulated":true';
  return `${text},"quality":${JSON.stringify(newest.quality)}}}`;
};

/** Only what is not as it is in the beginning: this is written with every event. */
const conductText = (conduct: Conduct): string => {
  const { stays, pauses, changes, restarts, open } = conduct;
  let text = '';
  if (stays > 0) text += `,"stays":{"meanUs":${Math.round(conduct.stayMeanUs)},"count":${stays}}`;
  if (pauses > 0) text += `,"pauses":{"meanUs":${Math.round(conduct.pauseMeanUs)},"count":${pauses}}`;
  if (changes.count > 0) text += `,"changesS":[${secondsOf(lastMoments(changes, mostChanges + 1))}]`;
  if (restarts.count > 0) text += `,"restartsS":[${secondsOf(lastMoments(restarts, mostRestarts + 1))}]`;
  if (open.length > 0) text += `,"open":["${open.join('","')}"]`;
  return text === '' ? '' : `,"conduct":{${text.slice(1)}}`;
};

/** The last of them in seconds, and how many before it each other one was, back from there: numbers that are short. */
const secondsOf = (moments: readonly Us[]): string => {
  const last = Math.floor(moments.at(-1)! / usPerSecond);
  let text = String(last);
  for (let i = moments.length - 2; i >= 0; i--) text += `,${last - Math.floor(moments[i]! / usPerSecond)}`;
  return text;
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isInstant = (value: unknown): value is number => Number.isSafeInteger(value);
const maybe =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is T | undefined =>
    value === undefined || is(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';

/** The bay that was saved; undefined when the value is none. */
export const loadBay = (value: unknown): BayState | undefined => {
  if (!isObject(value)) return undefined;
  const { bay, lot, occupied, sinceUs, sensorTimeUs, heardUs, freshForUs, lost, pending } = value;
  if (!isText(bay) || !isText(lot) || !maybe(isTruth)(occupied)) return undefined;
  if (!maybe(isInstant)(sinceUs) || !maybe(isInstant)(sensorTimeUs) || !maybe(isInstant)(heardUs)) return undefined;
  const fresh = emptyBay(bay, lot);
  const state: BayState = {
    ...fresh,
    ...{ occupied, sinceUs, sensorTimeUs, heardUs: heardUs ?? sensorTimeUs, lost: lost === true },
    ...(isInstant(freshForUs) && freshForUs > 0 && { freshForUs }),
    conduct: loadConduct(value['conduct']),
  };
  state.newest = loadEvent(state, value['newest']);
  if (isObject(pending) && isInstant(pending['dueUs'])) {
    const event = loadEvent(state, pending['event']);
    const held = isObject(pending['event']) ? pending['event']['occupied'] : undefined;
    if (event && isTruth(held))
      state.pending = { event: { ...event, occupied: held, sinceUs: event.sensorTimeUs }, dueUs: pending['dueUs'] };
  }
  return copyOfBay(state);
};

const loadEvent = (state: BayState, saved: unknown): ParkingEvent | undefined => {
  if (!isObject(saved)) return undefined;
  const { id, kind, sensorTimeUs, assertedTimeUs, device, model, frame, fCnt, quality, simulated } = saved;
  const known = eventKinds.find((one) => one === kind);
  if (!isText(id) || !known || !isInstant(sensorTimeUs) || !isInstant(assertedTimeUs)) return undefined;
  if (!maybe(isText)(device) || !isText(model) || !isText(frame) || !Array.isArray(quality)) return undefined;
  if (!maybe(isInstant)(fCnt) || (simulated !== undefined && simulated !== true)) return undefined;
  return {
    ...{ id, kind: known, bay: state.bay, lot: state.lot, occupied: state.occupied, sinceUs: state.sinceUs },
    ...{ sensorTimeUs, assertedTimeUs, model, frame },
    ...(device !== undefined && { device }),
    ...(fCnt !== undefined && { fCnt }),
    quality: qualityFlags.filter((flag) => (quality as unknown[]).includes(flag)),
    ...(state.conduct.open.length > 0 && { findings: state.conduct.open }),
    ...(simulated === true && { simulated }),
  };
};

const isMean = (value: unknown): value is { readonly meanUs: number; readonly count: number } =>
  isObject(value) && Number.isFinite(value['meanUs']) && isInstant(value['count']) && value['count'] >= 0;
/** Back from what `secondsOf` makes. */
const moments = (value: unknown): Moments => {
  if (!Array.isArray(value) || value.length > 32 || !value.every(isInstant)) return noMoments;
  const [last = 0, ...before] = value;
  return momentsOf([...before.reverse().map((ago) => last - ago), ...value.slice(0, 1)].map((s) => s * usPerSecond));
};

const loadConduct = (saved: unknown): Conduct => {
  const conduct = newConduct();
  if (!isObject(saved)) return conduct;
  const { stays, pauses, changesS, restartsS, open } = saved;
  if (isMean(stays)) Object.assign(conduct, { stayMeanUs: stays.meanUs, stays: stays.count });
  if (isMean(pauses)) Object.assign(conduct, { pauseMeanUs: pauses.meanUs, pauses: pauses.count });
  conduct.changes = moments(changesS);
  conduct.restarts = moments(restartsS);
  if (Array.isArray(open)) conduct.open = findingKinds.filter((one: Finding) => (open as unknown[]).includes(one));
  return conduct;
};
