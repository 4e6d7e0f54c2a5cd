import {
  constants,
  existsSync,
  lstatSync,
  openSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  write as writeFd,
} from 'node:fs';
import { ReadStream } from 'node:tty';
import { fail, problem, type Problem } from '../base/problem.js';
import { ok, type Result } from '../base/result.js';
import { whyOf } from './disk.js';
import type { Link, LinkEars } from './link.js';

/** As the package makes it. Its `kill` and `destroy` must never be called: it has no process, and -1 means every one. */
interface Opened {
  readonly master: ReadStream;
  readonly slave: ReadStream;
  readonly _fd: number;
  readonly _pty: string;
}

/** More than this unread by the host: nobody reads, and what comes on top is dropped, as a UART drops it. */
const mostUnread = 256 << 10;
const retryMs = 5;
/** After three seconds in which nothing was read there is no host: whoever comes later must not read what is long past. */
const mostRetries = 600;

/** Puts a link at a name that a person chose; what is no link of a PTY that has gone stays where it is. */
const linkAt = (at: string, path: string): Problem | undefined => {
  try {
    const there = lstatSync(at, { throwIfNoEntry: false });
    if (there) {
      const target = there.isSymbolicLink() ? readlinkSync(at) : '';
      // One that points to ours is left of a run before: the system gives the same numbers again.
      const ours = /^\/dev\/(pts\/\d+|ttys\d+)$/.test(target) && (target === path || !existsSync(target));
      if (!ours) return problem('file-exists', { file: at });
      unlinkSync(at);
    }
    symlinkSync(path, at);
    return undefined;
  } catch (error) {
    return problem('file-unwritable', { file: at, why: whyOf(error) });
  }
};

/**
 * A pseudo-terminal of which we are the board's end: any program opens its path as a serial port. Who opens and closes it
 * cannot be seen, so `opened` comes once, at the start. Problems: `pty-not-here`, `file-exists`, `file-unwritable`.
 */
export const offerPty = async (how: { readonly at?: string }, ears: LinkEars): Promise<Result<Link>> => {
  let term: Opened;
  let keeper: ReadStream;
  try {
    const pty = (await import('@lydell/node-pty')) as unknown as {
      readonly open?: (options: object) => Opened;
      readonly default?: { readonly open: (options: object) => Opened };
    };
    term = (pty.default?.open ?? pty.open!)({ encoding: null });
    term.master.on('error', () => undefined);
    term.master.pause();
    // The package reads the host's end as well and would steal what the board says: our own descriptor keeps it open
    // instead, so that hosts may come and go, and it is raw before anything is printed, or the line would echo.
    term.slave.on('error', () => undefined);
    keeper = new ReadStream(openSync(term._pty, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    keeper.on('error', () => undefined);
    keeper.setRawMode(true);
    term.slave.destroy();
  } catch (error) {
    return fail('pty-not-here', { why: String((error as Error).message).split('\n')[0] ?? '' });
  }
  const { master, _pty: path } = term;

  const queue: Uint8Array[] = [];
  let queued = 0;
  let writing = false;
  let retries = 0;
  let closing: Promise<void> | undefined;
  const idle: (() => void)[] = [];
  const rest = (): void => {
    writing = false;
    queue.length = queued = retries = 0;
    for (const then of idle.splice(0)) then();
  };
  const pump = (): void => {
    const bytes = queue[0];
    if (bytes === undefined || closing || retries > mostRetries) return rest();
    writing = true;
    writeFd(term._fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        retries++;
        return void setTimeout(pump, retryMs).unref();
      }
      if (error) return rest();
      retries = 0;
      queued -= written;
      if (written < bytes.length) queue[0] = bytes.subarray(written);
      else queue.shift();
      pump();
    });
  };
  const idled = (): Promise<void> =>
    new Promise((resolve) => {
      if (writing) idle.push(resolve);
      else resolve();
    });

  const named = how.at === undefined ? undefined : linkAt(how.at, path);
  const close = async (): Promise<void> => {
    if (how.at !== undefined && !named) {
      try {
        if (readlinkSync(how.at) === path) unlinkSync(how.at);
      } catch {
        // Somebody took it away already.
      }
    }
    // A write that is under way must not end in another file that gets the same descriptor.
    await idled();
    await Promise.all(
      [master, keeper].map(
        (stream) =>
          new Promise<void>((resolve) => {
            stream.once('close', () => resolve());
            stream.destroy();
          }),
      ),
    );
  };
  if (named) {
    await close();
    return { ok: false, problem: named };
  }
  return ok({
    address: how.at ?? path,
    can: { line: false, signals: false },
    offers: true,
    start() {
      ears.opened({ baud: 115_200 });
      master.on('data', (bytes: Buffer) => {
        if (!closing) ears.bytes(bytes);
      });
      master.resume();
    },
    write(bytes) {
      if (closing || queued > mostUnread) return;
      queue.push(bytes.slice());
      queued += bytes.length;
      if (!writing) pump();
    },
    setLine: () => undefined,
    setSignals: () => undefined,
    drained: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        void idled().then(() => (clearTimeout(timer), resolve()));
      }),
    close() {
      // Set before anything is waited for: the pump looks at it.
      closing ??= Promise.resolve().then(close);
      return closing;
    },
  });
};
