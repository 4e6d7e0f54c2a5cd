import { describe, expect, test } from 'vitest';
import { commands, table, type Name } from '../../devices/consoles/rak-rui3/table.js';
import { lorawan } from '../../devices/consoles/rak-rui3/table-lorawan.js';
import { p2p } from '../../devices/consoles/rak-rui3/table-p2p.js';
import { dice } from '../../src/base/dice.js';
import type { Command, CommandRow } from '../../src/console/dialect.js';
import type { Result } from '../../src/base/result.js';
import { startRui3 as start } from './rak-rui3-bench.js';

const rows = (Object.entries(table) as [Name, CommandRow][]).filter(([, { write }]) => write);
const set = (name: Name, values: readonly unknown[]): Result<Command> =>
  (commands.set as (name: Name, ...values: unknown[]) => Result<Command>)(name, ...values);

/** What answers a good value otherwise than with OK, and why. */
const otherwise: Partial<Record<Name, RegExp>> = {
  // Restarts.
  mode: /^OK$/,
  // And the end of it.
  p2pSend: /^OK\r\n/,
  // Nobody has joined.
  send: /^AT_NO_NETWORK_JOINED/,
  sendLong: /^AT_NO_NETWORK_JOINED/,
  timeRequest: /^AT_NO_NETWORK_JOINED/,
  // Of a region: US915 here.
  dataRate: /^OK|^AT_PARAM_ERROR/,
  band: /^OK|^AT_UNSUPPORTED_BAND/,
  mask: /^OK|^AT_PARAM_ERROR/,
  // The first window comes before the second.
  joinDelay1: /^OK|^AT_PARAM_ERROR/,
  joinDelay2: /^OK|^AT_PARAM_ERROR/,
  // A frequency without a data rate, a period in class C, a group that is not there.
  addGroup: /^OK|^AT_PARAM_ERROR/,
  removeGroup: /^AT_PARAM_ERROR/,
  testTone: /^Tx tone/,
};
/** What is not read back as it was written. */
const changes: readonly Name[] = ['mode', 'join', 'deviceClass', 'mask', 'p2p', 'band', 'p2pReceive'];

const board = (name: Name): ReturnType<typeof start> => {
  const b = start();
  // A region with sub-bands; the modes in which the command works.
  b.type('AT+BAND=5\r\n');
  if (name in p2p) b.type('AT+NWM=0\r\n', 2_000);
  return b;
};

describe.each(rows)('%s', (name, row) => {
  const params = row.write!;
  test('values in its range are taken, and read back', () => {
    const values = dice('rui3', name);
    for (let i = 0; i < 12; i++) {
      const b = board(name);
      const sample = params.map((param) => param.sample(values) as unknown);
      const command = set(name, sample);
      expect(command.ok, JSON.stringify(sample)).toBe(true);
      if (!command.ok) continue;
      const said = b.type(`${command.value.text}\r\n`, 100);
      expect(said, command.value.text).toMatch(otherwise[name] ?? /^OK\r\n$/);
      if (!row.read || changes.includes(name) || said !== 'OK\r\n') continue;
      const asked = commands.ask(name as 'version');
      const lines = b.type(`${asked.text}\r\n`, 100).split('\r\n');
      expect(commands.values(name as 'version', lines)).toEqual({ ok: true, value: sample });
    }
  });

  test('values out of it are refused, by us and by the board', () => {
    const values = dice('rui3', name);
    const bad = ['@@', '-99999999999', '99999999999', 'x'.repeat(600), 'zz'];
    const b = board(name);
    let refused = 0;
    for (const [i, param] of params.entries())
      for (const text of bad.filter((one) => !param.read(one).ok)) {
        const parts = params.map((other, at) => (at === i ? text : other.write(other.sample(values) ?? '')));
        // An optional value that is empty ends what is written.
        if (parts.slice(0, i).includes('')) continue;
        expect(b.type(`AT${row.word}=${parts.join(':')}\r\n`, 100), text).toBe('AT_PARAM_ERROR\r\n');
        // What a flag writes is always good.
        const sample = params.map((other, at) => (at === i ? text : other.sample(values)));
        if (!param.read(param.write(text)).ok && !sample.slice(0, i).includes(undefined))
          expect(set(name, sample)).toMatchObject({ ok: false, problem: { code: 'console-value' } });
        refused++;
      }
    expect(refused).toBeGreaterThan(0);
  });

  test('one value too many is refused', () => {
    const values = dice('rui3', name);
    const parts = params.map((param) => param.write(param.sample(values) ?? param.sample(dice('other', name)) ?? '1'));
    if (params.length === 1 && /characters|joined by/.test(params[0]!.form)) return;
    expect(board(name).type(`AT${row.word}=${[...parts, '1'].join(':')}\r\n`, 100)).toBe('AT_PARAM_ERROR\r\n');
  });
});

test('a value where there is none to write, a question where there is none to ask', () => {
  const b = start();
  for (const [name, row] of Object.entries(table) as [Name, CommandRow][]) {
    if (name === 'bleMac' || name === 'at') continue;
    if (!row.write) expect(b.type(`AT${row.word}=1\r\n`, 20), name).toBe('AT_PARAM_ERROR\r\n');
    if (!row.read) expect(b.type(`AT${row.word}=?\r\n`, 20), name).toBe('AT_ERROR\r\n');
  }
});

test('each command is refused in the mode that is not its own', () => {
  const b = start();
  for (const { word, read } of Object.values<CommandRow>(p2p))
    if (read) expect(b.type(`AT${word}=?\r\n`, 20)).toBe('AT_MODE_NO_SUPPORT\r\n');
  b.type('AT+NWM=0\r\n');
  for (const { word, read } of Object.values<CommandRow>(lorawan))
    if (read) expect(b.type(`AT${word}=?\r\n`, 20)).toBe('AT_MODE_NO_SUPPORT\r\n');
});

test('settings survive a restart, and not the factory reset', () => {
  const b = start();
  b.type('AT+CFM=1\r\nAT+DR=3\r\nAT+ALIAS=bay 7\r\nAT+RX1DL=3\r\nAT+APPEUI=0000000000000001\r\n');
  const all = 'AT+CFM=?\r\nAT+DR=?\r\nAT+ALIAS=?\r\nAT+RX2DL=?\r\nAT+APPEUI=?\r\n';
  const told = (text: string): readonly string[] => [...text.matchAll(/=(.*)\r\n/g)].map(([, value]) => value!);
  const set = ['1', '3', 'bay 7', '4', '0000000000000001'];
  b.type('ATZ\r\n');
  b.modem.settings.rx1DelayS = 1;
  expect(told(b.type(`ATZ\r\n`) && b.type(all))).toEqual(set);
  const flash = b.told.findLast((one) => one.kind === 'flash')!.flash;
  // Another life of the same board: its keys are kept by its modem.
  const again = start(b.modem, { flash });
  expect(told(again.type(all))).toEqual(set);
  again.type('ATR\r\n');
  expect(told(again.type(all))).toEqual(['0', '0', '', '2', 'AC1F09FFF8680811']);
});
