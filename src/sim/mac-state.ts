import { aesKey, type AesKey } from '../lorawan/aes.js';
import type { MacProfile } from './behaviour.js';
import type { Row } from './columns.js';
import type { Identity } from './identity.js';

/** What a class A device remembers in numbers: one row of a table. */
export const macColumns = {
  phase: 'u8',
  joinTries: 'u16',
  /** DevNonces made so far, over all lives: the next one is made from it. */
  nonces: 'u32',
  devNonce: 'u16',
  fCntUp: 'u32',
  fCntDown: 'u32',
  frames: 'u32',
  tries: 'u8',
  frameDataRate: 'u8',
  rx1DelayS: 'u8',
  rx1DrOffset: 'u8',
  rx2DataRate: 'u8',
  freqHz: 'u32',
  txEndUs: 'f64',
  acknowledged: 'flag',
  owesAck: 'flag',
} as const;
export type MacRow = Row<typeof macColumns>;

/** The phases of a class A device; timers end all but `idle`. */
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
  readonly identity: Identity;
  readonly appKey: AesKey;
  readonly profile: MacProfile;
  session: MacSession | undefined;
  /** Extra channels of the last join accept, in Hz. */
  extraHz: readonly number[];
  readonly queue: Waiting[];
  /** The sealed frame that is being sent or repeated; undefined between frames. */
  frame: { readonly phy: Uint8Array; readonly join: boolean; readonly what?: Waiting } | undefined;
  /** What arrives in an open window. */
  incoming: Uint8Array | undefined;
  /** When each sub-band may be used again. */
  readonly bandFreeUs: Float64Array;
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
