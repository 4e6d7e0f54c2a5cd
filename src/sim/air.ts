import { diceKey, draw } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate, LoraRate, RxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import type { Concentrator } from './concentrator.js';
import { mostSnrDb, noiseDbm, survives, type Path, type Sender } from './path.js';
import type { AirPlan, BayPlan, GatewayPlan } from './plan.js';

/** Why no gateway heard a frame. */
export const losses = ['other-sync-word', 'too-weak', 'collision', 'gateway-sending'] as const;
export type Loss = (typeof losses)[number];

/** A sensor of another part of the city, which is played elsewhere. */
export interface Stranger extends Sender {
  /** The dice of its fading. */
  readonly fadeHi: number;
  readonly fadeLo: number;
}

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
  readonly privateNetwork?: boolean | undefined;
  /** Who sent it, where that is no sensor of this run: then its row is -1. */
  readonly stranger?: Stranger | undefined;
  /** Others on its frequency while it was on the air. */
  rivals?: Transmission[] | undefined;
}

/** How a transmission ended; valid until the next one ends. */
export interface Ending {
  /** How many gateways heard it. */
  readonly heardBy: number;
  /** Why none did. */
  readonly lost: Loss | undefined;
  /** What each gateway that heard it tells. */
  heard(): readonly RxFrame[];
}

export interface Air {
  begin(tx: Transmission): void;
  /** Ends a transmission: who heard it and how, or why nobody did. */
  end(tx: Transmission): Ending;
  /** The same for a stranger's, whose end is told elsewhere. */
  leave(tx: Transmission): void;
  strangerOf(row: number): Stranger;
}

const round1 = (value: number): number => Math.round(value * 10) / 10;
/** The widest that one of uniform deviates with deviation 1 lies from their mean. */
const widest = 1.73;
/** No frame needs more than this over another that spoils it. */
const mostNeededDb = 6;

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
  const { seed, plan, path, gateways, concentrators, bays } = setup;
  const { hearers } = path;
  const hi = new Uint32Array(bays.length);
  const lo = new Uint32Array(bays.length);
  bays.forEach((bay, row) => {
    const key = diceKey(seed, `fading:${bay.id}`);
    hi[row] = key.hi;
    lo[row] = key.lo;
  });
  const fadingDb = plan.ideal ? 0 : plan.fadingDb * widest;
  /** What is on the air, by frequency. */
  const onAir = new Map<number, Transmission[]>();
  const heardAt = new Int32Array(Math.max(1, hearers));
  const heardDbm = new Float64Array(Math.max(1, hearers));
  let ended!: Transmission;
  /** Of all that was ever sent. */
  let mostEirpDbm = -Infinity;

  const fadeDb = ({ row, number, stranger }: Transmission, g: number): number => {
    const keyHi = stranger ? stranger.fadeHi : hi[row]!;
    const keyLo = stranger ? stranger.fadeLo : lo[row]!;
    return ((draw(keyHi ^ g, keyLo, number) / 0x1_0000_0000) * 2 - 1) * fadingDb;
  };
  const hearerDbm = (tx: Transmission, nth: number): number =>
    tx.eirpDbm - path.hearerLossDb(tx.row, nth, tx.covered) + fadeDb(tx, path.hearer(tx.row, nth));

  /** Whether one of the others on its frequency spoils it at a gateway. */
  const isSpoilt = (tx: Transmission, g: number, dbm: number): boolean => {
    const { rivals } = tx;
    if (rivals === undefined) return false;
    // Most of a city is too far away to matter.
    const reach = path.squaredReachM(g, mostEirpDbm + fadingDb - dbm + mostNeededDb);
    for (let i = 0; i < rivals.length; i++) {
      const rival = rivals[i]!;
      const { stranger, row, covered } = rival;
      const squared = stranger ? path.strangerSquaredM(stranger, g) : path.squaredM(row, g);
      if (squared > reach) continue;
      const lossDb = stranger ? path.strangerLossDb(stranger, g, covered) : path.lossDb(row, g, covered);
      const rivalDbm = rival.eirpDbm - lossDb + fadeDb(rival, g);
      if (!survives(tx.dataRate as LoraRate, rival.dataRate, dbm - rivalDbm)) return true;
    }
    return false;
  };

  const frameOf = (nth: number): RxFrame => {
    const g = heardAt[nth]!;
    const dbm = heardDbm[nth]!;
    const noise = noiseDbm((ended.dataRate as LoraRate).bwHz);
    return {
      phy: ended.phy,
      atUs: ended.endUs,
      gateway: gateways[g]!.eui,
      tmst: concentrators[g]!.tmst(ended.endUs),
      freqHz: ended.freqHz,
      dataRate: ended.dataRate,
      codingRate: '4/5',
      // What a concentrator calls RSSI is signal and noise together.
      rssiDbm: Math.round(10 * Math.log10(10 ** (dbm / 10) + 10 ** (noise / 10))),
      snrDb: round1(Math.min(mostSnrDb, dbm - noise)),
      crc: 'ok',
      channel: ended.channel,
      rfChain: 0,
    };
  };
  const ending = {
    heardBy: 0,
    lost: undefined as Loss | undefined,
    heard: (): readonly RxFrame[] => Array.from({ length: ending.heardBy }, (_, nth) => frameOf(nth)),
  };

  /** Which gateways hear it; what is worst for those that do not. */
  const judge = (tx: Transmission): Loss => {
    let lost: Loss = tx.privateNetwork ? 'other-sync-word' : 'too-weak';
    const rate = tx.dataRate;
    if (tx.privateNetwork || rate.kind !== 'lora') return lost;
    const floorDbm = plan.ideal ? -Infinity : noiseDbm(rate.bwHz) + requiredSnrDb(rate)!;
    for (let nth = 0; nth < hearers; nth++) {
      const dbm = hearerDbm(tx, nth);
      if (dbm < floorDbm) continue;
      const g = path.hearer(tx.row, nth);
      if (!plan.ideal) {
        if (concentrators[g]!.sendsWithin(tx.startUs, tx.endUs)) {
          lost = 'gateway-sending';
          continue;
        }
        if (isSpoilt(tx, g, dbm)) {
          if (lost === 'too-weak') lost = 'collision';
          continue;
        }
      }
      heardAt[ending.heardBy] = g;
      heardDbm[ending.heardBy++] = dbm;
    }
    return lost;
  };

  const leave = (tx: Transmission): void => {
    const others = onAir.get(tx.freqHz)!;
    const last = others.pop()!;
    if (last !== tx) others[others.indexOf(tx)] = last;
  };

  return {
    begin(tx) {
      mostEirpDbm = Math.max(mostEirpDbm, tx.eirpDbm);
      let others = onAir.get(tx.freqHz);
      if (!others) onAir.set(tx.freqHz, (others = []));
      if (!plan.ideal)
        for (const other of others) {
          if (other.endUs <= tx.startUs) continue;
          (tx.rivals ??= []).push(other);
          (other.rivals ??= []).push(tx);
        }
      others.push(tx);
    },
    end(tx) {
      leave(tx);
      ended = tx;
      ending.heardBy = 0;
      const lost = judge(tx);
      ending.lost = ending.heardBy > 0 ? undefined : lost;
      // Others may still hold it as theirs: it must not hold all that came before it.
      tx.rivals = undefined;
      return ending;
    },
    leave(tx) {
      leave(tx);
      tx.rivals = undefined;
    },
    strangerOf(row) {
      const { x, y, carDb, hi: pathHi, lo: pathLo } = path.senderOf(row);
      return { x, y, carDb, hi: pathHi, lo: pathLo, fadeHi: hi[row]!, fadeLo: lo[row]! };
    },
  };
};
