import { aesKey, type AesKey } from '../lorawan/aes.js';
import { defaultPlan, type ChannelPlan } from '../lorawan/channel-plan.js';
import type { DutyBudget } from '../lorawan/duty-budget.js';
import type { UplinkCommand } from '../lorawan/mac-command.js';
import type { Region } from '../lorawan/region.js';
import type { MacProfile } from './behaviour.js';
import type { Row } from './columns.js';
import type { Lock } from './downlink-air.js';
import type { Identity } from './identity.js';

/** What a device's MAC remembers in numbers: one row of a table. */
export const macColumns = {
  phase: 'u8',
  joinTries: 'u16',
  /** DevNonces made so far, over all lives: the next one is made from it. */
  nonces: 'u32',
  devNonce: 'u16',
  /** When this life began, and what its join requests took of the air in the running period of the join back-off. */
  bootUs: 'f64',
  joinPeriod: 'u16',
  joinAirUs: 'f64',
  /** The next counters. Doubles: after the last of 32 bits there must be no first one again. */
  fCntUp: 'f64',
  fCntDown: 'f64',
  /** Transmissions of all lives. */
  frames: 'u32',
  /** What ADR moves: data rate, TXPower index, transmissions of each frame, uplinks since the last downlink. */
  dataRate: 'u8',
  txPower: 'u8',
  nbTrans: 'u8',
  adrAckCnt: 'u32',
  /** DutyCycleReq: at most 1 / 2^n of the time, and when the radio is free again by that rule. */
  dutyExponent: 'u8',
  dutyFreeUs: 'f64',
  rx1DelayS: 'u8',
  rx1DrOffset: 'u8',
  rx2DataRate: 'u8',
  rx2Hz: 'u32',
  /** The frame on its way: transmissions so far, data rate, where its first window listens, end of the last transmission. */
  tries: 'u8',
  frameDataRate: 'u8',
  rx1Hz: 'u32',
  rx1DataRate: 'u8',
  txEndUs: 'f64',
  acknowledged: 'flag',
  /** A downlink came in a window of this frame: an unconfirmed one is not repeated then. */
  answered: 'flag',
  owesAck: 'flag',
  /** The network has more (FPending). */
  morePending: 'flag',
  /** The last frame was one of MAC commands alone: the next one carries the application's message. */
  toldAlone: 'flag',
  wantsLinkCheck: 'flag',
  wantsTime: 'flag',
  awaitsLinkCheck: 'flag',
  awaitsTime: 'flag',
} as const;
export type MacRow = Row<typeof macColumns>;

/** The phases of a device; timers end all but `idle`. `rx1` and `rx2` wait for their window to open. */
export const phase = { off: 0, idle: 1, waiting: 2, sending: 3, rx1: 4, rx2: 5, receiving: 6 } as const;

/** A message that waits for its turn. */
export interface Waiting {
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly confirmed: boolean;
  readonly tries: number;
}

/** What a device remembers that is no number. */
export interface MacMind {
  readonly bay: string;
  /** Only a modem's identity and activation ever change. Made when they are first asked for. */
  identity: Identity;
  appKey: AesKey;
  readonly profile: MacProfile;
  /** Whether it joins; else its session is its own for ever. */
  otaa: boolean;
  session: MacSession | undefined;
  plan: ChannelPlan;
  readonly queue: Waiting[];
  /** Answers that ride once, and those that are repeated until a class A downlink shows that they arrived. */
  readonly answers: UplinkCommand[];
  readonly sticky: UplinkCommand[];
  /** The sealed frame that is being sent or repeated; undefined between frames. */
  frame: { readonly phy: Uint8Array; readonly join: boolean; readonly what?: Waiting | undefined } | undefined;
  /** What arrives in an open window of class A, and between them in class C. */
  incoming: Lock | undefined;
  rxc: Lock | undefined;
  readonly duty: DutyBudget;
  /** Of a device that somebody gives orders to; a sensor looks after itself. */
  orders: Orders | undefined;
}

/** What a device is told by whoever gives it orders. */
export interface Orders {
  /** A join request is to be sent, or is on its way. */
  join: boolean;
  dutyCycle: boolean;
  /** False: the sync word of private networks. */
  publicNetwork: boolean;
}

export interface MacSession {
  readonly devAddr: number;
  readonly nwkSKey: Uint8Array;
  readonly appSKey: Uint8Array;
  readonly nwk: AesKey;
  readonly app: AesKey;
}

export const macSession = (devAddr: number, nwkSKey: Uint8Array, appSKey: Uint8Array): MacSession => ({
  devAddr,
  nwkSKey,
  appSKey,
  nwk: aesKey(nwkSKey),
  app: aesKey(appSKey),
});

/** What a network may have set goes back to what a device has without one. */
export const forgetSettings = (row: MacRow, mind: MacMind, region: Region): void => {
  mind.plan = defaultPlan(region);
  mind.answers.length = 0;
  mind.sticky.length = 0;
  usualSettings(row, mind.profile, region);
};

/** The numbers among them. */
export const usualSettings = (row: MacRow, profile: MacProfile, region: Region): void => {
  row.dataRate = Math.min(profile.dataRate, region.adrMaxDr);
  row.txPower = profile.txPower ?? 0;
  row.nbTrans = 1;
  row.adrAckCnt = 0;
  row.dutyExponent = 0;
  row.rx1DelayS = region.receiveDelay1Ms / 1000;
  row.rx1DrOffset = 0;
  row.rx2DataRate = region.rx2.dr;
  row.rx2Hz = region.rx2.freqHz;
};
