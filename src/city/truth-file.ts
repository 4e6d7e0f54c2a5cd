import type { TraceRecord } from '../trace/record.js';
import { sentRecord } from '../trace/sent.js';
import { truthEnd, truthHead } from '../trace/truth.js';
import type { Plan } from '../sim/plan.js';
import type { Run, RunOut } from '../sim/run-types.js';
import { carRecord } from './trace-file.js';

/** What a truth stream is made of: the places at the beginning, all that happens, and the end. */
export interface TruthEars {
  begin(plan: Plan, run: Pick<Run, 'taken' | 'nowUs'>): void;
  readonly out: Pick<RunOut, 'car' | 'sent'>;
  end(run: Pick<Run, 'nowUs'>): void;
}

/** Ears that write the truth of a run as records. */
export const truthEars = (write: (record: TraceRecord<string, object>) => void): TruthEars => ({
  begin({ bays, gateways }, run) {
    const head = truthHead({
      startUs: run.nowUs,
      bays: bays.map(({ id, lot, lat, lon, sensor }) => ({ bay: id, lot, lat, lon, sensor, present: run.taken(id) })),
      gateways,
    });
    head.forEach(write);
  },
  out: {
    car: (change) => write(carRecord(change)),
    sent: (frame) => write(sentRecord(frame)),
  },
  end: ({ nowUs }) => write(truthEnd(nowUs)),
});
