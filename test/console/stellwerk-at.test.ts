import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import rui3 from '../../devices/consoles/rak-rui3/index.js';
import console, { table } from '../../devices/consoles/stellwerk-at.js';
import twin from '../../simulators/consoles/stellwerk-at.js';
import { dice } from '../../src/base/dice.js';
import { openCatalogue } from '../../src/catalogue.js';
import { commandsOf, type Command, type CommandRow, type Dialect } from '../../src/console/dialect.js';
import type { Result } from '../../src/base/result.js';
import { bench, type Bench } from './bench.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

const page = readFileSync(new URL('../../docs/stellwerk-at.md', import.meta.url), 'utf8');
const start = (dialect: typeof rui3 | typeof console = console): Bench & { readonly modem: ScriptedModem } => {
  const modem = scriptedModem();
  const b = bench({ dialect, twin, modem });
  b.wire.advance(2_000_000);
  expect(b.take()).toBe('\r\nstellwerk-at 1 example 1.0\r\nCurrent Work Mode: LoRaWAN.\r\n');
  return Object.assign(b, { modem });
};

/** What the network does when the page shows this line. */
const news: Readonly<Record<string, (b: Bench, modem: ScriptedModem) => void>> = {
  '+EVT:JOIN_FAILED_RX_TIMEOUT': (b) => b.tell({ kind: 'join-failed', why: 'rx-timeout' }),
  '+EVT:JOINED'(b, modem) {
    modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 0x26011234, netId: 0x13 });
  },
  '+EVT:TX_DONE'(b, modem) {
    b.tell({ kind: 'sent' });
    modem.refusals.push({ kind: 'wait', ms: 12_345 });
  },
  '+EVT:SEND_CONFIRMED_OK': (b) => b.tell({ kind: 'delivered', acknowledged: true }),
  '+EVT:RX_1:-70:8:UNICAST:10:0a0b': (b) => b.tell(downlink(10, [0x0a, 0x0b])),
};

test('the exchange of the page, byte by byte', () => {
  const exchange = /## A worked exchange.*?```\n(.*?)```/s.exec(page)![1]!.trimEnd().split('\n');
  const b = start();
  let heard = '';
  let compared = 0;
  for (const line of exchange) {
    const text = line.slice(2);
    if (line.startsWith('>')) {
      expect(heard, `before ${text}`).toBe('');
      heard = b.type(`${text}\r\n`);
      continue;
    }
    if (news[text]) {
      expect(heard, `before ${text}`).toBe('');
      news[text](b, b.modem);
      heard = b.take();
    }
    expect(heard.slice(0, text.length + 2), line).toBe(`${text}\r\n`);
    heard = heard.slice(text.length + 2);
    compared++;
  }
  expect(heard).toBe('');
  expect(compared).toBe(exchange.filter((line) => line.startsWith('<')).length);
});

describe('the page', () => {
  const rows = [...page.matchAll(/^\| (`[^|]+`) *\| (yes|–) +\| (yes|–) +\|/gm)];
  test('has every command of the table, asked and set as the table says', () => {
    const told = new Map(
      rows.flatMap(([, words, ask, set]) =>
        [...words!.matchAll(/`AT([^`]*)`/g)].map(([, word]) => [word!, [ask === 'yes', set === 'yes']] as const),
      ),
    );
    const known = Object.values<CommandRow>(table);
    expect([...told.keys()].sort()).toEqual(known.map(({ word }) => word).sort());
    for (const { word, read, write } of known) expect(told.get(word), word).toEqual([!!read, !!write]);
  });

  test('is a part of RUI3: each word is one of its own, and is spelled the same', () => {
    for (const [name, { word }] of Object.entries<CommandRow>(table))
      expect((rui3.commands as Record<string, CommandRow>)[name]?.word).toBe(word);
  });

  test('has the words of the statuses and events that its board prints', () => {
    for (const word of ['OK', 'AT_ERROR', 'AT_PARAM_ERROR', 'AT_BUSY_ERROR', 'AT_NO_NETWORK_JOINED'])
      expect(page).toContain(`\`${word}\``);
    for (const event of Object.keys(news)) expect(page).toContain(event.slice(0, 9));
  });
});

describe('what the board refuses', () => {
  test.each([
    ['AT+SEND=?', 'AT_ERROR'],
    ['AT+VER=1', 'AT_PARAM_ERROR'],
    ['AT+NWM=0', 'AT_PARAM_ERROR'],
    ['AT+DEVADDR=26011234', 'AT_PARAM_ERROR'],
    ['AT+DEVEUI', 'AT_PARAM_ERROR'],
    ['AT+DEVEUI?', 'AT_PARAM_ERROR'],
    ['AT+DEVEUI=', 'AT_PARAM_ERROR'],
    ['ATE', 'AT_COMMAND_NOT_FOUND'],
    ['AT+LOCK', 'AT_COMMAND_NOT_FOUND'],
    ['AT+BOOT', 'AT_COMMAND_NOT_FOUND'],
    ['AT+APM', 'AT_COMMAND_NOT_FOUND'],
    [`AT+SEND=2:${'00'.repeat(243)}`, 'AT_PARAM_ERROR'],
    ['AT+SEND=224:00', 'AT_PARAM_ERROR'],
  ])('%s', (typed, status) => expect(start().type(`${typed}\r\n`)).toBe(`${status}\r\n`));

  test('while the radio is busy', () => {
    const b = start();
    b.modem.refusals.push({ kind: 'busy' });
    expect(b.type('AT+JOIN\r\n')).toBe('AT_BUSY_ERROR\r\n');
  });
});

test('every value of the table is taken and read back', () => {
  const commands = commandsOf(table, console.syntax);
  const set = commands.set as (name: string, ...values: unknown[]) => Result<Command>;
  const values = dice('stellwerk-at', 'values');
  for (const [name, row] of Object.entries<CommandRow>(table)) {
    if (!row.write || name === 'send' || name === 'join') continue;
    for (let i = 0; i < 12; i++) {
      const sample = row.write.map((param) => param.sample(values) as unknown);
      const command = set(name, ...sample);
      if (!command.ok) throw new Error(name);
      const b = start();
      const said = b.type(`${command.value.text}\r\n`, 50);
      expect(said).toMatch(name === 'band' ? /^OK|^AT_UNSUPPORTED_BAND/ : /^OK\r\n$/);
      if (said !== 'OK\r\n' || name === 'band') continue;
      const lines = b.type(`AT${row.word}=?\r\n`, 50).split('\r\n');
      expect(commands.values(name as 'devEui', lines)).toEqual({ ok: true, value: sample });
    }
  }
});

// A tool that knows RUI3 and has never heard of this console.
describe.each([console, rui3])('the verbs of $id', (dialect) => {
  const { verbs } = dialect;
  const keys = {
    devEui: '0011223344556677',
    joinEui: '70b3d57ed0000000',
    appKey: '000102030405060708090a0b0c0d0e0f',
  };
  test('identify', () => {
    expect(start(dialect).run(verbs.identify())).toMatchObject({
      ok: true,
      value: {
        model: 'heltec-wifi-lora-32-v3',
        firmware: 'stellwerk-at 1 example 1.0',
        chip: 'esp32s3',
        devEui: 'ac1f09fffe000001',
        region: 'EU868',
        mode: 'LoRaWAN',
        joined: false,
      },
    });
  });
  test('keys', () => {
    const b = start(dialect);
    expect(b.run(verbs.setKeys(keys))).toMatchObject({ ok: true, value: keys });
    expect(b.run(verbs.readKeys())).toMatchObject({ ok: true, value: keys });
    const session = { devAddr: '26011f88', nwkSKey: keys.appKey, appSKey: keys.appKey };
    expect(b.run(verbs.setKeys(session))).toMatchObject({ problem: { code: 'board-refused' } });
  });
  test('join and send', () => {
    const b = start(dialect);
    expect(b.run(verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({ value: { joined: false } });
    b.modem.joined = true;
    expect(b.run(verbs.join({ attempts: 1, withinMs: 1_000 }))).toMatchObject({ value: { joined: true } });
    expect(b.run(verbs.send({ fPort: 2, hex: 'abcd', confirmed: false }))).toMatchObject({ value: { end: 'sent' } });
    expect(b.run(verbs.send({ fPort: 2, hex: 'ab', confirmed: true }), 200_000)).toMatchObject({
      value: { end: 'not-acknowledged' },
    });
    expect(b.modem.asked.at(-1)).toMatchObject({ send: { fPort: 2, confirmed: true } });
  });
  test('restart and rescue', () => {
    const b = start(dialect);
    b.run(verbs.setKeys(keys));
    expect(b.run(verbs.restart())).toMatchObject({ ok: true });
    expect(b.run(verbs.readKeys())).toMatchObject({ value: keys });
    expect(b.run(verbs.rescue())).toEqual({ ok: true, value: ['factory settings restored with ATR'] });
    expect(b.run(verbs.readKeys())).toMatchObject({ value: { devEui: 'ac1f09fffe000001' } });
  });
});

test('the two are told apart', () => {
  const recognised = (line: string) =>
    [console, rui3].map((one: Dialect) => one.recognise({ lines: ['OK', line], raw: '' }, undefined));
  expect(recognised('AT+VER=stellwerk-at 1 example 1.0')).toEqual(['yes', 'maybe']);
  expect(recognised('AT+VER=RUI_5.0.0_RAK3172-E')).toEqual(['maybe', 'yes']);
  // Another version of the page is another console.
  expect(recognised('AT+VER=stellwerk-at 2 x')).toEqual(['maybe', 'maybe']);
});

test('its boards are in the catalogue', async () => {
  const boards = await openCatalogue().ids('boards');
  for (const board of [...twin.boards, ...(await import('../../simulators/consoles/rak-rui3/index.js')).default.boards])
    expect(boards).toContain(board);
});
