import type { Result } from '../base/result.js';
import { ok } from '../base/result.js';
import type { Eui } from '../lorawan/ids.js';
import { factOf, whoOf, type Fact, type Who } from './life-facts.js';
import type { TraceRecord } from './record.js';

/** How much is remembered. */
export interface MemoryBounds {
  /** Frames of one device, and as many commands and messages beside them. */
  readonly perDevice: number;
  /** Frames of senders that nobody knows. */
  readonly strangers: number;
  /** Frames of all devices together: with many devices each has fewer. */
  readonly total: number;
  /** DevEUIs, bays and DevAddrs of which only the name is kept. */
  readonly names: number;
}

export const usualBounds: MemoryBounds = { perDevice: 64, strangers: 512, total: 16_384, names: 200_000 };

/** Records of one frame: beyond this those in the middle go (a frame that is replayed for days). */
const perFrame = 48;
const mostAround = 512;
/** Whose frames are that were asked for by something else than a device. */
const asked = 'asked';
/** A device has one DevAddr for each session; older ones are of no interest. */
const addressesPerDevice = 8;

/** Whom somebody asks about; a frame by the beginning of its id. */
export type Asked = Pick<Who, 'devEui' | 'devAddr' | 'bay' | 'frame'>;

/** Remembers the last frames of each device, and of strangers, within bounds. */
export interface LifeMemory {
  /** Takes a record; a problem when its body is not what its kind says. Never throws. */
  add(record: TraceRecord): Result<Fact | undefined>;
  /** The same for a record whose fact is known already. */
  keep(record: TraceRecord, fact: Fact): void;
  /**
   * What is remembered of a device, the oldest first: frame by frame; each command that waits or failed, and each message
   * that became no frame; and all that is known around the frames.
   */
  of(asked: Asked): {
    readonly frames: readonly (readonly TraceRecord[])[];
    readonly asides: readonly (readonly TraceRecord[])[];
    readonly around: readonly TraceRecord[];
  };
  /** DevEUIs, bays and DevAddrs that were named, for those who mistyped one. */
  readonly names: ReadonlySet<string>;
  /** The DevEUI of a bay; undefined when no record named both. */
  devEuiOf(bay: string): Eui | undefined;
  /** DevAddrs of strangers with the number of their frames, the busiest first. */
  strangers(): readonly { readonly devAddr: string; readonly frames: number }[];
  /** Frames that are remembered. */
  readonly size: number;
}

interface Kept {
  readonly key: string;
  owner: string | undefined;
  devEui: Eui | undefined;
  devAddr: string | undefined;
  answers: string | undefined;
  readonly records: TraceRecord[];
}

/**
 * An empty memory. `place` says of a sender whether all its frames are wanted (`ours`), whether they go where strangers
 * go, or are not kept at all (`nobody`).
 */
export const lifeMemory = (
  place: (who: Who) => 'ours' | 'stranger' | 'nobody',
  bounds: MemoryBounds = usualBounds,
): LifeMemory => {
  const kept = new Map<string, Kept>();
  const owners = new Map<string, Map<string, Kept>>();
  const strangers = new Map<string, Kept>();
  const around = new Map<string, TraceRecord>();
  const addresses = new Map<string, Set<string>>();
  const ownersOf = new Map<string, Set<string>>();
  const bays = new Map<string, Eui>();
  const names = new Set<string>();
  let owned = 0;

  const name = (text: string | undefined): void => {
    if (text !== undefined && (names.size < bounds.names || names.has(text))) names.add(text);
  };

  const learn = ({ devEui, devAddr, bay }: Who): void => {
    name(devEui);
    name(bay);
    if (devEui !== undefined && bay !== undefined && (bays.size < bounds.names || bays.has(bay))) bays.set(bay, devEui);
    if (devAddr === undefined) return;
    name(devAddr);
    if (devEui === undefined || place({ devEui, devAddr, ...(bay !== undefined && { bay }) }) !== 'ours') return;
    const list = addresses.get(devEui) ?? new Set();
    addresses.set(devEui, list);
    list.add(devAddr);
    ownersOf.set(devAddr, (ownersOf.get(devAddr) ?? new Set()).add(devEui));
    for (const oldest of list.size > addressesPerDevice ? [[...list][0]!] : []) {
      list.delete(oldest);
      ownersOf.get(oldest)?.delete(devEui);
      if (ownersOf.get(oldest)?.size === 0) ownersOf.delete(oldest);
    }
  };

  const forget = (from: Map<string, Kept>): void => {
    const [oldest] = from.keys();
    if (oldest === undefined) return;
    from.delete(oldest);
    kept.delete(oldest);
    if (from !== strangers) owned--;
  };

  const capacity = (): number =>
    Math.max(1, Math.min(bounds.perDevice, Math.floor(bounds.total / Math.max(1, owners.size))));

  const own = (one: Kept, owner: string): void => {
    if (one.owner === owner) return;
    if (one.owner === undefined) strangers.delete(one.key);
    else if (owners.get(one.owner)?.delete(one.key)) owned--;
    one.owner = owner;
    const mine = owners.get(owner) ?? new Map<string, Kept>();
    owners.set(owner, mine);
    mine.set(one.key, one);
    owned++;
    while (mine.size > capacity()) forget(mine);
    // The more devices, the less for each: those that have more than that give it back.
    if (owned > bounds.total) for (const other of owners.values()) while (other.size > capacity()) forget(other);
  };

  const keep = (record: TraceRecord, fact: Fact): void => {
    const key = keyOf(fact);
    if (key === undefined) {
      const about = aroundKey(fact);
      if (around.size < mostAround || around.has(about)) around.set(about, record);
      return;
    }
    const who = whoOf(fact);
    learn(who);
    const before = kept.get(key);
    const known = who.bay === undefined ? undefined : (bays.get(who.bay) ?? `bay:${who.bay}`);
    // A DevAddr alone proves nothing: whoever sends under it must not push out what its owner said.
    const owner = who.devEui ?? known ?? before?.owner;
    const isEui = owner !== undefined && !owner.startsWith('bay:') && owner !== asked;
    const placed = place(isEui ? { ...who, devEui: owner } : who);
    if (placed === 'nobody' && before?.owner === undefined) {
      if (strangers.delete(key)) kept.delete(key);
      return;
    }
    const one = before ?? {
      key,
      owner: undefined,
      devEui: undefined,
      devAddr: undefined,
      answers: undefined,
      records: [],
    };
    one.devEui ??= who.devEui;
    one.devAddr ??= who.devAddr;
    one.answers ??= who.answers;
    one.records.push(record);
    if (one.records.length > perFrame) one.records.splice(perFrame / 2, 1);
    kept.set(key, one);
    if (placed === 'ours') own(one, shelfOf(key, owner ?? asked));
    else if (one.owner === undefined) {
      strangers.set(key, one);
      while (strangers.size > bounds.strangers) forget(strangers);
    }
  };

  return {
    names,
    get size() {
      return kept.size;
    },
    devEuiOf: (bay) => bays.get(bay),
    add(record) {
      const read = factOf(record);
      if (!read?.ok) return read ?? ok(undefined);
      keep(record, read.value);
      return read;
    },
    keep,
    of({ devEui, devAddr, bay, frame }) {
      const eui = devEui ?? (bay === undefined ? undefined : bays.get(bay));
      const named = [eui, bay === undefined ? undefined : `bay:${bay}`].filter((one) => one !== undefined);
      const shelves = named.flatMap((owner) => [owner, asideOf(owner)]);
      const found = new Set<Kept>(shelves.flatMap((shelf) => [...(owners.get(shelf)?.values() ?? [])]));
      const addrs = new Set([...(eui === undefined ? [] : (addresses.get(eui) ?? [])), ...(devAddr ? [devAddr] : [])]);
      for (const one of strangers.values()) {
        const isTheirs = one.devEui === undefined && one.devAddr !== undefined && addrs.has(one.devAddr);
        if (isTheirs || (eui !== undefined && one.devEui === eui)) found.add(one);
      }
      if (devAddr !== undefined || frame !== undefined)
        for (const one of kept.values())
          if ((devAddr !== undefined && one.devAddr === devAddr) || isFrame(one, frame)) found.add(one);
      const all = [...found].sort((a, b) => (a.records[0]?.us ?? 0) - (b.records[0]?.us ?? 0));
      const records = (aside: boolean): readonly (readonly TraceRecord[])[] =>
        all.flatMap((one) => (isAside(one.key) === aside ? [one.records] : []));
      return { frames: records(false), asides: records(true), around: [...around.values()] };
    },
    strangers() {
      const counts = new Map<string, number>();
      for (const { devAddr } of strangers.values())
        if (devAddr !== undefined && !ownersOf.has(devAddr)) counts.set(devAddr, (counts.get(devAddr) ?? 0) + 1);
      return [...counts]
        .map(([devAddr, frames]) => ({ devAddr, frames }))
        .sort((a, b) => b.frames - a.frames || (a.devAddr < b.devAddr ? -1 : 1));
    },
  };
};

/** Whether it is the frame whose id begins so, or an answer to it. */
const isFrame = ({ key, answers }: Kept, frame: string | undefined): boolean =>
  frame !== undefined && (key.startsWith(frame) || answers?.startsWith(frame) === true);

/** Under what the records of one frame, or of one queued downlink, are kept; undefined for what is around them. */
const keyOf = (fact: Fact): string | undefined => {
  const { frame } = whoOf(fact);
  if (frame !== undefined) return frame;
  if (fact.kind === 'step') return `queued ${fact.step.devEui} ${fact.step.id}`;
  return fact.kind === 'note' ? `note ${fact.note.bay} ${fact.note.atUs}` : undefined;
};

/** Whether a key of `keyOf` is that of a queued downlink or of a message, and not of a frame. */
const isAside = (key: string): boolean => /^(queued|note) /.test(key);
const asideOf = (owner: string): string => `beside ${owner}`;
/**
 * Where something of an owner is kept. What is no frame has a place of its own: whoever floods a device with commands must
 * not push out what the device itself has said.
 */
const shelfOf = (key: string, owner: string): string => (isAside(key) ? asideOf(owner) : owner);

const aroundKey = (fact: Fact): string => {
  if (fact.kind !== 'around') return fact.kind;
  const { around } = fact;
  if (around.kind === 'gateway') return `gateway ${around.gateway}`;
  if (around.kind === 'sink') return `sink ${around.sink}`;
  return around.kind === 'refused' ? `refused ${around.why} ${around.gateway ?? ''}` : around.kind;
};
