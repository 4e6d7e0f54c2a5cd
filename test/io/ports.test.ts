import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listPorts, type ListedPort } from '../../src/io/ports.js';

/** A tree of made-up files; a value that begins with `->` is a link. */
const treeOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'stellwerk-ports-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    if (text.startsWith('->')) await symlink(text.slice(2), join(root, path));
    else await writeFile(join(root, path), text);
  }
  return root;
};
const usb = 'sys/devices/pci0000:00/usb1/1-2';
const linux = {
  // A usb-serial chip: the tty lies below its port, its interface, and its device.
  [`${usb}/idVendor`]: '1a86\n',
  [`${usb}/idProduct`]: '7523\n',
  [`${usb}/product`]: 'USB Serial\n',
  [`${usb}/1-2:1.0/ttyUSB10/tty/ttyUSB10/dev`]: '188:10\n',
  [`${usb}/1-2:1.0/ttyUSB10/tty/ttyUSB10/device`]: '->../../../ttyUSB10',
  'sys/class/tty/ttyUSB10': '->../../devices/pci0000:00/usb1/1-2/1-2:1.0/ttyUSB10/tty/ttyUSB10',
  // A chip with its own USB: the tty lies below its interface.
  'sys/devices/usb1/1-3/idVendor': '239a\n',
  'sys/devices/usb1/1-3/idProduct': '8029\n',
  'sys/devices/usb1/1-3/product': 'WisBlock\x1b[31m RAK4631\n',
  'sys/devices/usb1/1-3/manufacturer': 'RAKwireless\n',
  'sys/devices/usb1/1-3/serial': '7A1F0B9C5D2E4F60\n',
  'sys/devices/usb1/1-3/1-3:1.0/tty/ttyACM2/device': '->../../../1-3:1.0',
  'sys/class/tty/ttyACM2': '->../../devices/usb1/1-3/1-3:1.0/tty/ttyACM2',
  // Ports of the mainboard: one with a chip, one without, one without a driver.
  'sys/devices/pnp0/00:00/driver/x': '',
  'sys/devices/pnp0/00:00/tty/ttyS0/device': '->../../../00:00',
  'sys/devices/pnp0/00:00/tty/ttyS0/type': '4\n',
  'sys/class/tty/ttyS0': '->../../devices/pnp0/00:00/tty/ttyS0',
  'sys/devices/platform/serial8250/driver/x': '',
  'sys/devices/platform/serial8250/tty/ttyS1/device': '->../../../serial8250',
  'sys/devices/platform/serial8250/tty/ttyS1/type': '0\n',
  'sys/class/tty/ttyS1': '->../../devices/platform/serial8250/tty/ttyS1',
  'sys/devices/other/tty/ttyS2/device': '->../../../other',
  'sys/class/tty/ttyS2': '->../../devices/other/tty/ttyS2',
  'sys/class/tty/tty0/dev': '4:0\n',
  'sys/class/tty/rfcomm0/dev': '216:0\n',
  ...Object.fromEntries(
    ['ttyUSB10', 'ttyACM2', 'ttyS0', 'ttyS1', 'ttyS2', 'tty0', 'rfcomm0'].map((name) => [`dev/${name}`, '']),
  ),
  'dev/serial/by-id/usb-RAKwireless_WisBlock_RAK4631_7A1F-if00': '->../../ttyACM2',
  'dev/serial/by-id/usb-gone': '->../../ttyACM9',
};

// Links need a right on Windows that nobody has.
describe.skipIf(process.platform === 'win32')('Linux', () => {
  test('tells what is plugged in, in the order of the names', async () => {
    const root = await treeOf(linux);
    const dev = join(root, 'dev');
    const byName = 'usb-RAKwireless_WisBlock_RAK4631_7A1F-if00';
    expect(await listPorts({ sysRoot: join(root, 'sys'), devRoot: dev, platform: 'linux' })).toEqual([
      { path: join(dev, 'rfcomm0'), hidden: 'bluetooth' },
      {
        path: join(dev, 'ttyACM2'),
        byId: join(dev, 'serial', 'by-id', byName),
        vendorId: '239A',
        productId: '8029',
        product: 'WisBlock [31m RAK4631',
        manufacturer: 'RAKwireless',
        serialNumber: '7A1F0B9C5D2E4F60',
        pnpId: byName,
      },
      { path: join(dev, 'ttyS0') },
      { path: join(dev, 'ttyS1'), hidden: 'no-chip' },
      { path: join(dev, 'ttyS2'), hidden: 'no-chip' },
      { path: join(dev, 'ttyUSB10'), vendorId: '1A86', productId: '7523', product: 'USB Serial' },
    ]);
  });

  test('says what a container does not have', async () => {
    const root = await treeOf(linux);
    await rm(join(root, 'dev', 'ttyUSB10'));
    const ports = await listPorts({ sysRoot: join(root, 'sys'), devRoot: join(root, 'dev'), platform: 'linux' });
    expect(ports.at(-1)).toMatchObject({ vendorId: '1A86', hidden: 'no-device-file' });
  });

  test('without sysfs asks the package, which may fail', async () => {
    const root = await treeOf({ 'dev/ttyUSB0': '' });
    const where = { sysRoot: join(root, 'sys'), devRoot: join(root, 'dev'), platform: 'linux' } as const;
    expect(await listPorts({ ...where, list: () => Promise.reject(new Error('spawn udevadm ENOENT')) })).toEqual([]);
    const list = (): Promise<readonly ListedPort[]> => Promise.resolve([{ path: '/dev/ttyUSB0', vendorId: '1a86' }]);
    expect(await listPorts({ ...where, list })).toEqual([{ path: '/dev/ttyUSB0', vendorId: '1A86' }]);
  });

  test('lists the ports of this machine', async () => {
    for (const { path } of await listPorts()) expect(path).toMatch(/^\/dev\//);
  });
});

test('macOS: the name that does not wait for a carrier, and no headsets', async () => {
  const root = await treeOf({ 'dev/tty.usbmodem1': '', 'dev/cu.usbmodem1': '', 'dev/tty.only': '' });
  const dev = join(root, 'dev');
  const listed = ['tty.usbmodem1', 'tty.only', 'tty.Bluetooth-Incoming-Port'];
  const list = (): Promise<readonly ListedPort[]> =>
    Promise.resolve(listed.map((name) => ({ path: `${dev}/${name}`, vendorId: '0x10c4', manufacturer: '' })));
  expect(await listPorts({ devRoot: dev, platform: 'darwin', list })).toEqual([
    { path: join(dev, 'cu.usbmodem1'), vendorId: '10C4' },
    { path: `${dev}/tty.Bluetooth-Incoming-Port`, vendorId: '10C4', hidden: 'bluetooth' },
    { path: `${dev}/tty.only`, vendorId: '10C4' },
  ]);
});

test('Windows: the friendly name is the product', async () => {
  const list = (): Promise<readonly ListedPort[]> =>
    Promise.resolve([
      { path: 'COM12', pnpId: String.raw`BTHENUM\{00001101}` },
      {
        path: 'COM3',
        friendlyName: 'USB-SERIAL CH340 (COM3)',
        manufacturer: 'wch.cn',
        pnpId: String.raw`USB\VID_1A86&PID_7523\5&1`,
        vendorId: '1A86',
        productId: '7523',
      },
    ]);
  expect(await listPorts({ platform: 'win32', list })).toEqual([
    {
      path: 'COM3',
      vendorId: '1A86',
      productId: '7523',
      product: 'USB-SERIAL CH340',
      manufacturer: 'wch.cn',
      pnpId: String.raw`USB\VID_1A86&PID_7523\5&1`,
    },
    { path: 'COM12', pnpId: String.raw`BTHENUM\{00001101}`, hidden: 'bluetooth' },
  ]);
});
