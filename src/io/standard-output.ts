import { whyOf } from './disk.js';

/** Writes to standard output; resolves when the reader's pipe has it, with what went wrong in words. */
export const writeStandardOutput = (text: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    // A reader that went away shows as an event, too; unheard it would end the process.
    const failed = (error: Error): void => resolve(whyOf(error));
    process.stdout.once('error', failed);
    process.stdout.write(text, (error) => {
      // The event comes after this call.
      setImmediate(() => process.stdout.off('error', failed));
      resolve(error ? whyOf(error) : undefined);
    });
  });
