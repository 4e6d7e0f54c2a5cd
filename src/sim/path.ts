import { dice, normal } from '../base/dice.js';
import type { DataRate, LoraRate } from '../lorawan/radio.js';
import { metresBetween, type AirPlan, type BayPlan, type GatewayPlan } from './plan.js';

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

/** What the way between sensors and gateways takes, the same in both directions and from frame to frame. */
export interface Path {
  readonly gateways: number;
  /** In dB between the sensor of a row and a gateway by its place in the plan; a car over the sensor takes more. */
  lossDb(row: number, gateway: number, covered: boolean): number;
}

/** Log-distance path loss with lasting shadowing and a loss under a car, all by name. */
export const path = (setup: {
  readonly seed: string;
  readonly plan: AirPlan;
  readonly bays: readonly BayPlan[];
  readonly gateways: readonly GatewayPlan[];
}): Path => {
  const { seed, plan, bays, gateways } = setup;
  const count = gateways.length;
  const lossDb = new Float64Array(bays.length * count);
  const carDb = new Float64Array(bays.length);
  bays.forEach((bay, row) => {
    carDb[row] = Math.max(0, normal(dice(seed, `car:${bay.id}`), plan.carLossDb, plan.carLossDeviationDb));
    gateways.forEach((gateway, g) => {
      const metres = Math.max(1, Math.hypot(metresBetween(bay, gateway), gateway.heightM));
      const shadow = plan.ideal ? 0 : normal(dice(seed, `shadow:${bay.id}:${gateway.eui}`), 0, plan.shadowingDb);
      lossDb[row * count + g] =
        plan.referenceDb + 10 * plan.exponent * Math.log10(metres) + shadow - gateway.antennaGainDb;
    });
  });
  return {
    gateways: count,
    lossDb: (row, gateway, covered) => lossDb[row * count + gateway]! + (covered ? carDb[row]! : 0),
  };
};
