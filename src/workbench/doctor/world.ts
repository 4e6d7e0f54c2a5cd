import { execFile } from 'node:child_process';
import { access, constants, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { failed, ok, type Result } from '../../base/result.js';
import type { Known } from '../../console/guess.js';
import { enoughBytes } from '../../console/printable.js';
import { makeFolders } from '../../io/folders.js';
import { holderOfFile, type Holder } from '../../io/holder.js';
import type { Link } from '../../io/link.js';
import { openLink } from '../../io/open-link.js';
import { listPorts } from '../../io/ports.js';
import { shellWord, type FileFacts, type UsbDevice, type World } from './types.js';

/** So much of it is text or noise beyond doubt; listening on would only cost time. */
const plenty = enoughBytes * 16;

const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const look = async (path: string): Promise<FileFacts | undefined> => {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return undefined;
  const { gid, mode } = facts;
  if (facts.isDirectory()) return { kind: 'folder', gid, mode };
  if (!facts.isCharacterDevice()) return { kind: 'file', gid, mode };
  if (process.platform !== 'linux') return { kind: 'serial', gid, mode };
  const real = await realpath(path);
  if (real.startsWith('/dev/pts/')) return { kind: 'pty', gid, mode };
  const name = real.replace(/^\/dev\//, '');
  const listed = await stat(`/sys/class/tty/${name}`).catch(() => undefined);
  // The consoles of the screen are listed there as well.
  return { kind: listed && !/^(tty\d*|console|ptmx)$/.test(name) ? 'serial' : 'other', gid, mode };
};

const processes = async (): Promise<readonly Holder[]> => {
  const pids = (await readdir('/proc').catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(async (pid) => ({ pid: Number(pid), name: await read(`/proc/${pid}/comm`) })));
  return all.flatMap(({ pid, name }) => (name === undefined ? [] : [{ pid, name: name.trim() }]));
};

const usbOfLinux = async (): Promise<readonly UsbDevice[]> => {
  const root = '/sys/bus/usb/devices';
  const names = await readdir(root).catch((): string[] => []);
  const all = await Promise.all(
    names.map(async (name): Promise<UsbDevice | undefined> => {
      const [vendorId, productId, product] = await Promise.all(
        ['idVendor', 'idProduct', 'product'].map((file) => read(`${root}/${name}/${file}`)),
      );
      if (vendorId === undefined || productId === undefined) return undefined;
      return { vendorId: vendorId.trim(), productId: productId.trim(), name: product?.trim() ?? 'without a name' };
    }),
  );
  return all.flatMap((device) => device ?? []);
};

/** Devices that Windows says it has no working driver for (Win32_PnPEntity, ConfigManagerErrorCode). */
const usbOfWindows = (): Promise<readonly UsbDevice[]> =>
  new Promise((resolve) => {
    const query =
      "Get-CimInstance Win32_PnPEntity -Filter 'ConfigManagerErrorCode <> 0' | ForEach-Object { $_.DeviceID + '|' + $_.Name }";
    execFile('powershell', ['-NoProfile', '-Command', query], { timeout: 8_000 }, (_, stdout = '') => {
      const lines = stdout.split(/\r?\n/);
      resolve(
        lines.flatMap((line): UsbDevice[] => {
          const [, vendorId, productId] = /VID_([0-9A-F]{4})&PID_([0-9A-F]{4})/i.exec(line) ?? [];
          if (vendorId === undefined || productId === undefined) return [];
          return [{ vendorId, productId, name: line.split('|')[1] ?? 'without a name' }];
        }),
      );
    });
  });

/** Opens without moving the modem lines, listens and lets go; nothing is written. */
const listen = async (
  address: string,
  { baud, ms, stop }: { readonly baud: number; readonly ms: number; readonly stop: AbortSignal },
): Promise<Result<Uint8Array>> => {
  const heard: Uint8Array[] = [];
  let size = 0;
  const enough = new AbortController();
  const opened: Result<Link> = await openLink(
    address,
    { line: { baud }, reset: 'never' },
    {
      opened: () => undefined,
      bytes(bytes) {
        size += bytes.length;
        if (size <= plenty * 64) heard.push(bytes);
        if (size >= plenty) enough.abort();
      },
      lost: () => enough.abort(),
    },
  );
  if (!opened.ok) return failed(opened.problem);
  const link = opened.value;
  link.start();
  await setTimeout(ms, undefined, { signal: AbortSignal.any([enough.signal, stop]) }).catch(() => undefined);
  await link.close();
  return ok(Buffer.concat(heard));
};

/** In one step: udevd must not read half of it. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  await makeFolders(dirname(path));
  const made = `${path}.new`;
  await writeFile(made, text, { mode: 0o644 });
  await rename(made, path);
};

const driverFault = async (): Promise<string | undefined> => {
  try {
    await import('../../io/serial.js');
    return undefined;
  } catch (error) {
    return String((error as Error | undefined)?.message ?? error).split('\n')[0];
  }
};

/** A process in a container may have a number that no file of users knows. */
const whoAmI = (): { readonly uid: number; readonly username: string } => {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { uid, username: String(uid) };
  }
};

/** This machine. */
export const thisWorld = ({
  known,
  stop,
  progress,
}: {
  readonly known: Known;
  readonly stop: AbortSignal;
  progress(text: string): void;
}): World => {
  const { uid, username } = whoAmI();
  const { platform } = process;
  return {
    platform,
    user: {
      name: username,
      uid: uid < 0 ? undefined : uid,
      groups: [...(process.getgroups?.() ?? []), ...(process.getgid ? [process.getgid()] : [])],
    },
    self: [process.execPath, ...process.argv.slice(1, 2)].map(shellWord).join(' '),
    known,
    readText: read,
    look,
    mayOpen: (path) =>
      access(path, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      ),
    processes,
    ports: listPorts,
    usb: () => (platform === 'linux' ? usbOfLinux() : platform === 'win32' ? usbOfWindows() : Promise.resolve([])),
    holder: holderOfFile,
    listen: (address, how) => listen(address, { ...how, stop }),
    driverFault,
    writeText: (path, text) =>
      writeWhole(path, text).then(
        () => undefined,
        (error: unknown) => String((error as Error | undefined)?.message ?? error),
      ),
    wait: (ms) => setTimeout(ms, undefined, { signal: stop }).catch(() => undefined),
    stopped: () => stop.aborted,
    progress,
  };
};
