import type { LogFiles } from '../log-files.js';
import type { Segment } from './segments.js';

/** Files that are taken away one after the other, beside what is written: each may last as long as some syncs. */
export interface Leaving {
  /** Takes files away. */
  take(segments: readonly Segment[]): void;
  /** Resolves when all of them are gone or came back. */
  done(): Promise<void>;
}

/** `back` gets a file that the disk keeps; `failed` is told of the first one in a row of them. */
export const leaving = (setup: {
  readonly files: LogFiles;
  back(segment: Segment): void;
  failed(error: unknown): void;
}): Leaving => {
  let going: Promise<void> = Promise.resolve();
  let told = false;
  const remove = async (segment: Segment): Promise<void> => {
    try {
      await setup.files.remove(segment.path);
      told = false;
    } catch (error) {
      setup.back(segment);
      if (!told) setup.failed(error);
      told = true;
    }
  };
  return {
    take(segments) {
      for (const segment of segments) going = going.then(() => remove(segment));
    },
    done: () => going,
  };
};
