import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { problem, StellwerkError } from '../base/problem.js';
import { whyOf } from './disk.js';

const pieceBytes = 256 << 10;

/**
 * The bytes of a file, or of standard input (`-`), piece by piece: however large it is, only a piece is in memory.
 * Throws a StellwerkError: `file-missing`, `file-unreadable`, `input-stopped` when `stop` ends it.
 */
export async function* chunksOf(path: string, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  const from = path === '-' ? 'standard input' : path;
  const stream: Readable = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: pieceBytes });
  try {
    for await (const piece of addAbortSignal(stop, stream) as AsyncIterable<Uint8Array>) yield piece;
  } catch (error) {
    if (stop.aborted) throw new StellwerkError(problem('input-stopped', { from }));
    const why = whyOf(error);
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StellwerkError(
      missing
        ? problem('file-missing', { file: path, why, from: process.cwd() })
        : problem('file-unreadable', { file: from, why }),
    );
  }
}
