import { problem } from '../../base/problem.js';
import { usbIdOf } from '../../console/guess.js';
import { notHere, type Check, type World } from './types.js';

const check = 'brltty';
const folders = ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'];
const names = ['85-brltty.rules', '90-brltty-device.rules', '90-brltty-usb-generic.rules'];

const terms = /([A-Z]+)(?:\{([^}]*)\})?=="([^"]*)"/g;
/** Conditions that say nothing about whose device it is. */
const neutral = ['ACTION', 'SUBSYSTEM', 'ENV DEVTYPE', 'ENV PRODUCT'];

/** What of a line is a claim: ids, and what else must be true of the device. */
interface Claim {
  readonly ids: readonly string[];
  readonly maker?: string;
  /** It hangs on this hub. */
  readonly hub?: string;
}

/**
 * The claim of a line such as `ENV{PRODUCT}=="1a86/7523/*", ...`; undefined when it claims nothing that is a board. Rules
 * that ask for the maker of a Braille display name the same chips and take nobody's board.
 */
const claimOf = (line: string): Claim | undefined => {
  if (/^\s*#/.test(line)) return undefined;
  const all = [...line.matchAll(terms)].map(([, key, name, value]) => ({
    name: name === undefined ? key! : `${key!.replace(/^ATTRS$/, 'ATTR')} ${name}`,
    value: value!,
  }));
  const valueOf = (name: string): string | undefined => all.find((term) => term.name === name)?.value;
  const ids = (valueOf('ENV PRODUCT') ?? '').split('|').flatMap((product) => {
    const [, vendorId, productId] = /^([0-9a-f]{1,4})\/([0-9a-f]{1,4})\//i.exec(product) ?? [];
    return vendorId === undefined || productId === undefined ? [] : [usbIdOf({ vendorId, productId })!];
  });
  const maker = valueOf('ATTR manufacturer');
  const [vendorId, productId] = [valueOf('ATTR idVendor'), valueOf('ATTR idProduct')];
  const hub = vendorId !== undefined && productId !== undefined ? usbIdOf({ vendorId, productId })! : undefined;
  const known = [...neutral, 'ATTR manufacturer', ...(hub === undefined ? [] : ['ATTR idVendor', 'ATTR idProduct'])];
  if (ids.length === 0 || all.some(({ name }) => !known.includes(name))) return undefined;
  return { ids, ...(maker !== undefined && { maker }), ...(hub !== undefined && { hub }) };
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
    const claims = (rules?.text ?? '').split('\n').flatMap((line) => claimOf(line) ?? []);
    const plugged = new Set((await world.usb()).map((device) => usbIdOf(device)));
    const taken = bridges.filter((bridge) =>
      claims.some(
        ({ ids, maker, hub }) =>
          (maker === undefined || maker === bridge.maker) &&
          (hub === undefined || plugged.has(hub)) &&
          bridge.usb.some(({ vid, pid }) => ids.includes(`${vid}:${pid}`)),
      ),
    );
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
