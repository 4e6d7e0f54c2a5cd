import type { Us } from '../base/time.js';
import type { DeviceNote } from './device-note.js';
import { factOf, whoOf, type Fact } from './life-facts.js';
import { stepsOf } from './life-steps.js';
import { isWaiting, only } from './life-verdict.js';
import type { TraceRecord } from './record.js';
import type { Sent } from './sent.js';

const uplinkOrder: readonly Fact['kind'][] = ['note', 'sent', 'heard', 'outcome', 'step', 'downlink', 'fate', 'around'];
/** When a fact begins. */
export const factUs = (fact: Fact): Us => stepsOf(fact)[0]?.atUs ?? 0;

/** Whatever the order in which records come: the order of time, then of the way. */
export const inOrder = (facts: readonly Fact[]): Fact[] =>
  facts
    .map((fact) => ({ fact, us: factUs(fact), rank: uplinkOrder.indexOf(fact.kind) }))
    .sort((a, b) => a.us - b.us || a.rank - b.rank)
    .map(({ fact }) => fact);

/** Facts by what they belong to. */
export interface Sorted {
  /** By the frame's id. */
  readonly frames: Map<string, Fact[]>;
  /** Queued downlinks, by device and id. */
  readonly requests: Map<string, Fact[]>;
  readonly notes: Extract<Fact, { kind: 'note' }>[];
  readonly around: Fact[];
  unread: number;
}

/** Adds to the list of a key, and makes the list when there is none. */
export const put = <T>(map: Map<string, T[]>, key: string, ...values: readonly T[]): void => {
  const list = map.get(key);
  if (list) list.push(...values);
  else map.set(key, [...values]);
};

/** Reads every record, and puts what it tells where it belongs. Never throws. */
export const sortOut = (records: Iterable<TraceRecord>): Sorted => {
  const sorted: Sorted = { frames: new Map(), requests: new Map(), notes: [], around: [], unread: 0 };
  for (const record of records) {
    const read = factOf(record);
    if (!read) continue;
    if (!read.ok) {
      sorted.unread++;
      continue;
    }
    const fact = read.value;
    const { frame } = whoOf(fact);
    if (fact.kind === 'note') sorted.notes.push(fact);
    else if (frame !== undefined) put(sorted.frames, frame, fact);
    else if (fact.kind !== 'step') sorted.around.push(fact);
    if (fact.kind === 'step') put(sorted.requests, `${fact.step.devEui} ${fact.step.id}`, fact);
    // A frame that is answered is known by that alone.
    if (fact.kind === 'downlink' && fact.downlink.answers !== undefined) put(sorted.frames, fact.downlink.answers);
  }
  return sorted;
};

/** Whether a frame is what somebody waited for: a join for a join, a message for a session. */
const follows = ({ startUs, kind }: Sent, { atUs, what }: DeviceNote): boolean =>
  startUs >= atUs && (what.startsWith('waits-join-') ? kind === 'join' : what !== 'not-joined' || kind === 'data');

/**
 * Puts each note to the frame that it belongs to: waiting to the next frame of its bay, giving up to the last. Gives back
 * the notes of messages that became no frame.
 */
export const placeNotes = ({ frames, notes }: Sorted): readonly Extract<Fact, { kind: 'note' }>[] => {
  const sents = new Map<string, Sent[]>();
  for (const facts of frames.values()) for (const { sent } of only(facts, 'sent')) put(sents, sent.bay, sent);
  for (const list of sents.values()) list.sort((a, b) => a.startUs - b.startUs);
  return notes.filter((fact) => {
    const { bay, atUs, what } = fact.note;
    const list = sents.get(bay) ?? [];
    const before = list.findLast(({ startUs, kind }) => startUs <= atUs && kind === 'data');
    const its =
      what === 'given-up' ? before : isWaiting(what) ? list.find((sent) => follows(sent, fact.note)) : undefined;
    if (its) put<Fact>(frames, its.id, fact);
    return !its;
  });
};

/** Whether the facts of a frame are those of a downlink of ours. */
export const isDownlink = (facts: readonly Fact[]): boolean =>
  facts.some(({ kind }) => kind === 'downlink' || kind === 'fate' || kind === 'step');
