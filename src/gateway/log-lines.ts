// What the gateway's log says of frames and commands: stable names and fields, which `stellwerk why` reads again.
import type { Log } from '../base/log.js';
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
  /** What became of a queued downlink. */
  command(step: DownlinkEvent): void;
  /** The store would not have a batch; paced. */
  unstored(error: unknown, atUs: Us): void;
}

interface Pace {
  /** Lines at once. */
  readonly burst: number;
  /** And then one in this time. */
  readonly everyUs: Us;
}

// Anybody can send frames in a device's name, so even its refusals have a bound: far above what a sensor sends, three
// transmissions of each uplink included.
const ofDevice: Pace = { burst: 32, everyUs: 10 * usPerSecond };
// The neighbours' sensors are heard all day: enough lines to find one's own that was not registered.
const ofStranger: Pace = { burst: 4, everyUs: 3_600 * usPerSecond };
const ofAllStrangers: Pace = { burst: 100, everyUs: 10 * usPerSecond };
const ofTrouble: Pace = { burst: 4, everyUs: 60 * usPerSecond };
const mostStrangers = 1_000;

/** What a line may say: how many were left out before it; undefined when it is left out itself. */
type Turn = number | undefined;

const pacer = ({ burst, everyUs }: Pace): { may(atUs: Us): boolean; take(): number; leaveOut(): void } => {
  let debtUs = 0;
  let lastUs = -Infinity;
  let leftOut = 0;
  return {
    may(atUs) {
      debtUs = Math.max(0, debtUs - Math.max(0, atUs - lastUs));
      lastUs = Math.max(lastUs, atUs);
      return debtUs + everyUs <= burst * everyUs;
    },
    take() {
      debtUs += everyUs;
      const before = leftOut;
      leftOut = 0;
      return before;
    },
    leaveOut: () => void leftOut++,
  };
};
type Pacer = ReturnType<typeof pacer>;

/** One pacer for each name; of more than `most` names the one that was quiet for longest is forgotten. */
const pacers = (pace: Pace, most: number): ((name: string) => Pacer) => {
  const known = new Map<string, Pacer>();
  return (name) => {
    const one = known.get(name) ?? pacer(pace);
    known.delete(name);
    known.set(name, one);
    const [oldest] = known.size > most ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return one;
  };
};

/** A turn that `own` must allow, and `common` as well, which then counts what was left out. */
const turnOf = (atUs: Us, own: Pacer, common = own): Turn => {
  const free = own.may(atUs) && common.may(atUs);
  if (!free) {
    common.leaveOut();
    return undefined;
  }
  if (own !== common) own.take();
  return common.take();
};

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
      const { event, fields } = logOfQueueStep(step);
      log(event, fields);
    },
    unstored(error, atUs) {
      const why = error instanceof Error ? error.message : String(error);
      paced('store_failed', '', { atUs, fields: { why } });
    },
  };
};
