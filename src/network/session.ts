import { fromHex, toHex } from '../base/hex.js';
import { aesKey, type AesKey } from '../lorawan/aes.js';
import type { DevAddr, Eui } from '../lorawan/ids.js';

/** The keys and counters of one activation. */
export interface Session {
  readonly devAddr: DevAddr;
  readonly nwkSKey: AesKey;
  readonly appSKey: AesKey;
  /** The bytes behind the two keys, for the store alone. */
  readonly raw: { readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array };
  /** Uplink counter that is expected next; everything below was accepted or passed by. */
  nextFCntUp: number;
  /** Downlink counter to use next. */
  nextFCntDown: number;
}

/** All that the network remembers of a device between frames: what must survive a restart. */
export interface Memory {
  readonly devEui: Eui;
  /** The last JoinNonce given out; each accept uses the next one (24 bits). */
  joinNonce: number;
  /** DevNonces that were used: all of them up to LoRaWAN 1.0.3, only the highest from 1.0.4. */
  devNonces: Set<number>;
  session: Session | undefined;
  /** The session of an accept that no uplink has confirmed yet; the old one stays good until then. */
  pending: Session | undefined;
}

export const emptyMemory = (devEui: Eui): Memory => ({
  devEui,
  joinNonce: 0,
  devNonces: new Set(),
  session: undefined,
  pending: undefined,
});

/** A session with counters at zero. */
export const newSession = (
  devAddr: DevAddr,
  { nwkSKey, appSKey }: { readonly nwkSKey: Uint8Array; readonly appSKey: Uint8Array },
): Session => ({
  devAddr,
  nwkSKey: aesKey(nwkSKey),
  appSKey: aesKey(appSKey),
  raw: { nwkSKey, appSKey },
  nextFCntUp: 0,
  nextFCntDown: 0,
});

/** A session as the store writes it. Holds keys: for a file that only its owner may read, never for a log. */
export interface SavedSession {
  readonly devAddr: DevAddr;
  readonly nwkSKey: string;
  readonly appSKey: string;
  readonly nextFCntUp: number;
  readonly nextFCntDown: number;
}

/** A memory as the store writes it. */
export interface SavedMemory {
  readonly devEui: Eui;
  readonly joinNonce: number;
  readonly devNonces: readonly number[];
  readonly session?: SavedSession;
  readonly pending?: SavedSession;
}

const saveSession = (session: Session): SavedSession => ({
  devAddr: session.devAddr,
  nwkSKey: toHex(session.raw.nwkSKey),
  appSKey: toHex(session.raw.appSKey),
  nextFCntUp: session.nextFCntUp,
  nextFCntDown: session.nextFCntDown,
});

export const saveMemory = (memory: Memory): SavedMemory => ({
  devEui: memory.devEui,
  joinNonce: memory.joinNonce,
  devNonces: [...memory.devNonces],
  ...(memory.session && { session: saveSession(memory.session) }),
  ...(memory.pending && { pending: saveSession(memory.pending) }),
});

const isCounter = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const loadSession = (saved: unknown): Session | undefined => {
  if (saved === null || typeof saved !== 'object') return undefined;
  const { devAddr, nwkSKey, appSKey, nextFCntUp, nextFCntDown } = saved as Record<string, unknown>;
  const nwk = typeof nwkSKey === 'string' ? fromHex(nwkSKey) : undefined;
  const app = typeof appSKey === 'string' ? fromHex(appSKey) : undefined;
  if (!nwk?.ok || nwk.value.length !== 16 || !app?.ok || app.value.length !== 16) return undefined;
  if (!isCounter(devAddr) || !isCounter(nextFCntUp) || !isCounter(nextFCntDown)) return undefined;
  return { ...newSession(devAddr, { nwkSKey: nwk.value, appSKey: app.value }), nextFCntUp, nextFCntDown };
};

/** The memory that was saved; undefined when the value is none (a torn line, a stranger's file). */
export const loadMemory = (saved: unknown): Memory | undefined => {
  if (saved === null || typeof saved !== 'object') return undefined;
  const { devEui, joinNonce, devNonces, session, pending } = saved as Record<string, unknown>;
  if (typeof devEui !== 'string' || !/^[0-9a-f]{16}$/.test(devEui)) return undefined;
  if (!isCounter(joinNonce) || !Array.isArray(devNonces) || !devNonces.every(isCounter)) return undefined;
  return {
    devEui,
    joinNonce,
    devNonces: new Set(devNonces),
    session: loadSession(session),
    pending: loadSession(pending),
  };
};
