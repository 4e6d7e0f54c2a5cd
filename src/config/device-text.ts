import { devAddrText } from '../lorawan/ids.js';
import type { DeviceConfig } from './gateway.js';

/** A device as a devices file lists it: what has its usual value is left out. */
export type ListedDevice = Readonly<Record<string, unknown>> & { readonly devEui: string };

const usual: Readonly<Record<string, unknown>> = { lot: 'default', class: 'A', counters: 'strict', adr: true };

const order = [
  ...['devEui', 'name', 'bay', 'lot', 'model', 'lorawan', 'class', 'counters', 'adr', 'otaa', 'abp', 'options'],
  'mounting',
];

const isReference = (key: string): boolean => /^(env|file):/.test(key);
/** 32 digits without the spaces and colons that somebody wrote between them. */
const keyText = (key: string): string => (isReference(key) ? key : key.replace(/[\s:-]/g, '').toLowerCase());

/** What a devices file says of a device, in our order of fields; with its keys. */
export const listed = (device: DeviceConfig): ListedDevice => {
  const { otaa, abp } = device;
  const all: Readonly<Record<string, unknown>> = {
    ...device,
    otaa: otaa && { ...(otaa.joinEui !== undefined && { joinEui: otaa.joinEui }), appKey: keyText(otaa.appKey) },
    abp: abp && {
      ...abp,
      devAddr: devAddrText(abp.devAddr),
      nwkSKey: keyText(abp.nwkSKey),
      appSKey: keyText(abp.appSKey),
    },
  };
  const told = order.flatMap((name) =>
    all[name] === undefined || all[name] === usual[name] ? [] : [[name, all[name]]],
  );
  return Object.fromEntries(told) as ListedDevice;
};

/** Where the keys of a device are: `here` in the file, or the environment variable or file that it refers to. */
export const keyPlace = (device: DeviceConfig): 'here' | 'elsewhere' => {
  const keys = device.otaa ? [device.otaa.appKey] : [device.abp!.nwkSKey, device.abp!.appSKey];
  return keys.every(isReference) ? 'elsewhere' : 'here';
};

/** The same device without its keys, for everybody's eyes. */
export const withoutKeysOf = (device: ListedDevice): ListedDevice => {
  const hidden = (group: unknown): unknown =>
    group && Object.fromEntries(Object.entries(group).filter(([name]) => !/key$/i.test(name)));
  const { otaa, abp, ...rest } = device;
  return { ...rest, ...(otaa !== undefined && { otaa: hidden(otaa) }), ...(abp !== undefined && { abp: hidden(abp) }) };
};

// What a YAML reader that guesses takes for a number, a date, a truth value or nothing: 2601E123 is 2.6e126 to it.
const guessed = [
  /^[-+]?[\d_]*\.?[\d_]*(e[-+]?\d+)?$/i,
  /^0[xob][\da-f_]+$/i,
  /^\d{4}-\d\d?-\d\d?/,
  /^[-+]?\.(inf|nan)$/i,
  /^(true|false|yes|no|on|off|y|n|null)$/i,
];
const plain = /^[\p{L}\p{N}_./][\p{L}\p{N}_./+@ -]*$/u;

const scalar = (value: unknown): string => {
  if (typeof value !== 'string') return String(value as number);
  const asIs = plain.test(value) && !value.endsWith(' ') && !guessed.some((form) => form.test(value));
  return asIs ? value : JSON.stringify(value);
};

/** A device as an item of a YAML list; `indent` is what stands before its dash. */
export const yamlItem = (device: ListedDevice, indent = ''): string => {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(device)) {
    if (typeof value !== 'object' || value === null) lines.push(`${name}: ${scalar(value)}`);
    // JSON is YAML; what a model or a mounting nests is nobody's line by line reading.
    else if (name !== 'otaa' && name !== 'abp') lines.push(`${name}: ${JSON.stringify(value)}`);
    else lines.push(`${name}:`, ...Object.entries(value).map(([key, inner]) => `  ${key}: ${scalar(inner)}`));
  }
  return lines.map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}`).join('\n');
};

/** Devices as a devices file of their own. */
export const yamlList = (devices: readonly ListedDevice[]): string =>
  devices.length === 0 ? '[]\n' : `${devices.map((device) => yamlItem(device)).join('\n')}\n`;

/** Devices as a JSON list with one object per line, which is YAML as well. */
export const jsonList = (devices: readonly object[]): string =>
  `[\n${devices.map((device) => `  ${JSON.stringify(device)}`).join(',\n')}\n]\n`;
