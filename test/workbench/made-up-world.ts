import { must } from '../../src/base/problem.js';
import { ok } from '../../src/base/result.js';
import { openCatalogue } from '../../src/catalogue.js';
import type { FileFacts, World } from '../../src/workbench/doctor/types.js';

const catalogue = openCatalogue();
export const known = {
  boards: (await catalogue.all('boards')).map(({ entry }) => must(entry)),
  bridges: (await catalogue.all('bridges')).map(({ entry }) => must(entry)),
};

export const ttyUsb = { path: '/dev/ttyUSB0', vendorId: '1A86', productId: '7523' };
export const dialout: FileFacts = { kind: 'serial', gid: 20, mode: 0o660 };
export const groupFile = 'root:x:0:\ndialout:x:20:\ntty:x:5:\n';

export interface MadeUp {
  readonly world: World;
  readonly written: Record<string, string>;
  readonly told: string[];
  readonly heardAt: number[];
}

/** A Linux machine of the user ann, with a CH340 on /dev/ttyUSB0 that she may open, and nothing wrong with it. */
export const madeUp = (
  {
    files = {},
    looks = {},
    ...over
  }: Partial<World> & {
    readonly files?: Readonly<Record<string, string>>;
    readonly looks?: Readonly<Record<string, FileFacts>>;
  } = {},
  hears: (baud: number) => string = () => '',
): MadeUp => {
  const written: Record<string, string> = {};
  const told: string[] = [];
  const heardAt: number[] = [];
  const texts: Readonly<Record<string, string>> = { '/etc/group': groupFile, ...files };
  const facts: Readonly<Record<string, FileFacts>> = {
    '/dev/ttyUSB0': dialout,
    '/run/udev': { kind: 'folder', gid: 0, mode: 0o755 },
    ...looks,
  };
  const world: World = {
    platform: 'linux',
    user: { name: 'ann', uid: 1000, groups: [1000, 20] },
    self: '/usr/bin/node /opt/stellwerk/cli.js',
    known,
    readText: (path) => Promise.resolve(written[path] ?? texts[path]),
    look: (path) => Promise.resolve(facts[path]),
    mayOpen: () => Promise.resolve(true),
    processes: () => Promise.resolve([{ pid: 1, name: 'systemd' }]),
    ports: () => Promise.resolve([ttyUsb]),
    usb: () => Promise.resolve([]),
    holder: () => Promise.resolve(undefined),
    listen(_, { baud }) {
      heardAt.push(baud);
      return Promise.resolve(ok(Buffer.from(hears(baud), 'latin1')));
    },
    driverFault: () => Promise.resolve(undefined),
    writeText(path, text) {
      written[path] = text;
      return Promise.resolve(undefined);
    },
    wait: () => Promise.resolve(),
    stopped: () => false,
    progress: (text) => void told.push(text),
    ...over,
  };
  return { world, written, told, heardAt };
};
