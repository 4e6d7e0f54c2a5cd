import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import type { Us } from '../base/time.js';
import type { Eui } from '../lorawan/ids.js';
import { fieldReader, present, unsigned } from './fields.js';
import type { TraceRecord } from './record.js';
import { hex16, reasonForm } from './sent.js';

/** What happened around the frames: a gateway came or went, a sink stands so, a sink had an event, a source refused. */
export type Around =
  | { readonly kind: 'gateway'; readonly atUs: Us; readonly gateway: Eui; readonly state: 'online' | 'offline' }
  | {
      readonly kind: 'sink';
      readonly atUs: Us;
      /** Its address, without credentials. */
      readonly sink: string;
      readonly connected: boolean;
      readonly waiting?: number;
    }
  | {
      readonly kind: 'delivery';
      readonly atUs: Us;
      readonly sink: string;
      /** The frame that caused the event. */
      readonly frame: string;
      readonly result: 'delivered' | 'dropped';
    }
  | {
      readonly kind: 'refused';
      readonly atUs: Us;
      /** Such as `not-allowed`. */
      readonly why: string;
      readonly gateway?: Eui;
      /** How many of this kind there were by then. */
      readonly count: number;
    }
  | {
      /** A gateway's copy of a frame that came when the frame's outcome was already made. */
      readonly kind: 'late-copy';
      readonly atUs: Us;
      readonly frame: string;
      readonly gateway: Eui;
      readonly rssiDbm: number;
      readonly snrDb?: number;
    };

const kinds = ['gateway', 'sink', 'delivery', 'refused', 'late-copy'] as const;
export const isAround = (kind: string): kind is Around['kind'] => (kinds as readonly string[]).includes(kind);

/** The record of it. */
export const aroundRecord = ({ kind, atUs, ...body }: Around): TraceRecord<Around['kind'], object> => ({
  us: atUs,
  source: 'gateway',
  kind,
  body: present(body),
});

/** What a record tells of the things around the frames, or why it tells nothing. Never throws. */
export const aroundOfRecord = ({ us: atUs, kind, body }: TraceRecord): Result<Around> => {
  const wrong = (why: string): Result<Around> =>
    fail('wrong-record', { kind, expected: 'what happened around a frame', why });
  if (!isAround(kind)) return wrong('its kind is another');
  const read = fieldReader(body);
  const around = present({ kind, atUs, ...readers[kind](read, body) }) as Around;
  const why = read.why();
  return why === undefined ? ok(around) : wrong(why);
};

type Read = ReturnType<typeof fieldReader>;
const readers: Readonly<Record<Around['kind'], (read: Read, body: TraceRecord['body']) => object>> = {
  gateway: (read) => ({ gateway: read.text('gateway', hex16), state: read.oneOf('state', ['online', 'offline']) }),
  sink: (read, body) => ({
    sink: read.text('sink'),
    connected: body['connected'] === true,
    waiting: read.maybeNumber('waiting', unsigned(32)),
  }),
  delivery: (read) => ({
    sink: read.text('sink'),
    frame: read.text('frame', hex16),
    result: read.oneOf('result', ['delivered', 'dropped']),
  }),
  refused: (read) => ({
    why: read.text('why', reasonForm),
    gateway: read.maybeText('gateway', hex16),
    count: read.number('count', unsigned(48)),
  }),
  'late-copy': (read) => ({
    frame: read.text('frame', hex16),
    gateway: read.text('gateway', hex16),
    rssiDbm: read.number('rssiDbm'),
    snrDb: read.maybeNumber('snrDb'),
  }),
};
