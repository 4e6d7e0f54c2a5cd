import type { DataFrame } from '../lorawan/frame.js';
import { micOk, openPayload, widenFCnt } from '../lorawan/frame.js';
import type { Entry, Registry } from './registry.js';
import type { Session } from './session.js';

export type UplinkRefusal = 'unknown-dev-addr' | 'mic-mismatch' | 'replay';

/** A data frame that belongs to one of our devices. */
export interface OpenedUplink {
  readonly entry: Entry;
  readonly session: Session;
  readonly fCnt: number;
  /** Accepted before: it is acknowledged again and tells nothing new. */
  readonly retransmission: boolean;
  readonly payload: Uint8Array;
}

/**
 * Finds whose frame it is, checks MIC and counter, decrypts, and moves the session's counter on.
 * All sessions that share the DevAddr are tried; of one device, the session that waits for its first uplink comes first.
 */
export const openUplink = (devices: Registry, frame: DataFrame): OpenedUplink | UplinkRefusal => {
  const candidates = devices.byDevAddr(frame.devAddr);
  if (candidates.length === 0) return 'unknown-dev-addr';
  let seenBefore = false;
  for (const entry of candidates) {
    for (const session of [entry.memory.pending, entry.memory.session]) {
      if (session?.devAddr !== frame.devAddr) continue;
      const fCnt = widenFCnt(session.nextFCntUp, frame.fCnt16);
      if (micOk(frame, fCnt, session.nwkSKey)) return accept(devices, { entry, session, frame, fCnt });
      // The counter of the turn before: an old frame of this very session, replayed or badly late.
      if (fCnt >= 0x10000 && micOk(frame, fCnt - 0x10000, session.nwkSKey)) seenBefore = true;
      else if (frame.fCnt16 < session.nextFCntUp && micOk(frame, frame.fCnt16, session.nwkSKey)) seenBefore = true;
    }
  }
  return seenBefore ? 'replay' : 'mic-mismatch';
};

const accept = (
  devices: Registry,
  found: { readonly entry: Entry; readonly session: Session; readonly frame: DataFrame; readonly fCnt: number },
): OpenedUplink => {
  const { entry, session, frame, fCnt } = found;
  const { memory } = entry;
  const retransmission = fCnt < session.nextFCntUp;
  session.nextFCntUp = Math.max(session.nextFCntUp, fCnt + 1);
  if (memory.pending === session) {
    memory.session = session;
    memory.pending = undefined;
    devices.reindex(entry);
  }
  const key = frame.fPort === 0 ? session.nwkSKey : session.appSKey;
  return { entry, session, fCnt, retransmission, payload: openPayload(frame, fCnt, key) };
};
