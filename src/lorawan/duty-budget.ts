import type { Us } from '../base/time.js';
import {
  airtimeLedger,
  clear,
  earliestIn,
  erase,
  fitsIn,
  forgetUntil,
  record,
  usedIn,
  type AirtimeLedger,
} from './airtime-ledger.js';
import { subBandIndex, type Region, type SubBand } from './region.js';

export const hourUs = 3_600_000_000;

/** One time on the air of one transmitter, done or planned. */
export interface Spending {
  readonly freqHz: number;
  readonly airtimeUs: number;
  readonly startUs: Us;
}

/**
 * The airtime of one transmitter, a sliding hour for each sub-band. What is spent after `fits` said yes never makes any
 * hour, wherever it begins, hold more than its sub-band allows (ETSI EN 300 220-1: the observation period is an hour). Starts may lie ahead and come in any order, not more than an hour before the latest one.
 */
export interface DutyBudget {
  /** `keep`: the share of the budget, 0 to 1, that must stay for others. False in the gaps between sub-bands. */
  fits(what: Spending & { readonly keep?: number }): boolean;
  /** The first start at which it fits; Infinity when never. */
  earliestUs(what: {
    readonly freqHz: number;
    readonly airtimeUs: number;
    readonly fromUs: Us;
    readonly keep?: number;
  }): Us;
  /** Throws a RangeError in the gaps: nobody may have asked. */
  spend(what: Spending): void;
  /** It did not happen after all; what was not spent, or is forgotten, is nothing to be given back. */
  refund(what: Spending): void;
  /** Airtime in the hour that ends at `atUs`, and what is allowed; both 0 in the gaps. */
  usedUs(freqHz: number, atUs: Us): { readonly usedUs: number; readonly limitUs: number };
  /** All that is remembered, sub-band by sub-band: spend it again to restore a budget. */
  spent(): readonly Spending[];
  /** Drops what was over at an instant: keep at least an hour. Budgets also forget by themselves, after two. */
  forget(beforeUs: Us): void;
  /**
   * Takes everything out, and tells what was not over at an instant, oldest first in each sub-band; `spend` puts it back:
   * for who keeps a million budgets and uses few at a time.
   */
  drain(sinceUs: Us, tell: (freqHz: number, airtimeUs: number, startUs: Us) => void): void;
}

/** A budget with nothing spent. `share`: the part of a sub-band's allowance that this transmitter gives itself, 0 to 1. */
export const dutyBudget = (
  region: Region,
  options: { readonly share?: (band: SubBand) => number } = {},
): DutyBudget => {
  // Made when first spent on: most transmitters use two sub-bands.
  const ledgers: (AirtimeLedger | undefined)[] = region.subBands.map(() => undefined);
  const limits = region.subBands.map((band) => {
    const share = Math.min(1, Math.max(0, options.share?.(band) ?? 1));
    // Whole microseconds; a product such as 3.6e9 * 0.001 must not fall just short of one.
    return Math.floor(hourUs * band.dutyCycle * share + 0.001);
  });
  const empty = airtimeLedger(hourUs);
  const bandOf = (
    freqHz: number,
    keep = 0,
  ): { readonly ledger: AirtimeLedger; readonly limitUs: number } | undefined => {
    const index = subBandIndex(region, freqHz);
    const limitUs = limits[index];
    if (limitUs === undefined) return undefined;
    return { ledger: ledgers[index] ?? empty, limitUs: Math.floor(limitUs * (1 - keep)) };
  };

  return {
    fits(what) {
      const band = bandOf(what.freqHz, what.keep);
      // Who may always send cannot send too much.
      return band !== undefined && (band.limitUs >= hourUs || fitsIn(band.ledger, what, band.limitUs));
    },
    earliestUs(what) {
      const band = bandOf(what.freqHz, what.keep);
      if (!band) return Infinity;
      return band.limitUs >= hourUs ? what.fromUs : earliestIn(band.ledger, what, band.limitUs);
    },
    spend(what) {
      const index = subBandIndex(region, what.freqHz);
      if (index < 0) throw new RangeError(`${what.freqHz} Hz lies in no sub-band of ${region.id}`);
      record((ledgers[index] ??= airtimeLedger(hourUs)), what, what.freqHz);
    },
    refund(what) {
      const band = bandOf(what.freqHz);
      if (band) erase(band.ledger, what);
    },
    usedUs(freqHz, atUs) {
      const band = bandOf(freqHz);
      return band ? { usedUs: usedIn(band.ledger, atUs), limitUs: band.limitUs } : { usedUs: 0, limitUs: 0 };
    },
    spent: () =>
      ledgers.flatMap((ledger) =>
        ledger
          ? ledger.startsUs.map((startUs, i) => ({
              freqHz: ledger.tags[i]!,
              airtimeUs: ledger.airtimesUs[i]!,
              startUs,
            }))
          : [],
      ),
    forget(beforeUs) {
      for (const ledger of ledgers) if (ledger) forgetUntil(ledger, beforeUs);
    },
    drain(sinceUs, tell) {
      for (const ledger of ledgers) {
        if (!ledger || ledger.startsUs.length === 0) continue;
        const { startsUs, airtimesUs, tags } = ledger;
        for (let i = 0; i < startsUs.length; i++)
          if (startsUs[i]! + airtimesUs[i]! > sinceUs) tell(tags[i]!, airtimesUs[i]!, startsUs[i]!);
        clear(ledger);
      }
    },
  };
};
