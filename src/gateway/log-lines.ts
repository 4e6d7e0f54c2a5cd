// What the gateway's log says of frames and commands: stable names and fields, which `stellwerk why` reads again.
import type { Log } from '../base/log.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { DownlinkEvent } from '../network/queue.js';
import { logOfDownlink, logOfOutcome, logOfQueueStep } from '../trace/life-log.js';

/** Where an uplink ended. */
export const logOutcome = (log: Log, outcome: Outcome): void => {
  const { event, fields } = logOfOutcome(outcome);
  log(event, fields);
};

/** Where a downlink frame ended, and each window that a gateway's hour forbade. */
export const logDescent = (log: Log, descent: DownlinkOutcome): void => {
  for (const { verdict, ...where } of descent.attempts)
    if (verdict === 'gateway-duty-cycle') log('gateway_duty_cycle', { ...where, devEui: descent.devEui });
  const { event, fields } = logOfDownlink(descent);
  log(event, fields);
};

/** What became of a queued downlink. */
export const logCommand = (log: Log, step: DownlinkEvent): void => {
  const { event, fields } = logOfQueueStep(step);
  log(event, fields);
};
