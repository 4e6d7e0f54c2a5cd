import { join } from 'node:path';
import type { LogFiles } from '../log-files.js';

/** Room that is kept for the day on which the disk is full. */
export interface SpareFile {
  /** Takes the room, if it is not taken. Rejects with the system's error. */
  make(): Promise<void>;
  /** Gives it back to the disk. */
  giveUp(): Promise<void>;
}

/** A file of zeros; `bytes` 0: none. */
export const spareFile = (setup: {
  readonly folder: string;
  readonly files: LogFiles;
  readonly bytes: number;
}): SpareFile => {
  const { files, bytes } = setup;
  const path = join(setup.folder, 'spare');
  let there = false;
  return {
    async make() {
      if (there || bytes === 0) return;
      const file = await files.create(path);
      try {
        await file.write(new Uint8Array(bytes), 0);
        await file.sync();
        there = true;
      } catch (error) {
        await files.remove(path).catch(() => undefined);
        throw error;
      } finally {
        await file.close().catch(() => undefined);
      }
    },
    async giveUp() {
      if (!there) return;
      there = false;
      await files.remove(path);
    },
  };
};
