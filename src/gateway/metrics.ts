import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { TxVerdict } from '../lorawan/radio.js';
import type { DownlinkEvent } from '../network/queue.js';

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
  /** Queued downlinks by their last state: `queued`, `sent`, `acknowledged`, or why they failed. */
  readonly commands: Readonly<Record<string, number>>;
}

/** A set of counters and the ways to move them. */
export interface Metrics {
  hearing(): void;
  copy(when: 'in-time' | 'late'): void;
  outcome(outcome: Outcome): void;
  rubbish(why: string): void;
  downlink(verdict: TxVerdict | 'no-way'): void;
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
    commands: {} as Record<string, number>,
  };
  return {
    counts,
    hearing: () => void counts.hearings++,
    copy: (when) => void (when === 'late' ? counts.lateCopies++ : counts.copies++),
    outcome({ result, why, events }) {
      if (result === 'refused') add(counts.refused, why ?? 'unknown');
      else counts[result]++;
      counts.events += events;
    },
    rubbish: (why) => add(counts.rubbish, why),
    downlink: (verdict) => add(counts.downlinks, verdict),
    descent({ result, why, attempts }) {
      add(counts.descents, result === 'sent' ? 'sent' : (why ?? 'unknown'));
      counts.gatewayDutyCycle += attempts.filter(({ verdict }) => verdict === 'gateway-duty-cycle').length;
    },
    command: ({ state, why }) => add(counts.commands, state === 'failed' ? (why ?? 'unknown') : state),
  };
};
