import { keyPlace, listed, withoutKeysOf } from '../config/device-text.js';
import type { DeviceConfig } from '../config/gateway.js';
import { textTable } from '../report/table.js';
import { bookOf } from './devices-shared.js';
import { textOf } from './options.js';
import type { Shell } from './shell.js';
import type { Args } from './verb.js';

const heads = ['devEui', 'name', 'bay', 'lot', 'model', 'lorawan', 'class', 'activation', 'key', 'options'];

const optionsText = (options: DeviceConfig['options']): string =>
  Object.entries(options ?? {})
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');

/** One level, with what is usual said as well. */
const asJson = (device: DeviceConfig): object => {
  const { otaa, abp, ...rest } = withoutKeysOf(listed(device)) as Readonly<Record<string, object>>;
  const { lot, lorawan, class: deviceClass, counters, adr } = device;
  const activation = device.otaa ? 'otaa' : 'abp';
  return {
    ...rest,
    lot,
    lorawan,
    class: deviceClass,
    counters,
    adr,
    activation,
    ...otaa,
    ...abp,
    key: keyPlace(device),
  };
};

/** `stellwerk devices list`. */
export const run = async (args: Args, shell: Shell): Promise<void> => {
  const { book } = await bookOf(args, shell);
  const [part, lot, model] = [textOf(args, 'text')?.toLowerCase(), textOf(args, 'lot'), textOf(args, 'model')];
  // An EUI is asked for as it is printed on the device, too.
  const eui = part?.replace(/[\s:-]/g, '') ?? '';
  const has = ({ devEui, name, bay }: DeviceConfig): boolean =>
    part === undefined ||
    (eui !== '' && devEui.includes(eui)) ||
    [name, bay].some((text) => text?.toLowerCase().includes(part));
  const shown = book.devices.filter(
    (device) =>
      has(device) && (lot === undefined || device.lot === lot) && (model === undefined || device.model === model),
  );
  if (shell.json) return shell.out(JSON.stringify(shown.map(asJson)));
  const rows = shown.map((device) => [
    device.devEui,
    device.name ?? '',
    device.bay ?? '',
    device.lot,
    device.model,
    device.lorawan,
    device.class,
    device.otaa ? 'joins' : 'personalised',
    keyPlace(device),
    optionsText(device.options),
  ]);
  if (rows.length > 0) {
    const [head, ...lines] = textTable([heads, ...rows]);
    shell.out(shell.paint.bold(head!));
    lines.forEach(shell.out);
  }
  const of = shown.length === book.devices.length ? '' : ` of ${book.devices.length}`;
  shell.talk(`${shown.length}${of} devices in ${book.file}`);
};
