import { diceKey, draw } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate, RxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import type { Concentrator } from './concentrator.js';
import { mostSnrDb, noiseDbm, survives, type Path } from './path.js';
import type { AirPlan, BayPlan, GatewayPlan } from './plan.js';

/** Why no gateway heard a frame. */
export const losses = ['other-sync-word', 'too-weak', 'collision', 'gateway-sending'] as const;
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
  /** Sent with the sync word of private networks: no gateway of ours hears it, and it drowns others all the same. */
  readonly privateNetwork?: boolean;
}

export interface Air {
  begin(tx: Transmission): void;
  /** Ends a transmission: who heard it and how, or why nobody did. */
  end(tx: Transmission): { readonly heard: readonly RxFrame[]; readonly lost?: Loss };
}

const round1 = (value: number): number => Math.round(value * 10) / 10;

/**
 * The air from sensors to gateways: what the path takes, fading from frame to frame, sensitivity by spreading factor,
 * interference by instantaneous power (Croce), half-duplex gateways.
 */
export const air = (setup: {
  readonly seed: string;
  readonly plan: AirPlan;
  readonly path: Path;
  readonly bays: readonly BayPlan[];
  readonly gateways: readonly GatewayPlan[];
  readonly concentrators: readonly Concentrator[];
}): Air => {
  const { seed, plan, path, gateways, concentrators } = setup;
  const count = gateways.length;
  const fading = setup.bays.map((bay) => diceKey(seed, `fading:${bay.id}`));
  const onAir: Transmission[] = [];
  const rivals = new Map<Transmission, Transmission[]>();

  const powerDbm = (tx: Transmission, g: number): number => {
    const key = fading[tx.row]!;
    const fade = plan.ideal
      ? 0
      : ((draw(key.hi ^ g, key.lo, tx.number) / 0x1_0000_0000) * 2 - 1) * plan.fadingDb * 1.73;
    return tx.eirpDbm - path.lossDb(tx.row, g, tx.covered) + fade;
  };

  const hearing = (tx: Transmission, g: number): RxFrame | Loss => {
    const rate = tx.dataRate;
    if (tx.privateNetwork) return 'other-sync-word';
    if (rate.kind !== 'lora') return 'too-weak';
    const power = powerDbm(tx, g);
    const noise = noiseDbm(rate.bwHz);
    if (!plan.ideal) {
      if (power - noise < requiredSnrDb(rate)!) return 'too-weak';
      if (concentrators[g]!.sendsWithin(tx.startUs, tx.endUs)) return 'gateway-sending';
      for (const rival of rivals.get(tx) ?? [])
        if (!survives(rate, rival.dataRate, power - powerDbm(rival, g))) return 'collision';
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
      let lost: Loss = tx.privateNetwork ? 'other-sync-word' : 'too-weak';
      for (let g = 0; g < count; g++) {
        const result = hearing(tx, g);
        if (typeof result !== 'string') heard.push(result);
        else if (losses.indexOf(result) > losses.indexOf(lost)) lost = result;
      }
      rivals.delete(tx);
      return heard.length > 0 ? { heard } : { heard, lost };
    },
  };
};
