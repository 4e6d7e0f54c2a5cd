import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

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

/** Who has a file open, such as a serial port, besides us; undefined when it cannot be told. Never rejects. */
export const holderOfFile = async (path: string): Promise<Holder | undefined> => {
  const real = await realpath(path).catch(() => path);
  const pids = await readdir('/proc').catch(() => []);
  for (const pid of pids) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = `/proc/${pid}/fd`;
    for (const fd of await readdir(folder).catch(() => [])) {
      if ((await readlink(`${folder}/${fd}`).catch(() => '')) !== real) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return { pid: Number(pid), name: name === '' ? 'a program' : name };
    }
  }
  return undefined;
};
