// How many bays of each lot are free: from sensors in bays, or from a counter of cars at the gate.
import type { Us } from '../base/time.js';
import { type LotSign, type LotState, type SavedCounter } from './lot.js';

/** What is known of a lot beside its bays. */
export interface LotSetup {
  readonly lot: string;
  /** Places; default: as many as bays are known. */
  readonly capacity?: number;
  /** A counter of cars that speaks for it. */
  readonly counter?: string;
  /** Bays of sensors that count cars which come in, and which leave: together they are its counter. */
  readonly entries?: readonly string[];
  readonly exits?: readonly string[];
  /** Free places at which the sign says `full` or `few`, and at which it says so no more. */
  readonly full?: number;
  readonly fullUntil?: number;
  readonly few?: number;
  readonly fewUntil?: number;
  /** So long a count is of use. */
  readonly freshForUs?: Us;
}

/** A counter of cars that says something: an absolute number, or cars that came and left. */
export interface CountReading {
  readonly counter: string;
  readonly occupied?: number;
  readonly free?: number;
  readonly in?: number;
  readonly out?: number;
  readonly atUs: Us;
}

interface Lot {
  readonly setup: LotSetup;
  readonly capacity: number;
  /** Bays that count, with what is known of each. */
  readonly bays: Map<string, boolean | undefined>;
  occupied: number;
  free: number;
  sign: LotSign;
}

interface Counter {
  occupied: number;
  sensorTimeUs: Us;
  /** How often a count had to be clamped, and since when it stands still. */
  clamped: number;
  sinceUs: Us;
}

/** Lots and their counters. */
export interface Lots {
  /** A bay is so now; returns its lot when its numbers changed. */
  noteBay(bay: {
    readonly bay: string;
    readonly lot: string;
    readonly occupied: boolean | undefined;
  }): string | undefined;
  /** A counter spoke; undefined when no lot has such a counter, else what has to be kept, and the lot. */
  noteCount(reading: CountReading): { readonly saved: SavedCounter; readonly lot: string } | undefined;
  /** A sensor that counts passing cars told its number; as `noteCount`, with one more thing to be kept. */
  notePass(pass: {
    readonly bay: string;
    readonly count: number;
    readonly atUs: Us;
  }): { readonly saved: readonly SavedCounter[]; readonly lot: string } | undefined;
  at(lot: string, nowUs: Us, freshUs?: (bay: string) => Us | undefined): LotState | undefined;
  names(): Iterable<string>;
  /** What a counter cannot have counted, so often. */
  clamped(counter: string): number;
}

const dayUs = 24 * 3_600_000_000;

/** Where a sign turns, unless its owner says otherwise: full at none, few at a tenth, and back with one place more. */
const turnsOf = ({ full = 0, fullUntil, few, fewUntil }: LotSetup, capacity: number) => {
  const fewAt = few ?? Math.max(full + 1, Math.floor(capacity / 10));
  const backFull = fullUntil ?? full + Math.max(1, Math.round(capacity / 100));
  return {
    full,
    fullUntil: Math.max(full, backFull),
    few: fewAt,
    fewUntil: Math.max(fewAt, fewUntil ?? fewAt + Math.max(1, Math.round(capacity / 50))),
  };
};

/**
 * What a sign shows with so many free places, having shown `before`: it turns to fewer at the lower bound and back only
 * above the upper one, so that one car that moves to and fro does not make it flicker (DATEX II has these four thresholds).
 */
export const signOf = (free: number, before: LotSign, setup: LotSetup, capacity: number): LotSign => {
  const turns = turnsOf(setup, capacity);
  const isFull = free <= turns.full || (before === 'full' && free <= turns.fullUntil);
  if (isFull) return 'full';
  const isFew = free <= turns.few || ((before === 'few' || before === 'full') && free <= turns.fewUntil);
  return isFew ? 'few' : 'free';
};

/** More unknown bays than this share, and nobody can say whether there is room. */
const mostUnknown = 0.3;

/** Lots of these bays; counters go on where they were. */
export const lots = (
  bays: readonly { readonly bay: string; readonly lot: string }[],
  how: {
    readonly setups?: readonly LotSetup[];
    readonly counters?: readonly SavedCounter[];
    readonly simulated?: boolean;
  } = {},
): Lots => {
  const setups = new Map((how.setups ?? []).map((setup) => [setup.lot, setup]));
  const all = new Map<string, Lot>();
  const byCounter = new Map<string, Lot>();
  const counters = new Map<string, Counter>(
    (how.counters ?? []).map(({ counter, occupied, sensorTimeUs }) => [
      counter,
      { occupied, sensorTimeUs, clamped: 0, sinceUs: sensorTimeUs },
    ]),
  );
  const passes = new Map<string, { readonly lot: string; readonly way: 'in' | 'out' }>();
  const members = new Map<string, string[]>();
  for (const { bay, lot } of bays) members.set(lot, [...(members.get(lot) ?? []), bay]);
  for (const lot of new Set([...members.keys(), ...setups.keys()])) {
    const setup = setups.get(lot) ?? { lot };
    const names = members.get(lot) ?? [];
    const made: Lot = {
      ...{ setup, capacity: setup.capacity ?? names.length, occupied: 0, free: 0, sign: 'unknown' },
      bays: new Map(names.map((bay) => [bay, undefined])),
    };
    all.set(lot, made);
    const counter = counterOf(setup);
    if (counter !== undefined) byCounter.set(counter, made);
    for (const bay of setup.entries ?? []) passes.set(bay, { lot, way: 'in' });
    for (const bay of setup.exits ?? []) passes.set(bay, { lot, way: 'out' });
  }

  const self: Lots = {
    noteBay({ bay, lot, occupied }) {
      const of = all.get(lot);
      if (!of) return undefined;
      const before = of.bays.get(bay);
      if (before === occupied && of.bays.has(bay)) return undefined;
      of.bays.set(bay, occupied);
      if (before !== undefined) of[before ? 'occupied' : 'free']--;
      if (occupied !== undefined) of[occupied ? 'occupied' : 'free']++;
      return counterOf(of.setup) === undefined ? lot : undefined;
    },
    noteCount({ counter, occupied, free, in: came = 0, out: left = 0, atUs }) {
      const of = byCounter.get(counter);
      if (!of) return undefined;
      const before = counters.get(counter) ?? { occupied: 0, sensorTimeUs: -Infinity, clamped: 0, sinceUs: atUs };
      const said = occupied ?? (free === undefined ? before.occupied + came - left : of.capacity - free);
      // Counters drift, and some have counted 1464 cars in 65 places: what cannot be is not passed on.
      const whole = Math.min(of.capacity, Math.max(0, Math.round(said)));
      const isOff = whole !== Math.round(said);
      counters.set(counter, {
        ...{
          occupied: whole,
          sensorTimeUs: Math.max(before.sensorTimeUs, atUs),
          clamped: before.clamped + (isOff ? 1 : 0),
        },
        sinceUs: whole === before.occupied ? before.sinceUs : atUs,
      });
      return { saved: { counter, occupied: whole, sensorTimeUs: atUs }, lot: of.setup.lot };
    },
    notePass({ bay, count, atUs }) {
      const pass = passes.get(bay);
      if (!pass) return undefined;
      const name = `pass ${bay}`;
      const last = counters.get(name)?.occupied;
      counters.set(name, { occupied: count, sensorTimeUs: atUs, clamped: 0, sinceUs: atUs });
      const noted = self.noteCount({
        counter: counterOf(all.get(pass.lot)!.setup)!,
        [pass.way]: passed(last, count),
        atUs,
      })!;
      return { saved: [noted.saved, { counter: name, occupied: count, sensorTimeUs: atUs }], lot: pass.lot };
    },
    at(lot, nowUs, freshUs = () => undefined) {
      const of = all.get(lot);
      if (!of) return undefined;
      const { setup, capacity } = of;
      const named = counterOf(setup);
      const counter = named === undefined ? undefined : counters.get(named);
      const base = { lot, capacity, assertedTimeUs: nowUs, ...(how.simulated && { simulated: true as const }) };
      if (named !== undefined) {
        const fresh = counter && nowUs - counter.sensorTimeUs <= (setup.freshForUs ?? dayUs) ? counter : undefined;
        const occupied = fresh?.occupied ?? 0;
        const free = fresh ? capacity - occupied : 0;
        of.sign = fresh ? signOf(free, of.sign, setup, capacity) : 'unknown';
        return {
          ...base,
          ...{
            free,
            occupied,
            unknown: fresh ? 0 : capacity,
            sign: of.sign,
            from: 'counter',
            freshUs: fresh?.sensorTimeUs,
          },
        };
      }
      const free = Math.min(of.free, capacity);
      const occupied = Math.min(of.occupied, capacity - free);
      const unknown = capacity - free - occupied;
      const known = free + occupied;
      of.sign = known === 0 || unknown > mostUnknown * capacity ? 'unknown' : signOf(free, of.sign, setup, capacity);
      let oldestUs: Us | undefined;
      for (const [bay, state] of of.bays) {
        const us = state === undefined ? undefined : freshUs(bay);
        if (us !== undefined && (oldestUs === undefined || us < oldestUs)) oldestUs = us;
      }
      return { ...base, ...{ free, occupied, unknown, sign: of.sign, from: 'bays', freshUs: oldestUs } };
    },
    names: () => all.keys(),
    clamped: (counter) => counters.get(counter)?.clamped ?? 0,
  };
  return self;
};

/** The counter that speaks for a lot: one of its own name when sensors at its gate count. */
const counterOf = ({ lot, counter, entries = [], exits = [] }: LotSetup): string | undefined =>
  counter ?? (entries.length + exits.length > 0 ? `gate ${lot}` : undefined);

/** Counters are 16 bits wide and begin at zero after a restart: what is only a little above zero again went round. */
const passed = (last: number | undefined, count: number): number => {
  if (last === undefined) return 0;
  if (count >= last) return count - last;
  const round = count + 0x1_0000 - last;
  return round < 1_000 ? round : count;
};
