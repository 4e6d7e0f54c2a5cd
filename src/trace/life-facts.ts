import type { Result } from '../base/result.js';
import { ok } from '../base/result.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import { frameId, parseFrame } from '../lorawan/frame.js';
import { devAddrText, type Eui } from '../lorawan/ids.js';
import type { RxFrame } from '../lorawan/radio.js';
import { noteOfRecord, type DeviceNote } from './device-note.js';
import { downlinkOfRecord, queueStepOfRecord, type QueueStep } from './downlink.js';
import { fateOfRecord, type Fate } from './fate.js';
import { aroundOfRecord, isAround, type Around } from './life-around.js';
import { outcomeOfRecord } from './outcome.js';
import type { TraceRecord } from './record.js';
import { rxOfRecord } from './rx.js';
import { sentOfRecord, type Sent } from './sent.js';

/** What a PHYPayload says of its sender without any key. */
export interface PhyFacts {
  readonly what: 'join' | 'data' | 'other';
  readonly uplink: boolean;
  readonly devEui?: Eui;
  readonly devAddr?: string;
  /** The lower half of the counter. */
  readonly fCnt?: number;
  readonly fPort?: number;
  readonly confirmed?: boolean;
}

/** One thing that a record tells of the life of frames. */
export type Fact =
  | { readonly kind: 'sent'; readonly sent: Sent; readonly phy: PhyFacts }
  | { readonly kind: 'heard'; readonly frame: string; readonly rx: RxFrame; readonly phy: PhyFacts }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'downlink'; readonly downlink: DownlinkOutcome }
  | { readonly kind: 'step'; readonly step: QueueStep }
  | { readonly kind: 'fate'; readonly fate: Fate }
  | { readonly kind: 'note'; readonly note: DeviceNote }
  | { readonly kind: 'around'; readonly around: Around };

/** What can be read of a frame without any key; `other` for what is no join request and no data frame. */
export const phyFacts = (phy: Uint8Array): PhyFacts => {
  const parsed = parseFrame(phy);
  if (!parsed.ok) return { what: 'other', uplink: true };
  const frame = parsed.value;
  if (frame.kind === 'join-request') return { what: 'join', uplink: true, devEui: frame.devEui };
  if (frame.kind === 'join-accept') return { what: 'other', uplink: false };
  if (frame.kind !== 'data') return { what: 'other', uplink: true };
  const { uplink, confirmed, fPort, fCnt16: fCnt } = frame;
  return {
    what: 'data',
    uplink,
    devAddr: devAddrText(frame.devAddr),
    fCnt,
    confirmed,
    ...(fPort !== undefined && { fPort }),
  };
};

const as = <T>(result: Result<T>, fact: (value: T) => Fact): Result<Fact> =>
  result.ok ? ok(fact(result.value)) : result;

/**
 * What a record tells of the life of frames; undefined when it is of a kind that tells nothing of it (the truth about
 * cars, a parking event); a problem when its body is not what its kind says. Never throws.
 */
export const factOf = (record: TraceRecord): Result<Fact> | undefined => {
  switch (record.kind) {
    case 'sent':
      return as(sentOfRecord(record), (sent) => ({ kind: 'sent', sent, phy: phyFacts(sent.phy) }));
    case 'rx':
      return as(rxOfRecord(record), (rx) => ({ kind: 'heard', frame: frameId(rx.phy), rx, phy: phyFacts(rx.phy) }));
    case 'outcome':
      return as(outcomeOfRecord(record), (outcome) => ({ kind: 'outcome', outcome }));
    case 'downlink':
      return as(downlinkOfRecord(record), (downlink) => ({ kind: 'downlink', downlink }));
    case 'downlink-event':
      return as(queueStepOfRecord(record), (step) => ({ kind: 'step', step }));
    case 'fate':
      return as(fateOfRecord(record), (fate) => ({ kind: 'fate', fate }));
    case 'note':
      return as(noteOfRecord(record), (note) => ({ kind: 'note', note }));
    default:
      return isAround(record.kind) ? as(aroundOfRecord(record), (around) => ({ kind: 'around', around })) : undefined;
  }
};

/** Whom a fact is about, as far as it says so itself. */
export interface Who {
  readonly devEui?: Eui;
  readonly devAddr?: string;
  readonly bay?: string;
  readonly frame?: string;
  /** The uplink that this downlink answers. */
  readonly answers?: string;
}

export const whoOf = (fact: Fact): Who => {
  switch (fact.kind) {
    case 'sent': {
      const { id: frame, bay, devEui = fact.phy.devEui } = fact.sent;
      return { frame, bay, devEui, devAddr: fact.phy.devAddr };
    }
    case 'heard':
      return { frame: fact.frame, devEui: fact.phy.devEui, devAddr: fact.phy.devAddr };
    case 'outcome': {
      const { frame, devEui, devAddr, bay } = fact.outcome;
      return { frame, devEui, devAddr, bay };
    }
    case 'downlink': {
      const { frame, devEui, devAddr, answers } = fact.downlink;
      return { frame, devEui, devAddr, answers };
    }
    case 'step':
      return { frame: fact.step.frame, devEui: fact.step.devEui };
    case 'fate':
      return { frame: fact.fate.id, bay: fact.fate.bay };
    case 'note':
      return { devEui: fact.note.devEui, bay: fact.note.bay };
    case 'around':
      return 'frame' in fact.around ? { frame: fact.around.frame } : {};
  }
};
