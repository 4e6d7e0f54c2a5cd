import { describe, expect, test } from 'vitest';
import { dice } from '../../src/base/dice.js';
import { hex } from '../../src/base/hex.js';
import type { Command, Meaning } from '../../src/console/dialect.js';
import type { AnyParam } from '../../src/console/params.js';
import type { TwinEvent } from '../../src/sim/twin.js';
import console, { commands } from '../../devices/consoles/heltec-cubecell/index.js';
import { table } from '../../devices/consoles/heltec-cubecell/table.js';
import { sketchKeys } from '../../simulators/consoles/heltec-cubecell/settings.js';
import { licenceOf } from '../../simulators/consoles/heltec/licence.js';
import twin from '../../simulators/consoles/heltec-cubecell/index.js';
import { bench, type Bench } from './bench.js';
import { exchangesOf } from './heltec-transcript.js';
import { consoleLaws } from './laws.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';

consoleLaws(console, twin);

const serial = '91813a4b00112233';
const woken = 'ASR is Waked,LowPower Mode Stopped\r\n';
const exchanges = exchangesOf('cubecell.txt');

/** A board that was woken and stays awake. */
const awake = (modem: ScriptedModem = scriptedModem(), more: Partial<Parameters<typeof bench>[0]> = {}): Bench => {
  const b = bench({ dialect: console, twin, modem, serial, ...more });
  b.type('hello');
  expect(b.type('AT+AutoLPM=0')).toBe('+OK\r\n+AutoLPM=0\r\n');
  return b;
};
const flashOf = (told: readonly TwinEvent[]): TwinEvent & { readonly kind: 'flash' } =>
  told.findLast((one) => one.kind === 'flash')!;

describe('the transcript of AT Rev 1.3', () => {
  test('byte by byte, from the board', () => {
    const modem = scriptedModem();
    modem.identity = sketchKeys;
    const b = awake(modem);
    b.type('AT+IsTxConfirmed=0');
    const seen: string[] = [];
    for (const { sent, bytes } of exchanges) {
      seen.push(sent);
      if (sent === '') break;
      if (sent === 'AT+ADR=?') b.type('AT+LPM=1');
      let said = b.type(sent);
      if (sent === 'AT+Join=1') {
        modem.joined = true;
        b.tell({ kind: 'joined', devAddr: 0x26011234, netId: 0x13 });
        said += b.take();
      }
      if (sent.startsWith('AT+SendHex')) {
        b.tell({ ...downlink(10, [0x0a, 0x0b]), rssiDbm: -71, snrDb: 8 } as ReturnType<typeof downlink>);
        said += b.take();
      }
      expect(said, sent).toBe(bytes);
    }
    expect(seen).toHaveLength(exchanges.length);
    for (const line of ['AutoLPM=1', 'IsTxConfirmed=1', 'DutyCycle=15000']) b.type(`AT+${line}`);
    const boot = b.type('AT+RESET=1');
    expect(boot.startsWith('+OK\r\nCopyright @')).toBe(true);
    expect(boot).toContain(`reserved.\r\n${exchanges.at(-1)!.bytes}LoRaWAN EU868 Class A start!\r\n`);
  });

  test('means what it says', () => {
    const reader = console.reader();
    const means = exchanges.map(({ sent, bytes }) => {
      const open: Command | undefined = sent === '' ? undefined : commands.typed(sent);
      return bytes
        .split('\r\n')
        .filter((line) => line !== '')
        .flatMap((line) => reader.line(line, open))
        .filter(({ kind }) => kind !== 'log');
    });
    const good: Meaning = { kind: 'ok' };
    const value: Meaning = { kind: 'value' };
    const refused = (why: 'bad-value' | 'unknown-command', code: string): Meaning => ({ kind: 'refused', why, code });
    const event = (event: (Meaning & { kind: 'event' })['event']): Meaning => ({ kind: 'event', event });
    expect(means).toEqual([
      [good, value],
      [good, value],
      [good, value],
      [value, good],
      [good, event({ kind: 'joined' })],
      [
        good,
        value,
        event({ kind: 'sending', confirmed: false }),
        event({ kind: 'heard', rssiDbm: -71, snrDb: 8 }),
        event({ kind: 'downlink', fPort: 10, hex: '0a0b', window: 'rx1', rssiDbm: -71, snrDb: 8, dataRate: 5 }),
      ],
      [value, good],
      [refused('bad-value', 'AppPort max value is 255')],
      [refused('unknown-command', 'the command is not supported')],
      [refused('bad-value', 'Use "AT+Join=1" to Joining network')],
      [event({ kind: 'awake' })],
      [event({ kind: 'boot' })],
    ]);
  });
});

describe('the board', () => {
  test('a pause ends a command, a line end is a part of it, and case matters', () => {
    const b = awake();
    expect(b.type('AT+DevEui=?\r\n')).toContain('+ERROR: DevEui');
    expect(b.type('AT\r\n')).toBe('+ERROR: error input format\r\n');
    expect(b.type('AT+deveui=?')).toBe('+ERROR: the command is not supported\r\n');
    expect(b.type('at+DevEui=?')).toBe('+ERROR: error input format\r\n');
    // Two commands without a pause are one.
    expect(b.type('AT+Busy=?AT+Busy=?')).toBe('+ERROR: error input format\r\n');
    expect(b.type('AT+Busy')).toBe('+Busy=0\r\n');
  });

  test('it sleeps by default, after uplinks, and when told to', () => {
    const modem = scriptedModem();
    modem.joined = true;
    const b = bench({ dialect: console, twin, modem, serial });
    expect(b.type('AT+ChipID=?')).toBe(woken);
    expect(b.type('AT+ChipID=?')).toBe('+ChipID:3A4B00112233\r\n');
    expect(b.type('AT+IsTxConfirmed=0')).toBe('+OK\r\n+IsTxConfirmed=0\r\n');
    expect(b.type('AT+SendStr=hello')).toBe('+OK\r\n+Send String:hello\r\nunconfirmed uplink sending ...\r\n');
    b.tell({ kind: 'sent' });
    expect(b.take()).toBe('');
    expect(b.type('AT+ADR=?')).toBe(woken);
    expect(b.type('AT+LPM=1')).toBe('+OK\r\nLowPower Mode Started\r\n');
    expect(b.type('\r\n')).toBe(woken);
  });

  test('what an uplink can come to', () => {
    const modem = scriptedModem();
    const b = awake(modem);
    const send = (): string => b.type('AT+SendHex=0102');
    const head = '+OK\r\n+Send Hex Data:0102\r\n';
    expect(send()).toBe('+ERROR: the node have not joined a network\r\n');
    modem.joined = true;
    expect(b.type('AT+SendHex=012')).toBe('+ERROR: SendHex length should be Even\r\n');
    expect(b.type('AT+SendHex=012G')).toBe('+ERROR: SendHex input should be hexadecimal\r\n');
    expect(b.type(`AT+SendHex=${'00'.repeat(65)}`)).toBe('+ERROR: SendHex max data length is 64 bytes\r\n');
    expect(b.type(`AT+SendHex=${'00'.repeat(52)}`)).toMatch(/payload length error \.\.\.\r\n$/);
    expect(modem.asked.at(-1)).toMatchObject({ send: { bytes: new Uint8Array(0), confirmed: false } });
    expect(send()).toBe(`${head}confirmed uplink sending ...\r\n`);
    expect(modem.asked.at(-1)).toMatchObject({ send: { fPort: 2, bytes: hex('0102'), confirmed: true, tries: 4 } });
    b.tell({ kind: 'delivered', acknowledged: true });
    b.wire.advance(b.wire.nowUs + 10_000);
    expect(b.take()).toMatch(/^received unconfirmed downlink: rssi = -?\d+, snr = -?\d+, datarate = \d\r\n$/);
    // The duty cycle makes it wait, silently; the console only says that it is busy.
    modem.refusals.push({ kind: 'wait', ms: 5_000 });
    const before = modem.asked.length;
    expect(send()).toContain('sending');
    expect(b.type('AT+Busy=?')).toBe('+Busy=1\r\n');
    expect(modem.asked).toHaveLength(before);
    b.wire.advance(b.wire.nowUs + 5_000_000);
    expect(modem.asked).toHaveLength(before + 1);
    expect(b.type('AT+Busy=?')).toBe('+Busy=0\r\n');
    b.type('AT+AppPort=0');
    send();
    expect(modem.asked).toHaveLength(before + 1);
  });

  test('joins again by itself, and begins an ABP session without a word', () => {
    const modem = scriptedModem();
    const b = awake(modem);
    expect(b.type('AT+Join=1')).toBe('+OK\r\njoining...');
    expect(b.type('AT+Busy=?')).toBe('+Busy=1\r\n');
    b.tell({ kind: 'join-failed', why: 'rx-timeout' });
    expect(b.take()).toBe('join failed, join again at 30s later\r\n');
    b.wire.advance(b.wire.nowUs + 30_000_000);
    expect(modem.asked.filter((one) => (one as { join?: unknown }).join)).toHaveLength(2);
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.take()).toBe('joined\r\n');
    b.type('AT+OTAA=0');
    expect(b.type('AT+Join=1')).toBe('+OK\r\n');
    expect(modem.settings.activation).toBe('abp');
    b.tell({ kind: 'joined', devAddr: 1, netId: 0 });
    expect(b.take()).toBe('');
  });

  test('LoRa from board to board: nobody hears it', () => {
    const b = awake();
    expect(b.type('AT+LoraSet=868000000,14,7,0,1,8,1,0,1')).toBe(
      '+ERROR: LoraSet is for LoRa Mode, "AT+LORAWAN=0" switch to LoRa Mode\r\n',
    );
    b.type('AT+LORAWAN=0');
    expect(b.type('AT+DevEui=?')).toBe('+ERROR: DevEui is for LoRaWan Mode, "AT+LORAWAN=1" switch to LoRaWan Mode\r\n');
    expect(b.type('AT+LoraSet=868000000,14,7,0,1,8,1,0,1')).toBe('+OK\r\n+LoraPara:868000000,14,7,0,1,8,1,0\r\n');
    expect(b.type('AT+LoraSet=868000000,23,7,0,1,8,1,0,1')).toBe('+ERROR: error input format\r\n');
    expect(b.type('AT+SendHex=AABB', 40)).toBe('+OK\r\n+Send Hex Data:AABB\r\n');
    b.wire.advance(b.wire.nowUs + 60_000);
    expect(b.take()).toBe('TX done\r\n');
    expect(b.type('AT+RX=2000')).toBe('+OK\r\n+RX=2000\r\n');
    b.wire.advance(b.wire.nowUs + 2_000_000);
    expect(b.take()).toBe('RX Timeout\r\n');
    expect(b.type('AT+RX=60001')).toBe('+ERROR: Rx timeout max value is 60000(1 minute)\r\n');
    expect(b.events).toContainEqual({ kind: 'p2p-sent' });
    expect(b.events).toContainEqual({ kind: 'p2p-failed', why: 'timeout' });
    expect(b.run(console.verbs.identify())).toMatchObject({ value: { mode: 'p2p' } });
  });

  test('the licence', () => {
    const b = awake();
    expect(b.type('AT+DelCDKEY=1')).toBe('+OK\r\n');
    expect(b.type(`AT+CDKEY=${'0'.repeat(31)}1`)).toBe('+ERROR: please input correct CDKEY.\r\n');
    expect(b.type(`AT+CDKEY=${licenceOf(serial)}`)).toBe('+OK\r\nThe board is activated, Arduino is supported!\r\n');
    expect(b.events).toContainEqual({ kind: 'licence', state: 'valid' });
    expect(b.type('AT+CDKEY=?')).toBe(`+OK\r\n+CDKEY=${licenceOf(serial)}\r\n`);
  });

  test('settings survive a restart and not a reset to factory settings', () => {
    const modem = scriptedModem();
    const b = awake(modem);
    b.type('AT+AppPort=7');
    b.type('AT+KeepNet=1');
    modem.joined = true;
    const { flash } = flashOf(b.told);
    expect(flash).toMatchObject({ AppPort: '7', AutoLPM: '0' });
    const again = bench({ dialect: console, twin, modem, serial, flash });
    expect(again.type('AT+AppPort=?')).toBe('+OK\r\n+AppPort=7\r\n');
    expect(again.type('AT+DefaultSet=1')).toMatch(/^\+OK\r\n.*AT Rev 1\.3\r\n\+AutoLPM=1\r\n.*\+AppPort=2\r\n/s);
    expect(modem.identity).toEqual(sketchKeys);
    expect(flashOf(again.told).flash).toEqual({});
  });
});

describe('every command', () => {
  type Name = keyof typeof table;
  const rows = Object.entries(table) as [Name, { word: string; read?: AnyParam[]; write?: AnyParam[]; run?: true }][];
  const unread = new Set(['sendHex', 'sendText', 'lora', 'receive', 'licence']);

  test('what is written is read back', () => {
    const chance = dice('cubecell', 'rows');
    let pairs = 0;
    for (const [name, row] of rows) {
      if (!row.write || unread.has(name)) continue;
      for (let i = 0; i < 8; i++) {
        const b = awake();
        const value: unknown = name === 'dataRate' ? i % 6 : row.write[0]!.sample(chance);
        const command = (commands.set as (name: Name, value: unknown) => ReturnType<typeof commands.set>)(name, value);
        expect(command).toMatchObject({ ok: true });
        if (!command.ok) continue;
        const said = b.type(command.value.text);
        expect(said, command.value.text).toMatch(/^\+OK\r\n/);
        const mode = name === 'lorawan' && value === false;
        const asked = b.type(commands.ask(name as 'otaa').text);
        if (!mode) expect(asked).toBe(said);
        const lines = asked.split('\r\n');
        expect(commands.values(name as 'otaa', lines)).toEqual({ ok: true, value: [value] });
        pairs++;
      }
    }
    expect(pairs).toBe(8 * 20);
  });

  test('what is out of range is refused, by us and by the board', () => {
    const b = awake();
    const wrong = [
      ['devEui', '00'.repeat(7), 'DevEui length should be 16'],
      ['devEui', 'zz'.repeat(8), 'DevEui input should be hexadecimal'],
      ['joinEui', '00'.repeat(9), 'AppEui length should be 16'],
      ['appKey', '00'.repeat(15), 'AppKey length should be 32'],
      ['nwkSKey', '00'.repeat(17), 'NwkSKey length should be 32'],
      ['appSKey', '', 'AppSKey length should be 32'],
      ['devAddr', '00'.repeat(5), 'DevAddr length should be 8'],
      ['otaa', '2', 'OTAA input should be binary'],
      ['adr', '10', 'ADR input size should be 1'],
      ['confirmed', 'x', 'IsTxConfirmed input should be binary'],
      ['keepNet', '-', 'KeepNet input should be binary'],
      ['autoSleep', '3', 'AutoLPM input should be binary'],
      ['lorawan', '2', 'LORAWAN input should be binary'],
      ['deviceClass', 'B', 'only CLASS A or C supported now'],
      ['port', '256', 'AppPort max value is 255'],
      ['port', 'x', 'AppPort input should be decimal'],
      ['trials', '9', 'ConfirmedNbTrials max value is 8'],
      ['period', '4294967296', 'DutyCycle is too large'],
      ['channels', '00', 'ChMask length should be 24'],
      ['dataRate', '16', 'DR should be 0 - 5'],
      ['printMode', '2', 'PrintMode input should be binary'],
      ['copyright', '2', 'Copyright input should be binary'],
      ['sendHex', '', 'error input format'],
    ] as const;
    for (const [name, text, sentence] of wrong) {
      const row = table[name];
      expect(row.write[0].read(text), `${name} ${text}`).toMatchObject({ ok: false });
      expect(b.type(`AT+${row.word}=${text}`)).toBe(`+ERROR: ${sentence}\r\n`);
    }
    expect(commands.set('port', 256)).toMatchObject({ ok: false, problem: { code: 'console-value' } });
    expect(commands.set('lora', 868e6, 23, 7, 0, 1, 8, true, false, true)).toMatchObject({ ok: false });
    expect(commands.set('receive', 60_001)).toMatchObject({ ok: false });
    for (const [name, row] of rows)
      if (row.run)
        expect(b.type(`AT+${row.word}=0`), name).toBe(
          `+ERROR: Use "AT+${row.word}=1" to ${b.lines.at(-1)!.text.split(' to ')[1]}\r\n`,
        );
  });
});
