// What sinks that write files have in common: their options, and the lane into the file.
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { WholeReader } from '../../base/whole.js';
import { backOff } from '../../io/back-off.js';
import { openRotatingFile } from '../../io/rotating-file.js';
import type { RotatingFiles } from '../../io/rotating/files.js';
import { sparseLog } from '../../io/sparse-log.js';
import type { ParkingEvent } from '../../parking/event.js';
import type { OpenSink, SinkContext, SinkKind } from '../define.js';
import { openGate } from '../parts/gate.js';

/** The options of a sink that writes a file; `example` is a name for one. */
export const fileOptions = (example: string) => ({
  path: z
    .string()
    .min(1)
    .describe(
      `File that grows by events, such as ${example}; it is made with the rights 0640 less the umask, and so are missing folders`,
    ),
  maxMB: z
    .number()
    .min(0.001)
    .max(100_000)
    .default(64)
    .describe('Megabytes beyond which a file is closed; every file is closed at midnight (UTC)'),
  keepDays: z
    .number()
    .min(1)
    .max(3_650)
    .optional()
    .describe('Days after which closed files go; default: privacy.retentionDays'),
  gzip: z.boolean().default(false).describe('Whether closed files are packed'),
  sync: z
    .boolean()
    .default(true)
    .describe(
      '`true`: an event counts as delivered when the disk has it; `false`: when the system has it, which a power cut undoes',
    ),
});

export interface FileOptions {
  readonly path: string;
  readonly maxMB: number;
  readonly keepDays?: number | undefined;
  readonly gzip: boolean;
  readonly sync: boolean;
}

export interface FileForm {
  /** An event as a record; undefined when it cannot be said in this form. */
  encode(event: ParkingEvent): Uint8Array | undefined;
  whole(): WholeReader;
  readonly files?: RotatingFiles;
}

const batch = 500;
const window = 4;

/** Opens a sink that appends a record per event to a rotating file. */
export const openFileSink = async (
  options: FileOptions,
  context: SinkContext,
  form: FileForm,
): ReturnType<SinkKind['open']> => {
  const { path } = options;
  const { clock, log, folder } = context;
  const place = isAbsolute(path) ? path : join(folder, path);
  const gate = openGate(path, context, backOff());
  const file = await openRotatingFile({
    path: place,
    maxBytes: options.maxMB * 1e6,
    keepDays: options.keepDays ?? context.retentionDays,
    gzip: options.gzip,
    sync: options.sync,
    whole: form.whole,
    clock,
    log,
    failed: (why) => gate.shut(why),
    ...(form.files && { files: form.files }),
  });
  if (!file.ok) return { problem: file.problem };
  const say = sparseLog(log);

  const sink: OpenSink = {
    // As it is written in the configuration: the folder around it may move.
    address: path,
    get ready() {
      return gate.ready;
    },
    get link() {
      return gate.link;
    },
    stream: {
      batch,
      window,
      async deliver(events) {
        const records: Uint8Array[] = [];
        for (const event of events) {
          const record = form.encode(event);
          if (record) records.push(record);
          else say('event_refused', 'it cannot be said in this form', { sink: path, event: event.id });
        }
        if (records.length === 0) return 'refused';
        const written = await file.value.append(Buffer.concat(records));
        if (!written.ok) return 'again';
        gate.passed();
        return 'delivered';
      },
    },
    async close() {
      gate.close();
      await file.value.close();
    },
  };
  return sink;
};
