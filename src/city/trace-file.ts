import type { Us } from '../base/time.js';
import type { DownlinkOutcome, Outcome } from '../ladder/outcome.js';
import type { Eui } from '../lorawan/ids.js';
import type { RxFrame } from '../lorawan/radio.js';
import type { DownlinkEvent } from '../network/queue.js';
import type { RunOut, SentFrame } from '../sim/run-types.js';
import { noteRecord } from '../trace/device-note.js';
import { downlinkRecord, queueStepRecord } from '../trace/downlink.js';
import { fateRecord } from '../trace/fate.js';
import { outcomeRecord } from '../trace/outcome.js';
import type { TraceRecord } from '../trace/record.js';
import { rxRecord } from '../trace/rx.js';
import { sentRecord } from '../trace/sent.js';

/** Ears at both sides of the air; what they hear becomes records. The first group fits into a run's `RunOut`. */
export interface TraceEars {
  sent(frame: SentFrame): void;
  heard(rx: RxFrame): void;
  car: NonNullable<RunOut['car']>;
  /** A message that did not become a frame at once. */
  device: NonNullable<RunOut['device']>;
  /** What became of a downlink in the air. */
  downlink: NonNullable<RunOut['downlink']>;
  /** The network's side. */
  outcome(outcome: Outcome): void;
  descent(outcome: DownlinkOutcome): void;
  event(event: DownlinkEvent): void;
}

/**
 * Ears that write a record of everything, both sides of the air, in the order in which it is told: what
 * `stellwerk why --log FILE` reads. `devEuiOf` names the device of a bay.
 */
export const traceEars = (
  write: (record: TraceRecord<string, object>) => void,
  devEuiOf: (bay: string) => Eui | undefined,
): TraceEars => {
  const named = <T extends { readonly bay: string }>(what: T): T & { readonly devEui?: Eui } => {
    const devEui = devEuiOf(what.bay);
    return devEui === undefined ? what : { ...what, devEui };
  };
  return {
    sent: (frame) => write(sentRecord(named(frame))),
    heard: (rx) => write(rxRecord(rx, { simulated: true })),
    car: (change) => write(carRecord(change)),
    device: (note) => write(noteRecord(named(note))),
    downlink: (fate) => write(fateRecord(fate)),
    outcome: (outcome) => write(outcomeRecord(outcome)),
    descent: (outcome) => write(downlinkRecord(outcome)),
    event: (event) => write(queueStepRecord(event)),
  };
};

/** A car that came or left. */
export const carRecord = ({
  bay,
  lot,
  atUs,
  present,
}: {
  readonly bay: string;
  readonly lot: string;
  readonly atUs: Us;
  readonly present: boolean;
}): TraceRecord<'truth', object> => ({ us: atUs, source: `bay:${bay}`, kind: 'truth', body: { lot, present } });
