import { diceKey, draw } from '../base/dice.js';
import type { Us } from '../base/time.js';
import type { DataRate, LoraRate, RxFrame } from '../lorawan/radio.js';
import type { Concentrator } from './concentrator.js';
import type { Path, Sender } from './path.js';
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

/** What must be known of who sends a frame, also where that is played elsewhere. */
export interface Voice extends Sender {
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
  /** The air's own notes: who sends it, and others on its frequency while it was on the air. */
  voice?: Voice | undefined;
  rivals?: Transmission[] | undefined;
  /** Of a frame from another part of the city, whose row is -1: gateways that notice its preamble. */
  readonly noticedBy?: readonly number[];
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
  voiceOf(tx: Transmission): Voice;
  /** Gateways that notice the preamble of a frame of ours. */
  noticedBy(tx: Transmission): readonly number[];
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
  /** Of all that was ever sent. */
  let mostEirpDbm = -Infinity;

  const voiceOf = (tx: Transmission): Voice => {
    if (tx.voice) return tx.voice;
    const { x, y, carDb } = path.senderOf(tx.row);
    return (tx.voice = { x, y, carDb, fadeHi: hi[tx.row]!, fadeLo: lo[tx.row]! });
  };
  const fadeDb = (tx: Transmission, g: number): number => {
    const { fadeHi, fadeLo } = tx.voice!;
    return ((draw(fadeHi ^ g, fadeLo, tx.number) / 0x1_0000_0000) * 2 - 1) * fadingDb;
  };
  const hearerDbm = (tx: Transmission, nth: number): number =>
    tx.eirpDbm - path.hearerLossDb(tx.row, nth, tx.covered) + fadeDb(tx, path.hearer(tx.row, nth));

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
    // Most of a city is too far away to matter. Where loudness does not help, who can be heard matters.
    const matters = mostNeededDb === Infinity ? floorDbm(tx.dataRate as LoraRate) : dbm - mostNeededDb - ignoredDb;
    const reach = path.squaredReachM(g, mostEirpDbm + fadingDb - matters);
    const lockUs = plan.preambleLock ? tx.startUs + (lockSymbols * 2 ** sf * 1e6) / bwHz : -Infinity;
    verdicts.begin(sf, dbm, tx.endUs - tx.startUs);
    for (let i = 0; i < rivals.length; i++) {
      const rival = rivals[i]!;
      const { dataRate } = rival;
      const voice = rival.voice!;
      if (dataRate.kind !== 'lora' || rival.endUs <= lockUs || path.squaredM(voice, g) > reach) continue;
      const rivalDbm = rival.eirpDbm - path.senderLossDb(voice, g, rival.covered) + fadeDb(rival, g);
      if (rivalDbm >= matters) verdicts.add(dataRate.sf, rivalDbm, overlapUs(tx, rival));
    }
    return verdicts.verdict() !== 0;
  };

  const outages = gateways.map((gateway) => gateway.outages ?? []);
  const anyOutage = outages.some((list) => list.length > 0);
  const isDown = ({ startUs, endUs }: Transmission, g: number): boolean =>
    outages[g]!.some(({ fromUs, toUs }) => fromUs < endUs && startUs < toUs);
  const chips = gateways.map(({ chip }) => demodulators(chip ?? 'SX1302'));

  /** Whether a gateway that is in the reach of a frame notices its preamble. */
  const isNoticed = (tx: Transmission, nth: number): boolean => hearerDbm(tx, nth) >= floorDbm(tx.dataRate as LoraRate);

  /** Takes a demodulator at each gateway that notices its preamble. */
  const follow = (tx: Transmission): void => {
    const rate = tx.dataRate;
    if (rate.kind !== 'lora' || tx.privateNetwork) return;
    if (tx.row < 0) {
      for (const g of tx.noticedBy!) chips[g]!.take(rate.sf, tx.startUs, tx.endUs);
      return;
    }
    for (let nth = 0; nth < hearers; nth++)
      if (isNoticed(tx, nth) && !chips[path.hearer(tx.row, nth)]!.take(rate.sf, tx.startUs, tx.endUs))
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
    const g = path.hearer(tx.row, nth);
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
    for (let nth = 0; nth < hearers; nth++) {
      const dbm = hearerDbm(tx, nth);
      if (dbm < floor) continue;
      const why = plan.ideal ? undefined : lossAt(tx, nth, dbm);
      if (why !== undefined) {
        if (losses.indexOf(why) > losses.indexOf(lost)) lost = why;
        continue;
      }
      heardAt[ending.heardBy] = path.hearer(tx.row, nth);
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
      voiceOf(tx);
      mostEirpDbm = Math.max(mostEirpDbm, tx.eirpDbm);
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
    voiceOf,
    noticedBy(tx) {
      const noticed: number[] = [];
      if (tx.dataRate.kind !== 'lora' || plan.ideal) return noticed;
      voiceOf(tx);
      for (let nth = 0; nth < hearers; nth++) if (isNoticed(tx, nth)) noticed.push(path.hearer(tx.row, nth));
      return noticed;
    },
    orderOf: (tx) => voiceOf(tx).fadeHi,
  };
};
