import type { Log } from '../base/log.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { DownlinkEvent } from '../network/queue.js';
import { logOfDownlink, logOfOutcome, logOfQueueStep, type LogEvent } from '../trace/life-log.js';
import type { Diary } from './diary.js';
import type { Metrics } from './metrics.js';

/** Who hears of what the ladder did: counters, the log, the diary, and whoever watches. */
export interface Teller {
  outcome(outcome: Outcome): void;
  /** Where a downlink frame ended. */
  descent(descent: DownlinkOutcome): void;
  /** What became of a queued downlink. */
  command(event: DownlinkEvent): void;
}

export const teller = (ears: {
  readonly log: Log;
  readonly meter: Metrics;
  readonly book: Diary;
  readonly watch:
    | {
        outcome?(outcome: Outcome): void;
        descent?(descent: DownlinkOutcome): void;
        downlink?(event: DownlinkEvent): void;
      }
    | undefined;
}): Teller => {
  const { log, meter, book, watch } = ears;
  const say = ({ event, fields }: LogEvent): void => log(event, fields);
  return {
    outcome(outcome) {
      meter.outcome(outcome);
      say(logOfOutcome(outcome));
      book.outcome(outcome);
      watch?.outcome?.(outcome);
    },
    descent(descent) {
      meter.descent(descent);
      for (const { verdict, ...where } of descent.attempts)
        if (verdict === 'gateway-duty-cycle') log('gateway_duty_cycle', { ...where, devEui: descent.devEui });
      say(logOfDownlink(descent));
      book.downlink(descent);
      watch?.descent?.(descent);
    },
    command(event) {
      meter.command(event);
      say(logOfQueueStep(event));
      book.event(event);
      watch?.downlink?.(event);
    },
  };
};
