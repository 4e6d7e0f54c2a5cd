import { problem } from '../../base/problem.js';
import { usbIdOf } from '../../console/guess.js';
import { notHere, type Check, type World } from './types.js';

const check = 'brltty';
const folders = ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];
const names = ['85-brltty.rules', '90-brltty-device.rules', '90-brltty-usb-generic.rules'];

/** The ids that a rule file of brltty claims: `ENV{PRODUCT}=="1a86/7523/*"`; what is commented out claims nothing. */
const claimedBy = (rules: string): ReadonlySet<string> => {
  const live = rules.split('\n').filter((line) => !/^\s*#/.test(line));
  const ids = live.flatMap((line) => [...line.matchAll(/"([0-9a-f]{1,4})\/([0-9a-f]{1,4})\//gi)]);
  return new Set(ids.map(([, vid, pid]) => usbIdOf({ vendorId: vid!, productId: pid! })!));
};

/** The rule file that counts: one in /etc stands in the place of the one that the package brought, also when it is empty. */
const firstOf = async (
  { readText }: World,
  name: string,
): Promise<{ readonly file: string; readonly text: string } | undefined> => {
  for (const folder of folders) {
    const file = `${folder}/${name}`;
    const text = await readText(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
};

/** Whether brltty takes USB-UART chips away: then their port goes as soon as it has come. */
export const brltty: Check = async (world) => {
  if (world.platform !== 'linux') return [notHere(check, 'brltty takes ports only on Linux')];
  const { bridges } = world.known;
  for (const name of names) {
    const rules = await firstOf(world, name);
    const claimed = claimedBy(rules?.text ?? '');
    const taken = bridges.filter(({ usb }) => usb.some(({ vid, pid }) => claimed.has(`${vid}:${pid}`)));
    if (!rules || taken.length === 0) continue;
    const { file } = rules;
    const chips = taken.map(({ maker, chip }) => `${maker} ${chip}`).join(', ');
    const ports = await world.ports();
    const lacks = (await world.usb()).some((device) => {
      const usb = usbIdOf(device);
      const ours = taken.some((bridge) => bridge.usb.some(({ vid, pid }) => `${vid}:${pid}` === usb));
      return ours && !ports.some((port) => usbIdOf(port) === usb);
    });
    const state = lacks ? 'problem' : 'warning';
    return [{ check, state, what: problem('doctor-brltty', { chips, file }), command: 'sudo apt remove brltty' }];
  }
  return [{ check, state: 'ok', what: problem('doctor-no-brltty') }];
};
