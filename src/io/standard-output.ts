import { fail } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';

/** Standard output of this process, for somebody who can live without its reader. */
export interface StandardOutput {
  /** Resolves when the system has the text: a slow reader is waited for. Problem: `file-unwritable`. */
  write(text: string): Promise<Result<void>>;
  /** Nobody will ever read here again. */
  readonly gone: boolean;
  close(): void;
}

const lasting = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'EBADF', 'EIO', 'ECONNRESET']);

/**
 * Takes standard output over. A reader that goes away shows as an event of the stream, too, at which a program usually
 * ends: until `close` nobody else hears of it.
 */
export const openStandardOutput = (stream: NodeJS.WriteStream = process.stdout): StandardOutput => {
  const others = stream.listeners('error') as ((error: Error) => void)[];
  for (const other of others) stream.off('error', other);
  let gone = false;
  const heard = (error: unknown): Result<never> => {
    gone ||= lasting.has((error as NodeJS.ErrnoException).code ?? '');
    return fail('file-unwritable', { file: 'standard output', why: whyOf(error) });
  };
  stream.on('error', heard);
  return {
    get gone() {
      return gone;
    },
    write: (text) =>
      new Promise((resolve) => {
        stream.write(text, (error) => resolve(error ? heard(error) : ok(undefined)));
      }),
    close() {
      for (const other of others) stream.on('error', other);
      stream.off('error', heard);
    },
  };
};
