import { z } from 'zod';
import { wholeLines } from '../base/whole.js';
import { eventText } from '../dialects/city/event-text.js';
import { defineSink } from './define.js';
import { fileOptions, openFileSink } from './files/file-sink.js';

const text = new TextEncoder();

/** Parking events in a file, one JSON object a line. */
export default defineSink({
  id: 'jsonl',
  summary: 'a file with one JSON object per line, begun anew by size and by day',
  config: z.strictObject({ type: z.literal('jsonl'), ...fileOptions('events.jsonl') }),
  open: (options, context) =>
    openFileSink(options, context, {
      encode: (event) => text.encode(`${eventText(event)}\n`),
      whole: wholeLines,
    }),
});
