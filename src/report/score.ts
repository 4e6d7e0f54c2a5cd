// How well somebody's view of the bays fits the truth.
import type { Us } from '../base/time.js';
import { latencies, type LatencyFigures } from './latencies.js';

export const seenStates = ['free', 'occupied', 'unknown'] as const;
/** What a consumer believes of a bay. */
export type Seen = (typeof seenStates)[number];

/** Shares of bay-time are between 0 and 1; all times in microseconds or, where the name says so, milliseconds. */
export interface Score {
  readonly bays: number;
  readonly fromUs: Us;
  readonly toUs: Us;
  /** Of all bay-time. The first three sum up to 1; the last two are the two kinds of wrong. */
  readonly time: {
    readonly right: number;
    readonly wrong: number;
    readonly unknown: number;
    readonly falseOccupied: number;
    readonly falseFree: number;
  };
  /**
   * True changes of bays: `reported` in the consumer's view before the next change, `missed`, `unneeded` because the view
   * had missed the one before as well, and `open`: not yet reported when the story ended. The four sum up to `total`.
   */
  readonly changes: {
    readonly total: number;
    readonly reported: number;
    readonly missed: number;
    readonly unneeded: number;
    readonly open: number;
  };
  /** From a true change to the view that shows it. */
  readonly latency: LatencyFigures;
  /**
   * Why changes were missed: `not-sent` (the sensor did not notice, or its message never became a frame), what the air did
   * to its frames (`collision` ...), or `not-reported`: a gateway heard it, so it was lost behind that.
   */
  readonly causes: Readonly<Record<string, number>>;
  /** How often the view turned to a state that was not true at that moment. */
  readonly episodes: { readonly falseOccupied: number; readonly falseFree: number };
  /** How likely a bay that is shown as free is free, while its lot is taken at least to this share. */
  readonly predictiveFree: readonly {
    readonly occupancy: number;
    readonly value: number | null;
    readonly bayHours: number;
  }[];
  readonly frames: { readonly sent: number; readonly heard: number; readonly lost: Readonly<Record<string, number>> };
  /** Views of bays that the truth does not know. */
  readonly strangers: number;
}

/** Takes the truth and a view of it, together in the order of time. */
export interface Scorer {
  bay(bay: string, lot: string, present: boolean): void;
  car(us: Us, bay: string, present: boolean): void;
  sent(us: Us, bay: string, frame: { readonly heardBy: number; readonly lost?: string }): void;
  view(us: Us, bay: string, seen: Seen): void;
  /** The share of its time for which a bay's view was right, until the end; undefined before it. */
  readonly rightOf: ReadonlyMap<string, number>;
  /** How many bays are taken, and how many the view takes for it. */
  readonly now: { readonly taken: number; readonly seen: number };
  end(us: Us): Score;
}

interface Lot {
  bays: number;
  taken: number;
  /** Bays that are shown as free, and those of them that are. */
  shownFree: number;
  freeIndeed: number;
  sinceUs: Us;
}

interface Bay {
  readonly lot: Lot;
  present: boolean;
  seen: Seen;
  sinceUs: Us;
  rightUs: number;
  /** The last true change, while the view does not show it. */
  changeUs: number;
  heard: boolean;
  lost: string | undefined;
}

export const occupancies = [0, 0.85, 0.9, 0.95] as const;
const usPerHour = 3_600_000_000;
const agrees = (bay: Bay): boolean => bay.seen === (bay.present ? 'occupied' : 'free');
const add = (to: Record<string, number>, name: string): void => void (to[name] = (to[name] ?? 0) + 1);

/** A scorer for a story that begins at `fromUs`; memory grows with the number of bays only. */
export const scorer = (fromUs: Us): Scorer => {
  const bays = new Map<string, Bay>();
  const lots = new Map<string, Lot>();
  const time = { right: 0, unknown: 0, falseOccupied: 0, falseFree: 0 };
  const changes = { total: 0, reported: 0, missed: 0, unneeded: 0, open: 0 };
  const episodes = { falseOccupied: 0, falseFree: 0 };
  const causes: Record<string, number> = {};
  const lost: Record<string, number> = {};
  const frames = { sent: 0, heard: 0 };
  const latency = latencies();
  const shown = occupancies.map(() => ({ free: 0, all: 0 }));
  const rightOf = new Map<string, number>();
  const now = { taken: 0, seen: 0 };
  let strangers = 0;

  /** Counts the time since the last change of a bay. */
  const pass = (bay: Bay, us: Us): void => {
    const spanUs = us - bay.sinceUs;
    bay.sinceUs = us;
    if (bay.seen === 'unknown') time.unknown += spanUs;
    else if (agrees(bay)) {
      time.right += spanUs;
      bay.rightUs += spanUs;
    } else time[bay.present ? 'falseFree' : 'falseOccupied'] += spanUs;
  };
  /** The same of a lot: what was shown as free there, at that occupancy. */
  const passLot = (lot: Lot, us: Us): void => {
    const spanUs = us - lot.sinceUs;
    lot.sinceUs = us;
    const share = lot.taken / lot.bays;
    occupancies.forEach((least, i) => {
      if (share < least) return;
      shown[i]!.all += lot.shownFree * spanUs;
      shown[i]!.free += lot.freeIndeed * spanUs;
    });
  };
  const count = (bay: Bay, by: 1 | -1): void => {
    if (bay.present) now.taken += by;
    if (bay.seen === 'occupied') now.seen += by;
    const { lot } = bay;
    if (bay.present) lot.taken += by;
    if (bay.seen !== 'free') return;
    lot.shownFree += by;
    if (!bay.present) lot.freeIndeed += by;
  };
  /** A bay changes, in truth or in view. */
  const change = (bay: Bay, us: Us, how: Partial<Pick<Bay, 'present' | 'seen'>>): void => {
    pass(bay, us);
    passLot(bay.lot, us);
    count(bay, -1);
    Object.assign(bay, how);
    count(bay, 1);
  };
  const miss = (bay: Bay): void => {
    changes.missed++;
    add(causes, bay.heard ? 'not-reported' : (bay.lost ?? 'not-sent'));
    bay.changeUs = -1;
  };

  return {
    rightOf,
    now,
    bay(name, lotName, present) {
      const lot = lots.get(lotName) ?? { bays: 0, taken: 0, shownFree: 0, freeIndeed: 0, sinceUs: fromUs };
      lots.set(lotName, lot);
      lot.bays++;
      const bay: Bay = {
        ...{ lot, present, seen: 'unknown', sinceUs: fromUs, rightUs: 0, changeUs: -1, heard: false, lost: undefined },
      };
      bays.set(name, bay);
      count(bay, 1);
    },
    car(us, name, present) {
      const bay = bays.get(name);
      if (!bay || bay.present === present) return;
      if (bay.changeUs >= 0) miss(bay);
      change(bay, us, { present });
      changes.total++;
      if (agrees(bay)) return void changes.unneeded++;
      bay.changeUs = us;
      bay.heard = false;
      bay.lost = undefined;
    },
    sent(_us, name, { heardBy, lost: why }) {
      frames.sent++;
      if (heardBy > 0) frames.heard++;
      else add(lost, why ?? 'unknown');
      const bay = bays.get(name);
      if (!bay || bay.changeUs < 0) return;
      if (heardBy > 0) bay.heard = true;
      else bay.lost = why ?? 'unknown';
    },
    view(us, name, seen) {
      const bay = bays.get(name);
      if (!bay) return void strangers++;
      if (bay.seen === seen) return;
      change(bay, us, { seen });
      if (agrees(bay)) {
        if (bay.changeUs < 0) return;
        changes.reported++;
        latency.add((us - bay.changeUs) / 1_000);
        bay.changeUs = -1;
      } else if (seen !== 'unknown') episodes[bay.present ? 'falseFree' : 'falseOccupied']++;
    },
    end(us) {
      for (const [name, bay] of bays) {
        pass(bay, us);
        if (bay.changeUs >= 0) changes.open++;
        rightOf.set(name, us > fromUs ? bay.rightUs / (us - fromUs) : 0);
      }
      for (const lot of lots.values()) passLot(lot, us);
      const all = Math.max(1, (us - fromUs) * bays.size);
      const falseOccupied = time.falseOccupied / all;
      const falseFree = time.falseFree / all;
      return {
        ...{ bays: bays.size, fromUs, toUs: us },
        time: {
          ...{ right: time.right / all, wrong: falseOccupied + falseFree, unknown: time.unknown / all },
          ...{ falseOccupied, falseFree },
        },
        changes: { ...changes },
        latency: latency.read(),
        causes: { ...causes },
        episodes: { ...episodes },
        predictiveFree: occupancies.map((occupancy, i) => {
          const { free, all: whole } = shown[i]!;
          return { occupancy, value: whole > 0 ? free / whole : null, bayHours: whole / usPerHour };
        }),
        frames: { ...frames, lost: { ...lost } },
        strangers,
      };
    },
  };
};
