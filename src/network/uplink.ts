import type { DataFrame } from '../lorawan/frame.js';
import { micOk, openPayload, widenFCnt } from '../lorawan/frame.js';
import type { Device } from './device.js';
import type { Entry, Registry } from './registry.js';
import type { Session } from './session.js';

export type UplinkRefusal = 'unknown-dev-addr' | 'mic-mismatch' | 'replay' | 'counter-jump';

/** MAX_FCNT_GAP of LoRaWAN up to 1.0.3 (RP002 has dropped it for 1.0.4). */
const mostJump = 16_384;

/** A data frame that belongs to one of our devices. */
export interface OpenedUplink {
  readonly entry: Entry;
  readonly session: Session;
  readonly fCnt: number;
  /** Accepted before: it is acknowledged again and tells nothing new. */
  readonly retransmission: boolean;
  /** Frames before it that never came. */
  readonly missed: number;
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
  let jumped = false;
  for (const entry of candidates) {
    for (const session of [entry.memory.pending, entry.memory.session]) {
      if (session?.devAddr !== frame.devAddr) continue;
      const fCnt = widenFCnt(session.nextFCntUp, frame.fCnt16);
      if (micOk(frame, fCnt, session.nwkSKey)) {
        // The last counter is one below the next; where a counter may begin anew, a replay may have set it back.
        const isJump =
          fCnt - session.nextFCntUp >= mostJump && entry.device.lorawan !== '1.0.4' && !mayReset(entry.device);
        if (!isJump) return accept(devices, { entry, session, frame, fCnt });
        jumped = true;
        continue;
      }
      if (startedAnew(entry, session, frame)) return accept(devices, { entry, session, frame, fCnt: frame.fCnt16 });
      // The counter of the turn before: an old frame of this very session, replayed or badly late.
      if (fCnt >= 0x10000 && micOk(frame, fCnt - 0x10000, session.nwkSKey)) seenBefore = true;
      else if (frame.fCnt16 < session.nextFCntUp && micOk(frame, frame.fCnt16, session.nwkSKey)) seenBefore = true;
    }
  }
  return jumped ? 'counter-jump' : seenBefore ? 'replay' : 'mic-mismatch';
};

const mayReset = ({ counters, activation }: Device): boolean => counters === 'may-reset' && activation.kind === 'abp';

/**
 * Whether a personalised device has lost its counter and begins at zero, and its owner allows that. The downlink counter
 * goes on: the device takes any that is higher than its own, and no counter is used twice under one key. What it was told of
 * windows and channels it has lost with its counter.
 */
const startedAnew = ({ device }: Entry, session: Session, frame: DataFrame): boolean => {
  if (!mayReset(device)) return false;
  if (frame.fCnt16 >= session.nextFCntUp || !micOk(frame, frame.fCnt16, session.nwkSKey)) return false;
  session.nextFCntUp = frame.fCnt16;
  session.adrHistory = [];
  session.view = undefined;
  return true;
};

const accept = (
  devices: Registry,
  found: { readonly entry: Entry; readonly session: Session; readonly frame: DataFrame; readonly fCnt: number },
): OpenedUplink => {
  const { entry, session, frame, fCnt } = found;
  const { memory } = entry;
  const retransmission = fCnt < session.nextFCntUp;
  // Where a session begins its counter is nobody's loss.
  const missed = session.nextFCntUp > 0 ? Math.max(0, fCnt - session.nextFCntUp) : 0;
  session.nextFCntUp = Math.max(session.nextFCntUp, fCnt + 1);
  session.repeats = retransmission ? session.repeats + 1 : 0;
  if (memory.pending === session) {
    memory.session = session;
    memory.pending = undefined;
    // What was on its way under the old keys, nobody can read any more: it goes again under the new ones.
    memory.flight = undefined;
    devices.reindex(entry);
  }
  const key = frame.fPort === 0 ? session.nwkSKey : session.appSKey;
  return { entry, session, fCnt, retransmission, missed, payload: openPayload(frame, fCnt, key) };
};
