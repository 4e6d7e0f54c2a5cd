import { readFile, readlink, stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import type { LineSettings, LineSignals } from '../base/machine.js';
import { problem, type Problem } from '../base/problem.js';
import { failed, ok, type Result } from '../base/result.js';
import { holderOfFile } from './holder.js';
import type { Link, LinkEars } from './link.js';
import { resetSteps, type ResetMode } from './reset.js';

export type { ResetMode } from './reset.js';

/** More than this unwritten: the port no longer takes anything, and what comes on top is dropped. */
const mostUnread = 256 << 10;

const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves when the work is done, or when its time is over; says whether it was done. */
const within = async (ms: number, work: Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => void (timer = setTimeout(resolve, ms, false)));
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
};

/** The name of the group that may use a file; undefined where being in a group would not help, or give far too much. */
const groupOf = async (path: string): Promise<string | undefined> => {
  const { gid, mode } = await stat(path);
  if (gid === 0 || (mode & 0o060) !== 0o060) return undefined;
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const line = groups.split('\n').find((one) => one.split(':')[2] === String(gid));
  return line?.split(':')[0] ?? String(gid);
};

/** What kept a port from being opened. */
export const serialProblem = async (address: string, error: unknown): Promise<Problem> => {
  const why = String((error as Error | undefined)?.message ?? error).replace(/^Error:?\s*/, '');
  if (/no such file|ENOENT|file not found|Unknown error code \(2\)/i.test(why))
    return problem('port-missing', { address });
  const windows = process.platform === 'win32';
  if (/cannot lock|EBUSY|resource busy|temporarily unavailable/i.test(why) || (windows && /access denied/i.test(why))) {
    const holder = await holderOfFile(address);
    const named = holder ? `${holder.name} (process ${holder.pid})` : 'another program';
    return problem('port-busy', { address, holder: named });
  }
  if (/permission denied|EACCES/i.test(why)) {
    const group = await groupOf(address).catch(() => 'dialout');
    return group === undefined
      ? problem('port-not-yours', { address })
      : problem('port-no-permission', { address, group });
  }
  if (/inappropriate ioctl|not a (tty|typewriter)|is a directory|ENOTTY|EISDIR/i.test(why))
    return problem('port-not-serial', { address, why });
  return problem('port-failed', { address, why });
};

/** Where Linux keeps a character device: `.../tty/ttyUSB0` for a serial port; undefined for PTYs and on other systems. */
const kernelPathOf = async (rdev: number): Promise<string | undefined> => {
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return readlink(`/sys/dev/char/${major}:${minor}`).catch(() => undefined);
};

/** What is no port is not opened, for a pipe, a tape or a watchdog would feel it; nor is one in which somebody sits. */
const lookAt = async (path: string): Promise<Problem | undefined> => {
  if (process.platform === 'win32') return undefined;
  const other = (why: string): Problem => problem('port-not-serial', { address: path, why });
  try {
    const file = await stat(path);
    if (!file.isCharacterDevice()) return other(file.isDirectory() ? 'it is a folder' : 'it is a file');
    const kernelPath = await kernelPathOf(file.rdev);
    if (kernelPath === undefined) return undefined;
    if (!kernelPath.includes('/tty/')) return other('it is a device of another kind');
    // Not every program locks its port.
    const held = await holderOfFile(path);
    return held && problem('port-busy', { address: path, holder: `${held.name} (process ${held.pid})` });
  } catch (error) {
    return serialProblem(path, error);
  }
};

const openPort = (port: SerialPort): Promise<unknown> =>
  new Promise((resolve) => port.open((error) => resolve(error ?? undefined)));

/** PTYs and some drivers have no modem lines: then there is nothing to set. */
const setLines = (port: SerialPort, { dtr, rts, brk }: LineSignals): Promise<void> =>
  new Promise((resolve) => {
    if (!port.isOpen) return resolve();
    port.set(
      { ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }), ...(brk !== undefined && { brk }) },
      () => resolve(),
    );
  });

const reset = async (port: SerialPort, mode: ResetMode): Promise<void> => {
  for (const { signals, thenMs } of resetSteps(mode)) {
    await setLines(port, signals);
    if (thenMs > 0) await pauseMs(thenMs);
  }
};

/** The ports that the package finds. Rejects where its helper is missing (udevadm on Linux). */
export const listSerial = (): ReturnType<typeof SerialPort.list> => SerialPort.list();

/** Opens a real port, alone; lets go of it without moving its modem lines. Problems: `port-...`. */
export const openSerial = async (
  path: string,
  how: { readonly line: LineSettings; readonly reset: ResetMode },
  ears: LinkEars,
): Promise<Result<Link>> => {
  const { line } = how;
  const wrong = await lookAt(path);
  if (wrong) return failed(wrong);
  let port: SerialPort;
  try {
    port = new SerialPort({
      path,
      baudRate: line.baud,
      dataBits: line.dataBits ?? 8,
      parity: line.parity ?? 'none',
      stopBits: line.stopBits ?? 1,
      autoOpen: false,
      hupcl: false,
      lock: true,
    });
  } catch (error) {
    return failed(await serialProblem(path, error));
  }
  const refused = await openPort(port);
  if (refused !== undefined) return failed(await serialProblem(path, refused));
  let why = 'the port has gone';
  let started = false;
  let over = false;
  let heard = true;
  const early: Buffer[] = [];
  // In order, one after another: the driver must not see a reset overtake a speed.
  let work: Promise<void> = Promise.resolve();
  const then = (what: () => Promise<void>): void => {
    work = work.then(() => (port.isOpen ? what() : undefined));
  };
  const drain = (): Promise<void> =>
    work.then(() => new Promise<void>((resolve) => (port.isOpen ? port.drain(() => resolve()) : resolve())));
  const lost = (): void => {
    if (over) return;
    over = true;
    if (started && heard) ears.lost(problem('link-lost', { address: path, why }));
  };
  port.on('error', (error: Error) => (why = error.message));
  port.on('close', (error: Error | null | undefined) => {
    if (error) why = error.message;
    lost();
  });
  port.on('data', (bytes: Buffer) => {
    if (!heard) return;
    if (started) ears.bytes(bytes);
    else early.push(bytes);
  });
  await reset(port, how.reset);
  return ok({
    address: path,
    can: { line: true, signals: true },
    start() {
      started = true;
      ears.opened(line);
      for (const bytes of early.splice(0)) ears.bytes(bytes);
      if (over) ears.lost(problem('link-lost', { address: path, why }));
    },
    write(bytes) {
      const copy = Buffer.from(bytes);
      then(
        () =>
          new Promise((resolve) => {
            if (port.writableLength > mostUnread) return resolve();
            port.write(copy);
            resolve();
          }),
      );
    },
    setLine(wanted) {
      then(
        () =>
          new Promise((resolve) => {
            // What was written at the old speed leaves first.
            port.drain(() => {
              if (!port.isOpen) return resolve();
              port.update({ baudRate: wanted.baud }, () => resolve());
            });
          }),
      );
    },
    setSignals: (signals) => then(() => setLines(port, signals)),
    async drained(withinMs) {
      await within(withinMs, drain());
    },
    async close() {
      heard = false;
      const drained = await within(500, drain());
      if (!port.isOpen) return;
      // What a stalled line does not take keeps the system from closing it, for half a minute.
      if (!drained) await within(500, new Promise<void>((resolve) => port.flush(() => resolve())));
      await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  });
};
