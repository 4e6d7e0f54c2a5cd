// The truth beside a simulation, as records: the places first, then what happened there.
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Truth, TruthBay, TruthGateway } from '../parking/truth.js';
import type { TraceRecord } from './record.js';
import { bayOfSource, sentOfRecord } from './sent.js';

/** The records with which a truth stream begins. */
export const truthHead = (of: {
  readonly startUs: Us;
  readonly bays: readonly TruthBay[];
  readonly gateways: readonly TruthGateway[];
}): readonly TraceRecord<string, object>[] => [
  ...of.gateways.map(({ eui, lat, lon }) => ({
    ...{ us: of.startUs, source: `gateway:${eui}`, kind: 'truth-gateway', body: { lat, lon } },
  })),
  ...of.bays.map(({ bay, ...body }) => ({ us: of.startUs, source: `bay:${bay}`, kind: 'truth-bay', body })),
];

export const truthEnd = (us: Us): TraceRecord<string, object> => ({ us, source: 'city', kind: 'truth-end', body: {} });

const isPlace = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= 180;

/** What a record says of the truth; undefined where it is about something else. `at` is its line. */
export const readTruth = (record: TraceRecord, at: number): Result<Truth | undefined> => {
  const { us, source, kind, body } = record;
  const wrong = (why: string): Result<Truth | undefined> => fail('bad-record', { line: at, why });
  const bay = bayOfSource(source);
  const { lat, lon, lot, sensor, present } = body;
  switch (kind) {
    case 'truth-gateway':
      if (!isPlace(lat) || !isPlace(lon)) return wrong('lat and lon are no place');
      return ok({ kind: 'gateway', us, gateway: { eui: source.slice('gateway:'.length), lat, lon } });
    case 'truth-bay':
      if (bay === undefined || typeof lot !== 'string') return wrong('a bay has a name and a lot');
      if (!isPlace(lat) || !isPlace(lon)) return wrong('lat and lon are no place');
      if (typeof sensor !== 'string' || typeof present !== 'boolean') return wrong('sensor or present is missing');
      return ok({ kind: 'bay', us, bay: { bay, lot, lat, lon, sensor, present } });
    case 'truth':
      if (bay === undefined || typeof present !== 'boolean') return wrong('present is missing');
      return ok({ kind: 'car', us, bay, present });
    case 'truth-end':
      return ok({ kind: 'end', us });
    case 'sent': {
      const sent = sentOfRecord(record);
      if (!sent.ok) return sent;
      const { dataRate, heardBy, lost } = sent.value;
      const sf = dataRate.kind === 'lora' ? dataRate.sf : 0;
      return ok({ kind: 'sent', us, bay: sent.value.bay, sf, heardBy, ...(lost !== undefined && { lost }) });
    }
    default:
      return ok(undefined);
  }
};
