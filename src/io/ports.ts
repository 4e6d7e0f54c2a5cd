import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { oneLine } from '../base/one-line.js';

/** Why a port is not worth showing: no chip answers behind it, it leads to headsets, or it is not in this container. */
export type HiddenBecause = 'no-chip' | 'bluetooth' | 'no-device-file';

/** A serial port that the system knows. Texts are a device's own words, on one line. */
export interface PortInfo {
  /** What is opened: `/dev/ttyUSB0`, `/dev/cu.usbserial-1`, `COM3`. */
  readonly path: string;
  /** The same port by a name that stays when others are plugged in (Linux). */
  readonly byId?: string;
  /** Four hexadecimal digits in upper case. */
  readonly vendorId?: string;
  readonly productId?: string;
  readonly product?: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** The platform's own name of the device. */
  readonly pnpId?: string;
  readonly hidden?: HiddenBecause;
}

/** A port as the package `serialport` tells of it. */
export interface ListedPort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly pnpId?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  /** Windows only. */
  readonly friendlyName?: string | undefined;
}

export interface ListSetup {
  /** /sys when absent. */
  readonly sysRoot?: string;
  /** /dev when absent. */
  readonly devRoot?: string;
  readonly platform?: NodeJS.Platform;
  /** Where there is no sysfs; the package when absent. */
  list?(): Promise<readonly ListedPort[]>;
}

type Texts = Readonly<Record<string, string | undefined>>;

/** The fields that say something. */
const filled = <T extends Texts>(texts: T): { readonly [K in keyof T]?: string } =>
  Object.fromEntries(
    Object.entries(texts)
      .map(([name, text]) => [name, oneLine(text ?? '').trim()] as const)
      .filter(([, text]) => text !== ''),
  ) as { readonly [K in keyof T]?: string };

const textOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
/** `0x1a86`, `1A86`: both are in use. */
const usbId = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : text.replace(/^0x/i, '').toUpperCase().padStart(4, '0');

/** What the USB device says of itself; the port's own folder lies some floors below it (kernel, sysfs-bus-usb). */
const usbFacts = async (device: string, root: string): Promise<Texts> => {
  for (let folder = device; folder.startsWith(root) && folder !== root; folder = dirname(folder)) {
    const vendorId = await textOf(join(folder, 'idVendor'));
    if (vendorId === undefined) continue;
    const [productId, product, manufacturer, serialNumber] = await Promise.all(
      ['idProduct', 'product', 'manufacturer', 'serial'].map((name) => textOf(join(folder, name))),
    );
    return { vendorId: usbId(vendorId), productId: usbId(productId), product, manufacturer, serialNumber };
  }
  return {};
};

/** Names that stay, by the path that they lead to now. */
const stableNames = async (devRoot: string): Promise<ReadonlyMap<string, string>> => {
  const folder = join(devRoot, 'serial', 'by-id');
  const found = new Map<string, string>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const target = await readlink(join(folder, name)).catch(() => undefined);
    if (target !== undefined) found.set(resolve(folder, target), name);
  }
  return found;
};

const hiddenOnLinux = async (name: string, { entry, path }: { readonly entry: string; readonly path: string }) => {
  if (name.startsWith('rfcomm')) return 'bluetooth';
  if (!(await isThere(path))) return 'no-device-file';
  if (!/^ttyS\d+$/.test(name)) return undefined;
  // The kernel makes a fixed number of these; type 0 means that no chip was found (drivers/tty/serial, PORT_UNKNOWN).
  const noChip = (await textOf(join(entry, 'type'))) === '0' || !(await isThere(join(entry, 'device', 'driver')));
  return noChip ? 'no-chip' : undefined;
};

const fromSysfs = async (sysRoot: string, devRoot: string): Promise<readonly PortInfo[] | undefined> => {
  const folder = join(sysRoot, 'class', 'tty');
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return undefined;
  const root = await realpath(sysRoot);
  const stable = await stableNames(devRoot);
  const ports = await Promise.all(
    names.map(async (name): Promise<PortInfo | undefined> => {
      const entry = join(folder, name);
      // Consoles and pseudo-terminals have no device.
      const device = await realpath(join(entry, 'device')).catch(() => undefined);
      if (device === undefined && !name.startsWith('rfcomm')) return undefined;
      const path = join(devRoot, name);
      const pnpId = stable.get(resolve(path));
      const hidden = await hiddenOnLinux(name, { entry, path });
      const byId = pnpId === undefined ? undefined : join(devRoot, 'serial', 'by-id', pnpId);
      const facts = device === undefined ? {} : await usbFacts(device, root);
      return { path, ...filled({ byId, ...facts, pnpId }), ...(hidden && { hidden }) };
    }),
  );
  return ports.filter((port) => port !== undefined);
};

/** Ports for which no person ever asks on macOS. */
const hiddenOnMac = /bluetooth|blth|airpods|wlan-debug|debug-console/i;

const fromPackage = async (
  listed: readonly ListedPort[],
  { platform, devRoot }: { readonly platform: NodeJS.Platform; readonly devRoot: string },
): Promise<readonly PortInfo[]> =>
  Promise.all(
    listed.map(async ({ path, friendlyName, vendorId, productId, manufacturer, serialNumber, pnpId }) => {
      // The `tty` name waits for a carrier that no board gives; `cu` is its twin that does not.
      const twin = join(devRoot, `cu.${/\/tty\.(.+)$/.exec(path)?.[1] ?? ''}`);
      const callOut = platform === 'darwin' && path.includes('/tty.') && (await isThere(twin)) ? twin : path;
      const hidden = hiddenOnMac.test(path) || /^BTHENUM/i.test(pnpId ?? '');
      const facts = filled({
        vendorId: usbId(vendorId),
        productId: usbId(productId),
        product: friendlyName?.replace(/\s*\(COM\d+\)$/i, ''),
        manufacturer,
        serialNumber,
        pnpId,
      });
      return { path: callOut, ...facts, ...(hidden && { hidden: 'bluetooth' as const }) };
    }),
  );

const listOfPackage = async (): Promise<readonly ListedPort[]> => {
  const { listSerial } = await import('./serial.js');
  return listSerial();
};

/**
 * The serial ports of this machine by name, those that are hidden too. On Linux the kernel itself is asked: the package
 * needs udevadm, which containers lack, and does not tell the product. Never rejects; what cannot be read is not there.
 */
export const listPorts = async (setup: ListSetup = {}): Promise<readonly PortInfo[]> => {
  const { sysRoot = '/sys', devRoot = '/dev', platform = process.platform, list = listOfPackage } = setup;
  const known = platform === 'linux' ? await fromSysfs(sysRoot, devRoot) : undefined;
  const ports = known ?? (await fromPackage(await list().catch(() => []), { platform, devRoot }));
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...ports].sort((a, b) => compare(a.path, b.path));
};
