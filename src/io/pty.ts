import { constants } from 'node:fs';
import { lstatSync, open as openFd, readlinkSync, symlinkSync, unlinkSync, write as writeFd } from 'node:fs';
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

const promised = (open: (done: (error: NodeJS.ErrnoException | null, fd: number) => void) => void): Promise<number> =>
  new Promise((resolve, reject) => open((error, fd) => (error ? reject(error) : resolve(fd))));

/** Puts a link at a name that a person chose; what is no link of a PTY that has gone stays where it is. */
const linkAt = (at: string, path: string): Problem | undefined => {
  try {
    const there = lstatSync(at, { throwIfNoEntry: false });
    if (there) {
      if (!there.isSymbolicLink() || !/^\/dev\/(pts\/\d+|ttys\d+)$/.test(readlinkSync(at)))
        return problem('file-exists', { file: at });
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
  try {
    const pty = (await import('@lydell/node-pty')) as unknown as {
      readonly open?: (options: object) => Opened;
      readonly default?: { readonly open: (options: object) => Opened };
    };
    term = (pty.default?.open ?? pty.open!)({ encoding: null });
  } catch (error) {
    return fail('pty-not-here', { why: String((error as Error).message).split('\n')[0] ?? '' });
  }
  const { master } = term;
  const path = term._pty;
  master.on('error', () => undefined);
  master.pause();
  // The package reads the host's end as well and would steal what the board says: our own descriptor keeps it open
  // instead, so that hosts may come and go, and it is raw before anything is printed, or the line would echo.
  term.slave.on('error', () => undefined);
  term.slave.destroy();
  const fd = await promised((done) => openFd(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK, done));
  const keeper = new ReadStream(fd);
  keeper.on('error', () => undefined);
  keeper.setRawMode(true);

  const queue: Uint8Array[] = [];
  let queued = 0;
  let writing = false;
  let closing: Promise<void> | undefined;
  let idle: (() => void)[] = [];
  const rest = (): void => {
    writing = false;
    if (queue.length === 0) for (const then of idle.splice(0)) then();
  };
  const pump = (): void => {
    const bytes = queue[0];
    if (bytes === undefined || closing) return rest();
    writing = true;
    writeFd(term._fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(pump, retryMs).unref();
      if (error) queue.length = queued = 0;
      else {
        queued -= written;
        if (written < bytes.length) queue[0] = bytes.subarray(written);
        else queue.shift();
      }
      pump();
    });
  };

  const named = how.at === undefined ? undefined : linkAt(how.at, path);
  const close = async (): Promise<void> => {
    if (how.at !== undefined && !named) {
      try {
        if (readlinkSync(how.at) === path) unlinkSync(how.at);
      } catch {
        // Somebody took it away already.
      }
    }
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
      master.on('data', (bytes: Buffer) => ears.bytes(bytes));
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
        if (queue.length === 0) return resolve();
        const timer = setTimeout(resolve, withinMs);
        idle = [...idle, () => (clearTimeout(timer), resolve())];
      }),
    close() {
      closing ??= close();
      return closing;
    },
  });
};
