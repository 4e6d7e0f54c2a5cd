import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brltty } from '../../src/workbench/doctor/brltty.js';
import { madeUp } from './made-up-world.js';

// What a rule asks besides the ids decides whether boards are meant. The conditions are those of 85-brltty.rules of Ubuntu
// 24.04 (brltty 6.6-4ubuntu5), as docs/reference/brltty-inventory.md of ChiefGyk3D/Hammunition quotes them.
const file = '/usr/lib/udev/rules.d/85-brltty.rules';
const rule = (product: string, ...conditions: readonly string[]): string =>
  [`ENV{PRODUCT}=="${product}"`, ...conditions, 'ENV{BRLTTY_BRAILLE_DRIVER}="xx"', 'GOTO="brltty_usb_run"'].join(', ');
const behindHub = rule('1a86/7523/*', 'ATTRS{idVendor}=="1a40"', 'ATTRS{idProduct}=="0101"');
const ubuntu2404 = [
  rule('403/6001/*', 'ATTR{manufacturer}=="Hedo Reha Technik GmbH"'),
  rule('403/6001/*', 'ATTR{manufacturer}=="Tivomatic Oy"'),
  `#${rule('10c4/ea60/*', 'ATTR{manufacturer}=="Silicon Labs"')}`,
  behindHub,
].join('\n');
const hub = { vendorId: '1a40', productId: '0101', name: 'USB 2.0 Hub' };

const found = async (text: string, over: Parameters<typeof madeUp>[0] = {}) => {
  const [one] = await brltty(madeUp({ ...over, files: { [file]: text } }).world, { ports: [], fix: false });
  return [one!.state, one!.what.code, one!.what.facts['chips'] ?? ''];
};
const well = ['ok', 'doctor-no-brltty', ''];

describe('a rule of brltty', () => {
  test('that is for one maker of Braille displays lets boards alone: nobody is told to remove a screen reader', async () => {
    expect(await found(ubuntu2404)).toEqual(well);
  });

  test.each([
    ['FTDI', '403/6001/*'],
    ['Silicon Labs', '10c4/ea60/*'],
  ])('that names the maker of the chip, %s, means boards', async (maker, product) => {
    expect(await found(rule(product, `ATTRS{manufacturer}=="${maker}"`))).toEqual([
      ...['warning', 'doctor-brltty', expect.stringContaining(maker)],
    ]);
  });

  test('that is for what hangs on a hub counts when such a hub is there', async () => {
    expect(await found(behindHub)).toEqual(well);
    const [state, , chips] = await found(ubuntu2404, { usb: () => Promise.resolve([hub]) });
    expect([state, chips]).toEqual(['warning', 'WCH CH340']);
  });

  test('that asks for something else is for another device', async () => {
    expect(await found(rule('1a86/7523/*', 'ATTR{product}=="Braille 40"'))).toEqual(well);
    expect(await found(rule('1a86/7523/*', 'ATTRS{idVendor}=="1a40"'))).toEqual(well);
  });

  test('may name several ids, and its kind of device', async () => {
    const [state, , chips] = await found(rule('1/2/*|1a86/7523/*', 'SUBSYSTEM=="usb"', 'ENV{DEVTYPE}=="usb_device"'));
    expect([state, chips]).toEqual(['warning', 'WCH CH340']);
  });

  test('may be anything, as far as we are concerned', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...ubuntu2404.split(/(?=[,{"/])/)))),
        async (parts) => {
          expect(['ok', 'warning', 'problem']).toContain((await found(parts.join('')))[0]);
        },
      ),
      { numRuns: 200 },
    ));
});
