import type { BayState } from './bay.js';
import { eventKinds, qualityFlags, type ParkingEvent } from './event.js';

/** A bay as it is kept on disk, as JSON: its state, and what of the newest event is needed to tell it again. */
export const saveBay = ({ bay, lot, occupied, sinceUs, sensorTimeUs, newest }: BayState): string => {
  let text = `{"bay":${JSON.stringify(bay)},"lot":${JSON.stringify(lot)}`;
  if (occupied !== undefined) text += `,"occupied":${occupied}`;
  if (sinceUs !== undefined) text += `,"sinceUs":${sinceUs}`;
  if (sensorTimeUs !== undefined) text += `,"sensorTimeUs":${sensorTimeUs}`;
  if (!newest) return `${text}}`;
  text += `,"newest":{"id":${JSON.stringify(newest.id)},"kind":"${newest.kind}"`;
  text += `,"sensorTimeUs":${newest.sensorTimeUs},"assertedTimeUs":${newest.assertedTimeUs}`;
  text += `,"device":${JSON.stringify(newest.device)},"model":${JSON.stringify(newest.model)}`;
  text += `,"frame":${JSON.stringify(newest.frame)}`;
  if (newest.fCnt !== undefined) text += `,"fCnt":${newest.fCnt}`;
  if (newest.simulated) text += ',"simulated":true';
  return `${text},"quality":${JSON.stringify(newest.quality)}}}`;
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
  const { bay, lot, occupied, sinceUs, sensorTimeUs, newest } = value;
  if (!isText(bay) || !isText(lot) || !maybe(isTruth)(occupied)) return undefined;
  if (!maybe(isInstant)(sinceUs) || !maybe(isInstant)(sensorTimeUs)) return undefined;
  const state: BayState = { bay, lot, occupied, sinceUs, sensorTimeUs, newest: undefined, revision: 0 };
  state.newest = loadNewest(state, newest);
  return state;
};

const loadNewest = (state: BayState, saved: unknown): ParkingEvent | undefined => {
  if (!isObject(saved)) return undefined;
  const { id, kind, sensorTimeUs, assertedTimeUs, device, model, frame, fCnt, quality, simulated } = saved;
  const known = eventKinds.find((one) => one === kind);
  if (!isText(id) || !known || !isInstant(sensorTimeUs) || !isInstant(assertedTimeUs)) return undefined;
  if (!isText(device) || !isText(model) || !isText(frame) || !Array.isArray(quality)) return undefined;
  if (!maybe(isInstant)(fCnt) || (simulated !== undefined && simulated !== true)) return undefined;
  return {
    ...{ id, kind: known, bay: state.bay, lot: state.lot, occupied: state.occupied, sinceUs: state.sinceUs },
    ...{ sensorTimeUs, assertedTimeUs, device, model, frame },
    ...(fCnt !== undefined && { fCnt }),
    quality: qualityFlags.filter((flag) => (quality as unknown[]).includes(flag)),
    ...(simulated === true && { simulated }),
  };
};
