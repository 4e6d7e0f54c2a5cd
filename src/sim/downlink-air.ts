import type { Us } from '../base/time.js';
import { dataRateText, type DataRate, type TxFrame } from '../lorawan/radio.js';
import { requiredSnrDb } from '../lorawan/region.js';
import type { Emission } from './concentrator.js';
import type { Path } from './path.js';
import { judge, overlapUs } from './radio/interference.js';
import { mostSnrDb, noiseDbm } from './radio/sensitivity.js';

/** What becomes of a downlink that a gateway has taken; a later one of these outweighs an earlier one. */
export const downlinkResults = ['not-listening', 'too-weak', 'collision', 'received'] as const;
export type DownlinkResult = (typeof downlinkResults)[number];

/** A downlink on its way through the air. */
export interface Flight {
  readonly tx: TxFrame;
  /** The gateway's place in the plan. */
  readonly gateway: number;
  readonly startUs: Us;
  readonly endUs: Us;
  result: DownlinkResult;
  /** The row of the device that it was for, as far as that device noticed it. */
  row: number | undefined;
}

/** A device that follows a downlink with its receiver. */
export interface Lock {
  readonly flight: Flight;
  readonly row: number;
  readonly dbm: number;
  readonly covered: boolean;
}

export interface DownlinkHeard {
  readonly phy: Uint8Array;
  readonly snrDb: number;
  readonly rssiDbm: number;
  readonly startUs: Us;
  readonly dataRate: DataRate;
}

export interface ListeningWindow {
  readonly openUs: Us;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  /** Whether a car stands over the device. */
  readonly covered: boolean;
}

export interface DownlinkAir {
  /** A gateway has taken a downlink. */
  launch(emission: Emission, gateway: number): void;
  /** When a downlink begins (where somebody listens all the time) or ends; Infinity when none is under way. */
  readonly nextUs: Us;
  /** Takes that moment out: the downlink that begins, or the one that ends, whose result is final once it is looked at. */
  turn(): { readonly begins: Flight } | { readonly ends: Flight };
  /** What the device of a row locks on to in a window. */
  tune(row: number, window: ListeningWindow): Lock | undefined;
  /** A device that listens all the time: whether it locks on to a downlink that begins; `busy` with another it cannot. */
  tuneTo(flight: Flight, row: number, window: ListeningWindow & { readonly busy: boolean }): Lock | undefined;
  /** What the device has in the end; undefined when other downlinks spoilt it. */
  finish(lock: Lock): DownlinkHeard | undefined;
}

/** Long enough for the longest frame (255 bytes with SF12: 9.2 s) to be spoilt by one that ended before it. */
const keepUs = 10_000_000;

/**
 * The air from gateways to devices: sensitivity by spreading factor, interference by the energy of both at the device
 * (Croce); in ideal air a device hears what is for it whenever it listens.
 */
export const downlinkAir = (setup: {
  readonly ideal: boolean;
  readonly path: Path;
  /** Whether anybody listens outside of windows: only then beginnings matter. */
  readonly anyClassC: boolean;
  /** Whether a downlink is for the device of a row. */
  addressed(row: number, phy: Uint8Array): boolean;
}): DownlinkAir => {
  const { ideal, path, anyClassC } = setup;
  const verdicts = judge('croce');
  const flights: Flight[] = [];
  const beginnings: Flight[] = [];
  const endings: Flight[] = [];

  const insert = (list: Flight[], flight: Flight, by: 'startUs' | 'endUs'): void => {
    let at = list.length;
    while (at > 0 && list[at - 1]![by] > flight[by]) at--;
    list.splice(at, 0, flight);
  };

  const mark = (flight: Flight, row: number, result: DownlinkResult): void => {
    if (downlinkResults.indexOf(result) <= downlinkResults.indexOf(flight.result)) return;
    flight.result = result;
    flight.row = row;
  };

  const dbmAt = (flight: Flight, row: number, covered: boolean): number =>
    flight.tx.powerDbm - path.lossDb(row, flight.gateway, covered);

  const matches = (flight: Flight, window: ListeningWindow): boolean =>
    flight.tx.freqHz === window.freqHz && dataRateText(flight.tx.dataRate) === dataRateText(window.dataRate);

  /** Whether a device can hear it at all; when it could have been its own, the loss is noted. */
  const audible = (flight: Flight, row: number, covered: boolean): number | undefined => {
    const rate = flight.tx.dataRate;
    if (rate.kind !== 'lora') return undefined;
    const dbm = dbmAt(flight, row, covered);
    if (ideal) return setup.addressed(row, flight.tx.phy) ? dbm : undefined;
    if (dbm - noiseDbm(rate.bwHz) >= requiredSnrDb(rate)!) return dbm;
    if (setup.addressed(row, flight.tx.phy)) mark(flight, row, 'too-weak');
    return undefined;
  };

  const spoilt = ({ flight, row, dbm, covered }: Lock): boolean => {
    const rate = flight.tx.dataRate;
    if (ideal || rate.kind !== 'lora') return false;
    verdicts.begin(rate.sf, dbm, flight.endUs - flight.startUs);
    for (const other of flights) {
      const overlap = overlapUs(flight, other);
      if (other === flight || overlap === 0 || other.tx.freqHz !== flight.tx.freqHz) continue;
      if (other.tx.dataRate.kind === 'lora') verdicts.add(other.tx.dataRate.sf, dbmAt(other, row, covered), overlap);
    }
    return verdicts.verdict() !== 0;
  };

  return {
    launch({ tx, startUs, endUs }, gateway) {
      const flight: Flight = { tx, gateway, startUs, endUs, result: 'not-listening', row: undefined };
      flights.push(flight);
      insert(endings, flight, 'endUs');
      if (anyClassC) insert(beginnings, flight, 'startUs');
    },
    get nextUs() {
      return Math.min(beginnings[0]?.startUs ?? Infinity, endings[0]?.endUs ?? Infinity);
    },
    turn() {
      const begins = beginnings[0];
      // What ends makes room for what begins at the same instant.
      if (begins && begins.startUs < endings[0]!.endUs) return { begins: beginnings.shift()! };
      const ends = endings.shift()!;
      for (let i = flights.length - 1; i >= 0; i--) if (flights[i]!.endUs < ends.endUs - keepUs) flights.splice(i, 1);
      return { ends };
    },
    tune(row, window) {
      if (window.dataRate.kind !== 'lora') return undefined;
      const { sf, bwHz } = window.dataRate;
      // A receiver needs some five symbols of preamble to lock on.
      const toleranceUs = (5 * 2 ** sf * 1_000_000) / bwHz;
      let best: Lock | undefined;
      const heard: Flight[] = [];
      for (const flight of flights) {
        if (Math.abs(flight.startUs - window.openUs) > toleranceUs || !matches(flight, window)) continue;
        const dbm = audible(flight, row, window.covered);
        if (dbm === undefined) continue;
        heard.push(flight);
        if (!best || dbm > best.dbm) best = { flight, row, dbm, covered: window.covered };
      }
      // A receiver follows one frame: what is for it and came beside a louder one is lost to that one.
      if (!ideal)
        for (const flight of heard)
          if (flight !== best!.flight && setup.addressed(row, flight.tx.phy)) mark(flight, row, 'collision');
      return best;
    },
    tuneTo(flight, row, window) {
      if (!matches(flight, window)) return undefined;
      const dbm = audible(flight, row, window.covered);
      if (dbm === undefined) return undefined;
      if (!window.busy) return { flight, row, dbm, covered: window.covered };
      if (!ideal && setup.addressed(row, flight.tx.phy)) mark(flight, row, 'collision');
      return undefined;
    },
    finish(lock) {
      const { flight, row, dbm } = lock;
      const rate = flight.tx.dataRate;
      const mine = setup.addressed(row, flight.tx.phy);
      if (spoilt(lock)) {
        if (mine) mark(flight, row, 'collision');
        return undefined;
      }
      if (mine) mark(flight, row, 'received');
      const snrDb = rate.kind === 'lora' ? Math.min(mostSnrDb, dbm - noiseDbm(rate.bwHz)) : 0;
      return { phy: flight.tx.phy, snrDb, rssiDbm: dbm, startUs: flight.startUs, dataRate: rate };
    },
  };
};
