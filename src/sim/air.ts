import { diceKey, draw } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate, LoraRate, RxFrame } from '../lorawan/radio.js';
import type { Concentrator } from './concentrator.js';
import { usualHearers, type Path } from './path.js';
import type { AirPlan, BayPlan, GatewayPlan } from './plan.js';
import { demodulators } from './radio/demodulators.js';
import { judge as judgeOf, overlapUs } from './radio/interference.js';
import { floorDbm as floorOf, mostSnrDb, noiseDbm } from './radio/sensitivity.js';

/** Why no gateway heard a frame; where several did not for several reasons, the last of these. */
export const losses = [
  'other-sync-word',
  'too-weak',
  'gateway-down',
  'no-demodulator',
  'collision',
  'gateway-sending',
] as const;
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
  readonly privateNetwork?: boolean | undefined;
  /** The air's own notes: gateways that may hear it, best first, and how loud; and others on its frequency meanwhile. */
  gates?: readonly number[] | undefined;
  dbm?: readonly number[] | undefined;
  rivals?: Transmission[] | undefined;
  /** Gateways, by their place among its hearers, that had no demodulator for it: one bit each. */
  unfollowed?: number;
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
  /** Notes which gateways may hear a frame, and how loud: what other parts of a city must know of it. */
  meet(tx: Transmission): void;
  /** Orders frames that begin at the same instant: chance that follows from their senders. */
  orderOf(tx: Transmission): number;
}

const round1 = (value: number): number => Math.round(value * 10) / 10;
/** The widest that one of uniform deviates with deviation 1 lies from their mean. */
const widest = 1.73;
/** Weaker by so much than what would spoil a frame alone, an interfering one is left out of the sum. */
const ignoredDb = 10;
/** LoRaSim: a receiver that has the last five symbols of a preamble has the frame. */
const lockSymbols = 8 - 5;

/**
 * The air from sensors to gateways: what the path takes, fading from frame to frame, sensitivity by spreading factor,
 * interference by energy, the demodulators of each gateway, half duplex, outages.
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
  /** A frame is judged at the best of them, and disturbs others at all of them. */
  const judged = plan.ideal ? hearers : Math.min(hearers, plan.hearers ?? usualHearers);
  const { sensitivity = 'snr-floor' } = plan;
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

  const meet = (tx: Transmission): void => {
    if (tx.gates) return;
    const { row, eirpDbm, covered, number } = tx;
    const gates: number[] = [];
    const dbm: number[] = [];
    for (let nth = 0; nth < hearers; nth++) {
      const g = path.hearer(row, nth);
      const fade = ((draw(hi[row]! ^ g, lo[row]!, number) / 0x1_0000_0000) * 2 - 1) * fadingDb;
      gates.push(g);
      dbm.push(eirpDbm - path.hearerLossDb(row, nth, covered) + fade);
    }
    tx.gates = gates;
    tx.dbm = dbm;
  };

  const verdicts = judgeOf(plan.interference ?? 'croce');
  const { mostNeededDb } = verdicts;
  const floors = new Map<DataRate, number>();
  /** The weakest that is understood; data rates are few objects. */
  const floorDbm = (rate: LoraRate): number => {
    let floor = floors.get(rate);
    if (floor === undefined) floors.set(rate, (floor = plan.ideal ? -Infinity : floorOf(sensitivity, rate)));
    return floor;
  };

  /** Whether the others on its frequency spoil it at a gateway. */
  const isSpoilt = (tx: Transmission, g: number, dbm: number): boolean => {
    const { rivals } = tx;
    if (rivals === undefined) return false;
    const { sf, bwHz } = tx.dataRate as LoraRate;
    // Where loudness does not help, who can be heard matters.
    const matters = mostNeededDb === Infinity ? floorDbm(tx.dataRate as LoraRate) : dbm - mostNeededDb - ignoredDb;
    const lockUs = plan.preambleLock ? tx.startUs + (lockSymbols * 2 ** sf * 1e6) / bwHz : -Infinity;
    verdicts.begin(sf, dbm, tx.endUs - tx.startUs);
    for (let i = 0; i < rivals.length; i++) {
      const rival = rivals[i]!;
      // A gateway that is none of those that hear it best hears it too faintly to be disturbed.
      const nth = rival.gates!.indexOf(g);
      if (nth < 0 || rival.dbm![nth]! < matters || rival.endUs <= lockUs) continue;
      const { dataRate } = rival;
      if (dataRate.kind === 'lora') verdicts.add(dataRate.sf, rival.dbm![nth]!, overlapUs(tx, rival));
    }
    return verdicts.verdict() !== 0;
  };

  const outages = gateways.map((gateway) => gateway.outages ?? []);
  const anyOutage = outages.some((list) => list.length > 0);
  const isDown = ({ startUs, endUs }: Transmission, g: number): boolean =>
    outages[g]!.some(({ fromUs, toUs }) => fromUs < endUs && startUs < toUs);
  const chips = gateways.map(({ chip }) => demodulators(chip ?? 'SX1302'));

  /** Takes a demodulator at each gateway that notices its preamble. */
  const follow = (tx: Transmission): void => {
    const rate = tx.dataRate;
    if (rate.kind !== 'lora' || tx.privateNetwork) return;
    const floor = floorDbm(rate);
    const gates = tx.gates!;
    for (let nth = 0; nth < gates.length; nth++)
      if (tx.dbm![nth]! >= floor && !chips[gates[nth]!]!.take(rate.sf, tx.startUs, tx.endUs))
        tx.unfollowed! |= 1 << nth;
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

  /** Why a gateway does not hear a frame that is loud enough; undefined when it does. */
  const lossAt = (tx: Transmission, nth: number, dbm: number): Loss | undefined => {
    const g = tx.gates![nth]!;
    if (anyOutage && isDown(tx, g)) return 'gateway-down';
    if (concentrators[g]!.sendsWithin(tx.startUs, tx.endUs)) return 'gateway-sending';
    if (isSpoilt(tx, g, dbm)) return 'collision';
    return (tx.unfollowed! >>> nth) & 1 ? 'no-demodulator' : undefined;
  };

  /** Which gateways hear it; what is worst for those that do not. */
  const judge = (tx: Transmission): Loss => {
    let lost: Loss = tx.privateNetwork ? 'other-sync-word' : 'too-weak';
    const rate = tx.dataRate;
    if (tx.privateNetwork || rate.kind !== 'lora') return lost;
    const floor = floorDbm(rate);
    for (let nth = 0; nth < judged; nth++) {
      const dbm = tx.dbm![nth]!;
      if (dbm < floor) continue;
      const why = plan.ideal ? undefined : lossAt(tx, nth, dbm);
      if (why !== undefined) {
        if (losses.indexOf(why) > losses.indexOf(lost)) lost = why;
        continue;
      }
      heardAt[ending.heardBy] = tx.gates![nth]!;
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
      meet(tx);
      let others = onAir.get(tx.freqHz);
      if (!others) onAir.set(tx.freqHz, (others = []));
      if (!plan.ideal)
        for (const other of others) {
          if (other.endUs <= tx.startUs) continue;
          (tx.rivals ??= []).push(other);
          (other.rivals ??= []).push(tx);
        }
      tx.unfollowed = 0;
      if (!plan.ideal) follow(tx);
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
    meet,
    orderOf(tx) {
      meet(tx);
      return tx.dbm![0] ?? 0;
    },
  };
};
