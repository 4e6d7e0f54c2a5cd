// A file of records as the far end of a sink.
import { isAbsolute, join } from 'node:path';
import type { Log } from '../base/log.js';
import type { Problem } from '../base/problem.js';
import type { Clock } from './clock.js';
import { patience } from './patience.js';
import { openRotatingFile } from './rotating-file.js';

/** How a piece ended: on the disk, or to be given again. */
export interface RecordFile {
  readonly path: string;
  readonly ready: boolean;
  readonly why: string | undefined;
  append(bytes: Uint8Array): Promise<'delivered' | 'again'>;
  close(): Promise<void>;
}

export interface RecordFileSetup {
  readonly path: string;
  /** Where a relative path starts. */
  readonly folder: string;
  readonly maxMB: number;
  readonly keepDays: number;
  readonly gzip: boolean;
  readonly clock: Clock;
  readonly log: Log;
  changed(): void;
  wholeBytes(bytes: Uint8Array): number;
}

/** Opens it; a disk that fails later is waited for. Problem: `file-unwritable`. */
export const openRecordFile = async (setup: RecordFileSetup): Promise<RecordFile | { readonly problem: Problem }> => {
  const { clock, log, changed } = setup;
  const path = isAbsolute(setup.path) ? setup.path : join(setup.folder, setup.path);
  const opened = await openRotatingFile({
    ...{ path, maxBytes: setup.maxMB * 1e6, keepDays: setup.keepDays, gzip: setup.gzip, log },
    nowMs: () => clock.nowUs() / 1000,
    wholeBytes: setup.wholeBytes,
  });
  if (!opened.ok) return { problem: opened.problem };
  const pause = patience({ clock, firstMs: 500, mostMs: 30_000, changed });
  let why: string | undefined;
  return {
    path,
    get ready() {
      return pause.ready;
    },
    get why() {
      return why;
    },
    async append(bytes) {
      const done = await opened.value.append(bytes);
      if (done.ok) {
        if (why !== undefined) log('file_writable', { file: path });
        why = undefined;
        pause.worked();
        return 'delivered';
      }
      const reason = String(done.problem.facts['why']);
      if (reason !== why) log('file_unwritable', { file: path, why: reason });
      why = reason;
      pause.failed();
      return 'again';
    },
    async close() {
      pause.end();
      await opened.value.close();
    },
  };
};
