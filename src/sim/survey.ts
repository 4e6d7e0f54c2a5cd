import { dice } from '../base/dice.js';
import { pathOfPlan } from './path.js';
import { metresBetween, type Plan } from './plan.js';

/** What a plan holds, in numbers. */
export interface Survey {
  readonly bays: number;
  readonly lots: number;
  readonly gateways: number;
  /** Of the rectangle around all bays. */
  readonly km2: number;
  readonly perKm2: number;
  readonly sensors: Readonly<Record<string, number>>;
  /** From a bay to its nearest gateway, in metres: the mean and the most of those that were looked at. */
  readonly meanM: number;
  readonly mostM: number;
  /** Bays that no gateway hears at SF12 while a car stands there, of those that were looked at. */
  readonly deaf: number;
  readonly lookedAt: number;
}

/** More bays than this are judged by a sample. */
const sample = 2_000;
const metresPerDegree = 111_195;

export const survey = (plan: Plan, seed: string): Survey => {
  const { bays, gateways } = plan;
  const d = dice(seed, 'survey');
  const looked =
    bays.length <= sample ? bays : Array.from({ length: sample }, () => bays[Math.floor(d.next() * bays.length)]!);
  const nearest = looked.map((bay) =>
    gateways.reduce((best, gateway) => Math.min(best, metresBetween(bay, gateway)), Infinity),
  );
  const bound = (pick: (a: number, b: number) => number, of: 'lat' | 'lon'): number =>
    bays.reduce((best, bay) => pick(best, bay[of]), bays[0]?.[of] ?? 0);
  const [south, north] = [bound(Math.min, 'lat'), bound(Math.max, 'lat')];
  const wide = (bound(Math.max, 'lon') - bound(Math.min, 'lon')) * Math.cos((south * Math.PI) / 180) * metresPerDegree;
  const km2 = Math.max(1e-4, (wide * (north - south) * metresPerDegree) / 1e6);
  const sensors: Record<string, number> = {};
  for (const { sensor } of bays) sensors[sensor] = (sensors[sensor] ?? 0) + 1;
  const path = pathOfPlan({ ...plan, bays: looked }, seed);
  const deaf = looked.filter(
    (_, row) => path.hearers > 0 && faintest + path.hearerLossDb(row, 0, true) > usualEirpDbm,
  ).length;
  return {
    bays: bays.length,
    lots: new Set(bays.map(({ lot }) => lot)).size,
    gateways: gateways.length,
    km2,
    perKm2: bays.length / km2,
    sensors,
    meanM: nearest.reduce((a, b) => a + b, 0) / Math.max(1, nearest.length),
    mostM: nearest.reduce((a, b) => Math.max(a, b), 0),
    deaf,
    lookedAt: looked.length,
  };
};

/** Sensors of the EU send with 14 dBm, mostly. */
const usualEirpDbm = 14;
/** SF12 at 125 kHz with a noise figure of 6 dB. */
const faintest = -137;
