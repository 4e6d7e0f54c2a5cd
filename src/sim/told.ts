// What a run tells of a frame when its time in the air is over, and of all of them.
import { sha256 } from '../base/digest.js';
import { frameId } from '../lorawan/frame.js';
import type { Ending, Transmission } from './air.js';
import type { Flight } from './downlink-air.js';
import type { BayPlan } from './plan.js';
import type { DownlinkFate, LaneDigest, SentFrame } from './run-types.js';

/** What a device sent, and how it fared. */
export const sentFrame = (bay: BayPlan, tx: Transmission, { heardBy, lost }: Ending): SentFrame => {
  const { phy } = tx;
  return {
    // A hash takes as long as sealing the frame, and who only counts never asks.
    get id() {
      return frameId(phy);
    },
    bay: bay.id,
    lot: bay.lot,
    sensor: bay.sensor,
    kind: phy[0] === 0 ? 'join' : 'data',
    startUs: tx.startUs,
    endUs: tx.endUs,
    freqHz: tx.freqHz,
    dataRate: tx.dataRate,
    phy,
    heardBy,
    lost,
  };
};

/** What became of a downlink; `bays` by row. */
export const downlinkFate = (flight: Flight, bays: readonly string[]): DownlinkFate => {
  const { tx, startUs, endUs, result, row } = flight;
  const bay = row === undefined ? undefined : bays[row];
  return { id: frameId(tx.phy), gateway: tx.gateway, startUs, endUs, ...(bay !== undefined && { bay }), result };
};

/** The digest of a run from those of its lots, in the order of their names: who played which part changes nothing. */
export const digestOf = (lanes: readonly LaneDigest[]): string =>
  sha256(
    [...lanes]
      .sort((a, b) => (a.lot < b.lot ? -1 : 1))
      .map(({ lot, digest }) => `${lot} ${digest}\n`)
      .join(''),
  );
