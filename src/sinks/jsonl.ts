import { z } from 'zod';
import { eventText } from '../dialects/city/event-text.js';
import { openRecordFile } from '../io/record-file.js';
import { defineSink } from './define.js';

/** Parking events in a file, a line of JSON each, on the disk before they count as delivered. */
export default defineSink({
  id: 'jsonl',
  summary: 'a file with one line of JSON for each event; closed by size and day, deleted when old',
  config: z.strictObject({
    type: z.literal('jsonl'),
    path: z.string().min(1).describe('The file; a relative path starts at the configuration'),
    maxMB: z.number().min(0.001).max(100_000).default(64).describe('Megabytes after which a file is closed'),
    keepDays: z
      .number()
      .min(1)
      .max(3_650)
      .optional()
      .describe('Days after which closed files go; default: privacy.retentionDays'),
    gzip: z.boolean().default(false).describe('Packs closed files'),
  }),
  async open(options, { clock, log, folder, changed, retentionDays }) {
    const file = await openRecordFile({
      ...{ path: options.path, folder, maxMB: options.maxMB, gzip: options.gzip, clock, log, changed },
      keepDays: options.keepDays ?? retentionDays,
      wholeBytes: (bytes) => bytes.lastIndexOf(0x0a) + 1,
    });
    if ('problem' in file) return file;
    return {
      address: `jsonl:${file.path}`,
      get ready() {
        return file.ready;
      },
      get link() {
        return { connected: file.why === undefined, ...(file.why !== undefined && { why: file.why }) };
      },
      stream: {
        batch: 500,
        window: 1,
        deliver: (events) => file.append(Buffer.from(events.map((event) => `${eventText(event)}\n`).join(''))),
      },
      close: () => file.close(),
    };
  },
});
