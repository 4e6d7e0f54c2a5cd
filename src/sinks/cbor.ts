import { z } from 'zod';
import { wholeMaps } from '../codec/cbor-sequence.js';
import { writeMap } from '../codec/cbor-write.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { defineSink } from './define.js';
import { fileOptions, openFileSink } from './files/file-sink.js';

/** Parking events in a file, as a CBOR sequence (RFC 8742) of the maps that JSON would have. */
export default defineSink({
  id: 'cbor',
  summary: 'a file with a CBOR sequence (RFC 8742) of events, begun anew by size and by day',
  config: z.strictObject({ type: z.literal('cbor'), ...fileOptions('events.cborseq') }),
  open: (options, context) =>
    openFileSink(options, context, {
      encode(event) {
        const bytes = writeMap(eventJson(event), 'event');
        return bytes.ok ? Uint8Array.from(bytes.value) : undefined;
      },
      whole: wholeMaps,
    }),
});
