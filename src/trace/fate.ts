import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { fieldReader, present } from './fields.js';
import type { TraceRecord } from './record.js';
import { hex16, reasonForm } from './sent.js';

/** What became of a downlink in the air of a simulation. */
export interface Fate {
  /** The downlink frame's id. */
  readonly id: string;
  readonly gateway: Eui;
  readonly startUs: Us;
  readonly endUs: Us;
  readonly bay?: string;
  /** `received`, or a short stable word that says why not. */
  readonly result: string;
}

export interface FateBody {
  readonly frame: string;
  readonly startUs: Us;
  readonly bay?: string;
  readonly result: string;
}

/** The record of a downlink's fate; its instant is the end of the emission, its source `gateway:<eui>`. */
export const fateRecord = (fate: Fate): TraceRecord<'fate', FateBody> => ({
  us: fate.endUs,
  source: `gateway:${fate.gateway}`,
  kind: 'fate',
  body: present({ frame: fate.id, startUs: fate.startUs, bay: fate.bay, result: fate.result }) as FateBody,
});

/** The gateway in a record's source; undefined when it names none. */
export const gatewayOfSource = (source: string): Eui | undefined => /^gateway:([0-9a-f]{16})$/.exec(source)?.[1];

/** The fate in a record, or why it is none. Never throws. */
export const fateOfRecord = (record: TraceRecord): Result<Fate> => {
  const wrong = (why: string): Result<Fate> =>
    fail('wrong-record', { kind: record.kind, expected: 'the fate of a downlink', why });
  if (record.kind !== 'fate') return wrong('its kind is not fate');
  const gateway = gatewayOfSource(record.source);
  if (gateway === undefined) return wrong('its source is not gateway: and an EUI');
  const read = fieldReader(record.body);
  const fate = present({
    id: read.text('frame', hex16),
    gateway,
    startUs: read.number('startUs', { whole: true }),
    endUs: record.us,
    bay: read.maybeText('bay'),
    result: read.text('result', reasonForm),
  }) as Fate;
  const why = read.why();
  return why === undefined ? ok(fate) : wrong(why);
};
