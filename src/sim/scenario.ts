import { dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { AirPlan, BayPlan, DemandPlan, GatewayPlan, Plan } from './plan.js';

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

const metresPerDegree = 111_195;

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
