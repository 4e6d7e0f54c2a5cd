import { usPerSecond, type Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { TxVerdict } from '../lorawan/radio.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { ParkingEvent } from '../parking/event.js';
import { histogram, type Histogram } from '../report/prometheus.js';
import { ageBounds, commitBounds } from './figures.js';

/** Everything that is counted, since the process began. Plain numbers: `status` and tests read them as they are. */
export interface Counts {
  /** Hearings that sources handed over, and those among them that were copies of a frame already known. */
  readonly hearings: number;
  readonly copies: number;
  readonly lateCopies: number;
  /** Frames by where they ended. */
  readonly accepted: number;
  readonly joined: number;
  readonly refused: Readonly<Record<string, number>>;
  /** What came to a source and was no frame at all. */
  readonly rubbish: Readonly<Record<string, number>>;
  readonly events: number;
  /** What gateways answered to requests to send. */
  readonly downlinks: Readonly<Record<string, number>>;
  /** Downlink frames by where they ended: `sent`, or why not. */
  readonly descents: Readonly<Record<string, number>>;
  /** Windows that a gateway's sliding hour forbade. */
  readonly gatewayDutyCycle: number;
  /** How long before their slots downlinks were handed to their gateways; class C has no slot. */
  readonly lead: LeadTimes;
  /** Queued downlinks by their last state: `queued`, `sent`, `acknowledged`, or why they failed. */
  readonly commands: Readonly<Record<string, number>>;
}

/** How many downlinks had a lead time of so many ms, in steps of 100 rounded down; 0 holds those that were late. */
export type LeadTimes = Readonly<Record<string, number>>;

/** The lead time in ms that so many (0 to 1) of the downlinks had at least; undefined when there were none. */
export const leadOfMs = (lead: LeadTimes, share: number): number | undefined => {
  const steps = Object.entries(lead).sort(([a], [b]) => Number(a) - Number(b));
  const all = steps.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [ms, count] of steps) {
    below += count;
    if (below > all * (1 - share)) return Number(ms);
  }
  return undefined;
};

/** A set of counters and the ways to move them. */
export interface Metrics {
  hearing(): void;
  copy(when: 'in-time' | 'late'): void;
  outcome(outcome: Outcome): void;
  rubbish(why: string): void;
  /** A batch took so long to become durable. */
  commit(us: Us): void;
  /** A sink has delivered an event, at this time of the wall clock, which was set by then or not. */
  delivered(sink: string, event: ParkingEvent, at: { readonly wallUs: Us; readonly synced: boolean }): void;
  clockStep(): void;
  /** From a change to its delivery, by sink, and batches becoming durable; in seconds. */
  readonly ages: ReadonlyMap<string, Histogram>;
  readonly commits: Histogram;
  readonly clockSteps: number;
  /** Frames that never came, by the counters of sensors. */
  readonly missed: number;
  downlink(verdict: TxVerdict | 'no-way'): void;
  lead(us: number): void;
  descent(descent: DownlinkOutcome): void;
  command(event: DownlinkEvent): void;
  readonly counts: Counts;
}

const add = (to: Record<string, number>, name: string): void => void (to[name] = (to[name] ?? 0) + 1);

export const metrics = (): Metrics => {
  const counts = {
    hearings: 0,
    copies: 0,
    lateCopies: 0,
    accepted: 0,
    joined: 0,
    refused: {} as Record<string, number>,
    rubbish: {} as Record<string, number>,
    events: 0,
    downlinks: {} as Record<string, number>,
    descents: {} as Record<string, number>,
    gatewayDutyCycle: 0,
    lead: {} as Record<string, number>,
    commands: {} as Record<string, number>,
  };
  const ages = new Map<string, Histogram>();
  const commits = histogram(commitBounds);
  let steps = 0;
  let missed = 0;
  return {
    counts,
    hearing: () => void counts.hearings++,
    copy: (when) => void (when === 'late' ? counts.lateCopies++ : counts.copies++),
    outcome(outcome) {
      const { result, why, events } = outcome;
      if (result === 'refused') add(counts.refused, why ?? 'unknown');
      else counts[result]++;
      counts.events += events;
      missed += outcome.missed ?? 0;
    },
    rubbish: (why) => add(counts.rubbish, why),
    commit: (us) => commits.add(us / usPerSecond),
    delivered(sink, { kind, sensorTimeUs, quality }, { wallUs, synced }) {
      // Only a change has an age: what was confirmed was known before.
      if (kind !== 'occupied' && kind !== 'freed') return;
      // Seen before the clock was set: by the clock of now it would be decades old.
      if (synced && quality.includes('unsynced')) return;
      let of = ages.get(sink);
      if (!of) ages.set(sink, (of = histogram(ageBounds)));
      of.add(Math.max(0, wallUs - sensorTimeUs) / usPerSecond);
    },
    clockStep: () => void steps++,
    ages,
    commits,
    get clockSteps() {
      return steps;
    },
    get missed() {
      return missed;
    },
    downlink: (verdict) => add(counts.downlinks, verdict),
    descent({ result, why, attempts }) {
      add(counts.descents, result === 'sent' ? 'sent' : (why ?? 'unknown'));
      counts.gatewayDutyCycle += attempts.filter(({ verdict }) => verdict === 'gateway-duty-cycle').length;
    },
    lead: (us) => add(counts.lead, String(100 * Math.max(0, Math.floor(us / 100_000)))),
    command: ({ state, why }) => add(counts.commands, state === 'failed' ? (why ?? 'unknown') : state),
  };
};
