import { readlinkSync } from 'node:fs';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';

/** Who sits on a port. */
export interface Holder {
  readonly pid: number;
  /** The program's name, such as `node`. */
  readonly name: string;
}

const wildcard = /^0+$/;
const listening = '0A';

/** An IPv4 address as /proc/net writes it: the four bytes as one little-endian number. */
const procAddress = (host: string): string | undefined => {
  const parts = host.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts
    .reverse()
    .map((part) => part.toString(16).padStart(2, '0').toUpperCase())
    .join('');
};

/** The inodes of the sockets that keep others from `host` and `port`. */
const inodesOf = (table: string, asked: PortOf): readonly string[] => {
  const port = asked.port.toString(16).padStart(4, '0').toUpperCase();
  const host = procAddress(asked.host);
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', itsPort] = local.split(':');
    if (itsPort !== port || inode === undefined || inode === '0') continue;
    if (asked.protocol === 'tcp' && state !== listening) continue;
    // A socket on all addresses is in the way of every one, and the other way round.
    const apart = host !== undefined && address.length === 8 && address !== host;
    if (apart && !wildcard.test(address) && !wildcard.test(host)) continue;
    inodes.push(inode);
  }
  return inodes;
};

const holds = async (pid: string, sockets: ReadonlySet<string>): Promise<boolean> => {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => []))
    if (sockets.has(await readlink(`${folder}/${fd}`).catch(() => ''))) return true;
  return false;
};

export interface PortOf {
  readonly protocol: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}

/**
 * The program that has a port open; undefined when it cannot be told: not Linux, another user's program, or gone
 * meanwhile. Never rejects.
 */
export const holderOf = async (asked: PortOf): Promise<Holder | undefined> => {
  const sockets = new Set<string>();
  for (const table of [asked.protocol, `${asked.protocol}6`]) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    for (const inode of inodesOf(text, asked)) sockets.add(`socket:[${inode}]`);
  }
  if (sockets.size === 0) return undefined;
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid) || !(await holds(pid, sockets))) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    return { pid: Number(pid), name: name === '' ? 'a program' : name };
  }
  return undefined;
};

/** The holder in words for a sentence: `node (process 4711)`, or `another program`. */
export const holderText = async (asked: PortOf): Promise<string> => {
  const holder = await holderOf(asked);
  return holder ? `${holder.name} (process ${holder.pid})` : 'another program';
};

/** Processes that have the file open. */
const openersOf = async (real: string): Promise<readonly number[]> => {
  const found: number[] = [];
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = `/proc/${pid}/fd`;
    // Many thousands of short calls: the pool of threads takes far longer for them than they do.
    if ((await readdir(folder).catch(() => [])).some((fd) => targetOf(`${folder}/${fd}`) === real))
      found.push(Number(pid));
  }
  return found;
};

const targetOf = (link: string): string | undefined => {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
};

/** Processes that have locked the file (`flock`). */
const lockersOf = async (path: string): Promise<readonly number[]> => {
  const inode = await stat(path).then(
    (file) => `:${file.ino}`,
    () => undefined,
  );
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  return locks
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => inode !== undefined && words[1] === 'FLOCK' && words[5]?.endsWith(inode) === true)
    .map((words) => Number(words[4]));
};

/**
 * Who has a file open, such as a serial port, ourselves included; of several the one that has locked it, for a PTY is also
 * open in the program that offers it. Undefined when nobody has, or when it cannot be told. Never rejects.
 */
export const holderOfFile = async (path: string): Promise<Holder | undefined> => {
  const openers = await openersOf(await realpath(path).catch(() => path));
  const lockers = openers.length > 1 ? await lockersOf(path) : [];
  const pid = openers.find((one) => lockers.includes(one)) ?? openers[0];
  if (pid === undefined) return undefined;
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
  return { pid, name: name === '' ? 'a program' : name };
};
