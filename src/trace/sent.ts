import { fromHex, toHex } from '../base/hex.js';
import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { dataRateText, type DataRate } from '../lorawan/radio.js';
import { fieldReader, present, unsigned } from './fields.js';
import type { TraceRecord } from './record.js';
import { parseDataRate } from './rx.js';

/** A frame that a simulated device sent, and how it fared in the air. */
export interface Sent {
  readonly id: string;
  readonly bay: string;
  readonly devEui?: Eui;
  readonly kind: 'join' | 'data';
  readonly startUs: Us;
  readonly endUs: Us;
  readonly freqHz: number;
  readonly dataRate: DataRate;
  readonly phy: Uint8Array;
  /** How many gateways heard it. */
  readonly heardBy: number;
  /** A short stable word when none did. */
  readonly lost?: string;
}

export interface SentBody {
  readonly frame: string;
  readonly devEui?: Eui;
  readonly sent: Sent['kind'];
  readonly endUs: Us;
  readonly freqHz: number;
  /** Such as `SF7BW125`. */
  readonly dataRate: string;
  readonly phy: string;
  readonly heardBy: number;
  readonly lost?: string;
}

/** The record of a frame that a device sent; its instant is the frame's beginning, its source `bay:<id>`. */
export const sentRecord = (sent: Sent): TraceRecord<'sent', SentBody> => ({
  us: sent.startUs,
  source: `bay:${sent.bay}`,
  kind: 'sent',
  body: present({
    frame: sent.id,
    devEui: sent.devEui,
    sent: sent.kind,
    endUs: sent.endUs,
    freqHz: sent.freqHz,
    dataRate: dataRateText(sent.dataRate),
    phy: toHex(sent.phy),
    heardBy: sent.heardBy,
    lost: sent.lost,
  }) as SentBody,
});

/** A frame's id, and an EUI: 16 lower-case hexadecimal digits. */
export const hex16 = /^[0-9a-f]{16}$/;
/** A reason: kebab-case. Which ones there are is known to whoever wrote the record. */
export const reasonForm = /^[a-z0-9]{1,32}(-[a-z0-9]{1,32}){0,7}$/;

/** The bay in a record's source; undefined when it names none. */
export const bayOfSource = (source: string): string | undefined =>
  source.startsWith('bay:') && source.length > 4 ? source.slice(4) : undefined;

/** The sent frame in a record, or why it is none. Never throws. */
export const sentOfRecord = (record: TraceRecord): Result<Sent> => {
  const wrong = (why: string): Result<Sent> =>
    fail('wrong-record', { kind: record.kind, expected: 'a frame that was sent', why });
  if (record.kind !== 'sent') return wrong('its kind is not sent');
  const bay = bayOfSource(record.source);
  if (bay === undefined) return wrong('its source is no bay');
  const read = fieldReader(record.body);
  const phy = fromHex(read.text('phy', /^([0-9a-f]{2}){0,255}$/i));
  const dataRate = parseDataRate(read.text('dataRate'));
  if (!dataRate) read.refuse('dataRate is none');
  const sent = present({
    id: read.text('frame', hex16),
    bay,
    devEui: read.maybeText('devEui', hex16),
    kind: read.oneOf('sent', ['join', 'data']),
    startUs: record.us,
    endUs: read.number('endUs', { whole: true }),
    freqHz: read.number('freqHz', { whole: true, least: 1, most: 1e10 }),
    dataRate: dataRate ?? { kind: 'fsk', bitRate: 0 },
    phy: phy.ok ? phy.value : new Uint8Array(0),
    heardBy: read.number('heardBy', unsigned(16)),
    lost: read.maybeText('lost', reasonForm),
  }) as Sent;
  const why = read.why();
  return why === undefined ? ok(sent) : wrong(why);
};
