import { z } from 'zod';
import { must } from '../base/problem.js';
import { readCbor } from '../codec/cbor.js';
import { writeCbor } from '../codec/cbor-write.js';
import { eventJson } from '../dialects/city/stellwerk-json.js';
import { openRecordFile } from '../io/record-file.js';
import { defineSink } from './define.js';

/** More than any event has: what is not whole and longer is damage, and not the end that a kill left. */
const mostTorn = 64 << 10;

const wholeBytes = (bytes: Uint8Array): number => {
  let at = 0;
  while (at < bytes.length) {
    const read = readCbor(bytes.subarray(at));
    if (!read.ok) return bytes.length - at > mostTorn ? bytes.length : at;
    at += read.value.item.end;
  }
  return at;
};

/** Parking events in a file as a CBOR sequence (RFC 8742), each the map that its JSON would be. */
export default defineSink({
  id: 'cbor',
  summary: 'a file with a CBOR sequence of events; closed by size and day, deleted when old',
  config: z.strictObject({
    type: z.literal('cbor'),
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
      wholeBytes,
    });
    if ('problem' in file) return file;
    return {
      address: `cbor:${file.path}`,
      get ready() {
        return file.ready;
      },
      get link() {
        return { connected: file.why === undefined, ...(file.why !== undefined && { why: file.why }) };
      },
      stream: {
        batch: 500,
        window: 1,
        deliver: (events) =>
          file.append(
            Buffer.concat(events.map((event) => Uint8Array.from(must(writeCbor(eventJson(event), 'event'))))),
          ),
      },
      close: () => file.close(),
    };
  },
});
