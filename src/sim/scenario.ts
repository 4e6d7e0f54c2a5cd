import { dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { AirPlan, BayPlan, DemandPlan, GatewayPlan, Plan } from './plan.js';

const metresPerDegree = 111_195;

/** A row of bays along a kerb. */
export interface LotScenario {
  readonly id: string;
  readonly name: string;
  readonly bays: number;
  /** Bays are called `<prefix>-01` and so on. */
  readonly prefix: string;
  /** Where the first bay lies. */
  readonly lat: number;
  readonly lon: number;
  readonly spacingM: number;
  /** Direction of the row, clockwise from north. */
  readonly bearingDeg: number;
}

/** Streets that nobody drew: lots in even rows around a place. */
export interface GridScenario {
  /** Lots are called `<id>-0001` and so on, and so are their bays. */
  readonly id: string;
  /** The middle. */
  readonly lat: number;
  readonly lon: number;
  readonly bays: number;
  readonly perKm2: number;
  readonly baysPerLot: number;
  readonly spacingM: number;
}

/** The lots of a grid: a square of rows, each with its bays along a kerb that runs from west to east. */
export const gridLots = (grid: GridScenario): readonly LotScenario[] => {
  const { id, bays, baysPerLot } = grid;
  const lots = Math.ceil(bays / baysPerLot);
  const side = Math.ceil(Math.sqrt(lots));
  const pitchM = Math.sqrt((baysPerLot / grid.perKm2) * 1e6);
  const digits = Math.max(4, String(lots).length);
  const wide = metresPerDegree * Math.cos((grid.lat * Math.PI) / 180);
  return Array.from({ length: lots }, (_, index): LotScenario => {
    const name = `${id}-${String(index + 1).padStart(digits, '0')}`;
    const east = ((index % side) - (side - 1) / 2) * pitchM - ((baysPerLot - 1) * grid.spacingM) / 2;
    const north = (Math.floor(index / side) - (side - 1) / 2) * pitchM;
    return {
      id: name,
      name,
      prefix: name,
      bays: Math.min(baysPerLot, bays - index * baysPerLot),
      lat: grid.lat + north / metresPerDegree,
      lon: grid.lon + east / wide,
      spacingM: grid.spacingM,
      bearingDeg: 90,
    };
  });
};

/** Gateways in even rows over everything that lies between some places, and half a step beyond. */
export const gridGateways = (
  lots: readonly LotScenario[],
  how: Omit<GatewayPlan, 'eui' | 'name' | 'lat' | 'lon'> & { readonly everyM: number },
): readonly GatewayPlan[] => {
  const { everyM, ...radio } = how;
  const ends = lots.flatMap((lot) => [bayAt(lot, 0), bayAt(lot, lot.bays - 1)]);
  const bound = (pick: (...values: number[]) => number, of: 'lat' | 'lon'): number =>
    ends.reduce((best, end) => pick(best, end[of]), ends[0]![of]);
  const [south, north] = [bound(Math.min, 'lat'), bound(Math.max, 'lat')];
  const [west, east] = [bound(Math.min, 'lon'), bound(Math.max, 'lon')];
  const wide = metresPerDegree * Math.cos((((south + north) / 2) * Math.PI) / 180);
  const columns = Math.max(1, Math.round(((east - west) * wide) / everyM));
  const lines = Math.max(1, Math.round(((north - south) * metresPerDegree) / everyM));
  return Array.from({ length: columns * lines }, (_, index): GatewayPlan => {
    const column = (index % columns) - (columns - 1) / 2;
    const line = Math.floor(index / columns) - (lines - 1) / 2;
    return {
      // Locally administered; those of listed gateways begin otherwise.
      eui: `0253544b48${index.toString(16).padStart(6, '0')}`,
      name: `grid-${index + 1}`,
      lat: (south + north) / 2 + (line * everyM) / metresPerDegree,
      lon: (west + east) / 2 + (column * everyM) / wide,
      ...radio,
    };
  });
};

/** A place and its day as its author wrote it, checked. */
export interface Scenario {
  readonly id: string;
  readonly name: string;
  readonly startUs: Us;
  readonly bootSpreadMs: number;
  readonly lots: readonly LotScenario[];
  readonly sensors: readonly { readonly model: string; readonly share: number }[];
  readonly gateways: readonly GatewayPlan[];
  readonly demand: DemandPlan;
  readonly air: AirPlan;
}

const bayAt = (lot: LotScenario, index: number): { readonly lat: number; readonly lon: number } => {
  const metres = index * lot.spacingM;
  const bearing = (lot.bearingDeg * Math.PI) / 180;
  return {
    lat: lot.lat + (metres * Math.cos(bearing)) / metresPerDegree,
    lon: lot.lon + (metres * Math.sin(bearing)) / (metresPerDegree * Math.cos((lot.lat * Math.PI) / 180)),
  };
};

/** The sensor of a bay, drawn by its shares from the bay's own dice: one more bay changes nobody's sensor. */
const sensorOf = (scenario: Scenario, seed: string, bay: string): string => {
  const sum = scenario.sensors.reduce((all, { share }) => all + share, 0);
  let chance = dice(seed, `sensor-mix:${bay}`).next() * sum;
  return (scenario.sensors.find(({ share }) => (chance -= share) < 0) ?? scenario.sensors[0]!).model;
};

/** The plan of a scenario under a seed: every bay with its place and its sensor. */
export const planOf = (scenario: Scenario, seed: string): Plan => {
  const { lots, sensors: _sensors, ...same } = scenario;
  const bays = lots.flatMap((lot) =>
    Array.from({ length: lot.bays }, (_, index): BayPlan => {
      const id = `${lot.prefix}-${String(index + 1).padStart(lot.bays > 99 ? 4 : 2, '0')}`;
      return { id, lot: lot.id, ...bayAt(lot, index), sensor: sensorOf(scenario, seed, id) };
    }),
  );
  return { ...same, bays };
};
