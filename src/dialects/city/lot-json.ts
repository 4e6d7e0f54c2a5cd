// How a lot stands, in our own words: what MQTT carries. Fields may be added, none changes its meaning.
import { isoFromUs } from '../../base/time.js';
import { lotSigns, type LotSign, type LotState } from '../../parking/lot.js';

/** The state of a lot as JSON. */
export interface LotJson {
  readonly v: 1;
  readonly lot: string;
  readonly capacity: number;
  readonly free: number;
  readonly occupied: number;
  readonly unknown: number;
  readonly sign: LotSign;
  readonly from: LotState['from'];
  /** No number here is older; absent when nothing is known. ISO 8601 in UTC. */
  readonly fresh?: string;
  readonly assertedTime: string;
  readonly simulated?: true;
}

/** What each field means, for the README: name, JSON type, meaning. */
export const lotFields: readonly (readonly [name: string, type: string, meaning: string])[] = [
  ['v', '1', 'version of this schema'],
  ['lot', 'string', 'which lot'],
  ['capacity', 'number', 'free + occupied + unknown'],
  ['free, occupied, unknown', 'number', 'bays; unknown are those that nobody has told of for too long'],
  ['sign', 'string', `what a sign shows: ${lotSigns.map((sign) => `\`${sign}\``).join(', ')}`],
  ['from', 'string', '`bays` (sensors in bays) or `counter` (cars counted at the gate)'],
  ['fresh', 'time', 'no number here is older'],
  ['assertedTime', 'time', 'when the gateway asserted it'],
  ['simulated', 'true', 'made by a simulation or a replay; absent otherwise'],
];

/** The state of a lot in the words of the schema. */
export const lotJson = (state: LotState): LotJson => ({
  v: 1,
  lot: state.lot,
  capacity: state.capacity,
  free: state.free,
  occupied: state.occupied,
  unknown: state.unknown,
  sign: state.sign,
  from: state.from,
  ...(state.freshUs !== undefined && { fresh: isoFromUs(state.freshUs) }),
  assertedTime: isoFromUs(state.assertedTimeUs),
  ...(state.simulated && { simulated: true as const }),
});
