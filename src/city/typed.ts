import { silent, type Log } from '../base/log.js';
import { must, problem, UsageError } from '../base/problem.js';
import { msFromSpan } from '../base/time.js';
import { openCatalogue, type Catalogue } from '../catalogue.js';
import { loadScenario } from '../config/scenario.js';
import type { ParkingEvent } from '../parking/event.js';
import type { RunOut, SentFrame } from '../sim/run-types.js';
import type { Scenario } from '../sim/scenario.js';
import { simulate, type SimulateEnd } from './simulate.js';

/** A car that came to a bay or left it: the truth. */
export type CarChange = Parameters<NonNullable<RunOut['car']>>[0];

export interface CityOptions {
  /** Other dice, other devices; '1' when absent. */
  readonly seed?: string;
  /** Nobody answers: fixed sessions, no joins, no events. */
  readonly uplinkOnly?: boolean;
  /** With a user's own folders; ours when absent. */
  readonly catalogue?: Catalogue;
  readonly log?: Log;
}

export interface CityRun {
  /** Simulated time: `24h`, `90m`, or an ISO 8601 duration such as `PT24H`. */
  readonly until: string;
  /** Hear what happens while it happens; what is heard here is not collected, however long the run. */
  onEvent?(event: ParkingEvent): void;
  onFrame?(frame: SentFrame): void;
  onCar?(change: CarChange): void;
  readonly stop?: AbortSignal;
}

export interface CityEnd extends SimulateEnd {
  /** What the network made of the frames, in order; empty with `onEvent`. */
  readonly parkingEvents: readonly ParkingEvent[];
  /** Every frame that was sent, and how it fared; empty with `onFrame`. */
  readonly frames: readonly SentFrame[];
  /** Every car; empty with `onCar`. */
  readonly truth: readonly CarChange[];
}

/** A place that can be played in a test. */
export interface TestCity {
  run(how: CityRun): Promise<CityEnd>;
}

/** `PT24H`, `P1DT12H`, `PT90M` in milliseconds; undefined for anything else. */
const msFromIso = (text: string): number | undefined => {
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text) ?? [];
  if (whole === undefined || !/\d/.test(whole)) return undefined;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
};

/**
 * A simulated place in memory, for tests: real frames of real sensors in virtual time, our own network behind them. The same
 * scenario and seed give the same frames and events, always. `scenario` is one of ours by its name, or an own one.
 * Throws a StellwerkError for what a person can mend.
 *
 * @example
 * test('no car is forgotten', async () => {
 *   const { parkingEvents, truth } = await city('herrenberg-graben').run({ until: 'PT24H' });
 *   expect(parkingEvents.filter(({ kind }) => kind === 'occupied').length).toBeGreaterThan(0.9 * truth.length / 2);
 * });
 */
export const city = (scenario: string | Scenario, options: CityOptions = {}): TestCity => ({
  async run(how) {
    const forMs = msFromSpan(how.until) ?? msFromIso(how.until);
    if (forMs === undefined || forMs <= 0)
      throw new UsageError(
        problem('wrong-usage', { verb: 'city().run', why: `until ${how.until} is no duration: write 24h or PT24H` }),
      );
    const catalogue = options.catalogue ?? openCatalogue();
    const wanted =
      typeof scenario === 'string'
        ? await loadScenario(scenario, must(await catalogue.load('scenarios', scenario)))
        : scenario;
    const parkingEvents: ParkingEvent[] = [];
    const frames: SentFrame[] = [];
    const truth: CarChange[] = [];
    const end = await simulate({
      ...{ scenario: wanted, catalogue, forMs, to: 'loopback', fresh: false },
      seed: options.seed ?? '1',
      uplinkOnly: options.uplinkOnly === true,
      log: options.log ?? silent,
      stop: how.stop ?? new AbortController().signal,
      event: how.onEvent ?? ((event) => void parkingEvents.push(event)),
      sent: how.onFrame ?? ((frame) => void frames.push(frame)),
      truths: [{ car: how.onCar ?? ((change) => void truth.push(change)) }],
    });
    return { ...end, parkingEvents, frames, truth };
  },
});
