import { describe, expect, test } from 'vitest';
import console from '../../devices/consoles/rak-rui3/index.js';
import { commands as commandsOfConsole } from '../../devices/consoles/rak-rui3/table.js';
import twin from '../../simulators/consoles/rak-rui3/index.js';
import { lineCutter } from '../../src/base/cut.js';
import type { Meaning } from '../../src/console/dialect.js';
import { bench, type Bench } from './bench.js';
import { downlink, scriptedModem, type ScriptedModem } from './scripted-modem.js';
import { transcript } from './transcripts.js';

const secondUs = 1_000_000;

/** What the network does when the transcript shows this line; the firmware makes the line of it. */
const news: Readonly<Record<string, (b: Bench, modem: ScriptedModem) => void>> = {
  '+EVT:JOINED\r\n'(b, modem) {
    modem.joined = true;
    b.tell({ kind: 'joined', devAddr: 0x26011234, netId: 0x13 });
  },
  '+EVT:TX_DONE\r\n': (b) => b.tell({ kind: 'sent' }),
  '+EVT:SEND_CONFIRMED_OK\r\n': (b) => b.tell({ kind: 'delivered', acknowledged: true }),
  '+EVT:SEND_CONFIRMED_FAILED(4)\r\n': (b) => b.tell({ kind: 'delivered', acknowledged: false }),
  '+EVT:RX_1:-70:8:UNICAST:10:0a0b\r\n': (b) => b.tell(downlink(10, [0x0a, 0x0b])),
};
/** Nobody hears, and nobody sends, from board to board. */
const notHere = '+EVT:RXP2P:-35:12:010203\r\n';

/** Where the transcript begins anew with a board as it comes from the factory. */
const fresh = ['echo on', 'port lock', 'resets', 'bootloader entry', 'multicast'];

test('the exchanges of the firmware, byte by byte', () => {
  let modem = scriptedModem();
  const start = (): Bench => {
    modem = scriptedModem();
    const one = bench({ dialect: console, twin, modem });
    one.wire.advance(secondUs);
    expect(one.take()).toBe('\r\nCurrent Work Mode: LoRaWAN.\r\n');
    return one;
  };
  let b = start();
  let heard = '';
  let wanted = '';
  let compared = 0;
  const compare = (command: string): void => {
    b.wire.advance(b.wire.nowUs + secondUs);
    heard += b.take();
    const open = wanted.indexOf('...');
    expect(heard.slice(0, open < 0 ? undefined : open), command).toBe(open < 0 ? wanted : wanted.slice(0, open));
    if (wanted !== '') compared++;
    heard = wanted = '';
  };
  let command = '';
  for (const { who, text } of transcript('rui3-firmware-exact', { escaped: true })) {
    if (who === 'board') {
      if (text === notHere) continue;
      const happen = news[text];
      if (happen) {
        compare(command);
        happen(b, modem);
      }
      wanted += text;
      continue;
    }
    compare(command);
    if (who === 'host') {
      command = text;
      heard = b.type(text);
    } else if (fresh.some((one) => text.startsWith(one))) b = start();
    else if (text.startsWith('duty-cycle')) modem.refusals.push({ kind: 'wait', ms: 12_345 });
  }
  compare(command);
  // 37 commands, all but AT+LOCK with an answer, and five events by themselves.
  expect(compared).toBe(41);
});

/** Reads bytes as the answer to a command; without log. */
const means = (command: string | undefined, bytes: string): readonly Meaning[] => {
  const open = command === undefined ? undefined : { name: '', text: command, ends: 'status' as const, withinMs: 1 };
  const reader = console.reader();
  const cutter = lineCutter();
  const cuts = cutter.feed(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  const rest = cutter.flush();
  const lines = [...cuts.flatMap((cut) => ('line' in cut ? [cut.line] : [])), ...(rest === '' ? [] : [rest])];
  return lines
    .filter((line) => line !== command)
    .flatMap((line) => reader.line(line, open))
    .filter(({ kind }) => kind !== 'log');
};

/** A transcript as exchanges: a command and all that came until the next one. */
const exchanges = (name: string, escaped: boolean): readonly { command?: string; bytes: string }[] => {
  const all: { command?: string; bytes: string }[] = [];
  for (const { who, text } of transcript(name, { escaped })) {
    const line = escaped ? text : `${text}\r\n`;
    if (who === 'host') all.push({ command: text.trimEnd(), bytes: '' });
    else if (who === 'note') all.push({ bytes: '' });
    else all.at(-1)!.bytes += line;
  }
  return all.filter(({ bytes }) => bytes !== '');
};

describe('the reader', () => {
  test('understands every line of the firmware', () => {
    for (const { command, bytes } of exchanges('rui3-firmware-exact', true)) {
      const found = means(command, bytes);
      // The accepted password is answered by its echo and nothing else.
      expect(found.length, command ?? bytes).toBeGreaterThan(command === '00000000' ? -1 : 0);
      const isLocked = bytes.includes('COMMAND_LOCKED');
      if (/OK\r\n/.test(bytes) && !isLocked) expect(found, bytes).toContainEqual({ kind: 'ok' });
    }
  });

  test('understands every exchange of the manual, old forms as well', () => {
    for (const { command, bytes } of exchanges('rui3-manual', false)) {
      const found = means(command, bytes);
      expect(found.length, `${command}: ${bytes}`).toBeGreaterThan(0);
      const last = bytes.trimEnd().split('\r\n').at(-1)!;
      if (last === 'OK') expect(found.at(-1)).toEqual({ kind: 'ok' });
      if (last.startsWith('AT_')) expect(found.at(-1)).toMatchObject({ kind: 'refused' });
      if (last.startsWith('+EVT')) expect(found.at(-1)).toMatchObject({ kind: 'event' });
      // A question brings exactly one line with a value, with or without its name.
      if (command?.endsWith('=?') && last === 'OK') expect(found.map(({ kind }) => kind)).toEqual(['value', 'ok']);
    }
  });

  test('gives the values of the manual by the table', () => {
    const values = (name: Parameters<typeof commandsOfConsole.ask>[0], line: string): unknown =>
      commandsOfConsole.values(name, [line]);
    expect(values('serial', '9181004E20900057')).toEqual({ ok: true, value: ['9181004E20900057'] });
    expect(values('joinMode', '0')).toEqual({ ok: true, value: [0] });
    expect(values('received', '0:')).toEqual({ ok: true, value: [0, ''] });
    expect(values('received', 'AT+RECV=45:112233')).toEqual({ ok: true, value: [45, '112233'] });
    expect(values('deviceClass', 'AT+CLASS=B,S0')).toEqual({ ok: true, value: ['B,S0'] });
    expect(values('beaconHz', 'BCON: 3, 869.525')).toEqual({ ok: true, value: ['3, 869.525'] });
    expect(values('localTime', 'LTIME: 00h37m58s 2018-11-14')).toEqual({ ok: true, value: ['00h37m58s 2018-11-14'] });
    expect(values('devEui', 'at+deveui=AC1F09FFFE000001')).toEqual({ ok: true, value: ['ac1f09fffe000001'] });
    expect(values('battery', 'AT+BAT=0.971191')).toEqual({ ok: true, value: [0.971191] });
    expect(values('join', 'AT+JOIN=0:0:8:0')).toEqual({ ok: true, value: [false, false, 8, 0] });
  });

  test.each([
    ['+EVT:JOIN_FAILED_TX_TIMEOUT', { kind: 'join-failed', why: 'tx-timeout', code: 'TX_TIMEOUT' }],
    ['+EVT:JOIN_FAILED_RX_TIMEOUT', { kind: 'join-failed', why: 'no-answer', code: 'RX_TIMEOUT' }],
    ['+EVT:JOIN_FAILED_12', { kind: 'join-failed', why: 'bad-answer', code: '12' }],
    ['+EVT:JOIN_FAILED_2417', { kind: 'join-failed', why: 'unknown', code: '2417' }],
    ['+EVT:SEND_CONFIRMED_FAILED(9)', { kind: 'not-acknowledged', why: 'too-long', code: '9' }],
    ['+EVT:LINKCHECK:1:0:0:0:0', { kind: 'link-check', ok: false }],
    [
      '+EVT:LINKCHECK:0:21:1:-60:11',
      { kind: 'link-check', ok: true, marginDb: 21, gateways: 1, rssiDbm: -60, snrDb: 11 },
    ],
    ['+EVT:TIMEREQ_OK', { kind: 'time', ok: true }],
    ['+EVT:SWITCH_FAILED', { kind: 'class-change', ok: false }],
    ['+BC:LOCKED', { kind: 'beacon', state: 'locked' }],
    ['+BC:FAILED_13', { kind: 'beacon', state: 'failed_13' }],
    ['+PS:DONE', { kind: 'beacon', state: 'ping-slot done' }],
    ['+EVT:TXFSK DONE', { kind: 'p2p-sent' }],
    ['+EVT:RXP2P RECEIVE TIMEOUT', { kind: 'p2p-failed', why: 'timeout' }],
    ['+EVT:RXP2P RECEIVE ERROR', { kind: 'p2p-failed', why: 'error' }],
    ['Tx Test : Packet 1 of 5', { kind: 'rf-test', text: 'Tx Test : Packet 1 of 5' }],
    ['<BOOT MODE>', { kind: 'boot', mode: 'bootloader' }],
  ])('%s', (line, event) => {
    expect(means(undefined, `${line}\r\n`)).toEqual([{ kind: 'event', event }]);
    expect(means('AT+SEND=2:AABB', `${line}\r\nOK\r\n`)).toEqual([{ kind: 'event', event }, { kind: 'ok' }]);
  });

  test('takes unknown lines and lines of AT+DEBUG=1 as log', () => {
    for (const line of ['+EVT:NEWS_OF_TOMORROW', 'FCntUp:12', 'Frequency:868100000'])
      expect(means('AT+VER=?', `${line}\r\nOK\r\n`)).toEqual([{ kind: 'ok' }]);
    expect(means('AT+TTONE', 'Tx toneOK\r\n')).toEqual([{ kind: 'ok' }]);
    expect(means(undefined, 'OK\r\n')).toEqual([]);
  });
});
