import type { Us } from '../base/time.js';
import type { AirPlan, GatewayPlan, Plan } from './plan.js';

export interface ModemPlace {
  /** Names the modem. */
  readonly name: string;
  readonly startUs: Us;
  /** Who can hear it: one gateway fifty metres away when absent, nobody with an empty list. */
  readonly gateways?: readonly GatewayPlan[];
  readonly air?: AirPlan;
}

/** A bench in a workshop, and the gateway on its roof. */
const bench = { lat: 48.6833, lon: 9.0167 };
export const benchGateway: GatewayPlan = {
  eui: '0253540000000001',
  name: 'workshop-roof',
  lat: bench.lat + 0.00045,
  lon: bench.lon,
  heightM: 8,
  antennaGainDb: 2,
};
/** Street values of the shipped scenarios, without what changes from day to day: a test is to be repeated. */
const benchAir: AirPlan = {
  ideal: false,
  referenceDb: 7.7,
  exponent: 3.76,
  shadowingDb: 0,
  fadingDb: 0,
  carLossDb: 0,
  carLossDeviationDb: 0,
};

/** The one bay. */
export const bay = 'board';
const hours = new Array<number>(24).fill(0);

/** A plan of one device, its bay always free. */
export const modemPlan = ({ name, startUs, gateways, air }: ModemPlace): Plan => ({
  id: name,
  name,
  startUs,
  bootSpreadMs: 0,
  bays: [{ id: bay, lot: name, ...bench, sensor: 'modem' }],
  gateways: gateways ?? [benchGateway],
  demand: {
    zone: 'UTC',
    weekday: hours,
    saturday: hours,
    sunday: hours,
    dwell: [{ share: 1, kind: 'normal', meanMs: 3_600_000, deviationMs: 0 }],
  },
  air: air ?? benchAir,
});
