import { nearest } from '../../base/nearest.js';
import { placed, problem, type Problem } from '../../base/problem.js';
import type { delimiters } from './csv.js';
import { plainCell, type CsvRow, type CsvText } from './csv.js';

/** Values of a devices file that stand one level down: `otaa.appKey`. */
export type Path = readonly [string] | readonly [string, string];

interface Meaning {
  readonly path: Path;
  /** The cell as a devices file writes it. */
  readonly as?: (cell: string) => string | undefined;
}

const lorawanText = (cell: string): string => {
  // MAC_V1_0_3, LORAWAN_1_0_3, 1.0.3 rev A.
  const [, patch] = /(?:^|\D)1[._]0[._]([234])(?:\D|$)/.exec(cell) ?? [];
  return patch === undefined ? cell : `1.0.${patch}`;
};
const truth: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  1: 'true',
  false: 'false',
  no: 'false',
  0: 'false',
};
const truthText = (cell: string): string => truth[cell.toLowerCase()] ?? cell;
const classText = (cell: string): string => cell.replace(/^class[ _-]?/i, '').toUpperCase();
// The Things Stack tells the last counter that it has seen; ours is the next one.
const after = (cell: string): string => (/^\d{1,10}$/.test(cell) ? String(Number(cell) + 1) : cell);
const ofClassC = (cell: string): string | undefined => (truthText(cell) === 'true' ? 'C' : undefined);

// 70B3D57ED0000001 with an E between digits, or sixteen digits alone: 7.06306E+17, with the comma of the country.
const spreadsheetNumber = /^\d(?:[.,]\d+)?E[+-]?\d{2,3}$/i;
const isHexadecimal = ({ path }: Meaning): boolean => /(Eui|Key|Addr)$/.test(path.at(-1)!);

const meaning = (path: Path, as?: Meaning['as']): Meaning => ({ path, ...(as && { as }) });
const appKey = meaning(['otaa', 'appKey']);

// Letters and digits alone, in small letters: `Dev EUI`, `dev_eui` and `DevEUI` are one.
const known: Readonly<Record<string, Meaning>> = {
  ...Object.fromEntries(['deveui', 'deviceeui', 'eui'].map((name) => [name, meaning(['devEui'])])),
  ...Object.fromEntries(['joineui', 'appeui', 'applicationeui'].map((name) => [name, meaning(['otaa', 'joinEui'])])),
  // A device of LoRaWAN 1.0 has one root key; ChirpStack calls it NwkKey.
  ...Object.fromEntries(['appkey', 'applicationkey', 'nwkkey', 'networkkey'].map((name) => [name, appKey])),
  ...Object.fromEntries(['name', 'devicename'].map((name) => [name, meaning(['name'])])),
  ...Object.fromEntries(
    ['bay', 'parkingbay', 'space', 'parkingspace', 'stellplatz'].map((name) => [name, meaning(['bay'])]),
  ),
  ...Object.fromEntries(['lot', 'parkinglot', 'carpark', 'parkplatz'].map((name) => [name, meaning(['lot'])])),
  ...Object.fromEntries(['model', 'sensormodel', 'modell', 'sensormodell'].map((name) => [name, meaning(['model'])])),
  ...Object.fromEntries(
    ['lorawan', 'lorawanversion', 'macversion'].map((name) => [name, meaning(['lorawan'], lorawanText)]),
  ),
  ...Object.fromEntries(['class', 'deviceclass'].map((name) => [name, meaning(['class'], classText)])),
  supportsclassc: meaning(['class'], ofClassC),
  counters: meaning(['counters']),
  adr: meaning(['adr'], truthText),
  ...Object.fromEntries(['devaddr', 'deviceaddress'].map((name) => [name, meaning(['abp', 'devAddr'])])),
  ...Object.fromEntries(
    ['nwkskey', 'networksessionkey', 'fnwksintkey', 'nwksenckey'].map((name) => [name, meaning(['abp', 'nwkSKey'])]),
  ),
  ...Object.fromEntries(['appskey', 'applicationsessionkey'].map((name) => [name, meaning(['abp', 'appSKey'])])),
  fcntup: meaning(['abp', 'fCntUp']),
  lastfcntup: meaning(['abp', 'fCntUp'], after),
  fcntdown: meaning(['abp', 'fCntDown']),
  lastnfcntdown: meaning(['abp', 'fCntDown'], after),
};

const meaningOf = (header: string): Meaning | undefined => {
  const [, option] = /^options?\.(\w+)$/i.exec(header) ?? [];
  if (option !== undefined) return { path: ['options', option] };
  const [, length] = /^mounting\.(heightMm|thresholdMm|hysteresisMm)$/.exec(header) ?? [];
  if (length !== undefined) return { path: ['mounting', length] };
  const name = header.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Object.hasOwn(known, name) ? known[name] : undefined;
};

/** A device as a devices file lists it: texts, and groups of texts. */
export type ListedDevice = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** What the columns of a table mean, and which of them nobody here understands. */
export interface DeviceTable {
  readonly ignored: readonly string[];
  /** The device of a row, and the cell that each of its values comes from. */
  deviceOf(row: CsvRow): {
    readonly value: ListedDevice;
    readonly problems: readonly Problem[];
    cellOf(path: readonly PropertyKey[]): number;
  };
}

const words: Readonly<Record<(typeof delimiters)[number], string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

/**
 * Reads the header of a table of devices. Known are the names of our own devices file, of The Things Stack and of
 * ChirpStack, and `option.NAME` for options of the model. Problems: `csv-no-column`, `csv-column-twice`.
 */
export const deviceTable = (csv: CsvText): DeviceTable | readonly Problem[] => {
  const { header } = csv;
  const problems: Problem[] = header.problem ? [header.problem] : [];
  const firsts = new Map<string, number>();
  const columns = header.cells.map((cell) => meaningOf(cell));
  header.cells.forEach((cell, i) => {
    const name = cell.toLowerCase();
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, i);
    else if (columns[i])
      problems.push(placed(problem('csv-column-twice', { column: cell, first: first + 1 }), csv.placeOf(header, i)));
  });
  if (!columns.some((column) => column?.path[0] === 'devEui')) {
    const have = nearest(
      'devEui',
      header.cells.map((cell) => cell.slice(0, 40)),
      8,
    ).join(', ');
    problems.push(placed(problem('csv-no-column', { have: have === '' ? 'no names' : have }), csv.placeOf(header, 0)));
  }
  if (problems.length > 0) return problems;
  return {
    ignored: header.cells.filter((cell, i) => cell !== '' && !columns[i]),
    deviceOf: (row) => rowDevice(csv, columns, row),
  };
};

/** Problems of a row: `csv-number`, `csv-columns-differ`, `csv-many-cells`, and those of its quotes. */
const rowDevice = (
  csv: CsvText,
  columns: readonly (Meaning | undefined)[],
  row: CsvRow,
): ReturnType<DeviceTable['deviceOf']> => {
  const problems: Problem[] = row.problem ? [row.problem] : [];
  const value: Record<string, string | Record<string, string>> = {};
  const cells = new Map<string, number>();
  for (const [i, column] of columns.entries()) {
    const cell = plainCell(row.cells[i] ?? '');
    const text = column && cell !== '' ? (column.as ? column.as(cell) : cell) : undefined;
    if (!column || text === undefined) continue;
    if (isHexadecimal(column) && spreadsheetNumber.test(text))
      problems.push(placed(problem('csv-number', { have: text }), csv.placeOf(row, i)));
    const [group, name] = column.path;
    const where = column.path.join('.');
    const owner = name === undefined ? value : ((value[group] ??= {}) as Record<string, string>);
    const key = name ?? group;
    const before = cells.get(where);
    if (before !== undefined && String(owner[key]).toLowerCase() !== text.toLowerCase()) {
      const names = { one: csv.header.cells[before]!, other: csv.header.cells[i]! };
      problems.push(placed(problem('csv-columns-differ', names), csv.placeOf(row, i)));
    }
    if (before !== undefined) continue;
    owner[key] = text;
    cells.set(where, i);
  }
  // A personalised device never joins: the JoinEUI that its maker's list has for every device says nothing.
  const { otaa } = value;
  if (value['abp'] && typeof otaa === 'object' && otaa['appKey'] === undefined) delete value['otaa'];
  const extra = row.cells.findIndex((cell, i) => i >= columns.length && cell !== '');
  if (extra >= 0) {
    const facts = { have: row.cells.length, need: columns.length, delimiter: words[csv.delimiter] };
    problems.push(placed(problem('csv-many-cells', facts), csv.placeOf(row, extra)));
  }
  return {
    value,
    problems,
    cellOf(path) {
      for (let n = path.length; n > 0; n--) {
        const cell = cells.get(path.slice(0, n).join('.'));
        if (cell !== undefined) return cell;
      }
      // What is missing would stand in its column; where there is none, the row is to blame.
      const empty = columns.findIndex((column) => column?.path.join('.') === path.join('.'));
      return Math.max(0, empty);
    },
  };
};
