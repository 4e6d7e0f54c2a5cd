import { diceKey, draw } from '../base/dice.js';
import type { DataRate, LoraRate } from '../lorawan/radio.js';
import type { AirPlan, BayPlan, GatewayPlan } from './plan.js';

/** Thermal noise with a noise figure of 6 dB (brocaar/lorawan sensitivity test: -174 + 10 log10(BW) + NF). */
export const noiseDbm = (bwHz: number): number => -174 + 10 * Math.log10(bwHz) + 6;

/** Receivers report no more than this, however loud the sender is. */
export const mostSnrDb = 13;

// Croce et al. 2018, DOI 10.1109/LCOMM.2018.2797057: rows wanted SF7..12, columns interfering SF7..12, dB needed.
const croceDb = [
  [1, -8, -9, -9, -9, -9],
  [-11, 1, -11, -12, -13, -13],
  [-15, -13, 1, -13, -14, -15],
  [-19, -18, -17, 1, -17, -18],
  [-22, -22, -21, -20, 1, -20],
  [-25, -25, -25, -24, -23, 1],
] as const;

/** Whether a LoRa frame survives another that is this many dB weaker (negative: stronger). */
export const survives = (wanted: LoraRate, other: DataRate, weakerDb: number): boolean =>
  other.kind !== 'lora' || weakerDb >= (croceDb[wanted.sf - 7]?.[other.sf - 7] ?? 6);

/** What must be known of a sensor to know how loud a gateway hears it. */
export interface Sender {
  /** Metres east and north of the plan's first gateway. */
  readonly x: number;
  readonly y: number;
  /** What a car over it takes, in dB. */
  readonly carDb: number;
  /** The dice of its paths. */
  readonly hi: number;
  readonly lo: number;
}

/** What the way between sensors and gateways takes, the same in both directions and from frame to frame. */
export interface Path {
  readonly gateways: number;
  /** Each sensor is judged at so many gateways, those that hear it best. */
  readonly hearers: number;
  /** The gateway, by its place in the plan, that is the `nth` best for the sensor of a row. */
  hearer(row: number, nth: number): number;
  /** In dB between the sensor of a row and a gateway by its place in the plan; a car over the sensor takes more. */
  lossDb(row: number, gateway: number, covered: boolean): number;
  /** The same for the `nth` best gateway, quickly. */
  hearerLossDb(row: number, nth: number, covered: boolean): number;
  senderOf(row: number): Sender;
  /** As `lossDb`, of a sensor of some other fleet. */
  strangerLossDb(sender: Sender, gateway: number, covered: boolean): number;
  /** Square metres between a sensor and a gateway: quickly. */
  squaredM(row: number, gateway: number): number;
  strangerSquaredM(sender: Sender, gateway: number): number;
  /** From farther away (square metres) no way to a gateway takes as little as this. */
  squaredReachM(gateway: number, lossDb: number): number;
}

const metresPerDegree = 111_195;
const radians = Math.PI / 180;
/** Of a lasting loss more than so many deviations better than usual nobody speaks. */
const mostDeviations = 3.5;
/** So many gateways near a bay are looked at for its best ones. */
const candidates = 16;

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
 * Log-distance path loss with lasting shadowing and a loss under a car, all by name. A sensor is judged at its
 * `plan.hearers` best gateways; in ideal air at all of them.
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
  const hearers = plan.ideal ? count : Math.min(count, plan.hearers ?? 8);
  // Not a bay: parts of a city must draw the same map.
  const around = gateways[0] ?? { lat: 0, lon: 0 };
  const bay = onPlane(bays, around);
  const gateway = onPlane(gateways, around);
  const carDb = new Float32Array(rows);
  // Chance for each pair of sensor and gateway follows from both names.
  const rowHi = new Uint32Array(rows);
  const rowLo = new Uint32Array(rows);
  const gatewayKeys = gateways.map(({ eui }) => diceKey(seed, `shadow:${eui}`));
  for (let row = 0; row < rows; row++) {
    const { hi, lo } = diceKey(seed, `path:${bays[row]!.id}`);
    rowHi[row] = hi;
    rowLo[row] = lo;
    carDb[row] = Math.max(0, plan.carLossDb + plan.carLossDeviationDb * gauss(hi, lo));
  }

  const gains = Float64Array.from(gateways, ({ antennaGainDb }) => antennaGainDb);
  const heights = Float64Array.from(gateways, ({ heightM }) => heightM);
  const squaredFrom = (x: number, y: number, g: number): number => {
    const dx = x - gateway.x[g]!;
    const dy = y - gateway.y[g]!;
    const height = heights[g]!;
    return Math.max(1, dx * dx + dy * dy + height * height);
  };
  const squaredM = (row: number, g: number): number => squaredFrom(bay.x[row]!, bay.y[row]!, g);
  const meanDb = (squared: number, g: number): number =>
    plan.referenceDb + 5 * plan.exponent * Math.log10(squared) - gains[g]!;
  const shadowDb = (hi: number, lo: number, g: number): number => {
    if (plan.ideal || plan.shadowingDb === 0) return 0;
    const key = gatewayKeys[g]!;
    const deviations = gauss(hi ^ key.hi, lo ^ key.lo);
    return plan.shadowingDb * Math.max(-mostDeviations, Math.min(mostDeviations, deviations));
  };
  const baseDb = (row: number, g: number): number =>
    meanDb(squaredM(row, g), g) + shadowDb(rowHi[row]!, rowLo[row]!, g);

  const luckDb = mostDeviations * plan.shadowingDb;
  const perDb = Math.LN10 / (5 * plan.exponent);

  // In ideal air nothing depends on the loss but what a gateway reports.
  const kept = plan.ideal ? 0 : hearers;
  const best = new Int32Array(rows * kept);
  const bestDb = new Float32Array(rows * kept);
  if (kept > 0) {
    const near = nearest(gateway, count);
    for (let row = 0; row < rows; row++) {
      const from = row * kept;
      let have = 0;
      const found = near(bay.x[row]!, bay.y[row]!, Math.max(candidates, 2 * kept));
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
    senderOf: (row) => ({
      x: bay.x[row]!,
      y: bay.y[row]!,
      carDb: carDb[row]!,
      hi: rowHi[row]!,
      lo: rowLo[row]!,
    }),
    strangerLossDb: ({ x, y, carDb: car, hi, lo }, g, covered) =>
      meanDb(squaredFrom(x, y, g), g) + shadowDb(hi, lo, g) + (covered ? car : 0),
    squaredM,
    strangerSquaredM: ({ x, y }, g) => squaredFrom(x, y, g),
    squaredReachM: (g, lossDb) => Math.exp((lossDb + gains[g]! + luckDb - plan.referenceDb) * perDb),
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
