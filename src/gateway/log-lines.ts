// What the gateway's log says of frames and commands: stable names and fields, which `stellwerk why` reads again.
import type { Log } from '../base/log.js';
import { pacer, pacers, turnOf, type Pace, type Turn } from '../base/pace.js';
import { usPerSecond, type Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { DownlinkEvent } from '../network/queue.js';
import { logOfDownlink, logOfOutcome, logOfQueueStep } from '../trace/life-log.js';

/** Writes the lines of a running gateway, and no more of them than a disk can bear, whoever sends frames to it. */
export interface FrameLog {
  /** Where an uplink ended. Refusals are paced; a line that follows some left out says how many, as `leftOut`. */
  outcome(outcome: Outcome): void;
  /** Where a downlink frame ended, and windows that a gateway's hour forbade; the latter are paced. */
  descent(descent: DownlinkOutcome): void;
  /** What became of a queued downlink; paced, far above what a device can be sent. */
  command(step: DownlinkEvent): void;
  /** The wall clock was set; paced. */
  clockStepped(step: { readonly byUs: Us; readonly synced: boolean; readonly atUs: Us }): void;
  /** The store would not have a batch; paced. */
  unstored(error: unknown, atUs: Us): void;
}

// Anybody can send frames in a device's name, so even its refusals have a bound: far above what a sensor sends, three
// transmissions of each uplink included.
const ofDevice: Pace = { burst: 32, everyUs: 10 * usPerSecond };
// The neighbours' sensors are heard all day: enough lines to find one's own that was not registered.
const ofStranger: Pace = { burst: 4, everyUs: 3_600 * usPerSecond };
const ofAllStrangers: Pace = { burst: 100, everyUs: 10 * usPerSecond };
const ofTrouble: Pace = { burst: 4, everyUs: 60 * usPerSecond };
// A queue of 32 commands, each queued, sent and acknowledged, has a line for every step; whoever may write to the topics of
// commands may write all day, to any device.
const ofCommands: Pace = { burst: 128, everyUs: 10 * usPerSecond };
const ofAllCommands: Pace = { burst: 10_000, everyUs: usPerSecond };
const mostStrangers = 1_000;

/** `isOurs`: whether an outcome is about a registered device, of which there are `devices`. */
export const frameLog = (
  log: Log,
  setup: { readonly devices: number; isOurs(outcome: Outcome): boolean },
): FrameLog => {
  // Twice: a device has a DevEUI and a DevAddr. Whoever uses all of them in turn finds no pacer forgotten.
  const device = pacers(ofDevice, 2 * setup.devices + 1);
  const stranger = pacers(ofStranger, mostStrangers);
  const strangers = pacer(ofAllStrangers);
  const trouble = pacers(ofTrouble, mostStrangers);
  const commands = pacers(ofCommands, setup.devices + 1);
  const allCommands = pacer(ofAllCommands);

  const refusal = (outcome: Outcome): Turn => {
    const { devEui, devAddr, why = '', atUs } = outcome;
    const name = devEui ?? devAddr ?? why;
    return setup.isOurs(outcome) ? turnOf(atUs, device(name)) : turnOf(atUs, stranger(name), strangers);
  };
  const paced = (
    event: string,
    kind: string,
    said: { readonly atUs: Us; readonly fields: Readonly<Record<string, unknown>> },
  ): void => {
    const leftOut = turnOf(said.atUs, trouble(`${event} ${kind}`));
    if (leftOut !== undefined) log(event, { ...said.fields, ...(leftOut > 0 && { leftOut }) });
  };

  return {
    outcome(outcome) {
      const leftOut = outcome.result === 'refused' ? refusal(outcome) : 0;
      if (leftOut === undefined) return;
      const { event, fields } = logOfOutcome(outcome);
      log(event, leftOut > 0 ? { ...fields, leftOut } : fields);
    },
    descent(descent) {
      const { devEui, atUs } = descent;
      for (const { verdict, ...where } of descent.attempts)
        if (verdict === 'gateway-duty-cycle')
          paced('gateway_duty_cycle', where.gateway, { atUs, fields: { ...where, devEui } });
      const { event, fields } = logOfDownlink(descent);
      log(event, fields);
    },
    command(step) {
      const leftOut = turnOf(step.atUs, commands(step.devEui), allCommands);
      if (leftOut === undefined) return;
      const { event, fields } = logOfQueueStep(step);
      log(event, leftOut > 0 ? { ...fields, leftOut } : fields);
    },
    clockStepped({ byUs, synced, atUs }) {
      paced('clock_stepped', '', { atUs, fields: { byS: byUs / usPerSecond, synced } });
    },
    unstored(error, atUs) {
      const why = error instanceof Error ? error.message : String(error);
      paced('store_failed', '', { atUs, fields: { why } });
    },
  };
};
