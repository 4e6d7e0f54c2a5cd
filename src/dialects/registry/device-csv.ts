import { csvLine } from './csv.js';

/** A device with plain values and groups of them, as a devices file lists it. */
export type PlainDevice = Readonly<Record<string, unknown>>;

const columns = [
  ...['devEui', 'name', 'bay', 'lot', 'model', 'lorawan', 'class', 'counters', 'adr'],
  ...['otaa.joinEui', 'otaa.appKey', 'abp.devAddr', 'abp.nwkSKey', 'abp.appSKey', 'abp.fCntUp', 'abp.fCntDown'],
  ...['mounting.heightMm', 'mounting.thresholdMm', 'mounting.hysteresisMm'],
];
const keys = new Set(['otaa.appKey', 'abp.nwkSKey', 'abp.appSKey']);
const always = new Set(['devEui', 'name', 'bay', 'lot', 'model', 'lorawan']);

const cellOf = (device: PlainDevice, column: string): string | undefined => {
  let value: unknown = device;
  for (const step of column.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value as string);
};

/** Our names of columns: the last word of the path, but for what only its group tells apart. */
const headOf = (column: string): string => column.replace(/^(otaa|abp)\./, '').replace(/^options\./, 'option.');

/**
 * Devices as CSV, a line each below a header that `deviceTable` reads again; columns that nobody fills are left out, and
 * those of keys unless they are asked for. `incomplete` names devices of which something fits into no cell.
 */
export const devicesCsv = (
  devices: readonly PlainDevice[],
  { withKeys }: { readonly withKeys: boolean },
): { readonly text: string; readonly incomplete: readonly string[] } => {
  const options = new Set<string>();
  for (const device of devices)
    for (const name of Object.keys((device['options'] as object | undefined) ?? {})) options.add(`options.${name}`);
  const shown = [...columns, ...options].filter(
    (column) =>
      (withKeys || !keys.has(column)) &&
      (always.has(column) || devices.some((device) => cellOf(device, column) !== undefined)),
  );
  const lines = devices.map((device) => csvLine(shown.map((column) => cellOf(device, column) ?? '')));
  const deep = (value: unknown): boolean => typeof value === 'object' && value !== null;
  const incomplete = devices
    .filter(
      ({ mounting, options: given }) =>
        Array.isArray(mounting) || Object.values((given as object | undefined) ?? {}).some(deep),
    )
    .map(({ devEui }) => String(devEui));
  return { text: `${[csvLine(shown.map(headOf)), ...lines].join('\n')}\n`, incomplete };
};
