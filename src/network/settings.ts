import { dayMs } from '../base/time.js';
import type { Region } from '../lorawan/region.js';

/** What a network is like and what it tells every device. */
export interface NetworkSettings {
  readonly region: Region;
  /** 24 bits; its lowest bits prefix every DevAddr (NetID type 0). */
  readonly netId: number;
  /** RECEIVE_DELAY1 in seconds, 1 to 15. */
  readonly rx1DelayS: number;
  readonly rx2DataRate: number;
  /** RX1DROffset: how much slower the first window is than the uplink. */
  readonly rx1DrOffset: number;
  /** Channels beyond the region's own, in Hz, at most five. */
  readonly extraChannelsHz: readonly number[];
  /** Adaptive data rate for devices that ask for it; `off` leaves everybody alone. */
  readonly adr: 'off' | { readonly marginDb: number; readonly maxDr: number };
  /** `enforce` keeps every gateway within its sliding hour; `ignore` is for ideal air and for other people's law. */
  readonly dutyCycle: 'enforce' | 'ignore';
  /** Share of each gateway's budget that only joins and acknowledgements may use, 0 to 1. */
  readonly reserve: number;
  /** Transmissions of a confirmed downlink before it is given up. */
  readonly confirmedTries: number;
  /** How long a class C device may take to acknowledge. */
  readonly classCTimeoutMs: number;
  /** How often each device is asked for its battery and margin; 0 never. */
  readonly statusEveryMs: number;
}

/** The five that an eight-channel gateway of ours listens on beside the region's own (ChirpStack, The Things Stack). */
const eu868Extras = [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000];

/** The usual settings of a network in a region; a caller changes what it wants otherwise. */
export const usualNetwork = (region: Region): NetworkSettings => ({
  region,
  netId: 0,
  rx1DelayS: region.receiveDelay1Ms / 1000,
  rx2DataRate: region.rx2.dr,
  rx1DrOffset: 0,
  extraChannelsHz: region.id === 'EU868' ? eu868Extras : [],
  // ChirpStack's default installation margin.
  adr: { marginDb: 10, maxDr: region.adrMaxDr },
  dutyCycle: 'enforce',
  reserve: 0.3,
  confirmedTries: 4,
  classCTimeoutMs: 10_000,
  statusEveryMs: dayMs,
});
