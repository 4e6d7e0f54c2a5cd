import type { BayState } from './bay.js';

/** A bay as it is kept on disk. */
export const saveBay = (bay: BayState): object => bay;

const isInstant = (value: unknown): value is number | undefined => value === undefined || Number.isSafeInteger(value);

/** The bay that was saved; undefined when the value is none. */
export const loadBay = (value: unknown): BayState | undefined => {
  if (value === null || typeof value !== 'object') return undefined;
  const { bay, lot, occupied, sinceUs, sensorTimeUs } = value as Record<string, unknown>;
  if (typeof bay !== 'string' || typeof lot !== 'string') return undefined;
  if (occupied !== undefined && typeof occupied !== 'boolean') return undefined;
  if (!isInstant(sinceUs) || !isInstant(sensorTimeUs)) return undefined;
  return { bay, lot, occupied, sinceUs, sensorTimeUs };
};
