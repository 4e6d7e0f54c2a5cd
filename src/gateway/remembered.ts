// What a store's values say, read back.
import type { Us } from '../base/time.js';
import { hourUs } from '../lorawan/duty-budget.js';
import type { Emission } from '../network/scheduler.js';
import { loadMemory, type Memory } from '../network/session.js';
import type { BayState } from '../parking/bay.js';
import { loadBay } from '../parking/bay-save.js';
import type { SavedCounter } from '../parking/lot.js';

/** So long an emission is of use after the latest one: its hour, and what was planned ahead or lasted longer. */
export const keptUs = 2 * hourUs;

/** What a store remembers. */
export interface Remembered {
  readonly memories: readonly Memory[];
  readonly bays: readonly BayState[];
  readonly counters: readonly SavedCounter[];
  /** Of the last hour before the latest one, each with its key. */
  readonly emissions: readonly Emission[];
  /** Keys of all emissions, by their starts; for those that are not kept, too. */
  readonly emissionKeys: ReadonlyMap<string, Us>;
  readonly cursors: ReadonlyMap<string, number>;
}

/** Takes values as they stand in the log, oldest first, and gives what they come to. What is none of ours is passed over. */
export const remembering = (): { take(key: string, value: string): void; found(): Remembered } => {
  const devices = new Map<string, unknown>();
  const nonces = new Map<string, unknown>();
  const bays = new Map<string, unknown>();
  const counters = new Map<string, unknown>();
  const emissions = new Map<string, unknown>();
  const cursors = new Map<string, unknown>();
  const shelves: Readonly<Record<string, Map<string, unknown>>> = {
    ...{ d: devices, n: nonces, b: bays, k: counters, e: emissions, s: cursors },
  };
  return {
    take(key, value) {
      const shelf = shelves[key[0] ?? ''];
      const read = jsonIn(value);
      if (shelf && key[1] === ' ' && read !== undefined) shelf.set(key.slice(2), read);
    },
    found() {
      const air = [...emissions].flatMap(([key, value]) => (isEmission(value) ? [[`e ${key}`, value] as const] : []));
      const latestUs = air.reduce((latest, [, { startUs }]) => Math.max(latest, startUs), 0);
      return {
        memories: [...devices].flatMap(([devEui, value]) => {
          const memory = loadMemory({ ...(value as object), devNonces: nonces.get(devEui) ?? [] });
          return memory ? [memory] : [];
        }),
        bays: [...bays.values()].flatMap((value) => loadBay(value) ?? []),
        counters: [...counters.values()].filter(isCounter),
        emissions: air.flatMap(([, emission]) => (emission.startUs > latestUs - keptUs ? [emission] : [])),
        emissionKeys: new Map(air.map(([key, { startUs }]) => [key, startUs])),
        cursors: new Map(
          [...cursors].flatMap(([sink, at]) => (Number.isSafeInteger(at) ? [[sink, at as number]] : [])),
        ),
      };
    },
  };
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const isEmission = (value: unknown): value is Emission => {
  if (value === null || typeof value !== 'object') return false;
  const { gateway, freqHz, startUs, airtimeUs } = value as Record<string, unknown>;
  return typeof gateway === 'string' && [freqHz, startUs, airtimeUs].every((one) => Number.isSafeInteger(one));
};

const isCounter = (value: unknown): value is SavedCounter => {
  if (value === null || typeof value !== 'object') return false;
  const { counter, occupied, sensorTimeUs } = value as Record<string, unknown>;
  return typeof counter === 'string' && typeof occupied === 'number' && Number.isSafeInteger(sensorTimeUs);
};

/** Keys for emissions, each of use for an hour before the latest one. */
export const emissionKeys = (known: Remembered): { add(emission: Emission): string; old(): readonly string[] } => {
  let waiting = [...known.emissionKeys].map(([key, startUs]) => ({ key, startUs }));
  let latestUs = waiting.reduce((latest, { startUs }) => Math.max(latest, startUs), 0);
  let soonestUs = waiting.reduce((soonest, { startUs }) => Math.min(soonest, startUs), Infinity);
  let next = waiting.reduce((most, { key }) => Math.max(most, Number(key.slice(2)) + 1), 0);
  return {
    add({ startUs }) {
      const key = `e ${next++}`;
      waiting.push({ key, startUs });
      latestUs = Math.max(latestUs, startUs);
      soonestUs = Math.min(soonestUs, startUs);
      return key;
    },
    old() {
      // Looked through once in a minute of theirs: what stays a little longer does no harm.
      if (soonestUs > latestUs - keptUs - minuteUs) return [];
      const isOld = ({ startUs }: { readonly startUs: number }): boolean => startUs <= latestUs - keptUs;
      const old = waiting.filter(isOld).map(({ key }) => key);
      waiting = waiting.filter((one) => !isOld(one));
      soonestUs = waiting.reduce((soonest, { startUs }) => Math.min(soonest, startUs), Infinity);
      return old;
    },
  };
};
const minuteUs = 60_000_000;
