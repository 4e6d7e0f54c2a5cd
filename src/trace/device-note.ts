import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { fieldReader, present } from './fields.js';
import type { TraceRecord } from './record.js';
import { bayOfSource, hex16, reasonForm } from './sent.js';

/** What a simulated device says of a message that did not become a frame at once. */
export interface DeviceNote {
  readonly bay: string;
  readonly devEui?: Eui;
  readonly atUs: Us;
  /** A short stable word, such as `waits-duty-cycle`. */
  readonly what: string;
  readonly untilUs?: Us;
}

export interface DeviceNoteBody {
  readonly devEui?: Eui;
  readonly what: string;
  readonly untilUs?: Us;
}

/** The record of a device's note; its source is `bay:<id>`. */
export const noteRecord = (note: DeviceNote): TraceRecord<'note', DeviceNoteBody> => ({
  us: note.atUs,
  source: `bay:${note.bay}`,
  kind: 'note',
  // A device that waits for ever has no instant that JSON could write.
  body: present({
    devEui: note.devEui,
    what: note.what,
    untilUs: Number.isSafeInteger(note.untilUs) ? note.untilUs : undefined,
  }) as DeviceNoteBody,
});

/** The note in a record, or why it is none. Never throws. */
export const noteOfRecord = (record: TraceRecord): Result<DeviceNote> => {
  const wrong = (why: string): Result<DeviceNote> =>
    fail('wrong-record', { kind: record.kind, expected: "a device's note", why });
  if (record.kind !== 'note') return wrong('its kind is not note');
  const bay = bayOfSource(record.source);
  if (bay === undefined) return wrong('its source is no bay');
  const read = fieldReader(record.body);
  const note = present({
    bay,
    devEui: read.maybeText('devEui', hex16),
    atUs: record.us,
    what: read.text('what', reasonForm),
    untilUs: read.maybeNumber('untilUs', { whole: true }),
  }) as DeviceNote;
  const why = read.why();
  return why === undefined ? ok(note) : wrong(why);
};
