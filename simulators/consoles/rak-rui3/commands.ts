import { readValues, type CommandRow, type CommandTable } from '../../../src/console/dialect.js';
import type { TwinPort } from '../../../src/sim/twin.js';
import { lorawan } from '../../../devices/consoles/rak-rui3/table-lorawan.js';
import { p2p } from '../../../devices/consoles/rak-rui3/table-p2p.js';
import type { Name } from '../../../devices/consoles/rak-rui3/table.js';
import { join, writeLorawan } from './lorawan.js';
import { writeP2p } from './p2p.js';
import { answerTo } from './reads.js';
import { rfTest } from './rf-test.js';
import { inLorawan, slot, type Unit, type Words } from './unit.js';

/** The commands of a table by their words, in upper case. */
export const wordsOf = (table: CommandTable): Words =>
  new Map((Object.entries(table) as [Name, CommandRow][]).map((entry) => [entry[1].word.toUpperCase(), entry]));

const longestWord = 31;
const mostValues = 25;

const permission = ({ read, write, run }: CommandRow): string => (read && (write || run) ? 'RW' : read ? 'R' : 'W');
const help = (row: CommandRow): string => `AT${row.word},${permission(row)}: ${row.what}\r\n`;

const generalHelp = [
  'AT+<CMD>?: help on <CMD>',
  'AT+<CMD>: run <CMD>',
  'AT+<CMD>=<value>: set the value',
  'AT+<CMD>=?: get the value',
];

const wrongMode = (unit: Unit, name: Name): boolean =>
  (name in lorawan && !inLorawan(unit)) || (name in p2p && inLorawan(unit));

/** Nothing to say: the board is on its way elsewhere. */
type Status = string | undefined;

const restartInto = (unit: Unit, mode: number, port: TwinPort): Status => {
  unit.store.set('mode', String(mode), port);
  // Without a line end, and then the chip is gone.
  port.print('OK');
  unit.restart(port, 'firmware');
  return undefined;
};

const run = (unit: Unit, name: Name, port: TwinPort): Status => {
  const { store } = unit;
  switch (name) {
    case 'at':
    case 'atMode':
      return 'OK';
    case 'echo':
      store.set('echo', store.get('echo') === '1' ? '0' : '1', port);
      return 'OK';
    case 'restart':
      return void unit.restart(port, 'firmware');
    case 'factory':
      store.reset(port);
      return void unit.restart(port, 'firmware');
    case 'bootloader':
      return void unit.restart(port, 'bootloader');
    case 'lock':
      // The port is closed before the status could be written.
      return void store.set('locked', '1', port);
    case 'apiMode':
      store.set('portMode', 'binary', port);
      port.print('OK\r\n');
      return void (unit.run.port = 'binary');
    case 'dataMode':
      if (!inLorawan(unit)) return 'AT_MODE_NO_SUPPORT';
      if (!unit.modem.joined) return 'AT_NO_NETWORK_JOINED';
      port.print('OK\r\n');
      return void (unit.run.port = 'data');
    case 'sleep':
      port.print('OK\r\n');
      return void (unit.run.asleep = 'until-byte');
    case 'join':
      return join(unit, [], port);
    case 'testRssi':
      port.print('AT+TRSSI=-110\r\n');
      return 'OK';
    default:
      return rfTest(unit, name, [], port) ?? 'OK';
  }
};

const write = (unit: Unit, name: Name, values: readonly unknown[], port: TwinPort): Status => {
  const { store } = unit;
  const [first] = values;
  if (name === 'mode') return restartInto(unit, first as number, port);
  if (name in p2p) return writeP2p(unit, name, values, port);
  const done = name in lorawan ? writeLorawan(unit, name, values, port) : rfTest(unit, name, values, port);
  if (done !== undefined) return done;
  if (name === 'sleep') {
    port.print('OK\r\n');
    unit.run.asleep = 'for-a-time';
    port.wakeInMs(slot.sleep, first as number);
    return undefined;
  }
  store.set(
    name,
    values.map((value) => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value))).join(':'),
    port,
  );
  return 'OK';
};

/** Deals with one line; gives the status word, or nothing when none is printed. */
const statusOf = (unit: Unit, line: string, port: TwinPort): Status => {
  const [, typed = '', sign = '', value = ''] = /^([^?= ]*)([?= ]?)(.*)$/s.exec(line) ?? [];
  if (typed.length > longestWord) return 'AT_ERROR';
  const word = typed.toUpperCase();
  const found = word.startsWith('AT') ? unit.words.get(word.slice(2)) : undefined;
  if (!found || (found[0] === 'bleMac' && !unit.facts.bluetooth)) return 'AT_COMMAND_NOT_FOUND';
  const [name, row] = found;
  if (sign === '?' && !unit.help) return 'AT_PARAM_ERROR';
  if (sign === '?') {
    if (name === 'at') port.print(`\r\n${generalHelp.map((one) => `${one}\r\n`).join('')}`);
    port.print(
      name === 'at'
        ? [...unit.words.values()]
            .slice(1)
            .map(([, one]) => help(one))
            .join('')
        : help(row),
    );
    return 'OK';
  }
  if (sign === '') {
    if (!row.run) return 'AT_PARAM_ERROR';
    return wrongMode(unit, name) ? 'AT_MODE_NO_SUPPORT' : run(unit, name, port);
  }
  if (value === '?') {
    if (!row.read) return 'AT_ERROR';
    if (wrongMode(unit, name)) return 'AT_MODE_NO_SUPPORT';
    const told = answerTo(unit, name, port.nowUs);
    if ('refused' in told) return told.refused;
    port.print('bare' in told ? `${told.bare}\r\n` : `${typed}=${told.value}\r\n`);
    return 'OK';
  }
  if (value === '' || !row.write) return 'AT_PARAM_ERROR';
  if (wrongMode(unit, name)) return 'AT_MODE_NO_SUPPORT';
  const parts = value.split(':');
  // Free text and lists are one value, colons included.
  const whole = row.write.length === 1 ? [value] : parts;
  const values = parts.length > mostValues ? undefined : readValues(row.write, whole);
  return values?.ok ? write(unit, name, values.value, port) : 'AT_PARAM_ERROR';
};

/** A line of the text console. */
export const command = (unit: Unit, line: string, port: TwinPort): void => {
  const status = statusOf(unit, line, port);
  if (status !== undefined) port.print(`${status}\r\n`);
};
