import { diceKey, draw, normal, dice } from '../base/dice.js';
import type { Us } from '../base/time.js';
import { dataRateText, type DataRate, type LoraRate, type RxFrame, type TxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import type { Concentrator } from './concentrator.js';
import { metresBetween, type AirPlan, type BayPlan, type GatewayPlan } from './plan.js';

/** Why no gateway heard a frame. */
export const losses = ['too-weak', 'collision', 'gateway-sending'] as const;
export type Loss = (typeof losses)[number];

/** A frame while it is on the air. */
export interface Transmission {
  readonly row: number;
  readonly phy: Uint8Array;
  readonly freqHz: number;
  readonly channel: number;
  readonly dataRate: DataRate;
  readonly eirpDbm: number;
  readonly startUs: Us;
  readonly endUs: Us;
  /** Whether a car stood over the sensor when it began to send. */
  readonly covered: boolean;
  /** The sensor's how many'th frame this is: names the dice of its fading. */
  readonly number: number;
}

export interface Air {
  begin(tx: Transmission): void;
  /** Ends a transmission: who heard it and how, or why nobody did. */
  end(tx: Transmission): { readonly heard: readonly RxFrame[]; readonly lost?: Loss };
  /** The downlink that a device hears in a window that opens at `openUs`. */
  downlink(
    row: number,
    window: { openUs: Us; freqHz: number; dataRate: DataRate; covered: boolean },
  ): DownlinkHeard | undefined;
}

export interface DownlinkHeard {
  readonly phy: Uint8Array;
  readonly endUs: Us;
  readonly tx: TxFrame;
}

// Thermal noise in 125 kHz with a noise figure of 6 dB (brocaar/lorawan sensitivity test: -174 + 10 log10(BW) + NF).
const noiseDbm = (bwHz: number): number => -174 + 10 * Math.log10(bwHz) + 6;
/** SX130x reports no more than this, however loud the sensor is. */
const mostSnrDb = 13;

// Croce et al. 2018, DOI 10.1109/LCOMM.2018.2797057: rows wanted SF7..12, columns interfering SF7..12, dB needed.
const croceDb = [
  [1, -8, -9, -9, -9, -9],
  [-11, 1, -11, -12, -13, -13],
  [-15, -13, 1, -13, -14, -15],
  [-19, -18, -17, 1, -17, -18],
  [-22, -22, -21, -20, 1, -20],
  [-25, -25, -25, -24, -23, 1],
] as const;

const survives = (wanted: LoraRate, wantedDbm: number, other: DataRate, otherDbm: number): boolean => {
  if (other.kind !== 'lora') return true;
  const needed = croceDb[wanted.sf - 7]?.[other.sf - 7] ?? 6;
  return wantedDbm - otherDbm >= needed;
};

const round1 = (value: number): number => Math.round(value * 10) / 10;

/**
 * The first air: log-distance path loss with lasting shadowing by name, fading from frame to frame, loss under a car,
 * sensitivity by spreading factor, interference by instantaneous power (Croce), half-duplex gateways.
 */
export const air = (setup: {
  readonly seed: string;
  readonly plan: AirPlan;
  readonly bays: readonly BayPlan[];
  readonly gateways: readonly GatewayPlan[];
  readonly concentrators: readonly Concentrator[];
}): Air => {
  const { seed, plan, bays, gateways, concentrators } = setup;
  const count = gateways.length;
  const lossDb = new Float64Array(bays.length * count);
  const carDb = new Float64Array(bays.length);
  const fading = bays.map((bay) => diceKey(seed, `fading:${bay.id}`));
  bays.forEach((bay, row) => {
    carDb[row] = Math.max(0, normal(dice(seed, `car:${bay.id}`), plan.carLossDb, plan.carLossDeviationDb));
    gateways.forEach((gateway, g) => {
      const metres = Math.max(1, Math.hypot(metresBetween(bay, gateway), gateway.heightM));
      const shadow = plan.ideal ? 0 : normal(dice(seed, `shadow:${bay.id}:${gateway.eui}`), 0, plan.shadowingDb);
      lossDb[row * count + g] =
        plan.referenceDb + 10 * plan.exponent * Math.log10(metres) + shadow - gateway.antennaGainDb;
    });
  });
  const onAir: Transmission[] = [];
  const rivals = new Map<Transmission, Transmission[]>();

  const powerDbm = (tx: Transmission, g: number): number => {
    const key = fading[tx.row]!;
    const fade = plan.ideal
      ? 0
      : ((draw(key.hi ^ g, key.lo, tx.number) / 0x1_0000_0000) * 2 - 1) * plan.fadingDb * 1.73;
    return tx.eirpDbm - lossDb[tx.row * count + g]! - (tx.covered ? carDb[tx.row]! : 0) + fade;
  };

  const hearing = (tx: Transmission, g: number): RxFrame | Loss => {
    const rate = tx.dataRate;
    if (rate.kind !== 'lora') return 'too-weak';
    const power = powerDbm(tx, g);
    const noise = noiseDbm(rate.bwHz);
    if (!plan.ideal) {
      if (power - noise < requiredSnrDb(rate)!) return 'too-weak';
      if (concentrators[g]!.sendsWithin(tx.startUs, tx.endUs)) return 'gateway-sending';
      for (const rival of rivals.get(tx) ?? [])
        if (!survives(rate, power, rival.dataRate, powerDbm(rival, g))) return 'collision';
    }
    return {
      phy: tx.phy,
      atUs: tx.endUs,
      gateway: gateways[g]!.eui,
      tmst: concentrators[g]!.tmst(tx.endUs),
      freqHz: tx.freqHz,
      dataRate: rate,
      codingRate: '4/5',
      // What a concentrator calls RSSI is signal and noise together.
      rssiDbm: Math.round(10 * Math.log10(10 ** (power / 10) + 10 ** (noise / 10))),
      snrDb: round1(Math.min(mostSnrDb, power - noise)),
      crc: 'ok',
      channel: tx.channel,
      rfChain: 0,
    };
  };

  return {
    begin(tx) {
      for (const other of onAir) {
        if (other.freqHz !== tx.freqHz || other.endUs <= tx.startUs) continue;
        rivals.set(tx, [...(rivals.get(tx) ?? []), other]);
        rivals.set(other, [...(rivals.get(other) ?? []), tx]);
      }
      onAir.push(tx);
    },
    end(tx) {
      onAir.splice(onAir.indexOf(tx), 1);
      const heard: RxFrame[] = [];
      let lost: Loss = 'too-weak';
      for (let g = 0; g < count; g++) {
        const result = hearing(tx, g);
        if (typeof result !== 'string') heard.push(result);
        else if (losses.indexOf(result) > losses.indexOf(lost)) lost = result;
      }
      rivals.delete(tx);
      return heard.length > 0 ? { heard } : { heard, lost };
    },
    downlink(row, window) {
      if (window.dataRate.kind !== 'lora') return undefined;
      const { sf, bwHz } = window.dataRate;
      // A receiver needs some five symbols of preamble to lock on.
      const toleranceUs = (5 * 2 ** sf * 1_000_000) / bwHz;
      let best: { readonly heard: DownlinkHeard; readonly dbm: number } | undefined;
      for (let g = 0; g < count; g++) {
        for (const { tx, startUs, endUs } of concentrators[g]!.emissions) {
          if (Math.abs(startUs - window.openUs) > toleranceUs || tx.freqHz !== window.freqHz) continue;
          if (dataRateText(tx.dataRate) !== dataRateText(window.dataRate)) continue;
          const dbm = tx.powerDbm - lossDb[row * count + g]! - (window.covered ? carDb[row]! : 0);
          if (!plan.ideal && dbm - noiseDbm(bwHz) < requiredSnrDb(tx.dataRate)!) continue;
          if (!best || dbm > best.dbm) best = { heard: { phy: tx.phy, endUs, tx }, dbm };
        }
      }
      return best?.heard;
    },
  };
};
