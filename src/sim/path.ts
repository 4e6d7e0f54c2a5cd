import { diceKey, draw } from '../base/dice.js';
import type { AirPlan, BayPlan, GatewayPlan, Plan } from './plan.js';
import { lossOf } from './radio/loss.js';
import { shadowAt } from './radio/shadow.js';

/** What the way between sensors and gateways takes, the same in both directions and from frame to frame. */
export interface Path {
  readonly gateways: number;
  /** So many gateways are known of each sensor, those that hear it best. */
  readonly hearers: number;
  /** The gateway, by its place in the plan, that is the `nth` best for the sensor of a row. */
  hearer(row: number, nth: number): number;
  /** In dB between the sensor of a row and a gateway by its place in the plan; a car over the sensor takes more. */
  lossDb(row: number, gateway: number, covered: boolean): number;
  /** The same for the `nth` best gateway, quickly. */
  hearerLossDb(row: number, nth: number, covered: boolean): number;
}

const metresPerDegree = 111_195;
const radians = Math.PI / 180;
/** No lasting loss is taken to be farther from the mean than so many deviations. */
const mostDeviations = 3.5;
/** A frame is judged at so many gateways, when the plan does not say. */
export const usualHearers = 8;
/** And disturbs others at so many times as many: who hears it too faintly to understand it may yet be disturbed. */
const disturbed = 2;
const usualCorrelationM = 110;
/** So near are places only to themselves. */
const leastCorrelationM = 0.01;
/** So many gateways near a bay are looked at for its best ones. */
const candidates = 24;

/** Places on a plane around a point, in metres (equirectangular). */
const onPlane = (
  places: readonly { readonly lat: number; readonly lon: number }[],
  around: { readonly lat: number; readonly lon: number },
): { readonly x: Float64Array; readonly y: Float64Array } => {
  const wide = metresPerDegree * Math.cos(around.lat * radians);
  return {
    x: Float64Array.from(places, ({ lon }) => (lon - around.lon) * wide),
    y: Float64Array.from(places, ({ lat }) => (lat - around.lat) * metresPerDegree),
  };
};

/**
 * Path loss with lasting shadowing by place and a loss under a car by name. A sensor is judged at its `plan.hearers` best
 * gateways; in ideal air at all of them.
 */
export const path = (setup: {
  readonly seed: string;
  readonly plan: AirPlan;
  readonly bays: readonly BayPlan[];
  readonly gateways: readonly GatewayPlan[];
}): Path => {
  const { seed, plan, bays, gateways } = setup;
  const count = gateways.length;
  const rows = bays.length;
  const hearers = plan.ideal ? count : Math.min(count, disturbed * (plan.hearers ?? usualHearers));
  // Not a bay: parts of a city must draw the same map.
  const around = gateways[0] ?? { lat: 0, lon: 0 };
  const bay = onPlane(bays, around);
  const gateway = onPlane(gateways, around);
  const carDb = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const { hi, lo } = diceKey(seed, `path:${bays[row]!.id}`);
    carDb[row] = Math.max(0, plan.carLossDb + plan.carLossDeviationDb * gauss(hi, lo));
  }
  const gatewayKeys = gateways.map(({ eui }) => diceKey(seed, `shadow:${eui}`));
  const correlationM = Math.max(leastCorrelationM, plan.correlationM ?? usualCorrelationM);
  // Straight lines over the logarithm of the distance, one for each gateway: heights make them differ.
  const lines = gateways.map(({ heightM }) =>
    plan.model === undefined
      ? { referenceDb: plan.referenceDb, exponent: plan.exponent }
      : lossOf(plan.model, { gatewayM: heightM, sensorM: plan.sensorHeightM ?? 0.1 }),
  );
  const interceptDb = Float64Array.from(gateways, ({ antennaGainDb }, g) => lines[g]!.referenceDb - antennaGainDb);
  const slope = Float64Array.from(lines, ({ exponent }) => 5 * exponent);

  const heights = Float64Array.from(gateways, ({ heightM }) => heightM);
  const squaredFrom = (x: number, y: number, g: number): number => {
    const dx = x - gateway.x[g]!;
    const dy = y - gateway.y[g]!;
    const height = heights[g]!;
    return Math.max(1, dx * dx + dy * dy + height * height);
  };
  const meanDb = (squared: number, g: number): number => interceptDb[g]! + slope[g]! * Math.log10(squared);
  const place = { x: 0, y: 0 };
  const shadowDb = (x: number, y: number, g: number): number => {
    if (plan.ideal || plan.shadowingDb === 0) return 0;
    place.x = x;
    place.y = y;
    const deviations = shadowAt(gatewayKeys[g]!, place, correlationM);
    return plan.shadowingDb * Math.max(-mostDeviations, Math.min(mostDeviations, deviations));
  };
  const baseFrom = (x: number, y: number, g: number): number => meanDb(squaredFrom(x, y, g), g) + shadowDb(x, y, g);
  const baseDb = (row: number, g: number): number => baseFrom(bay.x[row]!, bay.y[row]!, g);
  // In ideal air nothing depends on the loss but what a gateway reports.
  const kept = plan.ideal ? 0 : hearers;
  const best = new Int32Array(rows * kept);
  const bestDb = new Float32Array(rows * kept);
  if (kept > 0) {
    const near = nearest(gateway, count);
    for (let row = 0; row < rows; row++) {
      const from = row * kept;
      let have = 0;
      const found = near(bay.x[row]!, bay.y[row]!, Math.max(candidates, kept));
      for (let i = 0; i < found.length; i++) {
        const g = found[i]!;
        const loss = baseDb(row, g);
        if (have === kept && loss >= bestDb[from + have - 1]!) continue;
        let at = have < kept ? have++ : have - 1;
        for (; at > 0 && bestDb[from + at - 1]! > loss; at--) {
          bestDb[from + at] = bestDb[from + at - 1]!;
          best[from + at] = best[from + at - 1]!;
        }
        bestDb[from + at] = loss;
        best[from + at] = g;
      }
    }
  }

  return {
    gateways: count,
    hearers,
    hearer: (row, nth) => (kept === 0 ? nth : best[row * kept + nth]!),
    hearerLossDb: (row, nth, covered) =>
      (kept === 0 ? baseDb(row, nth) : bestDb[row * kept + nth]!) + (covered ? carDb[row]! : 0),
    lossDb: (row, g, covered) => baseDb(row, g) + (covered ? carDb[row]! : 0),
  };
};

/** A normal deviate of mean 0 and deviation 1 by a key: always the same one. */
const gauss = (hi: number, lo: number): number => {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(hi, lo, 0) / 0x1_0000_0000));
  return radius * Math.cos((2 * Math.PI * draw(hi, lo, 1)) / 0x1_0000_0000);
};

/** Finds places near a point by a grid of cells: at least `enough` of them, nearer ones never left out for farther cells. */
const nearest = (
  of: { readonly x: Float64Array; readonly y: Float64Array },
  count: number,
): ((x: number, y: number, enough: number) => readonly number[]) => {
  const all = Array.from({ length: count }, (_, i) => i);
  const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [west, south] = [least(of.x), least(of.y)];
  const [east, north] = [most(of.x), most(of.y)];
  const side = Math.max(50, Math.sqrt(((east - west + 1) * (north - south + 1)) / Math.max(1, count)));
  const columns = Math.floor((east - west) / side) + 1;
  const lines = Math.floor((north - south) / side) + 1;
  const cells: number[][] = Array.from({ length: Math.max(0, columns * lines) }, () => []);
  for (const i of all)
    cells[Math.floor((of.y[i]! - south) / side) * columns + Math.floor((of.x[i]! - west) / side)]!.push(i);
  const found: number[] = [];
  return (x, y, enough) => {
    if (count <= enough) return all;
    found.length = 0;
    const column = Math.min(columns - 1, Math.max(0, Math.floor((x - west) / side)));
    const line = Math.min(lines - 1, Math.max(0, Math.floor((y - south) / side)));
    // When there are enough, one ring more: a place at a cell's far edge may be farther than one in the next cell.
    let last = Infinity;
    for (let ring = 0; ring <= last && ring < columns + lines; ring++) {
      for (let l = Math.max(0, line - ring); l <= Math.min(lines - 1, line + ring); l++) {
        const step = Math.abs(l - line) === ring ? 1 : Math.max(1, 2 * ring);
        for (let c = column - ring; c <= column + ring; c += step)
          if (c >= 0 && c < columns) for (const i of cells[l * columns + c]!) found.push(i);
      }
      if (found.length >= enough && last === Infinity) last = ring + 1;
    }
    return found;
  };
};

/** The paths of a plan. */
export const pathOfPlan = ({ air: plan, bays, gateways }: Plan, seed: string): Path =>
  path({ seed, plan, bays, gateways });
